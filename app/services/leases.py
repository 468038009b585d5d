"""A case whose person's desk died goes back to its queue; the case of whoever went home does not.

A desk at work renews its person's lease as long as the person has cases, and takes it back when it is closed in order.
So a lease that has run out is that of a desk that died. It is the database's clock that counts. A SQLite file is one
desk's: nobody waits for its cases, so there are no leases.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from app.db.engine import Database


class Leases:
    def __init__(self, database: Database, person_id: UUID, span: timedelta) -> None:
        """
        Args:
            span: how long the desk may give no sign of life.
        """
        self.span = span
        self._database = database
        self._values = {"person_id": person_id, "span": span}

    def renew(self) -> bool:
        """Say that the desk lives, if its person has cases; whether that is so."""
        if self._database.is_sqlite:
            return False
        with self._database.direct() as connection:
            return connection.execute(_RENEW, self._values).first() is not None

    def release(self) -> None:
        """The desk is closed in order: the person keeps the cases."""
        if not self._database.is_sqlite:
            with self._database.direct() as connection:
                connection.execute(_RELEASE, self._values)

    def hand_back(self) -> timedelta | None:
        """Hand back the cases of desks that died; the time until the next lease runs out, None: there is none."""
        if self._database.is_sqlite:
            return None
        with self._database.direct() as connection:
            left: timedelta | None = connection.scalar(text("SELECT firstline.hand_back_lapsed()"))
        self._database.announce()
        return left


_RENEW = text(
    "INSERT INTO lease (person_id, until) SELECT :person_id, now() + CAST(:span AS interval) WHERE EXISTS"
    " (SELECT FROM case_file WHERE owner_id = :person_id AND state IN ('open', 'claimed'))"
    " ON CONFLICT (person_id) DO UPDATE SET until = excluded.until RETURNING 1"
)
_RELEASE = text("DELETE FROM lease WHERE person_id = :person_id")
