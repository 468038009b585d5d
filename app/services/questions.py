"""Questions about cases that stay where they are: to whoever handed over or to a higher level, and the answers."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, or_, select, text, update
from sqlalchemy.orm import aliased

from app.db.engine import Database
from app.db.one_statement import Decision, NewRow
from app.db.rows import CaseRow, PersonRow
from app.db.workbench_rows import QuestionRow
from app.domain.cases import CaseEvent, Level, after
from app.domain.commands import AnswerQuestion, AskBack, Consult
from app.domain.errors import NotAllowed, NotFound
from app.domain.questions import Question
from app.domain.topics import Topic
from app.i18n import tr
from app.services import case_statements as statements
from app.services.case_writing import change, line, owned
from app.services.levels import refuse_merged
from app.services.once import Attempt, apply_once

LIST_LIMIT = 100


class Questions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def ask_back(self, command: AskBack) -> UUID | None:
        """Ask the person who handed the case over."""
        return apply_once(self._database, command, _ask_back)

    def consult(self, command: Consult) -> UUID | None:
        """Ask a higher level."""
        return apply_once(self._database, command, _consult)

    def answer(self, command: AnswerQuestion) -> UUID | None:
        """Answer, once: the answer stands in the timeline of the case. Gives the case's id."""
        return apply_once(self._database, command, _answer)

    def open_for(self, person_id: UUID, levels: Collection[Level] = ()) -> tuple[Question, ...]:
        """What the person, or everybody at one of these levels, is asked and has not answered; oldest first."""
        is_asked = or_(QuestionRow.to_person == person_id, QuestionRow.to_level.in_(levels))
        query = _QUESTION.where(text("question.answered_at IS NULL"), is_asked)
        return self._read(query.order_by(QuestionRow.asked_at).limit(LIST_LIMIT))

    def of_case(self, case_id: UUID) -> tuple[Question, ...]:
        """All questions about a case, oldest first."""
        return self._read(_QUESTION.where(QuestionRow.case_id == case_id).order_by(QuestionRow.asked_at))

    def _read(self, query: Any) -> tuple[Question, ...]:
        with self._database.read() as session:
            return tuple(_question(row) for row in session.execute(query))


def _ask_back(attempt: Attempt[AskBack]) -> UUID:
    command = attempt.command
    before = owned(attempt, command.case_id)
    state = after(before.state, CaseEvent.ASKED)
    asked = statements.giver(attempt.connection, command.case_id)
    asked = asked or statements.person(attempt.connection, before.opened_by)
    if asked.has_left:
        raise NotAllowed(
            tr("{name}, who handed this case over, does not work here any more. Ask the customer.", name=asked.name)
        )
    said = line(command, CaseEvent.ASKED, before.level, before.level, _text(command.text))
    return change(attempt, command.case_id, before, {"state": state}, said, _row(command, to_person=asked.id))


def _consult(attempt: Attempt[Consult]) -> UUID:
    command = attempt.command
    before = owned(attempt, command.case_id)
    state = after(before.state, CaseEvent.CONSULTED)
    if command.level is Level.THIRD:
        refuse_merged(attempt.connection)
    if command.level <= before.level:
        raise NotAllowed(tr("Only a higher level than the one that has the case is consulted."))
    said = line(command, CaseEvent.CONSULTED, before.level, before.level, _text(command.text))
    return change(attempt, command.case_id, before, {"state": state}, said, _row(command, to_level=command.level))


def _answer(attempt: Attempt[AnswerQuestion]) -> UUID:
    command = attempt.command
    asked = attempt.connection.execute(_STANDING, {"question_id": command.question_id}).one_or_none()
    if asked is None:
        raise NotFound(tr("This question is not there any more."))
    if asked.answered_at is not None:
        raise NotAllowed(_why_ended(attempt.connection, asked))
    if asked.to_person not in (None, command.by):
        raise NotAllowed(tr("Somebody else is asked this question."))
    event = CaseEvent.REPLIED if asked.to_level is None else CaseEvent.ADVISED
    said = line(command, event, asked.level, asked.level, _text(command.text))
    values = {"question_id": command.question_id, "new_answer": command.text, "by": command.by, "told_at": command.at}
    answered = attempt.write(Topic.CASES, Decision(statement=_ANSWERING, values=values), said)
    if answered is None:  # between our look and our move
        now = attempt.connection.execute(_STANDING, {"question_id": command.question_id}).one()
        raise NotAllowed(_why_ended(attempt.connection, now))
    return answered


def _why_ended(connection: Connection, asked: Row[*tuple[Any, ...]]) -> str:
    """Somebody has answered the question, or solved its case."""
    if asked.answered_by_name:
        return tr("{name} has answered this question already.", name=asked.answered_by_name)
    solver = statements.solver(connection, asked.case_id)
    return tr(
        "{name} has solved this case meanwhile. Your text is kept: tell them if it says more than theirs.",
        name=solver[1] if solver else "",
    )


def _text(text: str) -> str:
    if not text.strip():
        raise NotAllowed(tr("There is nothing written. Write a sentence first."))
    return text


def _row(command: AskBack | Consult, *, to_person: UUID | None = None, to_level: Level | None = None) -> NewRow:
    values = {
        "id": command.id,
        "asked_by": command.by,
        "asked_at": command.at,
        "text": command.text,
        "to_person": to_person,
        "to_level": to_level,
    }
    return NewRow(row=QuestionRow, values=values, decided="case_id")


def _question(row: Row[*tuple[Any, ...]]) -> Question:
    return Question(
        id=row.id,
        case_id=row.case_id,
        case_number=row.number,
        case_title=row.title,
        asked_by_name=row.asked_by_name,
        asked_at=row.asked_at,
        text=row.text,
        to_person_id=row.to_person,
        to_person_name=row.to_person_name or "",
        to_level=row.to_level,
        answer=row.answer,
        answered_by_name=row.answered_by_name or "",
        answered_at=row.answered_at,
    )


_Asker, _Asked, _Answerer = aliased(PersonRow), aliased(PersonRow), aliased(PersonRow)
_QUESTION = (
    select(
        QuestionRow.id,
        QuestionRow.case_id,
        CaseRow.number,
        CaseRow.title,
        _Asker.name.label("asked_by_name"),
        QuestionRow.asked_at,
        QuestionRow.text,
        QuestionRow.to_person,
        _Asked.name.label("to_person_name"),
        QuestionRow.to_level,
        QuestionRow.answer,
        _Answerer.name.label("answered_by_name"),
        QuestionRow.answered_at,
    )
    .join(CaseRow, CaseRow.id == QuestionRow.case_id)
    .join(_Asker, _Asker.id == QuestionRow.asked_by)
    .outerjoin(_Asked, _Asked.id == QuestionRow.to_person)
    .outerjoin(_Answerer, _Answerer.id == QuestionRow.answered_by)
)
_STANDING = (
    select(
        QuestionRow.case_id,
        QuestionRow.to_person,
        QuestionRow.to_level,
        QuestionRow.answered_at,
        CaseRow.level,
        _Answerer.name.label("answered_by_name"),
    )
    .join(CaseRow, CaseRow.id == QuestionRow.case_id)
    .outerjoin(_Answerer, _Answerer.id == QuestionRow.answered_by)
    .where(QuestionRow.id == bindparam("question_id"))
)
_question_table: Any = QuestionRow.__table__
_ANSWERING = (
    update(_question_table)
    .where(_question_table.c.id == bindparam("question_id"), _question_table.c.answered_at.is_(None))
    .values(
        answer=bindparam("new_answer", type_=_question_table.c.answer.type),
        answered_by=bindparam("by", type_=_question_table.c.answered_by.type),
        answered_at=bindparam("told_at", type_=_question_table.c.answered_at.type),
    )
    .returning(_question_table.c.case_id.label("id"))
)
