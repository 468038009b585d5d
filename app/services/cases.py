"""Cases: solved at first level, or escalated, claimed, returned and solved above. Each method is one transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.db.append import NewRow
from app.db.engine import Database
from app.db.rows import TimelineRow, WatcherRow
from app.domain.cases import CLAIM_WITHIN, CaseDraft, CaseEvent, CaseState, HandOver, Level, after, priority
from app.domain.commands import ClaimNext, Command, EscalateCase, ReturnCase, SolveCase, SolveWithAnswer
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.topics import Topic
from app.i18n import tr
from app.services import case_statements as statements
from app.services.case_statements import Standing
from app.services.hand_overs import to_document
from app.services.once import Done, apply_once


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


def _solve_with_answer(connection: Connection, command: SolveWithAnswer) -> Done:
    case, event = command.case, CaseEvent.SOLVED
    facts = {"solved_at": command.at, "answer_id": command.answer.answer_id}
    said = "\n".join(filter(None, (command.answer.title, command.note)))
    if statements.open_case(connection, command, case, {"state": after(CaseState.OPEN, event), **facts}):
        return _done(case.id, _opening(command, case), _line(command, case.id, event, Level.FIRST, Level.FIRST, said))
    before = _opened(connection, command, case.id)
    statements.change(connection, case.id, before, {"state": after(before.state, event), **facts})
    return _done(case.id, _line(command, case.id, event, before.level, before.level, said))


def _escalate(connection: Connection, command: EscalateCase) -> Done:
    case, event, note = command.case, CaseEvent.ESCALATED, command.hand_over.note
    _refuse_unless_higher(command, Level.FIRST)
    facts = _when_escalated(command)
    watcher = NewRow(row=WatcherRow, values={"case_id": case.id, "person_id": command.by}, keeps=True)
    if statements.open_case(connection, command, case, {"state": after(CaseState.OPEN, event), **facts}):
        line = _line(command, case.id, event, Level.FIRST, command.to_level, note, command.hand_over)
        return _done(case.id, _opening(command, case), line, watcher)
    before = _opened(connection, command, case.id)
    _refuse_unless_higher(command, before.level)
    statements.change(connection, case.id, before, {"state": after(before.state, event), **facts})
    return _done(
        case.id, _line(command, case.id, event, before.level, command.to_level, note, command.hand_over), watcher
    )


def _claim_next(connection: Connection, command: ClaimNext) -> Done:
    after(CaseState.WAITING, CaseEvent.CLAIMED)
    case_id = statements.claim_next(connection, command.level, command.by)
    if case_id is None:
        return Done(subject_id=None, topic=Topic.CASES)
    return _done(case_id, _line(command, case_id, CaseEvent.CLAIMED, command.level, command.level, ""))


def _solve(connection: Connection, command: SolveCase) -> Done:
    case_id, event = command.case_id, CaseEvent.SOLVED
    before = _owned(connection, command, case_id)
    statements.change(connection, case_id, before, {"state": after(before.state, event), "solved_at": command.at})
    return _done(case_id, _line(command, case_id, event, before.level, before.level, command.solution))


def _give_back(connection: Connection, command: ReturnCase) -> Done:
    case_id, event = command.case_id, CaseEvent.RETURNED
    before = _owned(connection, command, case_id)
    facts = {"level": Level.FIRST, "level_since": command.at, "due_at": None, "owner_id": before.opened_by}
    statements.change(connection, case_id, before, {"state": after(before.state, event), **facts})
    return _done(case_id, _line(command, case_id, event, before.level, Level.FIRST, command.reason))


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


def _opened(connection: Connection, command: Command, case_id: UUID) -> Standing:
    """Where the case is that could not be opened; NotAllowed when somebody else has it."""
    case = statements.standing(connection, case_id)
    if case is None:
        raise NotFound(tr("You are not known in this database. Ask your administrator to add you."))
    if case.owner_id not in (None, command.by):
        raise NotAllowed(tr("Somebody else has this case now. Ask them, or your supervisor."))
    return case


def _owned(connection: Connection, command: Command, case_id: UUID) -> Standing:
    """Where the case is, when `command.by` has it; else NotAllowed."""
    case = statements.standing(connection, case_id)
    if case is None:
        raise NotFound(tr("This case is not there any more."))
    if case.owner_id != command.by:
        raise NotAllowed(tr("You do not have this case. Claim it first."))
    return case


def _opening(command: Command, case: CaseDraft) -> NewRow:
    return _line(command, case.id, CaseEvent.OPENED, Level.FIRST, Level.FIRST, case.title, at=case.opened_at)


def _line(
    command: Command,
    case_id: UUID,
    event: CaseEvent,
    from_level: Level,
    to_level: Level,
    said: str,
    hand_over: HandOver | None = None,
    *,
    at: datetime | None = None,
) -> NewRow:
    """A line of the case's timeline."""
    return NewRow(
        row=TimelineRow,
        values={
            "id": new_id(),
            "case_id": case_id,
            "at": at or command.at,
            "by": command.by,
            "event": event,
            "from_level": from_level,
            "to_level": to_level,
            "text": said,
            "hand_over": to_document(hand_over) if hand_over else None,
        },
    )


def _done(case_id: UUID, *rows: NewRow) -> Done:
    return Done(subject_id=case_id, topic=Topic.CASES, rows=rows)
