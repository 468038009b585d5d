"""The change table: what a reader has not seen yet, and the removal of what is old.

A reader's cursor is PostgreSQL's snapshot of its last read, never a row's id: ids are given at insert and seen at
commit, so `id > last` misses what commits late. New is what that snapshot did not see; however many changes there are,
the answer is one line for each topic. SQLite has one writer at a time; there the row's id is a right cursor.
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
        self._last_id: int | None = None  # on SQLite
        self._snapshot: str | None = None  # on PostgreSQL
        self._removals: frozenset[int] = frozenset()
        self.told_count = 0
        """How many changes the topics told until now stand for."""

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
        if self._last_id is None:
            self._last_id = connection.scalar(text("SELECT max(id) FROM change")) or 0
            return frozenset()
        rows = connection.execute(_SQLITE, {"last_id": self._last_id}).all()
        if not rows:
            return frozenset()
        is_gap = rows[0].first > self._last_id + 1
        self._last_id = max(row.id for row in rows)
        self.told_count += len(rows)
        return ALL_TOPICS if is_gap else frozenset(Topic(row.topic) for row in rows)

    def _read_postgresql(self, connection: Connection) -> frozenset[Topic]:
        if self._snapshot is None:
            self._snapshot = connection.scalar(text("SELECT pg_current_snapshot()::text"))
            return frozenset()
        rows = connection.execute(_POSTGRESQL, {"old": self._snapshot, "person_id": self._person_id}).all()
        self._snapshot = rows[0].snapshot
        removals = frozenset(row.removal_id for row in rows if row.removal_id is not None)
        is_gap, self._removals = bool(removals - self._removals), removals
        fresh = [row for row in rows if row.change_count and row.removal_id is None]
        self.told_count += sum(row.change_count for row in fresh)
        return ALL_TOPICS if is_gap else frozenset(Topic(row.topic) for row in fresh)


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
_SQLITE = text("SELECT id, topic, (SELECT min(id) FROM change) AS first FROM change WHERE id > :last_id")
# Where changes were removed, one line stands for them, in the transaction of the last of them: a reader that had not
# seen all of them when it last read is told of it, and remembers that it was.
_POSTGRESQL = text(f"""
SELECT cursor.new::text AS snapshot, fresh.topic, fresh.removal_id, fresh.change_count
FROM (SELECT CAST(:old AS pg_snapshot) AS old, pg_current_snapshot() AS new OFFSET 0) AS cursor
LEFT JOIN LATERAL (
    SELECT change.topic, count(*) AS change_count,
        CASE WHEN change.topic = '{_REMOVED}' THEN change.id END AS removal_id
    FROM change
    WHERE change.tx >= pg_snapshot_xmin(cursor.old)
      AND (change.topic = '{_REMOVED}' OR NOT pg_visible_in_snapshot(change.tx, cursor.old))
      AND (change.topic NOT IN ({_ADDRESSED}) OR change.subject_id = CAST(:person_id AS uuid))
    GROUP BY topic, removal_id
) AS fresh ON true
""")
