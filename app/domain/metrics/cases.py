"""The figures of cases, all made from one tally of the cases of one opening cohort."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from functools import reduce
from itertools import pairwise
from operator import add, attrgetter

from app.domain.cases import CaseEvent, Level
from app.domain.errors import NotAllowed
from app.domain.metrics.figures import Share, require_utc
from app.i18n import tr


class AnswerLink(StrEnum):
    """The scripted answer that a closed case is linked with."""

    NONE = "none"
    REUSED = "reused"  # it was there: a known problem
    CREATED = "created"  # it was written for this case: a new problem


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStep:
    """What moved a case, as its timeline has it. `at` is UTC."""

    at: datetime
    event: CaseEvent
    from_level: Level
    to_level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """A case and its way. Two levels instead of three need no mark: nothing is ever escalated from the second then.

    Attributes:
        steps: oldest first, without the opening.
        first_level_could: who solved it says that first level could have, with the answers it has.

    Raises:
        NotAllowed: no case can go this way.
    """

    opened_at: datetime
    opened_level: Level = Level.FIRST
    steps: tuple[CaseStep, ...] = ()
    first_level_could: bool = False
    answer_link: AnswerLink = AnswerLink.NONE

    def __post_init__(self) -> None:
        require_utc((self.opened_at, *(step.at for step in self.steps)))
        times = (self.opened_at, *(step.at for step in self.steps))
        levels = (self.opened_level, *(step.to_level for step in self.steps))
        if any(then < first for first, then in pairwise(times)):
            raise NotAllowed(tr("The steps of this case are not in the order of their times."))
        if any(step.from_level is not level for level, step in zip(levels, self.steps, strict=False)):
            raise NotAllowed(tr("A step of this case does not start at the level where the one before ended."))
        if any(step.event is CaseEvent.SOLVED for step in self.steps[:-1]):
            raise NotAllowed(tr("This case goes on after it was solved."))

    @property
    def solved_by(self) -> Level | None:
        """The level that solved it; None while it is open."""
        is_solved = bool(self.steps) and self.steps[-1].event is CaseEvent.SOLVED
        return self.steps[-1].from_level if is_solved else None

    def has(self, event: CaseEvent, level: Level) -> bool:
        """Whether this happened to it, once or often, while it was at `level`."""
        return any(step.event is event and step.from_level is level for step in self.steps)

    def was_at(self, level: Level) -> bool:
        return self.opened_level is level or any(step.to_level is level for step in self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTally:
    """Cases by what became of them. What happens to a case more than once counts once."""

    opened_at_first: int = 0
    solved_by_first_alone: int = 0  # opened there, never escalated
    escalated_by_first: int = 0  # opened there
    returned_to_first: int = 0  # opened there, escalated, sent back
    came_to_second: int = 0
    escalated_by_second: int = 0
    returned_to_second: int = 0
    solved_by_second: int = 0
    solved_by_second_needlessly: int = 0  # first level could have
    closed: int = 0
    closed_with_known_answer: int = 0
    closed_with_new_answer: int = 0

    @property
    def linked(self) -> int:
        return self.closed_with_known_answer + self.closed_with_new_answer

    def __add__(self, other: "CaseTally") -> "CaseTally":
        return CaseTally(**dict(zip(_FIELDS, map(add, _values(self), _values(other)), strict=True)))


_FIELDS = tuple(field.name for field in fields(CaseTally))
_values = attrgetter(*_FIELDS)


def tally_of(case: CaseFacts) -> CaseTally:
    """One case as a tally: each count is 0 or 1, so a formula over it says whether the case counts there."""
    is_first = case.opened_level is Level.FIRST
    is_escalated = is_first and case.has(CaseEvent.ESCALATED, Level.FIRST)
    is_by_second = case.solved_by is Level.SECOND
    is_closed = case.solved_by is not None
    return CaseTally(
        opened_at_first=int(is_first),
        solved_by_first_alone=int(is_first and not is_escalated and case.solved_by is Level.FIRST),
        escalated_by_first=int(is_escalated),
        returned_to_first=int(is_escalated and _came_back(case, Level.FIRST)),
        came_to_second=int(case.was_at(Level.SECOND)),
        escalated_by_second=int(case.has(CaseEvent.ESCALATED, Level.SECOND)),
        returned_to_second=int(case.has(CaseEvent.ESCALATED, Level.SECOND) and _came_back(case, Level.SECOND)),
        solved_by_second=int(is_by_second),
        solved_by_second_needlessly=int(is_by_second and case.first_level_could),
        closed=int(is_closed),
        closed_with_known_answer=int(is_closed and case.answer_link is AnswerLink.REUSED),
        closed_with_new_answer=int(is_closed and case.answer_link is AnswerLink.CREATED),
    )


def tally(cases: Iterable[CaseFacts]) -> CaseTally:
    """All cases of a cohort (those opened in one period) together, in any order."""
    return reduce(add, map(tally_of, cases), CaseTally())


def first_level_resolution(cases: CaseTally) -> Share:
    """FLR: solved at first level without escalation / opened at first level, by opening cohort. MetricNet.

    Cases that are still open are in the whole, so the figure of a young cohort rises; in a closed cohort it is
    the complement of the escalation rate.
    """
    return Share(cases.solved_by_first_alone, cases.opened_at_first)


def escalation_rate(cases: CaseTally, level: Level) -> Share:
    """Cases that `level` passed upwards / cases opened there (FIRST) or that came there (SECOND), same cohort.

    A case counts once, however often it went. Complement of first-level resolution for closed cohorts (MetricNet).

    Raises:
        ValueError: nothing goes up from the third level.
    """
    match level:
        case Level.FIRST:
            return Share(cases.escalated_by_first, cases.opened_at_first)
        case Level.SECOND:
            return Share(cases.escalated_by_second, cases.came_to_second)
    raise ValueError("nothing is escalated from the third level")


def return_rate(cases: CaseTally, level: Level) -> Share:
    """Cases that came back to `level` / cases that it had passed upwards: to be shown beside the escalation rate.

    Raises:
        ValueError: nothing comes back to the third level.
    """
    match level:
        case Level.FIRST:
            return Share(cases.returned_to_first, cases.escalated_by_first)
        case Level.SECOND:
            return Share(cases.returned_to_second, cases.escalated_by_second)
    raise ValueError("nothing is returned to the third level")


def first_level_could_have(cases: CaseTally) -> Share:
    """Solved by second level though first level could have / solved by second level. HDAA, MetricNet: "% Resolved
    Level 1 Capable"."""
    return Share(cases.solved_by_second_needlessly, cases.solved_by_second)


def link_rate(cases: CaseTally) -> Share:
    """Closed cases with a linked answer / closed cases. KCS v6, "link rate"; 60 to 80 % is a good one there."""
    return Share(cases.linked, cases.closed)


def reuse_rate(cases: CaseTally) -> Share:
    """Closed cases with an answer that was there / closed cases. KCS v6, technique 3.3."""
    return Share(cases.closed_with_known_answer, cases.closed)


def share_of_new(cases: CaseTally) -> Share:
    """New against known: closed cases whose answer was written for them / closed cases with an answer. KCS v6."""
    return Share(cases.closed_with_new_answer, cases.linked)


def _came_back(case: CaseFacts, level: Level) -> bool:
    return any(step.event is CaseEvent.RETURNED and step.to_level is level for step in case.steps)
