"""Who has a case open, and who types there. It runs out by itself, and nobody is woken for it: whoever looks, asks.

Each person has one row, which only their own desk writes: no row is written by many. It is no command, because
nothing is lost with it.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from app.db.engine import Database
from app.db.one_statement import insert_into
from app.db.rows import PersonRow
from app.db.workbench_rows import CasePresenceRow
from app.domain.case_presence import OPEN_FOR, TYPING_FOR, Onlooker


class CasePresence:
    def __init__(self, database: Database, person_id: UUID) -> None:
        self._database = database
        self._person_id = person_id

    def tell(self, case_id: UUID | None, *, is_typing: bool = False) -> None:
        """This person has the case open now, or none."""
        with self._database.direct() as connection:
            if case_id is None:
                connection.execute(delete(CasePresenceRow).where(CasePresenceRow.person_id == self._person_id))
                return
            values = {"case_id": case_id, "is_typing": is_typing, "until": self._until(is_typing=is_typing)}
            insert = insert_into(connection.dialect.name, CasePresenceRow).values(person_id=self._person_id, **values)
            connection.execute(insert.on_conflict_do_update(index_elements=["person_id"], set_=values))

    def others(self, case_id: UUID) -> tuple[Onlooker, ...]:
        """The other people who have the case open, by name."""
        query = (
            select(PersonRow.name, CasePresenceRow.is_typing)
            .join(PersonRow, PersonRow.id == CasePresenceRow.person_id)
            .where(
                CasePresenceRow.case_id == case_id,
                CasePresenceRow.person_id != self._person_id,
                CasePresenceRow.until > self._now(),
            )
            .order_by(PersonRow.name)
        )
        with self._database.read() as session:
            return tuple(Onlooker(name=row.name, is_typing=row.is_typing) for row in session.execute(query))

    def _until(self, *, is_typing: bool) -> Any:
        return self._now() + (TYPING_FOR if is_typing else OPEN_FOR)

    def _now(self) -> Any:
        """The database's clock, where it has one of its own: desks' clocks differ."""
        return datetime.now(UTC) if self._database.is_sqlite else func.now()
