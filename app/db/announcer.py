"""Wakes the readers of the change table on PostgreSQL: after the commit, at most four times a second, without data."""

import logging
import threading
import time
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from app.db.kept_connection import KeptConnections
from app.domain.errors import FirstlineError

CHANNEL = "firstline"
INTERVAL_S = 0.25  # NOTIFY inside each transaction costs up to ten times the commit rate; four a second cost nothing

# One trip. Nobody waits until the wake-up is safe on the disk: other wake-ups would wait for that in a row.
_WAKE_UP = f"BEGIN; SET LOCAL synchronous_commit = off; NOTIFY {CHANNEL}; COMMIT"

_log = logging.getLogger("firstline.db")


class Announcer:
    """Sends NOTIFY now, or once at the end of the interval when it was sent just before."""

    def __init__(self, connections: KeptConnections) -> None:
        self._connections = connections
        self._lock = threading.Lock()
        self._sending = threading.Lock()  # a timer may still be sending when the next one is made
        self._sent_at_s = 0.0
        self._is_owed = False  # a wake-up at the end of the interval
        self._timer: threading.Timer | None = None

    def announce(self) -> None:
        with self._lock:
            if self._is_owed:
                return
            now_s = time.monotonic()
            wait_s = self._sent_at_s + INTERVAL_S - now_s
            if wait_s > 0:
                self._is_owed = True
                self._timer = threading.Timer(wait_s, self._send_owed)
                self._timer.daemon = True
                self._timer.start()
                return
            self._sent_at_s = now_s
        self._send()

    def stop(self) -> None:
        """Send what is owed, and wait for a timer that is sending just now."""
        with self._lock:
            timer = self._timer
        if timer:
            timer.cancel()
            timer.join()
        self._send_owed()

    def _send_owed(self) -> None:
        with self._sending:
            with self._lock:
                if not self._is_owed:
                    return
                self._is_owed = False
                self._sent_at_s = time.monotonic()
            self._send()

    def _send(self) -> None:
        try:
            with self._connections.one() as connection:
                connection.exec_driver_sql(_WAKE_UP)
        except (SQLAlchemyError, FirstlineError) as error:  # a lost wake-up only delays: readers poll as well
            _log.warning("wake-up not sent: %s", type(error).__name__)


def channel_of(person_id: UUID) -> str:
    """On which one person's desk alone is woken: at once, not four times a second."""
    return f"{CHANNEL}_{person_id.hex}"
