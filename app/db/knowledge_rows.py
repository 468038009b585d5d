"""The tables of those who write answers: drafts, versions, history, flags; and what people are told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.rows import Row
from app.db.types import word
from app.domain.answers import Audience
from app.domain.knowledge import AnswerEvent, AnswerState, FlagKind
from app.domain.messages import MessageKind

_OPEN = text("state IN ('draft', 'review')")


class AnswerVersionRow(Row):
    """A version as it was published: only ever added to, so that what a case says was read can be read again."""

    __tablename__ = "answer_version"
    answer_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    audience: Mapped[Audience]
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None]  # None: a file was imported
    note: Mapped[str] = mapped_column(Text)
    document: Mapped[dict[str, Any]]


class AnswerDraftRow(Row):
    """What is written and not published yet, one open draft of an answer at most. `revision` counts its changes."""

    __tablename__ = "answer_draft"
    __table_args__ = (
        Index("uq_answer_draft_open", "key", "language", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[AnswerState] = mapped_column(word(AnswerState))
    revision: Mapped[int] = mapped_column(Integer)
    base_version: Mapped[int] = mapped_column(Integer)
    document: Mapped[dict[str, Any]]
    case_id: Mapped[UUID | None]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))  # whose text it is: for four eyes
    written_at: Mapped[datetime]


class AnswerEventRow(Row):
    """Who did what to an answer; only ever added to."""

    __tablename__ = "answer_event"
    __table_args__ = (Index("ix_answer_event_answer", "answer_id", "at"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    answer_id: Mapped[UUID]
    draft_id: Mapped[UUID | None]
    at: Mapped[datetime]
    by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    event: Mapped[AnswerEvent] = mapped_column(word(AnswerEvent))
    version: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)


class AnswerFlagRow(Row):
    """An agent says that an answer is wrong."""

    __tablename__ = "answer_flag"
    __table_args__ = (
        Index(
            "ix_answer_flag_open",
            "answer_id",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    answer_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[FlagKind] = mapped_column(word(FlagKind))
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None]
    settled_text: Mapped[str] = mapped_column(Text, server_default="")


class FirstCouldHaveRow(Row):
    """Who solved the case says that first level could have, with this answer."""

    __tablename__ = "first_could_have"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    answer_id: Mapped[UUID]
    by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class MessageRow(Row):
    """What a person is told, until they have read it."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_person", "person_id", "at"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by: Mapped[UUID]
    at: Mapped[datetime]
    kind: Mapped[MessageKind] = mapped_column(word(MessageKind))
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    case_id: Mapped[UUID | None]
    case_number: Mapped[str] = mapped_column(String(20))
    answer_id: Mapped[UUID | None]
    seen_at: Mapped[datetime | None]


class CentreRuleRow(Row):
    """What administrators have settled for all desks, such as four eyes for publishing."""

    __tablename__ = "centre_rule"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]
