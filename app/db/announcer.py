"""Wakes the readers of the change table on PostgreSQL: after the commit, at most five times a second, without data.

In the whole centre, not for each desk: the function `firstline.wake` keeps when it last woke somebody. NOTIFY inside
each transaction costs up to ten times the commit rate, and from 32 busy desks four a second each still a third of it.
Where others always were faster, a busy desk asks less and less often: their wake-ups are for its changes as well.
"""

import logging
import threading
import time
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from app.db import bare_driver
from app.db.kept_connection import KeptConnection
from app.domain.errors import FirstlineError

CHANNEL = "firstline"
INTERVAL_S = 0.2  # the function `firstline.wake` has the same
MOST_REST_S = 4 * INTERVAL_S

_WAKE = bare_driver.BareStatement(text="SELECT firstline.wake(%(waited_s)s)", constants={}, conversions=())

_log = logging.getLogger("firstline.db")


class Announcer:
    """Asks for a wake-up from a thread of its own, so that nobody who commits waits for one."""

    def __init__(self, connection: KeptConnection) -> None:
        self._connection = connection
        self._changed = threading.Condition()
        self._owed_since_s: float | None = None  # the oldest commit that readers were perhaps not woken for
        self._is_stopping = False
        self._thread: threading.Thread | None = None  # of a desk that has written

    def announce(self) -> None:
        """Something was committed."""
        with self._changed:
            if self._owed_since_s is not None:
                return
            self._owed_since_s = time.monotonic()
            if self._thread is None and not self._is_stopping:
                self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)
                self._thread.start()
            self._changed.notify()

    def stop(self) -> None:
        """Send what is owed, and wait until it is sent."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify()
        if self._thread:
            self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        rest_s = 0.0
        while (since_s := self._next(rest_s)) is not None:
            again_s = self._wake(since_s)
            if again_s is None:
                rest_s = min(2 * max(rest_s, INTERVAL_S), MOST_REST_S)
                continue
            rest_s = again_s or INTERVAL_S
            if again_s:
                with self._changed:
                    self._owed_since_s = since_s

    def _next(self, rest_s: float) -> float | None:
        """Since when something is owed, after the rest; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_stopping, rest_s)
            self._changed.wait_for(lambda: self._is_stopping or self._owed_since_s is not None)
            since_s, self._owed_since_s = self._owed_since_s, None
            return since_s

    def _wake(self, since_s: float) -> float | None:
        """After how many seconds to ask again; 0 when this woke all, None when somebody else had."""
        waited_s = None if self._is_stopping else time.monotonic() - since_s
        try:
            with self._connection.one() as connection:
                again_s: float | None
                (again_s,) = bare_driver.first_row(connection, _WAKE, {"waited_s": waited_s}) or (0.0,)
                return again_s
        except (SQLAlchemyError, FirstlineError) as error:  # a lost wake-up only delays: readers poll as well
            _log.warning("wake-up not sent: %s", type(error).__name__)
            return 0.0


def channel_of(person_id: UUID) -> str:
    """On which one person's desk alone is woken: at once, however lately all were."""
    return f"{CHANNEL}_{person_id.hex}"
