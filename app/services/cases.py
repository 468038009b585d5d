"""Cases: solved at first level, or escalated, claimed, returned and solved above. Each method is one transaction."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.db.engine import Database
from app.db.problem_rows import ProblemCaseRow
from app.db.rows import TimelineRow, WatcherRow
from app.db.together import DECIDED, NewRow
from app.domain.cases import CLAIM_WITHIN, CaseDraft, CaseEvent, CaseState, HandOver, Level, after, priority
from app.domain.command import Command
from app.domain.commands import ClaimNext, EscalateCase, ReturnCase, SolveCase, SolveWithAnswer
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.problems import Link
from app.domain.topics import Topic
from app.i18n import tr
from app.services import case_statements as statements
from app.services import messages
from app.services.case_statements import Standing
from app.services.hand_overs import to_document
from app.services.once import Attempt, apply_once


class Cases:
    """What people do to cases. Reading them: `CaseLists`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def solve_with_answer(self, command: SolveWithAnswer) -> UUID | None:
        """A scripted answer solved the customer's problem at first level."""
        return apply_once(self._database, command, _solve_with_answer)

    def escalate(self, command: EscalateCase) -> UUID | None:
        """One transaction: new level and queue, hand-over, nobody owns it, the giver watches, the timeline says so."""
        return apply_once(self._database, command, _escalate)

    def claim_next(self, command: ClaimNext) -> UUID | None:
        """The id of the most urgent waiting case, now owned by `command.by`; None when nothing waits.

        A repeated command gives the same case again.
        """
        return apply_once(self._database, command, _claim_next)

    def solve(self, command: SolveCase) -> UUID | None:
        """Solved by the person who has it."""
        return apply_once(self._database, command, _solve)

    def give_back(self, command: ReturnCase) -> UUID | None:
        """Back to the first-level agent who escalated it."""
        return apply_once(self._database, command, _give_back)


def _solve_with_answer(attempt: Attempt[SolveWithAnswer]) -> UUID:
    command, event = attempt.command, CaseEvent.SOLVED
    facts = {"solved_at": command.at, "answer_id": command.answer.answer_id}
    said = "\n".join(filter(None, (command.answer.title, command.note)))
    problem = _attached(command, Level.FIRST)
    lines = (_opening_line(command, command.case), _line(command, event, Level.FIRST, Level.FIRST, said), *problem)
    if opened := _open(attempt, command.case, {"state": after(CaseState.OPEN, event), **facts}, *lines):
        return opened
    before = _opened(attempt, command.case.id)
    line = _line(command, event, before.level, before.level, said)
    return _change(attempt, command.case.id, before, {"state": after(before.state, event), **facts}, line, *problem)


def _escalate(attempt: Attempt[EscalateCase]) -> UUID:
    command, event, note = attempt.command, CaseEvent.ESCALATED, attempt.command.hand_over.note
    _refuse_unless_higher(command, Level.FIRST)
    facts = _when_escalated(command)
    watcher = NewRow(row=WatcherRow, values={"case_id": DECIDED, "person_id": command.by}, keeps=True)
    line = _line(command, event, Level.FIRST, command.to_level, note, command.hand_over)
    problem = _attached(command, Level.FIRST)
    rows = (_opening_line(command, command.case), line, watcher, *problem)
    if opened := _open(attempt, command.case, {"state": after(CaseState.OPEN, event), **facts}, *rows):
        return opened
    before = _opened(attempt, command.case.id)
    _refuse_unless_higher(command, before.level)
    line = _line(command, event, before.level, command.to_level, note, command.hand_over)
    facts["state"] = after(before.state, event)
    return _change(attempt, command.case.id, before, facts, line, watcher, *problem)


def _claim_next(attempt: Attempt[ClaimNext]) -> UUID | None:
    level, by = attempt.command.level, attempt.command.by
    line = _line(attempt.command, CaseEvent.CLAIMED, level, level, "")
    claimed = attempt.write(Topic.CASES, statements.claiming(level, by), line)
    if claimed is None:
        attempt.note()  # asked again, the same command takes nothing that came meanwhile
    return claimed


def _solve(attempt: Attempt[SolveCase]) -> UUID:
    command, event = attempt.command, CaseEvent.SOLVED
    before = _owned(attempt, command.case_id)
    facts = {"state": after(before.state, event), "solved_at": command.at}
    line = _line(command, event, before.level, before.level, command.solution)
    told = messages.case_solved(command, before.opened_by, before.title)
    return _change(attempt, command.case_id, before, facts, line, *told)


def _give_back(attempt: Attempt[ReturnCase]) -> UUID:
    command, event = attempt.command, CaseEvent.RETURNED
    before = _owned(attempt, command.case_id)
    facts = {"state": after(before.state, event), "level": Level.FIRST, "level_since": command.at, "due_at": None}
    line = _line(command, event, before.level, Level.FIRST, command.reason)
    return _change(attempt, command.case_id, before, {**facts, "owner_id": before.opened_by}, line)


def _open(attempt: Attempt[Any], case: CaseDraft, facts: dict[str, Any], *rows: NewRow) -> UUID | None:
    """Open the case as it is after the command; None when it is there already, or nobody knows the person."""
    decision = statements.opening(attempt.connection.dialect.name, case, attempt.command.by, facts)
    return attempt.write(Topic.CASES, decision, *rows)


def _change(attempt: Attempt[Any], case_id: UUID, before: Standing, facts: dict[str, Any], *rows: NewRow) -> UUID:
    changed = attempt.write(Topic.CASES, statements.changing(case_id, before, facts), *rows)
    if changed is None:
        raise NotAllowed(tr("This case has moved on meanwhile. Open it again to see where it is now."))
    return changed


def _when_escalated(command: EscalateCase) -> dict[str, Any]:
    urgency = priority(command.hand_over.impact, command.hand_over.urgency)
    return {
        "level": command.to_level,
        "priority": urgency,
        "due_at": command.at + CLAIM_WITHIN[urgency],
        "level_since": command.at,
        "owner_id": None,
    }


def _refuse_unless_higher(command: EscalateCase, level: Level) -> None:
    if command.to_level <= level:
        raise NotAllowed(tr("A case is escalated to a higher level than the one it is at."))


def _opened(attempt: Attempt[Any], case_id: UUID) -> Standing:
    """Where the case is that could not be opened; NotAllowed when somebody else has it."""
    case = statements.standing(attempt.connection, case_id)
    if case is None:
        raise NotFound(tr("You are not known in this database. Ask your administrator to add you."))
    if case.owner_id != attempt.command.by:
        _refuse_lapsed(attempt, case_id, case)
    if case.owner_id not in (None, attempt.command.by):
        raise NotAllowed(tr("Somebody else has this case now. Ask them, or your supervisor."))
    return case


def _owned(attempt: Attempt[Any], case_id: UUID) -> Standing:
    """Where the case is, when the person has it; else NotAllowed."""
    case = statements.standing(attempt.connection, case_id)
    if case is None:
        raise NotFound(tr("This case is not there any more."))
    if case.owner_id != attempt.command.by:
        _refuse_lapsed(attempt, case_id, case)
        raise NotAllowed(tr("You do not have this case. Claim it first."))
    return case


def _refuse_lapsed(attempt: Attempt[Any], case_id: UUID, case: Standing) -> None:
    """Tell who lost the case by a desk that was silent what became of it."""
    if statements.last_event_by(attempt.connection, case_id, attempt.command.by) is not CaseEvent.LAPSED:
        return
    if case.state is CaseState.WAITING:
        raise NotAllowed(
            tr("This desk gave no sign of life for so long that the case went back to its queue. Your text is kept: "
               "claim the case again, then send it.")
        )  # fmt: skip
    raise NotAllowed(
        tr("This desk gave no sign of life for so long that the case went back to its queue, and somebody else took "
           "it. Your text is kept: pass it on to them.")
    )  # fmt: skip


def _attached(command: EscalateCase | SolveWithAnswer, level: Level) -> tuple[NewRow, ...]:
    """The known problem that the agent attached during the call, if any: its line stands before that of the command."""
    if command.problem_id is None:
        return ()
    values = {"problem_id": command.problem_id, "case_id": DECIDED, "link": Link.ATTACHED}
    link = NewRow(row=ProblemCaseRow, values={**values, "at": command.at, "by": command.by}, keeps=True)
    at = max(command.case.opened_at, command.at - timedelta(milliseconds=1))
    return link, _line(command, CaseEvent.ATTACHED, level, level, "", at=at)


def _opening_line(command: Command, case: CaseDraft) -> NewRow:
    return _line(command, CaseEvent.OPENED, Level.FIRST, Level.FIRST, case.title, at=case.opened_at)


def _line(
    command: Command,
    event: CaseEvent,
    from_level: Level,
    to_level: Level,
    said: str,
    hand_over: HandOver | None = None,
    *,
    at: datetime | None = None,
) -> NewRow:
    """A line of the timeline of the case that is decided on."""
    return NewRow(
        row=TimelineRow,
        values={
            "id": new_id(),
            "case_id": DECIDED,
            "at": at or command.at,
            "by": command.by,
            "event": event,
            "from_level": from_level,
            "to_level": to_level,
            "text": said,
            "hand_over": to_document(hand_over) if hand_over else None,
        },
    )
