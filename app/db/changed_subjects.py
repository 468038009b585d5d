"""What changed, subject by subject: for who keeps a copy of what is shown and reads again only what changed.

The cursor is the oldest transaction that ran at the last read. It brings some changes again, which are known by their
ids and dropped. The snapshot of `app.db.changes` would not do here: the board may read a replica, and a snapshot that
PostgreSQL takes there does not say which transactions run.
"""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection, Uuid, text

from app.db.changes import ALL_TOPICS
from app.domain.topics import ADDRESSED, Topic

Changed = Mapping[Topic, frozenset[UUID]]

_KNOWN = frozenset(map(str, ALL_TOPICS))
_REMOVED = "removed"  # stands for all changes that were removed


class SubjectReader:
    """Reads on from where it is. Not for several threads."""

    def __init__(self) -> None:
        self._cursor: int | None = None
        self._seen: frozenset[int] = frozenset()

    def read(self, connection: Connection) -> Changed | None:
        """What changed since the last call; None at the first, and where changes were removed that were never read.

        Whoever reads the subjects themselves in the same transaction afterwards misses nothing.
        """
        fresh = _read_sqlite if connection.dialect.name == "sqlite" else _read_postgresql
        self._cursor, changes, is_gap = fresh(connection, self._cursor)
        new = {change for id_, change in changes.items() if id_ not in self._seen}
        self._seen = frozenset(changes)
        if is_gap or any(topic == _REMOVED for topic, _ in new):
            return None
        found: dict[Topic, set[UUID]] = defaultdict(set)
        for topic, subject_id in new:
            if topic in _KNOWN:
                found[Topic(topic)].add(subject_id)
        return {topic: frozenset(subjects) for topic, subjects in found.items()}


_Read = tuple[int, dict[int, tuple[str, UUID]], bool]


def _read_sqlite(connection: Connection, cursor: int | None) -> _Read:
    """One writer at a time: what has a higher id is newer."""
    if cursor is None:
        return connection.scalar(text("SELECT max(id) FROM change")) or 0, {}, True
    rows = connection.execute(_SQLITE, {"cursor": cursor}).all()
    is_gap = bool(rows) and rows[0].first > cursor + 1
    last = max((row.id for row in rows), default=cursor)
    return last, {row.id: (row.topic, row.subject_id) for row in rows}, is_gap


def _read_postgresql(connection: Connection, cursor: int | None) -> _Read:
    if cursor is None:
        return int(connection.scalar(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")) or 0), {}, True
    rows = connection.execute(_POSTGRESQL, {"cursor": str(cursor)}).all()
    changes = {row.id: (row.topic, row.subject_id) for row in rows if row.id is not None}
    return int(rows[0].xmin), changes, False


_ADDRESSED = ", ".join(f"'{topic}'" for topic in sorted(ADDRESSED))
_SQLITE = text(
    "SELECT id, topic, subject_id, (SELECT min(id) FROM change) AS first FROM change WHERE id > :cursor"
).columns(subject_id=Uuid())
_POSTGRESQL = text(
    "SELECT snapshot.xmin::text AS xmin, change.id, change.topic, change.subject_id"
    " FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin) AS snapshot"
    f" LEFT JOIN change ON change.tx >= CAST(:cursor AS xid8) AND change.topic NOT IN ({_ADDRESSED})"
)
