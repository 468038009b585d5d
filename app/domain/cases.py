"""A case from the first call to its solution: who owns it, what it needs, and what is handed over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from uuid import UUID

from app.domain.errors import NotAllowed
from app.i18n import tr


class Level(IntEnum):
    FIRST = 1
    SECOND = 2
    THIRD = 3


class CaseState(StrEnum):
    OPEN = "open"  # with a first-level agent
    WAITING = "waiting"  # in the queue of its level, nobody has it
    CLAIMED = "claimed"  # a person of its level has it
    SOLVED = "solved"


class CaseEvent(StrEnum):
    """What is written into a case's timeline."""

    OPENED = "opened"
    ESCALATED = "escalated"
    CLAIMED = "claimed"
    RETURNED = "returned"
    SOLVED = "solved"
    LAPSED = "lapsed"  # the desk of the person who had it gave no sign of life
    ATTACHED = "problem_attached"  # to a known problem; these three move nothing
    DETACHED = "problem_detached"
    ADAPTED = "workaround_adapted"  # to this customer; the newest one holds


TRANSITIONS: Mapping[tuple[CaseState, CaseEvent], CaseState] = {
    (CaseState.OPEN, CaseEvent.ESCALATED): CaseState.WAITING,
    (CaseState.OPEN, CaseEvent.SOLVED): CaseState.SOLVED,
    (CaseState.OPEN, CaseEvent.LAPSED): CaseState.WAITING,
    (CaseState.WAITING, CaseEvent.CLAIMED): CaseState.CLAIMED,
    (CaseState.CLAIMED, CaseEvent.ESCALATED): CaseState.WAITING,
    (CaseState.CLAIMED, CaseEvent.RETURNED): CaseState.OPEN,
    (CaseState.CLAIMED, CaseEvent.SOLVED): CaseState.SOLVED,
    (CaseState.CLAIMED, CaseEvent.LAPSED): CaseState.WAITING,
}


def after(state: CaseState, event: CaseEvent) -> CaseState:
    """The state after `event`; NotAllowed with a sentence when the case is not in a state for it."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise NotAllowed(_why_not(state, event)) from None


class Impact(StrEnum):
    """How many are hit."""

    PERSON = "person"
    TEAM = "team"
    COMPANY = "company"


class Urgency(StrEnum):
    """How soon it hurts."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Priority(IntEnum):
    P1 = 1
    P2 = 2
    P3 = 3
    P4 = 4
    P5 = 5


# The impact-urgency matrix of ITIL (Service Operation, incident prioritisation).
_PRIORITY = {
    (Impact.COMPANY, Urgency.HIGH): Priority.P1,
    (Impact.COMPANY, Urgency.NORMAL): Priority.P2,
    (Impact.TEAM, Urgency.HIGH): Priority.P2,
    (Impact.COMPANY, Urgency.LOW): Priority.P3,
    (Impact.TEAM, Urgency.NORMAL): Priority.P3,
    (Impact.PERSON, Urgency.HIGH): Priority.P3,
    (Impact.TEAM, Urgency.LOW): Priority.P4,
    (Impact.PERSON, Urgency.NORMAL): Priority.P4,
    (Impact.PERSON, Urgency.LOW): Priority.P5,
}

# From entering a level to being claimed by a person there.
CLAIM_WITHIN: Mapping[Priority, timedelta] = {
    Priority.P1: timedelta(minutes=15),
    Priority.P2: timedelta(hours=1),
    Priority.P3: timedelta(hours=4),
    Priority.P4: timedelta(hours=8),
    Priority.P5: timedelta(hours=24),
}


def priority(impact: Impact, urgency: Urgency) -> Priority:
    return _PRIORITY[impact, urgency]


class EscalationReason(StrEnum):
    NO_ANSWER = "no_answer"
    ANSWER_FAILED = "answer_failed"
    NEEDS_SPECIALIST = "needs_specialist"
    NEEDS_ACCESS = "needs_access"
    CUSTOMER_ASKS = "customer_asks"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptTurn:
    """A step of a guided script that was gone through: its name, what was asked, and what the customer answered."""

    step: str
    asked: str
    answered: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRead:
    """A scripted answer that was opened during the call: the steps that were tried, the way through its script.

    `version` is the one that was read; 0: not known.
    """

    answer_id: UUID
    title: str
    steps_tried: tuple[str, ...] = ()
    version: int = 0
    script_path: tuple[ScriptTurn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """What the next level needs to go on without asking again."""

    caller_name: str
    caller_number: str
    customer_number: str
    product: str
    serial: str
    entitlement: str
    searches: tuple[str, ...]
    answers: tuple[AnswerRead, ...]
    note: str
    reason: EscalationReason
    impact: Impact
    urgency: Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """A case as the desk opens it: known there before the database has seen it."""

    id: UUID
    number: str
    title: str
    opened_at: datetime
    call_id: UUID | None = None
    customer_id: UUID | None = None
    contract_id: UUID | None = None
    product_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """A case as a line of a queue."""

    id: UUID
    number: str
    title: str
    state: CaseState
    level: Level
    priority: Priority
    due_at: datetime | None
    level_since: datetime
    customer_name: str
    product_name: str
    owner_name: str
    team_name: str

    def is_overdue(self, now: datetime) -> bool:
        return self.state is CaseState.WAITING and self.due_at is not None and self.due_at < now


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """What happened to a case: by whom, when, and the text that person left."""

    id: UUID
    at: datetime
    event: CaseEvent
    person_name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """All that the next level reads of one case. `timeline` is oldest first."""

    summary: CaseSummary
    hand_over: HandOver | None
    timeline: tuple[TimelineEntry, ...]


def _why_not(state: CaseState, event: CaseEvent) -> str:
    if state is CaseState.SOLVED:
        return tr("This case is solved already. Open a new case if the customer needs more help.")
    if event is CaseEvent.CLAIMED:
        return tr("Somebody else has taken this case. Take the next one from the queue.")
    if state is CaseState.WAITING:
        return tr("This case waits in a queue. Claim it first.")
    return tr("This case has moved on meanwhile. Open it again to see where it is now.")
