"""Connections kept at hand between commands: fetching one from the pool costs as much as a command itself."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from app.db.liveness import Liveness


class KeptConnections:
    """One for each thread that is just writing, mostly one in all; what rested goes through the pool, which asks it."""

    def __init__(self, engine: Engine, liveness: Liveness) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._liveness = liveness
        self._idle: list[tuple[float, Connection]] = []  # the one used last stands last

    @contextmanager
    def one(self) -> Iterator[Connection]:
        """A connection on which each statement commits by itself."""
        connection = self._taken()
        try:
            yield connection
        except BaseException:
            if connection.invalidated:
                self._liveness.suspect_all()
            connection.close()
            raise
        if connection.in_transaction():  # it read something
            connection.commit()
        self._idle.append((time.monotonic(), connection))

    def close(self) -> None:
        while self._idle:
            self._idle.pop()[1].close()

    def _taken(self) -> Connection:
        while self._idle:
            used_at_s, connection = self._idle.pop()
            if self._liveness.is_trusted(used_at_s):
                return connection
            connection.close()
        return self._engine.connect()
