"""What a supervisor sees at one moment; all of it from one read of the shared database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from app.domain.board_agents import AgentGroup
from app.domain.call_backs import CallBackKind
from app.domain.calls import CallState
from app.domain.cases import CaseEvent, CaseState, EscalationReason, Level, Priority
from app.domain.metrics.call_figures import CallTally, QueueRules
from app.domain.metrics.calls import CallFacts
from app.domain.metrics.promises import Standing
from app.domain.people import AgentState, PauseCode
from app.domain.search_report import GapKind

WAITING = frozenset({CallState.QUEUED, CallState.OFFERED})
TALKING = frozenset({CallState.CONNECTED, CallState.HELD, CallState.CONSULTING})
HELD = frozenset({CaseState.OPEN, CaseState.CLAIMED})  # somebody has the case: at first level, and above

_DEFAULT_RULES = QueueRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNow:
    """A call of this day or one that goes on; `facts` is None for one that never was in a queue."""

    id: UUID
    state: CallState
    queue: str
    caller: str  # customer's name, else number
    agent_name: str
    queued_at: datetime
    answered_at: datetime | None
    is_outgoing: bool = False
    facts: CallFacts | None = None

    @property
    def is_now(self) -> bool:
        """It waits or goes on. Whom an agent rings does not wait for us."""
        return self.state is not CallState.CLOSED and (not self.is_outgoing or self.answered_at is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentNow:
    id: UUID
    name: str
    team_name: str
    state: AgentState
    pause_code: PauseCode | None
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadDesk:
    """Whose desk may have died, and until when nothing that it told counts as a sign of life."""

    id: UUID
    name: str
    team_name: str
    told_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNow:
    """A case that is not solved."""

    id: UUID
    number: str
    title: str
    state: CaseState
    level: Level
    priority: Priority
    due_at: datetime | None
    opened_at: datetime
    level_since: datetime
    owner_name: str = ""
    warn_at: datetime | None = None

    def standing(self, now: datetime) -> Standing:
        """How the promise to claim it stands, by the times that are stored beside it, which know the team's calendar.

        A case that somebody has, or that has no due time, is in time.
        """
        if self.state is not CaseState.WAITING or self.due_at is None:
            return Standing.IN_TIME
        if now > self.due_at:
            return Standing.BROKEN
        return Standing.WARNING if self.warn_at is not None and now >= self.warn_at else Standing.IN_TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class StepNow:
    """A line of a timeline of this day: a case was escalated, returned or solved. `reason` goes with an escalation."""

    id: UUID
    case_id: UUID
    number: str
    title: str
    at: datetime
    event: CaseEvent
    from_level: Level
    to_level: Level
    reason: EscalationReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackNow:
    """A customer who is still to be called."""

    id: UUID
    kind: CallBackKind
    name: str
    number: str
    due_at: datetime
    made_at: datetime
    person_name: str = ""  # whose it is; empty: anyone's


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerNow:
    """What became of one answer today; whose calls they were is not kept."""

    id: UUID
    title: str
    solved_count: int
    escalated_count: int
    read_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GapNow:
    """A text that was searched in vain today."""

    kind: GapKind
    text: str
    count: int

    @property
    def id(self) -> tuple[GapKind, str]:
        """Known by what was searched."""
        return self.kind, self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueNow:
    """The queue of one level: cases that nobody has yet, and those that somebody works on."""

    level: Level
    waiting_count: int
    overdue_count: int
    claimed_count: int
    oldest_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One read. It is never changed, so whatever is worked out from it fits together.

    Attributes:
        day_start: what is counted by day is counted from then on.
        calls: those of this day and those that go on, in the order in which they were queued.
        tallies: the calls of this day by queue, each queue by its own rules.
        rules: of the queues that have some of their own.
        cases: those that are not solved.
        steps: of this day, oldest first.
        agents: by name, where they are named.
        agent_groups: without names, where they are not.
        names_agents: agents, calls and cases say whose they are; False while the works-council mode is on.
    """

    read_at: datetime
    day_start: datetime
    calls: tuple[CallNow, ...] = ()
    tallies: Mapping[str, CallTally] = field(default_factory=dict)
    rules: Mapping[str, QueueRules] = field(default_factory=dict)
    agents: tuple[AgentNow, ...] = ()
    agent_groups: tuple[AgentGroup, ...] = ()
    cases: tuple[CaseNow, ...] = ()
    steps: tuple[StepNow, ...] = ()
    call_backs: tuple[CallBackNow, ...] = ()
    answers: tuple[AnswerNow, ...] = ()
    gaps: tuple[GapNow, ...] = ()
    names_agents: bool = True

    @property
    def calls_now(self) -> tuple[CallNow, ...]:
        """Those that wait or go on, longest first."""
        return tuple(call for call in self.calls if call.is_now)

    @property
    def queues(self) -> tuple[QueueNow, ...]:
        """Second and third level at the time of the read, each also when it is empty."""
        return tuple(queue_now(self.cases, level, self.read_at) for level in (Level.SECOND, Level.THIRD))

    def rules_of(self, queue: str) -> QueueRules:
        return self.rules.get(queue, _DEFAULT_RULES)

    def is_of_day(self, call: CallNow) -> bool:
        """Whether it counts in the figures of this day: a call belongs to the time in which it was queued."""
        return call.facts is not None and call.queued_at >= self.day_start


def queue_now(cases: tuple[CaseNow, ...], level: Level, now: datetime) -> QueueNow:
    here = [case for case in cases if case.level is level]
    waiting = [case for case in here if case.state is CaseState.WAITING]
    return QueueNow(
        level=level,
        waiting_count=len(waiting),
        overdue_count=sum(case.standing(now) is Standing.BROKEN for case in waiting),
        claimed_count=sum(case.state is CaseState.CLAIMED for case in here),
        oldest_since=min((case.level_since for case in waiting), default=None),
    )


def waits(call: CallNow, now: datetime) -> timedelta:
    """How long it waits, or waited until it was answered; a desk whose clock is ahead makes no negative time."""
    return max((call.answered_at or now) - call.queued_at, timedelta(0))
