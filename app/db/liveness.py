"""Asks a pooled connection whether it lives, but only one that rested: in a busy desk the question is a trip wasted."""

import math
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

RESTED_S = 5.0

_USED_AT = "used_at_s"


class Liveness:
    """Watches an engine's connections.

    One that is found dead is replaced, with all others of the pool. One that dies soon after it was used fails its next
    statement; then the command is sent again, as after any loss of the database.
    """

    def __init__(self, engine: Engine) -> None:
        self._dialect: Any = engine.dialect
        self._suspect_until_s = -math.inf
        event.listen(engine, "checkin", self._note)
        event.listen(engine, "checkout", self._ask)

    def suspect_all(self) -> None:
        """A connection was lost; the others may be lost too, however lately they were used."""
        self._suspect_until_s = time.monotonic()

    def is_trusted(self, used_at_s: float) -> bool:
        """Whether a connection that was last used then need not be asked."""
        return used_at_s > self._suspect_until_s and time.monotonic() - used_at_s < RESTED_S

    def _note(self, _connection: object, record: Any) -> None:
        record.info[_USED_AT] = time.monotonic()

    def _ask(self, connection: Any, record: Any, _proxy: object) -> None:
        used_at_s = record.info.get(_USED_AT)
        if used_at_s is not None and not self.is_trusted(used_at_s) and not self._lives(connection):
            raise InvalidatePoolError

    def _lives(self, connection: Any) -> bool:
        try:
            return bool(self._dialect.do_ping(connection))
        except self._dialect.dbapi.Error:
            return False
