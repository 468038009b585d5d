"""A case from the first call to its solution: who owns it, what it needs, and what is handed over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from app.domain.bookings import Booking
from app.domain.customers import ContractKind
from app.domain.errors import NotAllowed
from app.domain.passing_down import FirstCould, PassedDown
from app.domain.priorities import CLAIM_WITHIN as CLAIM_WITHIN  # found here too: it belongs to a case
from app.domain.priorities import Impact as Impact
from app.domain.priorities import Priority as Priority
from app.domain.priorities import Urgency as Urgency
from app.domain.priorities import priority as priority
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
    RELEASED = "released"  # back into the queue, by whoever had it
    REQUEUED = "requeued"  # back into the queue, by somebody else: whoever had it is not there
    ACCEPTED = "accepted"  # the hand-over is all that is needed
    ASKED = "asked"  # whoever handed it over is asked something
    REPLIED = "replied"
    CONSULTED = "consulted"  # a higher level is asked something
    ADVISED = "advised"  # what a higher level says; third level gives its own case back with it
    GRANTED = "granted"  # third level may see how the customer is reached
    GRANT_ENDED = "grant_ended"
    MERGED = "merged"  # second and third level became one
    SPLIT = "split"
    ATTACHED = "problem_attached"  # to a known problem; these three move nothing
    DETACHED = "problem_detached"
    ADAPTED = "workaround_adapted"  # to this customer; the newest one holds
    PRIORITISED = "prioritised"  # by a supervisor
    ASSIGNED = "assigned"  # to a person of its level, by a supervisor
    SUSPENDED = "suspended"  # it waits for somebody outside, and the clock of the customer's promise stands still
    RESUMED = "resumed"


TRANSITIONS: Mapping[tuple[CaseState, CaseEvent], CaseState] = {
    (CaseState.OPEN, CaseEvent.ESCALATED): CaseState.WAITING,
    (CaseState.OPEN, CaseEvent.SOLVED): CaseState.SOLVED,
    (CaseState.OPEN, CaseEvent.LAPSED): CaseState.WAITING,
    (CaseState.OPEN, CaseEvent.REQUEUED): CaseState.WAITING,
    (CaseState.OPEN, CaseEvent.SUSPENDED): CaseState.OPEN,
    (CaseState.OPEN, CaseEvent.RESUMED): CaseState.OPEN,
    (CaseState.WAITING, CaseEvent.CLAIMED): CaseState.CLAIMED,
    (CaseState.WAITING, CaseEvent.GRANTED): CaseState.WAITING,
    (CaseState.WAITING, CaseEvent.GRANT_ENDED): CaseState.WAITING,
    (CaseState.CLAIMED, CaseEvent.ACCEPTED): CaseState.CLAIMED,
    (CaseState.CLAIMED, CaseEvent.ASKED): CaseState.CLAIMED,
    (CaseState.CLAIMED, CaseEvent.CONSULTED): CaseState.CLAIMED,
    (CaseState.CLAIMED, CaseEvent.ADVISED): CaseState.CLAIMED,
    (CaseState.CLAIMED, CaseEvent.GRANTED): CaseState.CLAIMED,
    (CaseState.CLAIMED, CaseEvent.GRANT_ENDED): CaseState.CLAIMED,
    (CaseState.CLAIMED, CaseEvent.ESCALATED): CaseState.WAITING,
    (CaseState.CLAIMED, CaseEvent.RELEASED): CaseState.WAITING,
    (CaseState.CLAIMED, CaseEvent.REQUEUED): CaseState.WAITING,
    (CaseState.CLAIMED, CaseEvent.RETURNED): CaseState.OPEN,
    (CaseState.CLAIMED, CaseEvent.SOLVED): CaseState.SOLVED,
    (CaseState.CLAIMED, CaseEvent.LAPSED): CaseState.WAITING,
    (CaseState.WAITING, CaseEvent.PRIORITISED): CaseState.WAITING,
    (CaseState.CLAIMED, CaseEvent.PRIORITISED): CaseState.CLAIMED,
    (CaseState.WAITING, CaseEvent.ASSIGNED): CaseState.CLAIMED,
    (CaseState.CLAIMED, CaseEvent.ASSIGNED): CaseState.CLAIMED,
    (CaseState.CLAIMED, CaseEvent.SUSPENDED): CaseState.CLAIMED,
    (CaseState.CLAIMED, CaseEvent.RESUMED): CaseState.CLAIMED,
}


class WaitReason(StrEnum):
    """For whom or what a suspended case waits."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    APPOINTMENT = "appointment"
    RELEASE = "release"  # of a new version


def after(state: CaseState, event: CaseEvent) -> CaseState:
    """The state after `event`; NotAllowed with a sentence when the case is not in a state for it."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise NotAllowed(_why_not(state, event)) from None


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
    """What the next level needs to go on without asking again.

    `caller_number` is empty for third level, unless second level lets it see how the customer is reached.
    """

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
    version: str = ""  # of the product
    promised: str = ""  # to the customer


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
    plan: ContractKind | None = None  # kind of the contract
    bookings: tuple[Booking, ...] = ()  # what was agreed, or used of the contract


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
    opened_at: datetime | None = None
    warn_at: datetime | None = None  # three quarters of the time to `due_at` are used
    resolve_due_at: datetime | None = None  # what is promised to the customer; None: nothing, or the case waits
    resolve_warn_at: datetime | None = None
    waits_for: WaitReason | None = None

    @property
    def next_due_at(self) -> datetime | None:
        """When the next of its promises is due: to be taken over while it waits in a queue, and to be solved."""
        return self._first(self.due_at, self.resolve_due_at)

    @property
    def next_warn_at(self) -> datetime | None:
        """When three quarters of that time are used."""
        return self._first(self.warn_at, self.resolve_warn_at)

    def is_overdue(self, now: datetime) -> bool:
        return self.next_due_at is not None and self.next_due_at < now

    def is_warned(self, now: datetime) -> bool:
        """Three quarters of a promise are used, and it can still be kept."""
        return not self.is_overdue(now) and self.next_warn_at is not None and self.next_warn_at <= now

    def _first(self, own: datetime | None, resolve: datetime | None) -> datetime | None:
        if self.state is CaseState.SOLVED:
            return None
        running = (own if self.state is CaseState.WAITING else None, resolve)
        return min((at for at in running if at is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """What happened to a case: by whom, when, and the text that person left."""

    id: UUID
    at: datetime
    event: CaseEvent
    person_name: str
    text: str
    waits_for: WaitReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """All that the next level reads of one case. `timeline` is oldest first.

    `passed_down` or `kept_back`, the reason why not, say what became of third level's solution. `owner_id` is who has
    the case, or has solved it.
    """

    summary: CaseSummary
    hand_over: HandOver | None
    timeline: tuple[TimelineEntry, ...]
    customer_id: UUID | None = None
    product_id: UUID | None = None
    shows_contact: bool = False  # to third level
    passed_down: PassedDown | None = None
    kept_back: str = ""
    owner_id: UUID | None = None
    first_could: FirstCould | None = None


def refuse_unless_passed_down(level: Level, passed_down: PassedDown | None, kept_back: str) -> None:
    """Raise NotAllowed when third level's work on a case would end without its solution going down."""
    if level is Level.THIRD and passed_down is None and not kept_back.strip():
        raise NotAllowed(
            tr("A third-level case ends with its solution passed down: name the answer or the known problem, or say "
               "why there is none.")
        )  # fmt: skip


def _why_not(state: CaseState, event: CaseEvent) -> str:
    if state is CaseState.SOLVED:
        return tr("This case is solved already. Open a new case if the customer needs more help.")
    if event is CaseEvent.CLAIMED:
        return tr("Somebody else has taken this case. Take the next one from the queue.")
    if state is CaseState.WAITING:
        return tr("This case waits in a queue. Claim it first.")
    return tr("This case has moved on meanwhile. Open it again to see where it is now.")
