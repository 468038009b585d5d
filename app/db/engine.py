"""The way into the shared database: `read()` and `write()`."""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import Session

from app.db import address
from app.db.address import Access
from app.db.announcer import Announcer
from app.db.broker import BrokerAddress
from app.db.errors import errors_translated
from app.db.kept_connection import KeptConnection
from app.db.liveness import Liveness
from app.domain.errors import NotAllowed, Unavailable

BUSY_TIMEOUT_MS = 5_000
POOL_WAIT_S = 5
REPLICA_PAUSE_S = 30.0  # after a replica that did not answer


class Database:
    """One shared database: `sqlite:///path` or `postgresql://person@host/name`. Safe to use from all threads."""

    def __init__(self, url: str, access: Access = Access()) -> None:  # noqa: B008 - frozen
        """
        Raises:
            NotAllowed: the address is none, or is less safe than it must be.
        """
        self.is_sqlite = not address.is_postgresql(url)
        self.is_pooled = access.is_pooled and not self.is_sqlite
        self.is_heard = not (self.is_sqlite or self.is_pooled) and access.wake in ("", "listen")
        has_broker = access.wake not in ("", "listen", "poll")
        self.broker = BrokerAddress.of(access.wake, access.wake_password) if has_broker else None
        self.file: Path | None = None
        self._replica: Engine | None = None
        self._replica_rests_until_s = 0.0
        if self.is_sqlite:
            parsed = _parsed(url)
            self.file = Path(parsed.database) if parsed.database else None
            self.engine = _sqlite_engine(parsed)
        else:
            self._connect = _connector(url, access)
            self.engine = _postgresql_engine(self._connect)
            if access.replica:
                self._replica = _postgresql_engine(_connector(access.replica, access, "any"))
        self._writing = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        self._kept: KeptConnection | None = None
        self._announcer: Announcer | None = None
        if not self.is_sqlite:
            liveness = Liveness(self.engine)
            self._kept = KeptConnection(self.engine, liveness)
            self._announcer = Announcer(KeptConnection(self.engine, liveness))

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One reading transaction, ended at once: an open one makes claims of others slower."""
        with errors_translated(), Session(self.engine) as session:
            yield session

    @contextmanager
    def read_replica(self) -> Iterator[Session]:
        """As `read`, from the replica where there is one that answers: what it shows may be seconds behind."""
        with errors_translated(), self._replica_or_primary() as connection, Session(connection) as session:
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
    def direct(self) -> Iterator[Connection]:
        """For writing without the ORM, in single statements: on PostgreSQL each commits by itself.

        That saves two trips to the server. On SQLite the block is one transaction. Who changed something calls
        `announce` afterwards.
        """
        with errors_translated(), self._kept.one() if self._kept else self._writing.begin() as connection:
            yield connection

    def announce(self) -> None:
        """Wake the readers of the change table: something was committed."""
        if self._announcer:
            self._announcer.announce()

    def connect(self) -> address.Connection:
        """A connection to PostgreSQL outside the pool, in autocommit mode, for who listens."""
        return self._connect(autocommit=True)

    def close(self) -> None:
        if self._announcer:
            self._announcer.stop()
        if self._kept:
            self._kept.close()
        self.engine.dispose()
        if self._replica:
            self._replica.dispose()

    def _replica_or_primary(self) -> Connection:
        if self._replica and time.monotonic() >= self._replica_rests_until_s:
            try:
                with errors_translated():
                    return self._replica.connect()
            except Unavailable:
                self._replica_rests_until_s = time.monotonic() + REPLICA_PAUSE_S
        return self.engine.connect()


def _connector(url: str, access: Access, session_attrs: str = "") -> "partial[address.Connection]":
    """What makes a new connection; it holds a password only where the address told one."""
    made = address.parameters(url, access)
    if session_attrs:
        made["target_session_attrs"] = session_attrs
    told = address.password_in(url)
    if told is not None:
        access = replace(access, password=lambda: told)
    return partial(address.connect, made, access)


def _parsed(url: str) -> Any:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            raise ArgumentError(url)
        return parsed
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise NotAllowed(address.no_address()) from None  # without the address: it may hold a password


def _sqlite_engine(url: Any) -> Engine:
    """On a file that is there: a connection never makes one, or an empty file could take the place of a moved one."""
    timeout_s = BUSY_TIMEOUT_MS / 1000
    if url.database is None or "uri" in url.query:
        engine = create_engine(url, connect_args={"timeout": timeout_s}, hide_parameters=True)
    else:
        address = f"{Path(url.database).absolute().as_uri()}?mode=rw"
        connect = partial(sqlite3.connect, address, uri=True, timeout=timeout_s, check_same_thread=False)
        engine = create_engine(url, creator=connect, hide_parameters=True)

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


def _postgresql_engine(connect: "partial[address.Connection]") -> Engine:
    engine = create_engine(
        "postgresql+psycopg://",
        creator=connect,
        hide_parameters=True,  # an error with them in it may be logged, and they are a customer's
        pool_size=2,
        max_overflow=4,
        pool_timeout=POOL_WAIT_S,
    )

    @event.listens_for(engine, "handle_error")
    def _leave(context: ExceptionContext) -> None:
        """A server that takes no writes any more was the primary: look for the new one, with new connections."""
        if getattr(context.original_exception, "sqlstate", None) == "25006":
            context.is_disconnect = True

    return engine
