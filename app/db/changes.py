"""The change table: what a reader has not seen yet, and the removal of what is old.

A reader's cursor is a transaction id, never a row's id: ids are given at insert and seen at commit, so `id > last`
misses what commits late. SQLite has one writer at a time; there the row's id is a right cursor.
"""

from uuid import UUID

from sqlalchemy import Connection, text

from app.db.engine import Database
from app.domain.topics import ADDRESSED, Topic

ALL_TOPICS = frozenset(Topic)
KEPT_COUNT = 100_000  # changes; the function `firstline.remove_old_changes` has the same number
SPARE_COUNT = 10_000  # removed in one go, not one by one

_REMOVED = "removed"  # stands for all removed changes, in the transaction of the last of them


class ChangeReader:
    """Reads on from where it is. Not for several threads."""

    def __init__(self, database: Database, person_id: UUID | None = None) -> None:
        """
        Args:
            person_id: whose desk it is; what is addressed to somebody else is not told.
        """
        self._database = database
        self._person_id = person_id
        self._cursor: int | None = None
        self.seen: frozenset[int] = frozenset()
        """On PostgreSQL the ids of the changes at or after the cursor that were told."""

    def read(self) -> frozenset[Topic]:
        """The topics that changed since the last call; all, where changes were removed that were never read.

        The first call begins: what changed before it is not told.
        """
        if self._database.is_sqlite:
            with self._database.read() as session:
                return self._read_sqlite(session.connection())
        with self._database.direct() as connection:
            return self._read_postgresql(connection)

    def _read_sqlite(self, connection: Connection) -> frozenset[Topic]:
        if self._cursor is None:
            self._cursor = connection.scalar(text("SELECT max(id) FROM change")) or 0
            return frozenset()
        rows = connection.execute(_SQLITE, {"cursor": self._cursor}).all()
        if not rows:
            return frozenset()
        is_gap = rows[0].first > self._cursor + 1
        self._cursor = max(row.id for row in rows)
        return ALL_TOPICS if is_gap else frozenset(Topic(row.topic) for row in rows)

    def _read_postgresql(self, connection: Connection) -> frozenset[Topic]:
        """All rows of transactions at or after the cursor, less those seen; the next cursor is of the same snapshot."""
        if self._cursor is None:
            self._cursor = int(connection.scalar(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")) or 0)
        rows = connection.execute(_POSTGRESQL, {"cursor": str(self._cursor), "person_id": self._person_id}).all()
        self._cursor = int(rows[0].xmin)
        changes = {row.id: row.topic for row in rows if row.id is not None}
        fresh = {topic for id_, topic in changes.items() if id_ not in self.seen}
        self.seen = frozenset(changes)
        return ALL_TOPICS if _REMOVED in fresh else frozenset(Topic(topic) for topic in fresh)


def remove_old(database: Database) -> None:
    """Remove all but the newest changes, if there are many more; cheap when there are not."""
    with database.direct() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT firstline.remove_old_changes()"))
            return
        oldest, newest = connection.execute(text("SELECT min(id), max(id) FROM change")).one()
        if oldest is not None and newest - oldest > KEPT_COUNT + SPARE_COUNT:
            connection.execute(text("DELETE FROM change WHERE id <= :last"), {"last": newest - KEPT_COUNT})


_ADDRESSED = ", ".join(f"'{topic}'" for topic in sorted(ADDRESSED))
_SQLITE = text("SELECT id, topic, (SELECT min(id) FROM change) AS first FROM change WHERE id > :cursor")
_POSTGRESQL = text(
    "SELECT snapshot.xmin::text AS xmin, change.id, change.topic"
    " FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin) AS snapshot"
    " LEFT JOIN change ON change.tx >= CAST(:cursor AS xid8)"
    f" AND (change.topic NOT IN ({_ADDRESSED}) OR change.subject_id = CAST(:person_id AS uuid))"
)
