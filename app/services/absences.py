"""People who have cases and are not at their desk: their cases may go back to the queues."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, insert, select, text, update
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.rows import CaseRow, PersonRow, TimelineRow
from app.domain.cases import CaseEvent, CaseState, Level
from app.domain.ids import new_id
from app.services import case_statements
from app.services.levels import second_if_merged

_STILL_FOR = timedelta(minutes=5)  # as `firstline.may_put_back` has it
_MOST = 200  # cases in one go


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """Somebody whose desk gives no sign of life, and how many cases wait for them."""

    person_id: UUID
    name: str
    case_count: int


class Absences:
    def __init__(self, database: Database) -> None:
        self._database = database

    def absent(self, person_id: UUID) -> tuple[Absent, ...]:
        """Whose cases `person_id` may put back, by name.

        Whether a desk is at work the leases say, which nobody reads but PostgreSQL's functions. A SQLite file is one
        desk's: everybody else is not there.
        """
        with self._database.read() as session:
            if not self._database.is_sqlite:
                rows = session.execute(text("SELECT person_id, name, case_count FROM firstline.absent_people()")).all()
                return tuple(Absent(person_id=r.person_id, name=r.name, case_count=r.case_count) for r in rows)
            query = (
                select(PersonRow.id, PersonRow.name, func.count())
                .join(CaseRow, CaseRow.owner_id == PersonRow.id)
                .where(text("case_file.state = 'claimed'"), PersonRow.id != person_id)
                .group_by(PersonRow.id, PersonRow.name)
                .order_by(PersonRow.name)
            )
            return tuple(Absent(person_id=id_, name=name, case_count=n) for id_, name, n in session.execute(query))

    def to_put_back(self, owner_id: UUID, levels: Collection[Level], *, is_supervisor: bool) -> tuple[UUID, ...]:
        """The cases of somebody who is not there that may go back to their queues now, the most urgent first.

        By a supervisor all of them, what was returned to first level too; by others what is of their levels, and
        where nothing happened for five minutes: whoever has it may only just have gone.
        """
        query = select(CaseRow.id).where(CaseRow.owner_id == owner_id).order_by(CaseRow.priority, CaseRow.opened_at)
        if is_supervisor:
            query = query.where(text("case_file.state IN ('open', 'claimed')"))
        else:
            query = query.where(text("case_file.state = 'claimed'"), CaseRow.level.in_(tuple(levels)))
            if not self._database.is_sqlite:
                just_now = TimelineRow.at > func.now() - _STILL_FOR
                query = query.where(~exists().where(TimelineRow.case_id == CaseRow.id, just_now))
        with self._database.read() as session:
            return tuple(session.scalars(query.limit(_MOST)))


def put_back_of(session: Session, login: str) -> None:
    """All cases of somebody who has left go back to the queues; PostgreSQL has a function for it."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT firstline.put_back_of(:login)"), {"login": login})
        return
    now = datetime.now(UTC)
    held = select(CaseRow.id, CaseRow.state, CaseRow.level, CaseRow.due_at, CaseRow.owner_id).join(
        PersonRow, PersonRow.id == CaseRow.owner_id
    )
    is_held = CaseRow.state.in_((CaseState.OPEN, CaseState.CLAIMED))
    for case in connection.execute(held.where(PersonRow.login == login, is_held)).all():
        to_level = case.level
        if case.state is CaseState.OPEN:
            came_from = case_statements.returned_from(connection, case.id) or Level.SECOND
            to_level = second_if_merged(connection, came_from)
        moved = {"state": CaseState.WAITING, "owner_id": None, "level": to_level, "due_at": case.due_at or now}
        connection.execute(update(CaseRow).where(CaseRow.id == case.id).values(**moved))
        line = {"id": new_id(), "case_id": case.id, "at": now, "by": case.owner_id, "text": ""}
        moves = {"event": CaseEvent.REQUEUED, "from_level": case.level, "to_level": to_level}
        connection.execute(insert(TimelineRow).values(**line, **moves))
