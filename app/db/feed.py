"""Tells what changed in the shared database, whoever changed it: a cursor over the change table, woken or polled.

The cursor is a transaction id, never the row's id: ids are given at insert and seen at commit, so `id > last`
misses what commits late. SQLite has one writer at a time; there the row's id is a right cursor.
"""

import logging
import random
import threading
from collections.abc import Callable
from uuid import UUID

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db.announcer import CHANNEL, channel_of
from app.db.engine import Database
from app.domain.errors import FirstlineError, NotAllowed, NotFound, SignInRefused, Untrusted, WrongVersion
from app.domain.topics import ADDRESSED, Topic

POLL_S = 1.0  # PostgreSQL: what a lost wake-up did not bring
SQLITE_POLL_S = 0.25
RETRY_S = (0.5, 5.0)

_log = logging.getLogger("firstline.db")
ALL_TOPICS = frozenset(Topic)


_TOLD = (NotAllowed, NotFound, SignInRefused, Untrusted, WrongVersion)  # more than a database that is away


class ChangeFeed:
    """Calls `on_changes(topics)` after changes and `on_contact(is_there)` when the database goes or comes."""

    def __init__(
        self,
        database: Database,
        on_changes: Callable[[frozenset[Topic]], None],
        on_contact: Callable[[bool], None] = lambda _: None,
        check: Callable[[], None] = lambda: None,
        *,
        person_id: UUID | None = None,
    ) -> None:
        """
        Args:
            check: called before anything is read from a database that comes; what it raises keeps the contact lost.
            person_id: whose desk it is; what is addressed to somebody else is not told.
        """
        self.hindrance = ""
        """The sentence of why there is no contact."""
        self._database = database
        self._on_changes = on_changes
        self._on_contact = on_contact
        self._person_id = person_id
        self._check = check
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="change feed", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        retry_s = RETRY_S[0]
        while not self._stopping.is_set():
            try:
                self._check()
                with _Reader(self._database, self._person_id) as reader:
                    self._on_contact(True)
                    self._on_changes(ALL_TOPICS)  # whatever happened while nobody listened
                    retry_s = RETRY_S[0]
                    while not self._stopping.is_set():
                        reader.wait(self._stopping)
                        if topics := reader.read():
                            self._on_changes(topics)
            except (FirstlineError, psycopg.Error) as error:
                _log.warning("change feed: %s", type(error).__name__)
                self.hindrance = str(error) if isinstance(error, _TOLD) else ""
                self._on_contact(False)
                self._stopping.wait(retry_s * random.uniform(0.5, 1.5))
                retry_s = min(retry_s * 2, RETRY_S[1])
            except Exception:  # noqa: BLE001 - the edge of this thread: a bug here must not silence the board for good
                _log.exception("change feed")
                self._on_contact(False)
                self._stopping.wait(RETRY_S[1])


class _Reader:
    """The cursor, and on PostgreSQL a connection of its own that listens for wake-ups."""

    def __init__(self, database: Database, person_id: UUID | None = None) -> None:
        self._database = database
        self._person_id = person_id
        self._listening: psycopg.Connection[tuple[object, ...]] | None = None
        self._cursor = ""
        self._seen: frozenset[int] = frozenset()

    def __enter__(self) -> "_Reader":
        if not self._database.is_sqlite and not self._database.is_pooled:  # through a pooler one hears nothing
            self._listening = self._database.connect()
        try:
            if self._listening:
                self._listening.execute(f"LISTEN {CHANNEL}")
                if self._person_id:
                    self._listening.execute(f"LISTEN {channel_of(self._person_id)}")
            self.read()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._listening:
            self._listening.close()

    def wait(self, stopping: threading.Event) -> None:
        """Until woken or the poll is due, jittered so that desks do not ask in step."""
        if self._database.is_sqlite:
            stopping.wait(SQLITE_POLL_S)
            return
        left_s = POLL_S * random.uniform(0.7, 1.3)
        if self._listening is None:
            stopping.wait(left_s)
            return
        while left_s > 0 and not stopping.is_set():
            if list(self._listening.notifies(timeout=min(left_s, 0.25), stop_after=1)):
                return
            left_s -= 0.25

    def read(self) -> frozenset[Topic]:
        with self._database.read() as session:
            return self._read_sqlite(session) if self._database.is_sqlite else self._read_postgresql(session)

    def _read_sqlite(self, session: Session) -> frozenset[Topic]:
        rows = session.execute(
            text("SELECT id, topic FROM change WHERE id > :last"), {"last": int(self._cursor or 0)}
        ).all()
        if rows:
            self._cursor = str(max(row.id for row in rows))
        return frozenset(Topic(row.topic) for row in rows)

    def _read_postgresql(self, session: Session) -> frozenset[Topic]:
        """All rows of transactions at or after the cursor, less those seen; the next cursor is of the same snapshot."""
        if not self._cursor:
            self._cursor = str(session.scalar(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")))
        rows = session.execute(_CHANGES, {"cursor": self._cursor, "person_id": self._person_id}).all()
        self._cursor = str(rows[0].xmin)
        changes = {row.id: Topic(row.topic) for row in rows if row.id is not None}
        fresh = frozenset(topic for id_, topic in changes.items() if id_ not in self._seen)
        self._seen = frozenset(changes)
        return fresh


_ADDRESSED = ", ".join(f"'{topic}'" for topic in sorted(ADDRESSED))
_CHANGES = text(
    "SELECT snapshot.xmin::text AS xmin, change.id, change.topic"
    " FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin) AS snapshot"
    " LEFT JOIN change ON change.tx >= CAST(:cursor AS xid8)"
    f" AND (change.topic NOT IN ({_ADDRESSED}) OR change.subject_id = CAST(:person_id AS uuid))"
)
