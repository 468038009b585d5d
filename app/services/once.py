"""Each command is done exactly once: its id is written in the very transaction that does it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.db.engine import Database, insert_new
from app.db.rows import AppliedCommandRow, ChangeRow
from app.domain.commands import Command
from app.domain.topics import Topic

C = TypeVar("C", bound=Command)


def apply_once(database: Database, command: C, work: Callable[[Session, C], UUID | None]) -> UUID | None:
    """Do `work` in one transaction and give the id of its subject; repeated, do nothing and give the same id."""
    with database.write() as session:
        if not insert_new(session, AppliedCommandRow, id=command.id, applied_at=datetime.now(UTC), subject_id=None):
            return session.scalar(select(AppliedCommandRow.subject_id).where(AppliedCommandRow.id == command.id))
        subject_id = work(session, command)
        session.execute(
            update(AppliedCommandRow).where(AppliedCommandRow.id == command.id).values(subject_id=subject_id)
        )
        return subject_id


def tell(session: Session, topic: Topic, subject_id: UUID) -> None:
    """Append to the change table, so that every screen that shows this topic reads again."""
    values: dict[str, object] = {"topic": topic, "subject_id": subject_id, "at": datetime.now(UTC)}
    if session.get_bind().dialect.name == "postgresql":
        values["tx"] = func.pg_current_xact_id()
    session.execute(insert(ChangeRow).values(**values))
    session.info["has_changes"] = True
