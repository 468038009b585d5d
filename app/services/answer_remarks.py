"""What people say of answers: an agent that one is wrong, second level that one would have done."""

from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.db.answer_rows import AnswerRow
from app.db.knowledge_rows import AnswerFlagRow, FirstCouldHaveRow
from app.db.rows import CaseRow
from app.domain.cases import Level
from app.domain.commands import FlagAnswer, NoteFirstCould, SettleFlag
from app.domain.errors import NotAllowed
from app.domain.messages import MessageKind
from app.domain.topics import Topic
from app.i18n import tr
from app.services import messages
from app.services.once import tell

_IN_DATABASE = {"synchronize_session": False}


def flag(session: Session, command: FlagAnswer) -> UUID:
    """An agent says that an answer is wrong."""
    values = {
        "id": command.flag_id,
        "answer_id": command.answer_id,
        "version": command.version,
        "kind": command.kind,
        "text": command.text,
        "by": command.by,
        "at": command.at,
    }
    session.execute(insert(AnswerFlagRow).values(**values))
    tell(session, Topic.DRAFTS, command.answer_id)
    return command.answer_id


def settle(session: Session, command: SettleFlag) -> UUID | None:
    """Dealt with. What was settled meanwhile stays so, and that is no fault."""
    row = session.get(AnswerFlagRow, command.flag_id)
    if row is None or row.settled_at:
        return None
    changed = {"settled_at": command.at, "settled_by": command.by, "settled_text": command.text}
    session.execute(
        update(AnswerFlagRow).where(AnswerFlagRow.id == row.id).values(**changed), execution_options=_IN_DATABASE
    )
    title = session.scalar(select(AnswerRow.title).where(AnswerRow.id == row.answer_id)) or ""
    messages.send(session, command, row.by, MessageKind.FLAG_SETTLED, title, command.text, row.answer_id)
    tell(session, Topic.DRAFTS, row.answer_id)
    return row.answer_id


def note_first_could(session: Session, command: NoteFirstCould) -> UUID:
    """First level could have solved the case with this answer, of which its agent is told; or could not after all."""
    row = session.get(FirstCouldHaveRow, command.case_id)
    if command.answer_id is None:
        if row is not None:
            session.delete(row)
    elif row is None or row.answer_id != command.answer_id:
        opened_by = _opener(session, command.case_id)
        if row is None:
            values = {"case_id": command.case_id, "answer_id": command.answer_id, "by": command.by, "at": command.at}
            session.execute(insert(FirstCouldHaveRow).values(**values))
        else:
            row.answer_id, row.at = command.answer_id, command.at
        title = session.scalar(select(AnswerRow.title).where(AnswerRow.id == command.answer_id)) or ""
        messages.first_could(session, command, opened_by, title)
    tell(session, Topic.CASES, command.case_id)
    return command.case_id


def _opener(session: Session, case_id: UUID) -> UUID:
    """Whose case it was before it came up."""
    query = select(CaseRow.opened_by).where(CaseRow.id == case_id, CaseRow.level != Level.FIRST)
    opened_by = session.scalar(query)
    if opened_by is None:
        raise NotAllowed(tr("This case is at first level. Only what came further up could have stayed there."))
    return opened_by
