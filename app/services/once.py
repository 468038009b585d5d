"""Each command is done exactly once: its id is written in the very statement that does it."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db import changes
from app.db.engine import Database
from app.db.one_statement import Decision, NewRow, write_together
from app.db.rows import AppliedCommandRow, ChangeRow
from app.domain.commands import Command
from app.domain.errors import FirstlineError, NotAllowed, Unavailable
from app.domain.topics import Topic
from app.i18n import tr

TIDY_CHANCE = 0.001
NOBODY = UUID(int=0)

C = TypeVar("C", bound=Command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt(Generic[C]):
    """One attempt to do a command: it reads through `connection`, and writes once through `write`."""

    command: C
    connection: Connection

    def write(self, topic: Topic, decision: Decision, *rows: NewRow) -> UUID | None:
        """Do what the decision says, with its rows, a line in the change table and the command's id, all or nothing.

        The id of the subject; None when the decision found nothing to change.
        """
        return write_together(self.connection, decision, (*rows, changed(topic), _applied(self.command)))

    def write_about(self, topic: Topic, subject_id: UUID, *rows: NewRow, decision: Decision | None = None) -> UUID:
        """The same for a subject that is known, whether a decision changes anything or not."""
        added = (*rows, changed(topic, subject_id), _applied_to(self.command, subject_id))
        write_together(self.connection, decision, added, always=True)
        return subject_id

    def write_quietly(self, decision: Decision) -> UUID | None:
        """Do what concerns nobody else: no line in the change table."""
        return write_together(self.connection, decision, (_applied(self.command),))

    def note(self, *rows: NewRow) -> None:
        """Add rows that no screen shows, if any, and the command's id: it is about no subject."""
        write_together(self.connection, None, (*rows, _applied_to(self.command, None)), always=True)


def apply_once(database: Database, command: C, work: Callable[[Attempt[C]], UUID | None]) -> UUID | None:
    """Do the command and give the id of its subject; None when there was nothing to do. Repeated, give the same again.

    The id of a command can be there only once. So a repeated one fails, or is refused because the first time changed
    what it finds; in both cases its id tells that it was done.
    """
    try:
        with database.direct() as connection:
            subject_id = work(Attempt(command=command, connection=connection))
    except Unavailable:
        raise
    except (IntegrityError, FirstlineError):
        with database.read() as session:
            known = session.execute(_APPLIED, {"command_id": command.id}).one_or_none()
        if known is None:
            raise
        return known[0]
    if subject_id is not None:
        database.announce()
        _tidy_sometimes(database)
    return subject_id


def apply_whole(database: Database, command: C, work: Callable[[Session], UUID | None]) -> UUID | None:
    """As `apply_once`, for what takes several statements: `work` and the command's id in one transaction."""
    try:
        with database.write() as session:
            subject_id = work(session)
            session.execute(insert(AppliedCommandRow).values(**_applied_to(command, subject_id).values))
        return subject_id
    except Unavailable:
        raise
    except (IntegrityError, FirstlineError):
        with database.read() as session:
            known = session.execute(_APPLIED, {"command_id": command.id}).one_or_none()
        if known is None:
            raise
        subject: UUID | None = known[0]
        return subject


def refuse_unless_done(connection: Connection | Session, follows: UUID | None) -> None:
    """NotAllowed for a command that counts on the person's earlier one, when that was refused.

    What stands there with the revision that the earlier one should have made is somebody else's, and not seen yet.
    """
    if follows is not None and connection.execute(_APPLIED, {"command_id": follows}).first() is None:
        raise NotAllowed(
            tr("What you saved before was not taken, so this was not done either. Your text is kept. Look at what "
               "stands there now, then do it again.")
        )  # fmt: skip


def _tidy_sometimes(database: Database) -> None:
    """Whoever writes tidies up: no timer, no idle desk, no administrator is needed for it."""
    if random.random() < TIDY_CHANCE:
        with suppress(FirstlineError):  # somebody else will
            changes.remove_old(database)


def tell(session: Session, topic: Topic, subject_id: UUID) -> None:
    """Append to the change table, so that every screen that shows this topic reads again.

    The row's id is not asked for: who tells another person something does not see that line.
    """
    session.execute(insert(_changes).inline().values(**changed(topic, subject_id).values))
    session.info["has_changes"] = True


def changed(topic: Topic, subject_id: UUID | None = None) -> NewRow:
    """A line in the change table, about the decision's subject if none is given.

    Everybody reads it, so it does not tell whose state it is that changed.
    """
    about = NOBODY if topic is Topic.AGENTS else subject_id
    values: dict[str, Any] = {"topic": topic, "at": datetime.now(UTC)}
    if about is None:
        return NewRow(row=ChangeRow, values=values, decided="subject_id")
    return NewRow(row=ChangeRow, values={**values, "subject_id": about})


def _applied(command: Command) -> NewRow:
    """The command's id, with the decision's subject."""
    values = {"id": command.id, "by": command.by, "applied_at": datetime.now(UTC)}
    return NewRow(row=AppliedCommandRow, values=values, decided="subject_id")


def _applied_to(command: Command, subject_id: UUID | None) -> NewRow:
    return NewRow(row=AppliedCommandRow, values={**_applied(command).values, "subject_id": subject_id})


_changes = ChangeRow.metadata.tables[ChangeRow.__tablename__]
_APPLIED = select(AppliedCommandRow.subject_id).where(AppliedCommandRow.id == bindparam("command_id"))
