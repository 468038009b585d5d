"""A connection kept at hand between commands: fetching one from the pool costs as much as a command itself."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from app.db.liveness import Liveness


class KeptConnection:
    """Gives the one that is kept, or another from the pool while it is in use.

    Commands have one and wake-ups another, each with its own statements prepared; no more, for the pool is small and
    its other users wait. What rested goes back to the pool, which asks it whether it lives.
    """

    def __init__(self, engine: Engine, liveness: Liveness) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._liveness = liveness
        self._idle: list[tuple[float, Connection]] = []  # appending and taking are safe from all threads

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
        if self._idle:
            connection.close()
        else:
            self._idle.append((time.monotonic(), connection))

    def close(self) -> None:
        while self._idle:
            self._idle.pop()[1].close()

    def _taken(self) -> Connection:
        try:
            used_at_s, connection = self._idle.pop()
        except IndexError:
            return self._engine.connect()
        if self._liveness.is_trusted(used_at_s):
            return connection
        connection.close()
        return self._engine.connect()
