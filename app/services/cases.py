"""Cases: solved at first level, or escalated, claimed and moved on above. Each method is one transaction."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from app.db.engine import Database
from app.db.one_statement import NewRow
from app.db.problem_rows import ProblemCaseRow
from app.db.rows import WatcherRow
from app.domain.cases import CaseDraft, CaseEvent, CaseState, Level, after
from app.domain.commands import (
    AcceptCase,
    AdviseCase,
    ClaimCase,
    ClaimNext,
    EscalateCase,
    ReleaseCase,
    RequeueCase,
    ResumeCase,
    ReturnCase,
    SolveCase,
    SolveWithAnswer,
    SuspendCase,
)
from app.domain.errors import NotAllowed
from app.domain.problems import Link
from app.domain.topics import Topic
from app.i18n import tr
from app.services import case_moves
from app.services import case_statements as statements
from app.services.booked import booked
from app.services.case_clocks import reckoned, resume, suspend, when_escalated
from app.services.case_writing import change, line, opened, opening_line
from app.services.levels import refuse_merged
from app.services.once import Attempt, apply_once
from app.services.rules import Rules


class Cases:
    """What people do to cases. Reading them: `CaseLists`."""

    def __init__(self, database: Database, rules: Rules | None = None) -> None:
        self._database = database
        self._rules = rules or Rules(database)

    def solve_with_answer(self, command: SolveWithAnswer) -> UUID | None:
        """A scripted answer solved the customer's problem at first level."""
        return apply_once(self._database, command, _solve_with_answer)

    def escalate(self, command: EscalateCase) -> UUID | None:
        """One transaction: new level and queue, hand-over, nobody owns it, the giver watches, the timeline says so."""
        return apply_once(self._database, command, partial(_escalate, self._rules))

    def claim_next(self, command: ClaimNext) -> UUID | None:
        """The id of the most urgent waiting case, now owned by `command.by`; None when nothing waits.

        A repeated command gives the same case again.
        """
        return apply_once(self._database, command, _claim_next)

    def claim_case(self, command: ClaimCase) -> UUID | None:
        """This one, if it still waits; else NotAllowed, which says who has it."""
        return apply_once(self._database, command, case_moves.claim_case)

    def solve(self, command: SolveCase) -> UUID | None:
        """Solved by the person who has it."""
        return apply_once(self._database, command, case_moves.solve)

    def give_back(self, command: ReturnCase) -> UUID | None:
        """Back to who escalated it: the first-level agent, or from third level second level."""
        return apply_once(self._database, command, case_moves.give_back)

    def advise(self, command: AdviseCase) -> UUID | None:
        """Third level gives its case back to second level, with what it found out."""
        return apply_once(self._database, command, case_moves.advise)

    def release(self, command: ReleaseCase) -> UUID | None:
        """Back into its queue, by whoever has it."""
        return apply_once(self._database, command, case_moves.release)

    def requeue(self, command: RequeueCase) -> UUID | None:
        """Back into its queue, by a supervisor, or by a colleague of who is not there."""
        return apply_once(self._database, command, case_moves.requeue)

    def accept(self, command: AcceptCase) -> UUID | None:
        """Whoever has it says that the hand-over is enough."""
        return apply_once(self._database, command, case_moves.accept)

    def suspend(self, command: SuspendCase) -> UUID | None:
        """Its person waits for somebody outside; the clock of what the customer was promised stands still."""
        return apply_once(self._database, command, partial(suspend, self._rules))

    def resume(self, command: ResumeCase) -> UUID | None:
        """It waits no more, and the clock goes on."""
        return apply_once(self._database, command, partial(resume, self._rules))


def _solve_with_answer(attempt: Attempt[SolveWithAnswer]) -> UUID:
    command, event = attempt.command, CaseEvent.SOLVED
    facts: dict[str, Any] = {"solved_at": command.at, "answer_id": command.answer.answer_id}
    said = "\n".join(filter(None, (command.answer.title, command.note)))
    problem = _attached(command, Level.FIRST)
    added = (*problem, *booked(command.case.bookings, command.by))
    lines = (opening_line(command, command.case), line(command, event, Level.FIRST, Level.FIRST, said), *added)
    if case_id := _open(attempt, command.case, {"state": after(CaseState.OPEN, event), **facts}, *lines):
        return case_id
    before = opened(attempt, command.case.id)
    said_here = line(command, event, before.level, before.level, said)
    facts["state"] = after(before.state, event)
    return change(attempt, command.case.id, before, facts, said_here, *added)


def _escalate(rules: Rules, attempt: Attempt[EscalateCase]) -> UUID:
    command, event, note = attempt.command, CaseEvent.ESCALATED, attempt.command.hand_over.note
    _refuse_unless_higher(command, Level.FIRST)
    if command.to_level is Level.THIRD:  # and only then: all others are asked nothing more
        refuse_merged(attempt.connection)
    facts = when_escalated(command, rules)
    watcher = NewRow(row=WatcherRow, values={"person_id": command.by}, decided="case_id", keeps=True)
    moved = line(command, event, Level.FIRST, command.to_level, note, command.hand_over)
    added = (watcher, *_attached(command, Level.FIRST), *booked(command.case.bookings, command.by))
    rows = (opening_line(command, command.case), moved, *added)
    if case_id := _open(attempt, command.case, {"state": after(CaseState.OPEN, event), **facts}, *rows):
        return case_id
    before = opened(attempt, command.case.id)
    _refuse_unless_higher(command, before.level)
    facts |= reckoned(attempt, before, command.case.id, rules, event, {"state": CaseState.WAITING, **facts})
    moved = line(command, event, before.level, command.to_level, note, command.hand_over)
    facts["state"] = after(before.state, event)
    return change(attempt, command.case.id, before, facts, moved, *added)


def _claim_next(attempt: Attempt[ClaimNext]) -> UUID | None:
    level, by = attempt.command.level, attempt.command.by
    taken = line(attempt.command, CaseEvent.CLAIMED, level, level, "")
    claimed = attempt.write(Topic.CASES, statements.claiming(level, by), taken)
    if claimed is None:
        attempt.note()  # asked again, the same command takes nothing that came meanwhile
    return claimed


def _open(attempt: Attempt[Any], case: CaseDraft, facts: dict[str, Any], *rows: NewRow) -> UUID | None:
    """Open the case as it is after the command; None when it is there already, or nobody knows the person."""
    decision = statements.opening(attempt.connection.dialect.name, case, attempt.command.by, facts)
    return attempt.write(Topic.CASES, decision, *rows)


def _refuse_unless_higher(command: EscalateCase, level: Level) -> None:
    if command.to_level <= level:
        raise NotAllowed(tr("A case is escalated to a higher level than the one it is at."))


def _attached(command: EscalateCase | SolveWithAnswer, level: Level) -> tuple[NewRow, ...]:
    """The known problem that the agent attached during the call, if any: its line stands before that of the command."""
    if command.problem_id is None:
        return ()
    values = {"problem_id": command.problem_id, "link": Link.ATTACHED, "at": command.at, "by": command.by}
    link = NewRow(row=ProblemCaseRow, values=values, decided="case_id", keeps=True)
    at = max(command.case.opened_at, command.at - timedelta(milliseconds=1))
    return link, line(command, CaseEvent.ATTACHED, level, level, "", at=at)
