"""How answers come to be: drafted by anybody, reviewed and published by editors, retired, restored, flagged."""

from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.adapters.answer_files.rules import normalised, reasons
from app.db.answer_rows import AnswerRow
from app.db.engine import Database
from app.db.knowledge_rows import AnswerDraftRow, AnswerEventRow
from app.db.rows import PersonRow, ProductRow
from app.domain.answers import Answer
from app.domain.commands import (
    Command,
    EditorsCommand,
    FlagAnswer,
    MoveAnswer,
    MoveDraft,
    NoteFirstCould,
    SettleFlag,
    WriteDraft,
)
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.knowledge import AnswerEvent, AnswerState, after, differences, field_name, may
from app.domain.messages import MessageKind
from app.domain.people import Role
from app.domain.topics import Topic
from app.i18n import tr
from app.services import answer_remarks as remarks
from app.services import messages
from app.services.answer_documents import from_document, to_document
from app.services.answers import put_version
from app.services.centre_rules import is_four_eyes
from app.services.once import apply_whole, refuse_unless_done, tell
from app.services.people import roles_now

_OPEN = (AnswerState.DRAFT, AnswerState.REVIEW)
_IN_DATABASE = {"synchronize_session": False}


class Knowledge:
    """What people do to answers. Reading them: `KnowledgeLists`; what a file brings: `Answers`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def apply(self, command: EditorsCommand) -> UUID | None:
        """Do it, once; the id of the draft, answer or case it is about."""
        try:
            return apply_whole(self._database, command, partial(_do, command))
        except IntegrityError:
            if not isinstance(command, WriteDraft):
                raise
            raise NotAllowed(_second_draft(command.answer.key)) from None  # somebody began it at the same moment


def _do(command: EditorsCommand, session: Session) -> UUID | None:
    match command:
        case WriteDraft():
            return _begin(session, command) if command.was_revision == 0 else _rewrite(session, command)
        case MoveDraft():
            return _move(session, command)
        case MoveAnswer():
            return _move_answer(session, command)
        case FlagAnswer():
            return remarks.flag(session, command)
        case SettleFlag():
            return remarks.settle(session, command)
        case NoteFirstCould():
            return remarks.note_first_could(session, command)


def _begin(session: Session, command: WriteDraft) -> UUID:
    answer = command.answer
    if not may(AnswerEvent.DRAFTED, roles_now(session, command.by), is_own=True):
        raise NotAllowed(tr("Your role does not permit this. Ask your administrator."))
    _refuse_second_draft(session, command)
    values = {
        "id": command.draft_id,
        "key": answer.key,
        "language": answer.language,
        "state": AnswerState.REVIEW if command.submits else AnswerState.DRAFT,
        "revision": 1,
        "base_version": command.base_version,
        "document": to_document(answer),
        "case_id": command.case_id,
        "made_by": command.by,
        "written_by": command.by,
        "written_at": command.at,
    }
    session.execute(insert(AnswerDraftRow).values(**values))
    _note(session, command, answer.id, AnswerEvent.DRAFTED, command.base_version, draft_id=command.draft_id)
    if command.submits:
        _note(session, command, answer.id, AnswerEvent.SUBMITTED, command.base_version, draft_id=command.draft_id)
    return command.draft_id


def _rewrite(session: Session, command: WriteDraft) -> UUID:
    row = _draft(session, command.draft_id)
    refuse_unless_done(session, command.follows)
    before = from_document(row.document)
    roles = roles_now(session, command.by)
    if row.revision != command.was_revision:
        raise NotAllowed(_changed_meanwhile(session, row, command))
    if not may(AnswerEvent.CHANGED, roles, is_own=row.made_by == command.by, state=row.state):
        raise NotAllowed(tr("This draft waits for review: an editor changes it now. Your text is kept."))
    state = after(row.state, AnswerEvent.CHANGED)
    if command.submits and state is AnswerState.DRAFT:
        state = after(state, AnswerEvent.SUBMITTED)
    if (command.answer.key, command.answer.language) != (row.key, row.language):
        if row.base_version:
            raise NotAllowed(tr("Key and language of a published answer stay. Begin a new answer instead."))
        _refuse_second_draft(session, command)
    changed = {
        "key": command.answer.key,
        "language": command.answer.language,
        "state": state,
        "base_version": command.base_version,
        "document": to_document(command.answer),
        "written_by": command.by,
        "written_at": command.at,
    }
    _change(session, row, changed)
    fields = ", ".join(one.field for one in differences(before, command.answer))
    _note(session, command, command.answer.id, AnswerEvent.CHANGED, row.base_version, fields, row.id)
    if state is not row.state:
        _note(session, command, command.answer.id, AnswerEvent.SUBMITTED, row.base_version, draft_id=row.id)
    return row.id


def _move(session: Session, command: MoveDraft) -> UUID:
    row = _draft(session, command.draft_id)
    refuse_unless_done(session, command.follows)
    state = after(row.state, command.event)
    if state is AnswerState.RETIRED:  # that is done to the answer, not to the draft that it was
        raise NotAllowed(tr("This is published already. Begin a new version of it to change it."))
    if not may(command.event, roles_now(session, command.by), is_own=row.made_by == command.by, state=row.state):
        raise NotAllowed(tr("Only a knowledge editor may do this."))
    if row.revision != command.was_revision:
        raise NotAllowed(
            tr("{name} changed this draft meanwhile. Read it again, then decide.", name=_name(session, row.written_by))
        )
    answer, version = from_document(row.document), row.base_version
    if command.event is AnswerEvent.PUBLISHED:
        version = _publish(session, command, row, answer)
    _change(session, row, {"state": state})
    _note(session, command, answer.id, command.event, version, command.text, row.id)
    if command.event in _TOLD:
        messages.send(session, command, row.made_by, _TOLD[command.event], answer.title, command.text, answer.id)
    return row.id


_TOLD = {
    AnswerEvent.PUBLISHED: MessageKind.DRAFT_PUBLISHED,
    AnswerEvent.SENT_BACK: MessageKind.DRAFT_SENT_BACK,
}


def _publish(session: Session, command: MoveDraft, row: AnswerDraftRow, answer: Answer) -> int:
    """The draft becomes the next version, and whoever escalated its question is told; the version."""
    codes = frozenset(session.scalars(select(ProductRow.code)))
    if reason := next((reason for _, reason in reasons(normalised(answer), codes)), ""):
        raise NotAllowed(tr("Not published yet: {reason}", reason=reason))
    if is_four_eyes(session) and row.written_by == command.by:
        raise NotAllowed(tr("Whoever wrote an answer does not publish it: another editor must read it first."))
    current = session.scalar(select(AnswerRow).where(AnswerRow.id == answer.id).with_for_update())
    if current is not None and current.version != row.base_version:
        raise NotAllowed(
            tr("Version {n} of this answer was published since this draft was begun. Compare it under History, save "
               "the draft once more, then publish.", n=current.version)
        )  # fmt: skip
    version = current.version + 1 if current is not None else 1
    put_version(session, normalised(answer), version, by=command.by, note=command.text, is_new=current is None)
    messages.tell_answerable(session, command, answer, row.case_id)
    return version


def _move_answer(session: Session, command: MoveAnswer) -> UUID:
    row = session.scalar(select(AnswerRow).where(AnswerRow.id == command.answer_id).with_for_update())
    if row is None:
        raise NotFound(tr("This answer is not there any more."))
    after(AnswerState.RETIRED if row.retired_at else AnswerState.PUBLISHED, command.event)
    if Role.EDITOR not in roles_now(session, command.by):
        raise NotAllowed(tr("Only a knowledge editor may do this."))
    retired_at = datetime.now(UTC) if command.event is AnswerEvent.RETIRED else None
    session.execute(
        update(AnswerRow).where(AnswerRow.id == row.id).values(retired_at=retired_at), execution_options=_IN_DATABASE
    )
    _note(session, command, row.id, command.event, row.version, command.text)
    tell(session, Topic.ANSWERS, row.id)
    return row.id


def _draft(session: Session, draft_id: UUID) -> AnswerDraftRow:
    """Locked: of two who change it at once, the second finds what the first did."""
    row = session.scalar(select(AnswerDraftRow).where(AnswerDraftRow.id == draft_id).with_for_update())
    if row is None:
        raise NotFound(tr("This draft is not there any more. Your text is kept: begin a new one with it."))
    return row


def _change(session: Session, row: AnswerDraftRow, changed: dict[str, Any]) -> None:
    statement = update(AnswerDraftRow).where(AnswerDraftRow.id == row.id)
    session.execute(statement.values(**changed, revision=row.revision + 1), execution_options=_IN_DATABASE)


def _refuse_second_draft(session: Session, command: WriteDraft) -> None:
    """Two open drafts of one answer would overwrite each other when they are published."""
    row, answer = AnswerDraftRow, command.answer
    others = select(row.written_by).where(
        row.key == answer.key, row.language == answer.language, row.state.in_(_OPEN), row.id != command.draft_id
    )
    if (other := session.scalar(others)) is not None:
        raise NotAllowed(_second_draft(answer.key, _name(session, other)))


def _second_draft(key: str, name: str = "") -> str:
    return tr("{name} has an open draft of “{key}” already. Your text is kept: put it into that draft, or give it "
              "another key.", name=name or tr("Somebody else"), key=key)  # fmt: skip


def _changed_meanwhile(session: Session, row: AnswerDraftRow, command: WriteDraft) -> str:
    """Who changed the draft since the writer began, and which fields of it."""
    event = AnswerEventRow
    since = (
        select(event.text)
        .where(event.draft_id == row.id, event.event == AnswerEvent.CHANGED)
        .order_by(event.at.desc(), event.id.desc())
        .limit(row.revision - command.was_revision)
    )
    names = dict.fromkeys(name for fields in session.scalars(since) for name in fields.split(", ") if name)
    fields = ", ".join(map(field_name, names))
    return tr("{name} changed this draft while you wrote: {fields}. Your text is kept. Compare both, then save again.",
              name=_name(session, row.written_by), fields=fields or "–")  # fmt: skip


def _note(
    session: Session,
    command: Command,
    about: UUID,
    event: AnswerEvent,
    version: int,
    said: str = "",
    draft_id: UUID | None = None,
) -> None:
    """A line of the history, and news for those who write answers."""
    values = {
        "id": new_id(),
        "answer_id": about,
        "draft_id": draft_id,
        "at": command.at,
        "by": command.by,
        "event": event,
        "version": version,
        "text": said,
    }
    session.execute(insert(AnswerEventRow).values(**values))
    tell(session, Topic.DRAFTS, draft_id or about)


def _name(session: Session, person_id: UUID) -> str:
    return session.scalar(select(PersonRow.name).where(PersonRow.id == person_id)) or "?"
