"""The tables of known problems: the problems, the cases they are about, and what the radar looks at."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.rows import COUNTER, Row
from app.db.types import word
from app.domain.problems import Link, Origin, ProblemState

_ATTACHED = text("link = 'attached'")


class ProblemRow(Row):
    """One known problem. The database counts the numbers: two that are made at once never get the same."""

    __tablename__ = "problem"
    number: Mapped[int] = mapped_column(COUNTER, Identity(), primary_key=True)  # "P-12"
    id: Mapped[UUID] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(300))
    symptoms: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text)
    workaround: Mapped[str] = mapped_column(Text)
    products: Mapped[list[str]]
    versions: Mapped[str] = mapped_column(String(200))
    state: Mapped[ProblemState] = mapped_column(word(ProblemState), index=True)
    origin: Mapped[Origin] = mapped_column(word(Origin))
    revision: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))  # whose desk raised it, where the radar did
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    state_since: Mapped[datetime]
    state_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    said: Mapped[str] = mapped_column(Text)


class ProblemCaseRow(Row):
    """A case and a problem. A case is attached to one problem at most."""

    __tablename__ = "problem_case"
    __table_args__ = (
        Index("uq_problem_case_attached", "case_id", unique=True, sqlite_where=_ATTACHED, postgresql_where=_ATTACHED),
        Index("ix_problem_case_case", "case_id"),
    )
    problem_id: Mapped[UUID] = mapped_column(ForeignKey("problem.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    link: Mapped[Link] = mapped_column(word(Link))
    at: Mapped[datetime]
    by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    solved_at: Mapped[datetime | None]  # with the problem


class SightingRow(Row):
    """What a call without an escalation looked for in vain, for the radar: no person, no call, no number.

    An escalation leaves its own trace, the timeline.
    """

    __tablename__ = "sighting"
    id: Mapped[int] = mapped_column(COUNTER, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)  # to the minute
    product: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(400))


class RadarRow(Row):
    """How the radar is set, and when a desk last looked: one row."""

    __tablename__ = "radar"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    case_count: Mapped[int] = mapped_column(Integer)  # so many alike, 0: the radar is off
    window_min: Mapped[int] = mapped_column(Integer)  # within so many minutes
    rest_min: Mapped[int] = mapped_column(Integer)  # so long nothing like what was dismissed
    looked_at: Mapped[datetime]
