"""The works-council mode: on unless an administrator turned it off, with a reason that everybody may read."""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.history_rows import WorksCouncilRow
from app.db.rows import PersonRow
from app.domain.commands import ChangeCouncilMode
from app.domain.errors import NotAllowed
from app.domain.history.kept import CouncilMode
from app.domain.ids import new_id
from app.domain.people import Role
from app.domain.topics import Topic
from app.i18n import tr
from app.services.once import apply_whole, tell
from app.services.people import roles_now

SHORTEST_REASON = 10  # characters


class WorksCouncil:
    def __init__(self, database: Database) -> None:
        self._database = database

    def mode(self) -> CouncilMode:
        """What holds now, since when, and why."""
        with self._database.read() as session:
            return self._newest(session)[0]

    def changes(self) -> tuple[CouncilMode, ...]:
        """All there ever were, the newest first."""
        with self._database.read() as session:
            return self._newest(session)

    def change(self, by: UUID, *, is_on: bool, reason: str) -> None:
        """Turn it on or off; the database lets administrators only.

        Raises:
            NotAllowed: there is no reason to speak of, or it is so already.
        """
        with self._database.write() as session:
            _change(session, by, is_on=is_on, reason=reason)

    def apply(self, command: ChangeCouncilMode) -> UUID | None:
        """The same as a command of a desk, done once; a file of one desk knows no roles, so they are looked at here."""
        return apply_whole(self._database, command, partial(_do, command))

    @staticmethod
    def _newest(session: Session) -> tuple[CouncilMode, ...]:
        row = WorksCouncilRow
        query = (
            select(row.is_on, row.at, PersonRow.name.label("by_name"), row.reason)
            .join(PersonRow, PersonRow.id == row.by)
            .order_by(row.at.desc(), row.id.desc())
        )
        found = tuple(CouncilMode(**change._mapping) for change in session.execute(query))
        return found or (CouncilMode(is_on=True),)


def is_council_mode(session: Session) -> bool:
    """On PostgreSQL what its policies ask themselves."""
    if session.get_bind().dialect.name != "sqlite":
        return bool(session.scalar(select(func.firstline.is_council_mode())))
    row = WorksCouncilRow
    is_on = session.scalar(select(row.is_on).order_by(row.at.desc(), row.id.desc()).limit(1))
    return True if is_on is None else is_on


def _do(command: ChangeCouncilMode, session: Session) -> UUID:
    if Role.ADMINISTRATOR not in roles_now(session, command.by):
        raise NotAllowed(tr("Only administrators may change this."))
    return _change(session, command.by, is_on=command.is_on, reason=command.reason)


def _change(session: Session, by: UUID, *, is_on: bool, reason: str) -> UUID:
    """It holds from now on, however long the command was on its way."""
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise NotAllowed(tr("Say why, in {n} characters or more: everybody can read it.", n=SHORTEST_REASON))
    if is_council_mode(session) is is_on:
        raise NotAllowed(tr("It is so already; nothing was changed."))
    id_ = new_id()
    session.execute(insert(WorksCouncilRow).values(id=id_, at=datetime.now(UTC), by=by, is_on=is_on, reason=reason))
    tell(session, Topic.RULES, id_)
    return id_
