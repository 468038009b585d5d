"""The way into the shared database: `read()` and `write()`. Driver errors are made into ours here and nowhere else."""

import logging
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from app.db.announcer import Announcer
from app.db.liveness import asked_when_rested
from app.domain.errors import FirstlineError, NotAllowed, Unavailable
from app.i18n import tr

BUSY_TIMEOUT_MS = 5_000
CONNECT_TIMEOUT_S = 5

_log = logging.getLogger("firstline.db")


class Database:
    """One shared database: `sqlite:///path` or `postgresql://person@host/name`. Safe to use from all threads."""

    def __init__(self, url: str) -> None:
        self.url = _parsed(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url)
        self._writing = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        self._announcer = None if self.is_sqlite else Announcer(self.engine)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One reading transaction, ended at once: an open one makes claims of others slower."""
        with errors_translated(), Session(self.engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One writing transaction: committed when the block ends well, else rolled back. Wakes readers afterwards."""
        with errors_translated():
            with Session(self._writing, expire_on_commit=False) as session, session.begin():
                yield session
            if session.info.get("has_changes"):
                self.announce()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One writing transaction without the ORM; who changed something calls `announce` after it."""
        with errors_translated(), self._writing.begin() as connection:
            yield connection

    def announce(self) -> None:
        """Wake the readers of the change table: something was committed."""
        if self._announcer:
            self._announcer.announce()

    def close(self) -> None:
        if self._announcer:
            self._announcer.stop()
        self.engine.dispose()


@contextmanager
def errors_translated() -> Iterator[None]:
    """Turn the driver's errors into Unavailable with a sentence; what is our own bug goes through as it is."""
    try:
        yield
    except PoolTimeoutError as error:
        raise Unavailable(
            tr("The database does not answer. Your work is kept on this desk and delivered later.")
        ) from error
    except DBAPIError as error:
        ours = _translated(error)
        if ours is None:
            raise
        _log.warning("database: %s", type(error.orig).__name__)
        raise ours from error


def _translated(error: DBAPIError) -> FirstlineError | None:
    if isinstance(error.orig, sqlite3.Error):
        return _translated_sqlite(str(error.orig))
    if getattr(error.orig, "sqlstate", None) == "42501":
        return NotAllowed(tr("Your role does not permit this. Ask your administrator."))
    if error.connection_invalidated or _is_about_connection(error):
        return Unavailable(tr("The database cannot be reached. Your work is kept on this desk and delivered later."))
    return None


def _is_about_connection(error: DBAPIError) -> bool:
    """SQLSTATE classes that speak of the server, not of our statement; without SQLSTATE it never answered."""
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return type(error).__name__ in ("OperationalError", "InterfaceError")
    return state[:2] in ("08", "28", "3D", "53", "57", "58") or state in ("25006", "40001", "40P01")


def _translated_sqlite(text: str) -> FirstlineError | None:
    if "locked" in text or "busy" in text:
        return Unavailable(
            tr("Another program holds the database file. Close it; your work is kept on this desk and delivered later.")
        )
    if "full" in text:
        return Unavailable(tr("There is no space left for the database. Free some space; what you typed is kept."))
    if "unable to open" in text:
        return Unavailable(
            tr("The database file cannot be opened. Check that its folder exists and may be written to.")
        )
    if "readonly" in text:
        return Unavailable(
            tr("The database file may not be written to. Ask your administrator for the right to do so.")
        )
    if "not a database" in text or "malformed" in text:
        return Unavailable(tr("The database file is damaged or is no database. Restore it from a backup."))
    if "disk I/O" in text:
        return Unavailable(tr("The disk with the database does not answer. Your work is kept on this desk."))
    return None


def _parsed(url: str) -> Any:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise ArgumentError(url)
        return parsed.set(drivername="postgresql+psycopg") if parsed.get_backend_name() == "postgresql" else parsed
    except (ArgumentError, NoSuchModuleError, ValueError):
        sentence = tr("This is no address of a database. Use sqlite:///FILE or postgresql://PERSON@HOST/NAME.")
        raise NotAllowed(sentence) from None  # without the address: it may hold a password


def _sqlite_engine(url: Any) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's `begin` event below opens transactions, not the driver
        _turn_wal_on(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred transaction lets two people claim the same case; writers queue up at their first statement.
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def _turn_wal_on(connection: sqlite3.Connection) -> None:
    """Retried here: where two programs open a new file at once, SQLite does not wait for this one statement."""
    give_up_at_s = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at_s:
                raise
            time.sleep(random.uniform(0.001, 0.01))


def _postgresql_engine(url: Any) -> Engine:
    engine = create_engine(
        url,
        pool_size=2,
        max_overflow=3,
        pool_timeout=CONNECT_TIMEOUT_S,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "firstline"},
    )
    return asked_when_rested(engine)
