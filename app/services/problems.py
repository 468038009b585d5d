"""Known problems: made, written, confirmed, attached, adapted and solved with all their cases."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.one_statement import NewRow
from app.db.problem_rows import ProblemCaseRow, ProblemRow
from app.db.rows import PersonRow, TimelineRow
from app.domain.cases import CaseEvent, CaseState
from app.domain.commands import (
    AdaptWorkaround,
    AttachCase,
    DetachCase,
    EditProblem,
    MakeProblem,
    MoveProblem,
    ProblemCommand,
    PromiseSolvedCallBacks,
    SolveProblem,
)
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.problems import (
    OPEN_STATES,
    Link,
    ProblemState,
    checked,
    name_of,
    refuse_unless_findable,
    refuse_unless_possible,
)
from app.domain.topics import Topic
from app.i18n import tr
from app.services import problem_statements, solved_call_backs
from app.services.case_statements import Standing
from app.services.case_writing import existing
from app.services.once import Attempt, C, apply_once, apply_whole, changed, refuse_unless_done, tell


class Problems:
    """What people do about known problems. Reading them: `ProblemLists`.

    For who decides how a case ends: `of_case` there says which problem a case is attached to.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def apply(self, command: ProblemCommand) -> UUID | None:
        """Do the command, once; the id of the problem or case it was about."""
        match command:
            case MakeProblem():
                return self.make(command)
            case EditProblem():
                return self.edit(command)
            case MoveProblem():
                return self.move(command)
            case SolveProblem():
                return self.solve(command)
            case AttachCase():
                return self.attach(command)
            case DetachCase():
                return self.detach(command)
            case AdaptWorkaround():
                return self.adapt(command)
            case PromiseSolvedCallBacks():
                return self.promise(command)

    def make(self, command: MakeProblem) -> UUID | None:
        """A candidate, or confirmed at once, with the case that it was seen in."""
        return self._attaching(command, _make)

    def edit(self, command: EditProblem) -> UUID | None:
        """Other words; NotAllowed when somebody else changed them since they were read."""
        return apply_once(self._database, command, _edit)

    def move(self, command: MoveProblem) -> UUID | None:
        """Confirm, reject or open again."""
        if command.to is not ProblemState.CONFIRMED:
            return apply_once(self._database, command, _move)
        return apply_whole(self._database, command, lambda session: _confirm(session, command))

    def solve(self, command: SolveProblem) -> UUID | None:
        """The problem and all its cases, in one transaction."""
        return apply_whole(self._database, command, lambda session: _solve(session, command))

    def attach(self, command: AttachCase) -> UUID | None:
        """The case is one of the problem; a case has one at most."""
        return self._attaching(command, _attach)

    def detach(self, command: DetachCase) -> UUID | None:
        return apply_once(self._database, command, _detach)

    def adapt(self, command: AdaptWorkaround) -> UUID | None:
        """Keep on the case how the workaround is done for this customer; the person has the case."""
        return apply_once(self._database, command, _adapt)

    def promise(self, command: PromiseSolvedCallBacks) -> UUID | None:
        """A promised call-back for each customer whose case was solved with the problem, and who has a number."""
        return apply_whole(self._database, command, lambda session: solved_call_backs.promise(session, command))

    def _attaching(self, command: C, work: Callable[[Attempt[C]], UUID | None]) -> UUID | None:
        try:
            return apply_once(self._database, command, work)
        except IntegrityError:  # somebody attached the case to another one at the same moment
            raise NotAllowed(_already_attached()) from None


def _make(attempt: Attempt[MakeProblem]) -> UUID | None:
    command = attempt.command
    words = checked(command.words)
    if command.is_confirmed:
        refuse_unless_findable(words.symptoms)
    rows: tuple[NewRow, ...] = ()
    if command.case_id:
        case = _attachable(attempt, command.case_id)
        link = {"problem_id": command.problem_id, "case_id": command.case_id, "link": Link.ATTACHED}
        rows = (
            NewRow(row=ProblemCaseRow, values={**link, "at": command.at, "by": command.by}),
            _line(attempt, command.case_id, case, CaseEvent.ATTACHED, words.title),
            changed(Topic.CASES, command.case_id),
        )
    return attempt.write(Topic.PROBLEMS, problem_statements.making(command, words), *rows)


def _edit(attempt: Attempt[EditProblem]) -> UUID | None:
    command = attempt.command
    refuse_unless_done(attempt.connection, command.follows)
    decision = problem_statements.editing(command, checked(command.words))
    edited = attempt.write(Topic.PROBLEMS, decision)
    if edited is None:
        _state(attempt.connection, command.problem_id)
        who = attempt.connection.scalar(
            select(PersonRow.name)
            .join(ProblemRow, ProblemRow.changed_by == PersonRow.id)
            .where(ProblemRow.id == command.problem_id)
        )
        raise NotAllowed(
            tr("{name} has changed this known problem meanwhile. Open it again and put your change in.", name=who)
        )
    return edited


def _move(attempt: Attempt[MoveProblem]) -> UUID | None:
    command = attempt.command
    before = _state(attempt.connection, command.problem_id)
    refuse_unless_possible(before, command.to)
    if not command.said.strip():
        raise NotAllowed(tr("Write the reason first. Whoever meets it again must know why."))
    said = command.said.strip()
    moved = attempt.write(
        Topic.PROBLEMS, problem_statements.moving(command, command.problem_id, before, command.to, said)
    )
    if moved is None:
        refuse_unless_possible(_state(attempt.connection, command.problem_id), command.to)
    return moved


def _confirm(session: Session, command: MoveProblem) -> UUID:
    """A candidate; what was solved is opened again, and its solved cases stay so."""
    before = _state(session, command.problem_id)
    refuse_unless_possible(before, command.to)
    refuse_unless_findable(session.scalar(select(ProblemRow.symptoms).where(ProblemRow.id == command.problem_id)) or "")
    if before is ProblemState.CANDIDATE:
        done = problem_statements.confirm(session, command.problem_id, command.by, command.at)
    else:
        move = problem_statements.moving(command, command.problem_id, before, command.to, command.said.strip())
        done = session.execute(move.statement, move.values).first() is not None
    if not done:
        refuse_unless_possible(_state(session, command.problem_id), command.to)
    tell(session, Topic.PROBLEMS, command.problem_id)
    tell(session, Topic.CASES, command.problem_id)
    return command.problem_id


def _solve(session: Session, command: SolveProblem) -> UUID:
    if not command.solution.strip():
        raise NotAllowed(tr("Write the solution first. The next agent relies on it."))
    if not problem_statements.solve(session, command):
        refuse_unless_possible(_state(session, command.problem_id), ProblemState.SOLVED)
    tell(session, Topic.PROBLEMS, command.problem_id)
    tell(session, Topic.CASES, command.problem_id)
    return command.problem_id


def _attach(attempt: Attempt[AttachCase]) -> UUID | None:
    command = attempt.command
    problem = attempt.connection.execute(
        select(ProblemRow.number, ProblemRow.title, ProblemRow.state).where(ProblemRow.id == command.problem_id)
    ).one_or_none()
    if problem is None:
        raise NotFound(_gone())
    if problem.state not in OPEN_STATES:
        raise NotAllowed(
            tr("{problem} is not in force any more. Open it again to see why.", problem=name_of(problem.number))
        )
    case = _attachable(attempt, command.case_id)
    said = f"{name_of(problem.number)}: {problem.title}"
    dialect = attempt.connection.dialect.name
    return attempt.write(
        Topic.CASES,
        problem_statements.attaching(dialect, command, command.problem_id, command.case_id),
        _line(attempt, command.case_id, case, CaseEvent.ATTACHED, said),
        changed(Topic.PROBLEMS, command.problem_id),
    )


def _detach(attempt: Attempt[DetachCase]) -> UUID | None:
    command = attempt.command
    case = existing(attempt, command.case_id)
    number = attempt.connection.scalar(select(ProblemRow.number).where(ProblemRow.id == command.problem_id))
    rows = [changed(Topic.PROBLEMS, command.problem_id)]
    if case.state is not CaseState.SOLVED:
        rows.append(_line(attempt, command.case_id, case, CaseEvent.DETACHED, name_of(number or 0)))
    decision = problem_statements.detaching(command, command.problem_id, command.case_id)
    detached = attempt.write(Topic.CASES, decision, *rows)
    if detached is None:
        raise NotAllowed(tr("This case is not one of this known problem any more, or was solved with it."))
    return detached


def _adapt(attempt: Attempt[AdaptWorkaround]) -> UUID | None:
    command = attempt.command
    case = existing(attempt, command.case_id)
    if case.owner_id != command.by or case.state is CaseState.SOLVED:
        raise NotAllowed(tr("You do not have this case. Claim it first."))
    if not command.text.strip():
        raise NotAllowed(tr("Write how it is done for this customer first."))
    line = _line(attempt, command.case_id, case, CaseEvent.ADAPTED, command.text.strip())
    return attempt.write_about(Topic.CASES, command.case_id, line)


def _attachable(attempt: Attempt[Any], case_id: UUID) -> Standing:
    """Where the case is; NotAllowed when it is solved, or attached to any problem already."""
    case = existing(attempt, case_id)
    if case.state is CaseState.SOLVED:
        raise NotAllowed(tr("This case is solved already. Open a new case if the customer needs more help."))
    number = attempt.connection.scalar(
        select(ProblemRow.number)
        .join(ProblemCaseRow, ProblemCaseRow.problem_id == ProblemRow.id)
        .where(ProblemCaseRow.case_id == case_id, ProblemCaseRow.link == Link.ATTACHED)
    )
    if number is not None:
        raise NotAllowed(_already_attached(number))
    return case


def _state(connection: Any, problem_id: UUID) -> ProblemState:
    state: ProblemState | None = connection.scalar(select(ProblemRow.state).where(ProblemRow.id == problem_id))
    if state is None:
        raise NotFound(_gone())
    return state


def _line(attempt: Attempt[Any], case_id: UUID, case: Standing, event: CaseEvent, said: str) -> NewRow:
    command = attempt.command
    at: datetime = command.at
    values = {"id": new_id(), "case_id": case_id, "at": at, "by": command.by, "event": event}
    levels = {"from_level": case.level, "to_level": case.level}
    return NewRow(row=TimelineRow, values={**values, **levels, "text": said, "hand_over": None})


def _already_attached(number: int | None = None) -> str:
    if number is None:
        return tr("This case is attached to a known problem already. Detach it first.")
    return tr("This case is attached to {problem} already. Detach it first.", problem=name_of(number))


def _gone() -> str:
    return tr("This known problem is not there any more.")
