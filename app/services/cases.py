"""Cases: solved at first level, or escalated, claimed, returned and solved above. Each method is one transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from app.db.engine import Database, insert_new
from app.db.rows import CaseRow, PersonRow, ProductRow, TimelineRow, WatcherRow
from app.domain.cases import CLAIM_WITHIN, CaseDraft, CaseEvent, CaseState, HandOver, Level, Priority, after, priority
from app.domain.commands import ClaimNext, Command, EscalateCase, ReturnCase, SolveCase, SolveWithAnswer
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.topics import Topic
from app.i18n import tr
from app.services.hand_overs import to_document
from app.services.once import apply_once, tell


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


def _solve_with_answer(session: Session, command: SolveWithAnswer) -> UUID:
    case = _opened(session, command, command.case)
    after(case.state, CaseEvent.SOLVED)
    _change(session, case.id, state=CaseState.SOLVED, solved_at=command.at, answer_id=command.answer.answer_id)
    said = "\n".join(filter(None, (command.answer.title, command.note)))
    _write_timeline(session, command, case.id, CaseEvent.SOLVED, (case.level, case.level), said)
    return _told(session, case.id)


def _escalate(session: Session, command: EscalateCase) -> UUID:
    case = _opened(session, command, command.case)
    if command.to_level <= case.level:
        raise NotAllowed(tr("A case is escalated to a higher level than the one it is at."))
    hand_over = command.hand_over
    urgency = priority(hand_over.impact, hand_over.urgency)
    _change(
        session,
        case.id,
        state=after(case.state, CaseEvent.ESCALATED),
        level=command.to_level,
        priority=urgency,
        due_at=command.at + CLAIM_WITHIN[urgency],
        level_since=command.at,
        owner_id=None,
    )
    insert_new(session, WatcherRow, case_id=case.id, person_id=command.by)
    levels = (case.level, command.to_level)
    _write_timeline(session, command, case.id, CaseEvent.ESCALATED, levels, hand_over.note, hand_over)
    return _told(session, case.id)


def _claim_next(session: Session, command: ClaimNext) -> UUID | None:
    # The constant state is written out: as a parameter the partial index is planned anew each time.
    waiting = (
        select(CaseRow.id)
        .where(text("case_file.state = 'waiting'"), CaseRow.level == command.level)
        .order_by(CaseRow.priority, CaseRow.due_at, CaseRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    case_id = session.scalar(waiting)
    if case_id is None:
        return None
    _change(session, case_id, state=after(CaseState.WAITING, CaseEvent.CLAIMED), owner_id=command.by)
    _write_timeline(session, command, case_id, CaseEvent.CLAIMED, (command.level, command.level), "")
    return _told(session, case_id)


def _solve(session: Session, command: SolveCase) -> UUID:
    case = _owned(session, command, command.case_id)
    _change(session, case.id, state=after(case.state, CaseEvent.SOLVED), solved_at=command.at)
    _write_timeline(session, command, case.id, CaseEvent.SOLVED, (case.level, case.level), command.solution)
    return _told(session, case.id)


def _give_back(session: Session, command: ReturnCase) -> UUID:
    case = _owned(session, command, command.case_id)
    _change(
        session,
        case.id,
        state=after(case.state, CaseEvent.RETURNED),
        level=Level.FIRST,
        level_since=command.at,
        due_at=None,
        owner_id=case.opened_by,
    )
    levels = (case.level, Level.FIRST)
    _write_timeline(session, command, case.id, CaseEvent.RETURNED, levels, command.reason)
    return _told(session, case.id)


def _opened(session: Session, command: Command, draft: CaseDraft) -> CaseRow:
    """The case of `draft`, locked: the one that is there, or a new one at first level."""
    known = session.scalar(select(CaseRow).where(CaseRow.id == draft.id).with_for_update())
    if known is not None:
        if known.owner_id not in (None, command.by):
            raise NotAllowed(tr("Somebody else has this case now. Ask them, or your supervisor."))
        return known
    row = CaseRow(
        id=draft.id,
        number=draft.number,
        title=draft.title,
        state=CaseState.OPEN,
        level=Level.FIRST,
        priority=Priority.P4,
        due_at=None,
        opened_at=draft.opened_at,
        level_since=draft.opened_at,
        opened_by=command.by,
        owner_id=command.by,
        team_id=_team_of(session, draft.product_id, command.by),
        call_id=draft.call_id,
        customer_id=draft.customer_id,
        contract_id=draft.contract_id,
        product_id=draft.product_id,
    )
    session.add(row)
    session.flush()
    levels = (Level.FIRST, Level.FIRST)
    _write_timeline(session, command, draft.id, CaseEvent.OPENED, levels, draft.title, at=draft.opened_at)
    return row


def _owned(session: Session, command: Command, case_id: UUID) -> CaseRow:
    """The case, locked, when `command.by` has it; else NotAllowed."""
    case = session.scalar(select(CaseRow).where(CaseRow.id == case_id).with_for_update())
    if case is None:
        raise NotFound(tr("This case is not there any more."))
    if case.owner_id != command.by:
        raise NotAllowed(tr("You do not have this case. Claim it first."))
    return case


def _team_of(session: Session, product_id: UUID | None, person_id: UUID) -> UUID:
    """The team that supports the product; of an unknown product, the team of the agent who took the call."""
    if product_id is not None:
        team_id = session.scalar(select(ProductRow.team_id).where(ProductRow.id == product_id))
        if team_id is not None:
            return team_id
    team_id = session.scalar(select(PersonRow.team_id).where(PersonRow.id == person_id))
    if team_id is None:
        raise NotFound(tr("You are not known in this database. Ask your administrator to add you."))
    return team_id


def _change(session: Session, case_id: UUID, **values: Any) -> None:
    session.execute(
        update(CaseRow).where(CaseRow.id == case_id).values(**values).execution_options(synchronize_session=False)
    )


def _write_timeline(
    session: Session,
    command: Command,
    case_id: UUID,
    event: CaseEvent,
    levels: tuple[Level, Level],
    said: str,
    hand_over: HandOver | None = None,
    *,
    at: datetime | None = None,
) -> None:
    session.execute(
        insert(TimelineRow).values(
            id=new_id(),
            case_id=case_id,
            at=at or command.at,
            by=command.by,
            event=event,
            from_level=levels[0],
            to_level=levels[1],
            text=said,
            hand_over=to_document(hand_over) if hand_over else None,
        )
    )


def _told(session: Session, case_id: UUID) -> UUID:
    tell(session, Topic.CASES, case_id)
    return case_id
