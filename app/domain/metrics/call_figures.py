"""The figures of calls, all made from one tally."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from operator import add, attrgetter

from app.domain.calls import SHORT_ABANDON
from app.domain.metrics.calls import CallFacts
from app.domain.metrics.figures import NO_TIME, MeanTime, Share


class ServiceLevel(StrEnum):
    """All of these are in use, and ten calls give from 30 to 67 % by them: so a figure names its formula."""

    STANDARD = "standard"
    OF_OFFERED = "of_offered"
    OF_ANSWERED = "of_answered"
    SL2 = "sl2"


class Abandonment(StrEnum):
    ALL = "all"
    WITHOUT_SHORT = "without_short"


class AfterCallWork(StrEnum):
    PER_HANDLED = "per_handled"
    PER_CALL_WITH_ANY = "per_call_with_any"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRules:
    """How one queue is measured; a change of them holds for the past too, because figures are made from facts.

    Both thresholds are inclusive: a call answered after exactly `answer_within` was answered in time.
    """

    answer_within: timedelta = timedelta(seconds=20)
    short_abandon: timedelta = SHORT_ABANDON
    goal: Fraction = Fraction(80, 100)  # of the service level
    service_level: ServiceLevel = ServiceLevel.STANDARD
    abandonment: Abandonment = Abandonment.WITHOUT_SHORT


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTally:
    """Calls by what became of them. Calls that still wait are in no count; `wait` is that of the answered ones.

    `talk`, `hold` and `after_call_work` are those of handled calls: answered, ended and wrapped up.
    """

    answered: int = 0
    answered_in_time: int = 0
    abandoned: int = 0
    abandoned_short: int = 0
    abandoned_in_time: int = 0  # within the threshold of answering, as SL2 has it
    flowed_out: int = 0
    handled: int = 0
    with_after_call_work: int = 0
    transferred: int = 0
    wait: timedelta = NO_TIME
    talk: timedelta = NO_TIME
    hold: timedelta = NO_TIME
    after_call_work: timedelta = NO_TIME

    @property
    def offered(self) -> int:
        return self.answered + self.abandoned + self.flowed_out

    def __add__(self, other: "CallTally") -> "CallTally":
        return CallTally(**dict(zip(_FIELDS, map(add, _values(self), _values(other)), strict=True)))


_FIELDS = tuple(field.name for field in fields(CallTally))
_values = attrgetter(*_FIELDS)


def tally_of(call: CallFacts, rules: QueueRules) -> CallTally:
    """One call as a tally: each count is 0 or 1, so `service_level(tally_of(call, rules)).whole` says if it counts."""
    if call.answered_at is not None:
        return _answered(call, call.answered_at - call.queued_at, rules)
    if call.abandoned_at is not None:
        waited = call.abandoned_at - call.queued_at
        return CallTally(
            abandoned=1,
            abandoned_short=int(waited <= rules.short_abandon),
            abandoned_in_time=int(waited <= rules.answer_within),
        )
    return CallTally(flowed_out=int(call.flowed_out_at is not None))


def tally(calls: Iterable[CallFacts], rules: QueueRules) -> CallTally:
    """All calls together. Take them once, in any order, from a list or from a file that is larger than memory."""
    sums = _values(CallTally())
    for call in calls:
        sums = tuple(map(add, sums, _values(tally_of(call, rules))))
    return CallTally(**dict(zip(_FIELDS, sums, strict=True)))


def service_level(calls: CallTally, formula: ServiceLevel = ServiceLevel.STANDARD) -> Share:
    """The share of calls answered within the threshold.

    STANDARD: answered in time / (offered - short abandons). Genesys Cloud, "Configure the service level calculation",
    with flow-outs and abandons included and short abandons not.
    OF_OFFERED: answered in time / offered. COPC.
    OF_ANSWERED: answered in time / answered. Asterisk, "ServicelevelPerf"; blind to whoever gave up.
    SL2: (answered in time + abandoned in time) / (answered + abandoned). Asterisk, "ServicelevelPerf2".
    """
    match formula:
        case ServiceLevel.STANDARD:
            return Share(calls.answered_in_time, calls.offered - calls.abandoned_short)
        case ServiceLevel.OF_OFFERED:
            return Share(calls.answered_in_time, calls.offered)
        case ServiceLevel.OF_ANSWERED:
            return Share(calls.answered_in_time, calls.answered)
        case ServiceLevel.SL2:
            return Share(calls.answered_in_time + calls.abandoned_in_time, calls.answered + calls.abandoned)


def average_speed_of_answer(calls: CallTally) -> MeanTime:
    """ASA: waits of the answered calls, from entering the queue / answered. COPC."""
    return MeanTime(calls.wait, calls.answered)


def average_handle_time(calls: CallTally) -> MeanTime:
    """AHT: (talk + hold + after-call work) / handled. Genesys."""
    return MeanTime(calls.talk + calls.hold + calls.after_call_work, calls.handled)


def after_call_work(calls: CallTally, per: AfterCallWork = AfterCallWork.PER_HANDLED) -> MeanTime:
    """ACW: time from the end of a call until its agent was done / handled. Amazon Connect.

    A call that ended and has no `wrapped_up_at` had no after-call work: it counts with 0 s. So it does in Amazon
    Connect, whose contact record leaves the time out then.
    """
    count = calls.handled if per is AfterCallWork.PER_HANDLED else calls.with_after_call_work
    return MeanTime(calls.after_call_work, count)


def share_with_after_call_work(calls: CallTally) -> Share:
    """Handled calls with after-call work of more than 0 s / handled."""
    return Share(calls.with_after_call_work, calls.handled)


def abandonment_rate(calls: CallTally, formula: Abandonment = Abandonment.WITHOUT_SHORT) -> Share:
    """The share of calls whose caller gave up.

    ALL: abandoned / offered. Amazon Connect, ABANDONMENT_RATE.
    WITHOUT_SHORT: (abandoned - short abandons) / (offered - short abandons): who hangs up at once has misdialled.
    Genesys Cloud, abandon intervals.
    """
    short = calls.abandoned_short if formula is Abandonment.WITHOUT_SHORT else 0
    return Share(calls.abandoned - short, calls.offered - short)


def transfer_rate(calls: CallTally) -> Share:
    """Calls transferred out / handled. Amazon Connect. About the call; escalation is about the case."""
    return Share(calls.transferred, calls.handled)


def _answered(call: CallFacts, waited: timedelta, rules: QueueRules) -> CallTally:
    is_in_time = int(waited <= rules.answer_within)
    if not call.is_handled or call.answered_at is None or call.ended_at is None:
        return CallTally(answered=1, answered_in_time=is_in_time, wait=waited)
    after = call.after_call_work
    return CallTally(
        answered=1,
        answered_in_time=is_in_time,
        wait=waited,
        handled=1,
        with_after_call_work=int(after > NO_TIME),
        transferred=int(call.is_transferred),
        talk=call.ended_at - call.answered_at - call.held,
        hold=call.held,
        after_call_work=after,
    )
