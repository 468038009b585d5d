"""What a desk asks the shared database to do for its agent: calls, new cases, call-backs, the agent's state."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.answer_use import AnswerUse
from app.domain.call_backs import CallBack
from app.domain.calls import Call
from app.domain.cases import AnswerRead, CaseDraft, HandOver, Level
from app.domain.commands.base import Command
from app.domain.people import Agent
from app.domain.search_report import SearchGap


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCall(Command):
    """The call as the desk knows it now; an older state than the recorded one changes nothing."""

    call: Call
    customer_id: UUID | None = None
    case_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachNumber(Command):
    """The number that the customer calls from (E.164 or an extension) is the customer's from now on."""

    customer_id: UUID
    normal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAgentState(Command):
    agent: Agent


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveWithAnswer(Command):
    """The scripted answer solved the case at first level: the case is opened and solved in one go."""

    case: CaseDraft
    answer: AnswerRead
    note: str
    problem_id: UUID | None = None  # the known problem that the agent attached


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateCase(Command):
    """Pass the case, opened here if it is new, with its hand-over into the queue of `to_level`."""

    case: CaseDraft
    hand_over: HandOver
    to_level: Level = Level.SECOND
    problem_id: UUID | None = None  # the known problem that the agent attached


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSearch(Command):
    """What a finished call tells the editors. Who asked is not kept with it, and the time as the day alone."""

    uses: tuple[AnswerUse, ...]
    gaps: tuple[SearchGap, ...]
    is_escalated: bool = False  # then the escalation tells the radar, and the searches need not


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseCallBack(Command):
    """The customer shall be called: the agent said so."""

    call_back: CallBack


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptCallBack(Command):
    """The number is being dialled: from now on it is this person's, and due again at `next_at` unless it is closed."""

    call_back_id: UUID
    next_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCallBack(Command):
    """Another time, and another number if one is given; it becomes this person's."""

    call_back_id: UUID
    due_at: datetime
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCallBack(Command):
    """The customer was spoken to, or nobody calls any more."""

    call_back_id: UUID
    is_done: bool


AgentCommand = (
    RecordCall
    | AttachNumber
    | SetAgentState
    | SolveWithAnswer
    | EscalateCase
    | ReportSearch
    | PromiseCallBack
    | AttemptCallBack
    | MoveCallBack
    | CloseCallBack
)
