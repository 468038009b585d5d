"""The facts of a call, as far as figures need them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, pairwise

from app.domain.calls import ABANDONED_REASONS, Call, CallState, EndedBy
from app.domain.errors import NotAllowed
from app.domain.metrics.figures import NO_TIME, require_utc
from app.i18n import tr

_OUTCOMES = ("answered_at", "abandoned_at", "flowed_out_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """When what happened to one call in one queue. Times are UTC; None: it did not happen, or not yet.

    A call is answered, abandoned or flowed out, or still waits; it is never two of these.

    Attributes:
        queued_at: it entered the agents' queue, after any menu.
        offered_at: it rang at an agent. An agent who picks it up from the queue has none.
        abandoned_at: the caller gave up.
        flowed_out_at: it left without either: to a call-back, voicemail or another queue.
        held: on hold in total; part of the time from `answered_at` to `ended_at`.
        wrapped_up_at: the agent was done. None with an ended call: it had no after-call work.
        is_wrapping_up: that work goes on, so nobody knows yet how long the call took.
        is_transferred: the agent who answered passed the call (not the case) to somebody else.

    Raises:
        NotAllowed: no call can be like this; the sentence names the times.
    """

    queued_at: datetime
    offered_at: datetime | None = None
    answered_at: datetime | None = None
    abandoned_at: datetime | None = None
    flowed_out_at: datetime | None = None
    held: timedelta = NO_TIME
    ended_at: datetime | None = None
    wrapped_up_at: datetime | None = None
    is_wrapping_up: bool = False
    is_transferred: bool = False

    def __post_init__(self) -> None:
        require_utc(at for _, at in self._times())
        self._check_outcome()
        self._check_order()
        self._check_talk()

    @property
    def is_handled(self) -> bool:
        """Somebody answered it and is done with it, so its handle time is known."""
        return self.answered_at is not None and self.ended_at is not None and not self.is_wrapping_up

    @property
    def after_call_work(self) -> timedelta:
        return self.wrapped_up_at - self.ended_at if self.wrapped_up_at and self.ended_at else NO_TIME

    def _times(self) -> Iterator[tuple[str, datetime | None]]:
        """In the order in which they happen; of the three outcomes only one can be there."""
        yield "queued_at", self.queued_at
        yield "offered_at", self.offered_at
        yield "answered_at", self.answered_at
        yield "abandoned_at", self.abandoned_at
        yield "flowed_out_at", self.flowed_out_at
        yield "ended_at", self.ended_at
        yield "wrapped_up_at", self.wrapped_up_at

    def _check_outcome(self) -> None:
        happened = [name for name in _OUTCOMES if getattr(self, name) is not None]
        for one, other in combinations(happened, 2):
            raise NotAllowed(tr("“{one}” and “{other}” exclude each other. Remove one.", one=one, other=other))
        if self.ended_at is not None and not happened:
            raise NotAllowed(tr("“{field}” needs one of: {needed}.", field="ended_at", needed=", ".join(_OUTCOMES)))

    def _check_order(self) -> None:
        happened = [(name, at) for name, at in self._times() if at is not None]
        for (earlier, first), (later, then) in pairwise(happened):
            if then < first:
                raise NotAllowed(tr("“{later}” is before “{earlier}”. Correct one.", later=later, earlier=earlier))

    def _check_talk(self) -> None:
        if self.held < NO_TIME:
            raise NotAllowed(tr("The time on hold is below zero. Correct it."))
        if self.wrapped_up_at is not None and self.ended_at is None:
            raise _lacking("wrapped_up_at", "ended_at")
        if self.wrapped_up_at is not None and self.answered_at is None:
            raise _lacking("wrapped_up_at", "answered_at")
        if self.answered_at is None and (self.held or self.is_transferred or self.is_wrapping_up):
            raise NotAllowed(tr("Only a call with “answered_at” can be on hold, passed on or wrapped up."))
        if self.answered_at and self.ended_at and self.held > self.ended_at - self.answered_at:
            raise NotAllowed(tr("The call was on hold for longer than it lasted. Correct its times or the hold."))


def facts_of(call: Call) -> CallFacts | None:
    """The facts of a call as its source told it; None for an outgoing one, which was never in a queue.

    What ended without a conversation and without the caller giving up (nobody took it, it was rejected, the line
    failed, a call-back was promised) left the queue without either, so it flowed out: it was offered, and it spoils
    the service level. Whether an abandon was short is left to the rules of the queue. Sources have clocks of their
    own: what can only have happened later than another thing is taken to have happened at the same time at least.
    """
    if call.is_outgoing:
        return None
    outcome_at = _not_before(call.ended_at if call.answered_at is None else call.answered_at, call.offered_at)
    ended_at = _not_before(call.ended_at, outcome_at)
    is_answered = call.answered_at is not None
    is_abandoned = not is_answered and call.end_reason in ABANDONED_REASONS
    talked = ended_at - outcome_at if is_answered and ended_at and outcome_at else call.held
    return CallFacts(
        queued_at=call.queued_at,
        offered_at=call.offered_at,
        answered_at=outcome_at if is_answered else None,
        abandoned_at=outcome_at if is_abandoned else None,
        flowed_out_at=None if is_answered or is_abandoned else outcome_at,
        held=max(min(call.held, talked), NO_TIME),
        ended_at=ended_at,
        wrapped_up_at=_not_before(call.wrapped_up_at, ended_at),
        is_wrapping_up=call.state is CallState.WRAP_UP,
        is_transferred=is_answered and call.ended_by is EndedBy.TRANSFER,
    )


def _not_before(at: datetime | None, other: datetime | None) -> datetime | None:
    return max(at, other) if at is not None and other is not None else at


def _lacking(field: str, needed: str) -> NotAllowed:
    return NotAllowed(tr("“{field}” needs “{needed}”.", field=field, needed=needed))
