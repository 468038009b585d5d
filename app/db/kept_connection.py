"""A connection kept at hand between commands: fetching one from the pool costs as much as a command itself."""

import time

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

    def one(self) -> "_Lent":
        """A connection, for a `with` block, on which each statement commits by itself."""
        return _Lent(self)

    def close(self) -> None:
        while self._idle:
            self._idle.pop()[1].close()

    def take(self) -> Connection:
        return self._rested() or self._engine.connect()

    def give_back(self, connection: Connection) -> None:
        if connection.in_transaction():  # it read something
            connection.commit()
        if self._idle:
            connection.close()
        else:
            self._idle.append((time.monotonic(), connection))

    def give_up(self, connection: Connection) -> None:
        """It is in the state that an error left it in."""
        if connection.invalidated:
            self._liveness.suspect_all()
        connection.close()

    def _rested(self) -> Connection | None:
        """The one that is kept, if it is not in use and need not be asked whether it lives."""
        try:
            used_at_s, connection = self._idle.pop()
        except IndexError:
            return None
        if self._liveness.is_trusted(used_at_s):
            return connection
        connection.close()
        return None


class _Lent:
    """A connection for the time of a block; a generator would take twice as long in each command."""

    def __init__(self, kept: KeptConnection) -> None:
        self._kept = kept

    def __enter__(self) -> Connection:
        self._connection = self._kept.take()
        return self._connection

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if error is None:
            self._kept.give_back(self._connection)
        else:
            self._kept.give_up(self._connection)
