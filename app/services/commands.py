"""The one door for what desks ask: each kind of command goes to the service that does it."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.db.engine import Database
from app.db.rows import AppliedCommandRow
from app.domain.commands import (
    AcceptCase,
    AdviseCase,
    AgentCommand,
    AnswerQuestion,
    AnyCommand,
    AskBack,
    AttachNumber,
    AttemptCallBack,
    BookOnCase,
    CaseCommand,
    Claim,
    ClaimCase,
    ClaimNext,
    CloseCallBack,
    Consult,
    EditorsCommand,
    EscalateCase,
    ForgetFilter,
    GrantContact,
    KeepFilter,
    MoveCallBack,
    ProblemCommand,
    PromiseCallBack,
    RecordCall,
    ReleaseCase,
    ReportSearch,
    RequeueCase,
    ResumeCase,
    ReturnCase,
    SeeMessages,
    SetAgentState,
    SolveCase,
    SolveWithAnswer,
    SuspendCase,
)
from app.services.board_deeds import BoardDeeds
from app.services.bookings import Bookings
from app.services.call_backs import CallBacks
from app.services.calls import Calls
from app.services.case_filters import CaseFilters
from app.services.cases import Cases
from app.services.contact_grants import ContactGrants
from app.services.knowledge import Knowledge
from app.services.messages import Messages
from app.services.people import People
from app.services.phones import Phones
from app.services.problems import Problems
from app.services.questions import Questions
from app.services.rules import Rules
from app.services.search_reports import SearchReports


class Commands:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._calls = Calls(database)
        self._phones = Phones(database)
        self._questions = Questions(database)
        self._call_backs = CallBacks(database)
        self.rules = Rules(database)
        self._bookings = Bookings(database)
        self._case_filters = CaseFilters(database)
        self._cases = Cases(database, self.rules)
        self._contact_grants = ContactGrants(database)
        self._board = BoardDeeds(database, self.rules)
        self._knowledge = Knowledge(database)
        self._messages = Messages(database)
        self._people = People(database)
        self._problems = Problems(database)
        self._search_reports = SearchReports(database)

    def apply(self, command: AnyCommand) -> UUID | None:
        """Do the command, once; the id of the call, case or person it was about (None: nothing to claim)."""
        if isinstance(command, AgentCommand):
            return self._apply_for_agent(command)
        if isinstance(command, CaseCommand):
            return self._apply_to_case(command)
        if isinstance(command, EditorsCommand):
            return self._knowledge.apply(command)
        if isinstance(command, ProblemCommand):
            return self._problems.apply(command)
        if isinstance(command, SeeMessages):
            return self._messages.see(command)
        return self._board.apply(command)

    def _apply_for_agent(self, command: AgentCommand) -> UUID | None:
        match command:
            case AttachNumber():
                return self._phones.attach(command)
            case RecordCall():
                return self._calls.record(command)
            case SetAgentState():
                return self._people.set_state(command)
            case SolveWithAnswer():
                return self._cases.solve_with_answer(command)
            case EscalateCase():
                return self._cases.escalate(command)
            case PromiseCallBack():
                return self._call_backs.promise(command)
            case AttemptCallBack():
                return self._call_backs.attempt(command)
            case MoveCallBack():
                return self._call_backs.move(command)
            case CloseCallBack():
                return self._call_backs.close(command)
            case ReportSearch():
                return self._search_reports.record(command)

    def _apply_to_case(self, command: CaseCommand) -> UUID | None:
        match command:
            case ClaimNext():
                return self._cases.claim_next(command)
            case ClaimCase():
                return self._cases.claim_case(command)
            case SolveCase():
                return self._cases.solve(command)
            case ReturnCase():
                return self._cases.give_back(command)
            case SuspendCase():
                return self._cases.suspend(command)
            case ResumeCase():
                return self._cases.resume(command)
            case BookOnCase():
                return self._bookings.book(command)
            case AdviseCase():
                return self._cases.advise(command)
            case ReleaseCase():
                return self._cases.release(command)
            case RequeueCase():
                return self._cases.requeue(command)
            case AcceptCase():
                return self._cases.accept(command)
            case AskBack():
                return self._questions.ask_back(command)
            case Consult():
                return self._questions.consult(command)
            case AnswerQuestion():
                return self._questions.answer(command)
            case GrantContact():
                return self._contact_grants.change(command)
            case KeepFilter():
                return self._case_filters.keep(command)
            case ForgetFilter():
                return self._case_filters.forget(command)

    def settle(self, claim: Claim) -> UUID | None:
        """The case of a claim that was carried out; one that was not is recorded as done with nothing, for ever.

        The record waits for a transaction of the same claim that is still under way.
        """
        with self._database.write() as session:
            dialect = sqlite if self._database.is_sqlite else postgresql
            values = {"id": claim.id, "by": claim.by, "applied_at": datetime.now(UTC)}
            session.execute(dialect.insert(AppliedCommandRow).values(values).on_conflict_do_nothing())
            return session.scalar(select(AppliedCommandRow.subject_id).where(AppliedCommandRow.id == claim.id))
