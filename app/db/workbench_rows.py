"""The tables beside the cases: leases, questions, grants, levels, who looks at what, filters."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.rows import Row
from app.domain.cases import Level

_OPEN = text("answered_at IS NULL")


class LeaseRow(Row):
    """Until when the desk of a person who has cases is taken to live, without a further sign of it.

    Only while it is at work: a desk that is closed takes it back. PostgreSQL alone, as a file is one desk's.
    """

    __tablename__ = "lease"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    until: Mapped[datetime]


class QuestionRow(Row):
    """Asked of one person, who handed the case over, or of a level; `id` is that of the command that asked.

    `answered_at` without `answered_by`: nobody answered, and the case was solved then.
    """

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_of_person", "to_person", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_question_of_level", "to_level", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_question_case", "case_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    to_person: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    to_level: Mapped[Level | None]
    answer: Mapped[str] = mapped_column(Text, server_default="")
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


class ContactGrantRow(Row):
    """Third level may see how the customer of this case is reached. Since when and until when, the timeline says."""

    __tablename__ = "contact_grant"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class LevelsRow(Row):
    """One row: whether second and third level are one. Whoever moves a case to third level locks it for that moment."""

    __tablename__ = "levels"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    are_merged: Mapped[bool]
    changed_at: Mapped[datetime | None]


class CasePresenceRow(Row):
    """Which case a person has open, and whether they type there; it runs out by itself. Not logged by PostgreSQL."""

    __tablename__ = "case_presence"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(index=True)
    is_typing: Mapped[bool]
    until: Mapped[datetime]


class SavedFilterRow(Row):
    """A person's own filter of the queue."""

    __tablename__ = "saved_filter"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    filter: Mapped[dict[str, Any]]
