"""Each command is done exactly once: its id is written in the very transaction that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.orm import Session

from app.db.append import NewRow, append
from app.db.engine import Database
from app.db.rows import AppliedCommandRow, ChangeRow
from app.domain.commands import Command
from app.domain.errors import FirstlineError, Unavailable
from app.domain.topics import Topic

C = TypeVar("C", bound=Command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command did: to which subject (None: to nothing), what it is about, and the rows to add for it."""

    subject_id: UUID | None
    topic: Topic
    rows: tuple[NewRow, ...] = ()


class _AppliedBefore(Exception):
    """The command's id is there already: what was done again is rolled back."""


def apply_once(database: Database, command: C, work: Callable[[Connection, C], Done]) -> UUID | None:
    """Do `work` in one transaction and give the id of its subject; repeated, do nothing and give the same id.

    The id is written last, in one statement with the other new rows: that is a trip to the server less than asking for
    it first. So a repeated command does its work again and is rolled back, or is refused because the first time
    changed what it finds; in both cases its id says that it was done.
    """
    try:
        with database.begin() as connection:
            done = work(connection, command)
            if not append(connection, (*_all_rows(done), _applied(command, done.subject_id))):
                raise _AppliedBefore
    except Unavailable:
        raise
    except (_AppliedBefore, FirstlineError):
        with database.read() as session:
            known = session.execute(_APPLIED, {"command_id": command.id}).one_or_none()
        if known is None:
            raise
        return known[0]
    if done.subject_id is not None:
        database.announce()
    return done.subject_id


def tell(session: Session, topic: Topic, subject_id: UUID) -> None:
    """Append to the change table, so that every screen that shows this topic reads again."""
    session.execute(insert(ChangeRow).values(**_change(topic, subject_id)))
    session.info["has_changes"] = True


_APPLIED = select(AppliedCommandRow.subject_id).where(AppliedCommandRow.id == bindparam("command_id"))


def _all_rows(done: Done) -> tuple[NewRow, ...]:
    if done.subject_id is None:
        return done.rows
    return (*done.rows, NewRow(row=ChangeRow, values=_change(done.topic, done.subject_id)))


def _change(topic: Topic, subject_id: UUID) -> dict[str, object]:
    return {"topic": topic, "subject_id": subject_id, "at": datetime.now(UTC)}


def _applied(command: Command, subject_id: UUID | None) -> NewRow:
    values = {"id": command.id, "by": command.by, "applied_at": datetime.now(UTC), "subject_id": subject_id}
    return NewRow(row=AppliedCommandRow, values=values, keeps=True)
