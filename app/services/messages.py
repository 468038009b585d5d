"""What people are told: written by whoever gives the reason, read and marked as seen by each for themselves."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.knowledge_rows import MessageRow
from app.db.one_statement import NewRow
from app.db.rows import CaseRow, ChangeRow, TimelineRow
from app.domain.answers import Answer, Audience
from app.domain.cases import CaseEvent, Level
from app.domain.commands import Command, NoteFirstCould, SeeMessages, SolveCase
from app.domain.ids import case_number, new_id
from app.domain.messages import Message, MessageKind
from app.domain.topics import Topic
from app.services.once import apply_whole, tell

KEPT = timedelta(days=30)  # after it was read
LIMIT = 100  # messages in one read
LOOKS_BACK = timedelta(days=30)  # for escalations of a question that has an answer now; so does the SQL function


class Messages:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, person_id: UUID) -> tuple[Message, ...]:
        """The newest messages of a person, unread ones first; at most 100."""
        query = (
            select(MessageRow)
            .where(MessageRow.person_id == person_id)
            .order_by(MessageRow.seen_at.is_not(None), MessageRow.at.desc())
            .limit(LIMIT)
        )
        with self._database.read() as session:
            return tuple(_message(row) for row in session.scalars(query))

    def see(self, command: SeeMessages) -> UUID | None:
        """These are read; what was read long ago is removed."""
        return apply_whole(self._database, command, lambda session: _see(session, command))


def case_solved(command: SolveCase, opened_by: UUID, title: str) -> tuple[NewRow, ...]:
    """Tells who opened a case that somebody else solved it; nobody is told what they did themselves."""
    if opened_by == command.by:
        return ()
    values = {
        "id": new_id(),
        "person_id": opened_by,
        "by": command.by,
        "at": command.at,
        "kind": MessageKind.CASE_SOLVED,
        "title": title,
        "text": command.solution,
        "case_id": command.case_id,
        "case_number": case_number(command.case_id),
        "answer_id": None,
    }
    news = {"topic": Topic.MESSAGES, "subject_id": opened_by, "at": datetime.now(UTC)}
    return NewRow(row=MessageRow, values=values), NewRow(row=ChangeRow, values=news)


def tell_solved(session: Session, command: Command, case_ids: Collection[UUID], said: str) -> None:
    """Tell who opened these cases that somebody else solved them together; on PostgreSQL `solve_problem` does."""
    rows: list[dict[str, Any]] = []
    known = list(case_ids)
    for start in range(0, len(known), 500):  # SQLite takes some thousand parameters at once
        query = select(CaseRow.id, CaseRow.title, CaseRow.number, CaseRow.opened_by)
        of_others = CaseRow.id.in_(known[start : start + 500]), CaseRow.opened_by != command.by
        rows += [
            {"id": new_id(), "person_id": case.opened_by, "by": command.by, "at": command.at,
             "kind": MessageKind.CASE_SOLVED, "title": case.title, "text": said, "case_id": case.id,
             "case_number": case.number, "answer_id": None}
            for case in session.execute(query.where(*of_others))
        ]  # fmt: skip
    if rows:
        session.execute(insert(MessageRow), rows)
    for person_id in {row["person_id"] for row in rows}:
        tell(session, Topic.MESSAGES, person_id)


def send(
    session: Session, command: Command, person_id: UUID, kind: MessageKind, title: str, said: str, answer_id: UUID
) -> None:
    """Tell one person, unless they did it themselves."""
    if person_id != command.by:
        _add(session, command, person_id, kind, title, said, answer_id=answer_id)


def first_could(session: Session, command: NoteFirstCould, opened_by: UUID, title: str) -> None:
    """Tell who passed a case on with which answer it could have been solved."""
    if opened_by != command.by:
        kind = MessageKind.FIRST_COULD
        about = {"answer_id": command.answer_id, "case_id": command.case_id}
        _add(session, command, opened_by, kind, title, "", **about)


def tell_answerable(session: Session, command: Command, answer: Answer, case_id: UUID | None) -> int:
    """Tell whoever escalated this question that first level can answer it now; how many were told.

    That are those who escalated the case that the answer came from, and whose searches were one of its questions.
    """
    if answer.audience is not Audience.FIRST:
        return 0
    questions = [" ".join(question.lower().split()) for question in (answer.title, *answer.variants)]
    if session.get_bind().dialect.name == "postgresql":
        values = {
            "person": command.by,
            "answer": answer.id,
            "origin": case_id,
            "title": answer.title,
            "questions": questions,
        }
        session.info["has_changes"] = True
        return int(session.scalar(_TELL, values) or 0)
    asked = _who_asked(session, case_id, frozenset(questions))
    known = select(MessageRow.person_id).where(
        MessageRow.answer_id == answer.id, MessageRow.kind == MessageKind.ANSWERABLE
    )
    for told in {command.by, *session.scalars(known)}:
        asked.pop(told, None)
    for person_id, about in asked.items():
        _add(session, command, person_id, MessageKind.ANSWERABLE, answer.title, "", answer_id=answer.id, case_id=about)
    return len(asked)


def _who_asked(session: Session, case_id: UUID | None, questions: Collection[str]) -> dict[UUID, UUID]:
    """Person -> their newest case of it; on a file, where one desk's own escalations are all there are."""
    query = (
        select(TimelineRow.by, TimelineRow.case_id, TimelineRow.at, TimelineRow.hand_over)
        .where(TimelineRow.event == CaseEvent.ESCALATED, TimelineRow.from_level == Level.FIRST)
        .order_by(TimelineRow.at)
    )
    since = datetime.now(UTC) - LOOKS_BACK
    found: dict[UUID, UUID] = {}
    for by, about, at, hand_over in session.execute(query):
        searches = {" ".join(search.lower().split()) for search in (hand_over or {}).get("searches", ())}
        if about == case_id or (at > since and searches.intersection(questions)):
            found[by] = about
    return found


def _add(
    session: Session,
    command: Command,
    person_id: UUID,
    kind: MessageKind,
    title: str,
    said: str,
    *,
    answer_id: UUID | None,
    case_id: UUID | None = None,
) -> None:
    number = session.scalar(select(CaseRow.number).where(CaseRow.id == case_id)) if case_id else None
    values: dict[str, Any] = {
        "id": new_id(),
        "person_id": person_id,
        "by": command.by,
        "at": command.at,
        "kind": kind,
        "title": title,
        "text": said,
        "case_id": case_id,
        "case_number": number or "",
        "answer_id": answer_id,
    }
    session.execute(insert(MessageRow).values(**values))
    tell(session, Topic.MESSAGES, person_id)


def _see(session: Session, command: SeeMessages) -> UUID | None:
    own = MessageRow.person_id == command.by
    unread = MessageRow.id.in_(command.message_ids) & MessageRow.seen_at.is_(None)
    session.execute(update(MessageRow).where(own, unread).values(seen_at=command.at), execution_options=_IN_DATABASE)
    session.execute(
        delete(MessageRow).where(own, MessageRow.seen_at < command.at - KEPT), execution_options=_IN_DATABASE
    )
    tell(session, Topic.MESSAGES, command.by)
    return None


def _message(row: MessageRow) -> Message:
    return Message(
        id=row.id,
        at=row.at,
        kind=row.kind,
        title=row.title,
        text=row.text,
        case_number=row.case_number,
        case_id=row.case_id,
        answer_id=row.answer_id,
        seen_at=row.seen_at,
    )


_IN_DATABASE = {"synchronize_session": False}
_TELL = text(
    "SELECT firstline.tell_answerable(CAST(:person AS uuid), CAST(:answer AS uuid), CAST(:origin AS uuid), :title,"
    " CAST(:questions AS text[]))"
)
