"""Each figure of the past once: its name, its formula and its value. Table, chart and export show these."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.domain.cases import Level
from app.domain.history.requests import Group
from app.domain.history.tallies import Tally
from app.domain.metrics import call_figures, cases
from app.domain.metrics.agents import occupancy
from app.domain.metrics.figures import MeanTime, Share, seconds
from app.domain.metrics.handle_times import quantile_bucket
from app.i18n import tr

Value = Fraction | int | None
Counted = Share | MeanTime | Fraction | int | None

STRAIN = Fraction(85, 100)  # of occupancy: above it is strain, not efficiency


class Unit(StrEnum):
    COUNT = "count"
    SHARE = "share"  # from 0 to 1
    SECONDS = "seconds"


class Figure(StrEnum):
    OFFERED = "offered"
    ANSWERED = "answered"
    ABANDONED = "abandoned"
    SERVICE_LEVEL = "service_level"
    ABANDONMENT = "abandonment"
    SPEED_OF_ANSWER = "speed_of_answer"
    HANDLE_TIME = "handle_time"
    HANDLE_TIME_P90 = "handle_time_p90"
    AFTER_CALL_WORK = "after_call_work"
    AFTER_CALL_SHARE = "after_call_share"
    TRANSFERS = "transfers"
    FIRST_CONTACT = "first_contact"
    OPENED = "opened"
    FIRST_LEVEL = "first_level"
    ESCALATIONS = "escalations"
    RETURNS = "returns"
    ESCALATIONS_2 = "escalations_2"
    RETURNS_2 = "returns_2"
    FIRST_COULD = "first_could"
    LINKED = "linked"
    REUSED = "reused"
    NEW_ANSWERS = "new_answers"
    OCCUPANCY = "occupancy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """
    Attributes:
        name, formula: in the language of the moment.
        counted: what it is made of, which of two periods adds up.
        groups: by what it can be told apart.
    """

    figure: Figure
    name: Callable[[], str]
    formula: Callable[[], str]
    unit: Unit
    counted: Callable[[Tally], Counted]
    groups: frozenset[Group]

    def value(self, tally: Tally) -> Value:
        match self.counted(tally):
            case Share() as share:
                return share.value
            case MeanTime() as mean:
                return mean.value_s
            case number:
                return number

    def pieces(self, tally: Tally) -> tuple[Value, Value]:
        """What is divided by what; of a count itself, and nothing where it is not divided."""
        match self.counted(tally):
            case Share(part, whole) if self.figure is Figure.OCCUPANCY:  # in microseconds
                return Fraction(part, 1_000_000), Fraction(whole, 1_000_000)
            case Share(part, whole):
                return part, whole
            case MeanTime(total, count):
                return seconds(total), count
            case number:
                return number, None

    @property
    def piece_units(self) -> tuple[Unit, Unit]:
        if self.figure is Figure.OCCUPANCY:
            return Unit.SECONDS, Unit.SECONDS
        return Unit.SECONDS if self.unit is Unit.SECONDS else Unit.COUNT, Unit.COUNT


_CALLS = frozenset({Group.QUEUE, Group.TEAM, Group.DAY, Group.INTERVAL})
_CASES = frozenset({Group.TEAM, Group.PRODUCT, Group.REASON, Group.DAY})
_PRESENCE = frozenset({Group.TEAM, Group.DAY, Group.INTERVAL})


def definition(figure: Figure) -> Definition:
    return _BY_FIGURE[figure]


def figures_by(group: Group) -> tuple[Definition, ...]:
    """What can be told apart by this."""
    return tuple(one for one in DEFINITIONS if group in one.groups)


def _longest_of_most(tally: Tally) -> Fraction | None:
    found = quantile_bucket(tally.handle_times, Fraction(9, 10))
    return None if found is None or found.end is None else Fraction(int(found.end.total_seconds()))


_Row = tuple[Figure, Unit, Callable[[], str], Callable[[], str], Callable[[Tally], Counted]]

_OF_CALLS: tuple[_Row, ...] = (
    (Figure.OFFERED, Unit.COUNT, lambda: tr("Offered"),
     lambda: tr("Calls that entered a queue in the period: answered + abandoned + flowed out."),
     lambda t: t.calls.offered),
    (Figure.ANSWERED, Unit.COUNT, lambda: tr("Answered"),
     lambda: tr("Offered calls that an agent answered."),
     lambda t: t.calls.answered),
    (Figure.ABANDONED, Unit.COUNT, lambda: tr("Abandoned"),
     lambda: tr("Offered calls whose caller gave up, short abandons among them."),
     lambda t: t.calls.abandoned),
    (Figure.SERVICE_LEVEL, Unit.SHARE, lambda: tr("Service level"),
     lambda: tr("Answered within the threshold of the queue / (offered − short abandons). Genesys Cloud. "
                "A queue with another formula (“firstline-admin queue list”) counts by its own, as on the board."),
     lambda t: t.service_level),
    (Figure.ABANDONMENT, Unit.SHARE, lambda: tr("Abandonment"),
     lambda: tr("(Abandoned − short abandons) / (offered − short abandons). Genesys Cloud. "
                "A queue with another formula (“firstline-admin queue list”) counts by its own, as on the board."),
     lambda t: t.abandonment),
    (Figure.SPEED_OF_ANSWER, Unit.SECONDS, lambda: tr("Speed of answer"),
     lambda: tr("ASA: waits of the answered calls, from entering the queue / answered. COPC."),
     lambda t: call_figures.average_speed_of_answer(t.calls)),
    (Figure.HANDLE_TIME, Unit.SECONDS, lambda: tr("Handle time"),
     lambda: tr("AHT: (talk + hold + after-call work) / handled. Genesys."),
     lambda t: call_figures.average_handle_time(t.calls)),
    (Figure.HANDLE_TIME_P90, Unit.SECONDS, lambda: tr("Nine of ten below"),
     lambda: tr("The limit of the bucket below which at least 90 % of the handle times lie; from counts in "
                "fixed buckets, so it is a limit and no exact time. “–” from one hour on."),
     _longest_of_most),
    (Figure.AFTER_CALL_WORK, Unit.SECONDS, lambda: tr("After-call work"),
     lambda: tr("ACW: time from the end of a call until its agent was done / handled. Amazon Connect."),
     lambda t: call_figures.after_call_work(t.calls)),
    (Figure.AFTER_CALL_SHARE, Unit.SHARE, lambda: tr("With after-call work"),
     lambda: tr("Handled calls with any after-call work / handled. Amazon Connect."),
     lambda t: call_figures.share_with_after_call_work(t.calls)),
    (Figure.TRANSFERS, Unit.SHARE, lambda: tr("Transfers"),
     lambda: tr("Calls transferred out / handled. Amazon Connect. About the call, not the case."),
     lambda t: call_figures.transfer_rate(t.calls)),
    (Figure.FIRST_CONTACT, Unit.SHARE, lambda: tr("First contact resolution"),
     lambda: tr("FCR, net: contacts solved, with no other contact for the same case, or of the same customer "
                "for the same product, within 7 days before or after / contacts that first level can solve. "
                "Provisional until 7 days are over. MetricNet, SQM."),
     lambda t: t.contacts.share),
)  # fmt: skip
_OF_CASES: tuple[_Row, ...] = (
    (Figure.OPENED, Unit.COUNT, lambda: tr("Cases opened"),
     lambda: tr("Cases opened at first level in the period. The figures of cases are those of this cohort, "
                "whenever the rest happened."),
     lambda t: t.cases.opened_at_first),
    (Figure.FIRST_LEVEL, Unit.SHARE, lambda: tr("Solved at first level"),
     lambda: tr("FLR: cases solved at first level without escalation / cases opened at first level. MetricNet."),
     lambda t: cases.first_level_resolution(t.cases)),
    (Figure.ESCALATIONS, Unit.SHARE, lambda: tr("Escalation rate"),
     lambda: tr("Cases that first level passed upwards / cases opened at first level, each once. MetricNet."),
     lambda t: cases.escalation_rate(t.cases, Level.FIRST)),
    (Figure.RETURNS, Unit.SHARE, lambda: tr("Returned"),
     lambda: tr("Cases that came back to first level / cases that it had passed upwards."),
     lambda t: cases.return_rate(t.cases, Level.FIRST)),
    (Figure.ESCALATIONS_2, Unit.SHARE, lambda: tr("Second to third level"),
     lambda: tr("Cases that second level passed upwards / cases that came to it."),
     lambda t: cases.escalation_rate(t.cases, Level.SECOND)),
    (Figure.RETURNS_2, Unit.SHARE, lambda: tr("Returned to second"),
     lambda: tr("Cases that came back to second level / cases that it had passed upwards."),
     lambda t: cases.return_rate(t.cases, Level.SECOND)),
    (Figure.FIRST_COULD, Unit.SHARE, lambda: tr("First level could have"),
     lambda: tr("Cases that second level solved and says that first level could have / cases that second level solved. "
                "HDAA, MetricNet."),
     lambda t: cases.first_level_could_have(t.cases)),
    (Figure.LINKED, Unit.SHARE, lambda: tr("With an answer"),
     lambda: tr("Closed cases with a linked answer (one that was there, or one that was written for the case and "
                "published) / closed cases. KCS v6, link rate."),
     lambda t: cases.link_rate(t.cases)),
    (Figure.REUSED, Unit.SHARE, lambda: tr("With a known answer"),
     lambda: tr("Closed cases with an answer that was there: it solved them, or whoever solved them says that it could "
                "have / closed cases. KCS v6, reuse."),
     lambda t: cases.reuse_rate(t.cases)),
    (Figure.NEW_ANSWERS, Unit.SHARE, lambda: tr("New of the linked"),
     lambda: tr("Closed cases whose answer was written for them and published / closed cases with a linked answer. "
                "KCS v6, new against known."),
     lambda t: cases.share_of_new(t.cases)),
)  # fmt: skip
_OF_PRESENCE: tuple[_Row, ...] = (
    (Figure.OCCUPANCY, Unit.SHARE, lambda: tr("Occupancy"),
     lambda: tr("Time in conversation and wrap-up / (the same + time available), of all agents together; pauses and "
                "ringing are in neither. Above 85 % it is strain, not efficiency. Amazon Connect."),
     lambda t: occupancy(t.presence.busy, t.presence.available)),
)  # fmt: skip


def _definitions(groups: frozenset[Group], rows: tuple[_Row, ...]) -> tuple[Definition, ...]:
    return tuple(
        Definition(figure=figure, name=name, formula=formula, unit=unit, counted=counted, groups=groups)
        for figure, unit, name, formula, counted in rows
    )


DEFINITIONS: tuple[Definition, ...] = (
    *_definitions(_CALLS, _OF_CALLS),
    *_definitions(_CASES, _OF_CASES),
    *_definitions(_PRESENCE, _OF_PRESENCE),
)
_BY_FIGURE = {one.figure: one for one in DEFINITIONS}
