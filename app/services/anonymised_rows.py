"""What becomes of each row when people are taken out: which columns of which tables, and from when on.

`tests/services/test_anonymising_columns.py` holds the decision about every column that names a person or holds a text.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, case, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.db.history_rows import AgentChangeRow, PersonLookRow
from app.db.knowledge_rows import AnswerDraftRow, AnswerEventRow, AnswerFlagRow, FirstCouldHaveRow, MessageRow
from app.db.line_rows import CallBackRow, LineOrderRow, RingRow
from app.db.problem_rows import ProblemCaseRow, ProblemRow
from app.db.rows import AppliedCommandRow, CallRow, CaseRow, ChangeRow, PersonRow, Row, TimelineRow, WatcherRow
from app.db.service_rows import BookingRow, LookUpRow
from app.db.supervisor_rows import AlertRow, HandLineRow, HandRow, NoticeRow, NoticeSeenRow
from app.db.workbench_rows import CasePresenceRow, ContactGrantRow, QuestionRow
from app.domain.calls import CallState
from app.domain.cases import CaseState
from app.domain.knowledge import AnswerState
from app.domain.problems import ProblemState
from app.domain.topics import Topic
from app.services.once import NOBODY

Ids = Sequence[Any]  # of one batch

_IN_DATABASE = {"synchronize_session": False}


class Nobodies:
    """Those who stand for nobody, one of each team."""

    def __init__(self, ids: Sequence[UUID]) -> None:
        self._ids = tuple(ids)

    def instead_of(self, column: InstrumentedAttribute[Any]) -> ScalarSelect[UUID]:
        """Nobody of that person's team; NULL where the column is, or where nobody knows who that is."""
        person, nobody = aliased(PersonRow), aliased(PersonRow)
        query = select(nobody.id).join(person, person.team_id == nobody.team_id)
        return query.where(person.id == column, nobody.id.in_(self._ids)).limit(1).scalar_subquery()


def calls_over(until: datetime) -> ColumnElement[bool]:
    return (CallRow.queued_at < until) & (CallRow.state == CallState.CLOSED)


def cases_over(until: datetime) -> ColumnElement[bool]:
    return (CaseRow.opened_at < until) & (CaseRow.solved_at < until) & (CaseRow.state == CaseState.SOLVED)


def clear_calls(session: Session, ids: Ids, nobodies: Nobodies) -> None:
    texts = {"number_raw": "", "number_normal": None, "display_name": "", "note": ""}
    _clear(session, CallRow, CallRow.id.in_(ids), nobodies, CallRow.agent_id, **texts)


def clear_cases(session: Session, ids: Ids, nobodies: Nobodies) -> None:
    """These cases and what belongs to them, except their lines."""
    row = CaseRow
    kept_back = case((row.kept_back == "", ""), else_="–")  # that it was kept back stays
    _clear(session, row, row.id.in_(ids), nobodies, row.opened_by, row.owner_id, title="–", kept_back=kept_back)
    _clear(session, BookingRow, BookingRow.case_id.in_(ids), nobodies, BookingRow.by, text="")  # what it adds up stays
    for by_whom in (FirstCouldHaveRow, ProblemCaseRow, ContactGrantRow):
        _clear(session, by_whom, by_whom.case_id.in_(ids), nobodies, by_whom.by)
    _clear_drafts(session, ids, nobodies)
    hands = select(HandRow.id).where(HandRow.case_id.in_(ids), HandRow.lowered_at.is_not(None))
    _delete(session, HandLineRow, HandLineRow.hand_id.in_(hands))
    _delete(session, HandRow, HandRow.id.in_(hands))
    for gone in (WatcherRow, QuestionRow, MessageRow):
        _delete(session, gone, gone.case_id.in_(ids))


def clear_lines(session: Session, case_ids: Ids, nobodies: Nobodies) -> int:
    """Of a hand-over what was chosen from lists stays, as the reason is counted; what was typed goes. How many."""
    row = TimelineRow
    is_of_case = row.case_id.in_(case_ids)
    for line in session.execute(select(row.id, row.hand_over).where(is_of_case, row.hand_over.is_not(None))).all():
        kept = {name: _emptied(name, value) for name, value in (line.hand_over or {}).items()}
        session.execute(update(row).where(row.id == line.id).values(hand_over=kept), execution_options=_IN_DATABASE)
    _clear(session, row, is_of_case, nobodies, row.by, text="", caller_number=None)
    return session.scalar(select(func.count()).where(is_of_case)) or 0


def _emptied(name: str, value: Any) -> Any:
    if name in ("reason", "impact", "urgency"):
        return value
    return "" if isinstance(value, str) else [] if isinstance(value, list) else None


def _clear_drafts(session: Session, case_ids: Ids, nobodies: Nobodies) -> None:
    """Who wrote an answer from a case mostly is who solved it. The answer's text is knowledge, and stays."""
    row, event = AnswerDraftRow, AnswerEventRow
    is_over = row.case_id.in_(case_ids) & row.state.in_((AnswerState.PUBLISHED, AnswerState.DROPPED))
    _clear(session, row, is_over, nobodies, row.made_by, row.written_by)
    _clear(session, event, event.draft_id.in_(select(row.id).where(is_over)), nobodies, event.by, text="")


def leftovers(until: datetime) -> tuple[tuple[type[Row], ColumnElement[bool]], ...]:
    """Rows that say who did something and are in no figure, or are summed up already: they go, in this order."""
    notices = select(NoticeRow.id).where(NoticeRow.until < until)
    hand_is_over = (HandRow.raised_at < until) & HandRow.lowered_at.is_not(None)
    is_done_with = or_(MessageRow.seen_at.is_not(None), MessageRow.case_id.is_(None))
    by_time = (RingRow, LineOrderRow, LookUpRow, AgentChangeRow, PersonLookRow)
    return (
        *((row, row.at < until) for row in by_time),
        (MessageRow, (MessageRow.at < until) & is_done_with),
        (HandLineRow, HandLineRow.hand_id.in_(select(HandRow.id).where(hand_is_over))),
        (HandRow, hand_is_over),
        (NoticeSeenRow, NoticeSeenRow.notice_id.in_(notices)),
        (NoticeRow, NoticeRow.until < until),
        (CasePresenceRow, CasePresenceRow.until < until),
    )


def traces(until: datetime) -> tuple[tuple[Any, ColumnElement[bool]], ...]:
    """Rows that stay without the people in them: see `clear_traces`."""
    alert, flag, command, change = AlertRow, AnswerFlagRow, AppliedCommandRow, ChangeRow
    problem, call_back = ProblemRow, CallBackRow
    is_of_person = change.topic.in_((Topic.LINE, Topic.MESSAGES)) & (change.subject_id != NOBODY)
    is_closed = problem.state.in_((ProblemState.SOLVED, ProblemState.REJECTED))
    return (
        (call_back, (call_back.made_at < until) & call_back.done_at.is_not(None)),
        (alert, (alert.raised_at < until) & alert.ended_at.is_not(None)),
        (flag, (flag.at < until) & flag.settled_at.is_not(None)),
        (problem, is_closed & (problem.state_since < until) & (problem.changed_at < until)),
        (command, (command.applied_at < until) & command.by.is_not(None)),
        (change, (change.at < until) & is_of_person),
    )


def clear_traces(session: Session, ids: Ids, row: Any, nobodies: Nobodies) -> None:
    """Take people out of these rows of one of `traces`."""
    people, values = _TRACES[row]
    _clear(session, row, row.id.in_(ids), nobodies, *people, **values)


_command = AppliedCommandRow
_is_about_person = _command.subject_id.in_(select(PersonRow.id))
_TRACES: dict[Any, tuple[tuple[InstrumentedAttribute[Any], ...], dict[str, Any]]] = {
    CallBackRow: (
        (CallBackRow.made_by, CallBackRow.person_id, CallBackRow.done_by),
        {"number": "", "name": "", "note": ""},
    ),
    AlertRow: ((AlertRow.raised_by, AlertRow.seen_by), {}),
    AnswerFlagRow: ((AnswerFlagRow.by, AnswerFlagRow.settled_by), {"text": "", "settled_text": ""}),
    ProblemRow: ((ProblemRow.made_by, ProblemRow.changed_by, ProblemRow.state_by), {}),
    _command: ((), {"by": None, "subject_id": case((_is_about_person, None), else_=_command.subject_id)}),
    ChangeRow: ((), {"subject_id": NOBODY}),
}


def _clear(
    session: Session,
    row: Any,
    which: ColumnElement[bool],
    nobodies: Nobodies,
    *people: InstrumentedAttribute[Any],
    **values: Any,
) -> None:
    changed = {column.key: nobodies.instead_of(column) for column in people}
    session.execute(update(row).where(which).values(**changed, **values), execution_options=_IN_DATABASE)


def _delete(session: Session, row: type[Row], which: ColumnElement[bool]) -> None:
    session.execute(delete(row).where(which), execution_options=_IN_DATABASE)
