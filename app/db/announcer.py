"""Wakes the readers of the change table on PostgreSQL: after the commit, at most four times a second, without data."""

import logging
import threading
import time

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

CHANNEL = "firstline"
INTERVAL_S = 0.25  # NOTIFY inside each transaction costs up to ten times the commit rate; four a second cost nothing

_log = logging.getLogger("firstline.db")


class Announcer:
    """Sends NOTIFY now, or once at the end of the interval when it was sent just before."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._sent_at_s = 0.0
        self._trailing: threading.Timer | None = None

    def announce(self) -> None:
        with self._lock:
            if self._trailing:
                return
            wait_s = self._sent_at_s + INTERVAL_S - time.monotonic()
            if wait_s > 0:
                self._trailing = threading.Timer(wait_s, self._send)
                self._trailing.daemon = True
                self._trailing.start()
                return
        self._send()

    def stop(self) -> None:
        with self._lock:
            trailing, self._trailing = self._trailing, None
        if trailing:
            trailing.cancel()
            trailing.join()
            self._send()

    def _send(self) -> None:
        with self._lock:
            self._trailing = None
            self._sent_at_s = time.monotonic()
        try:
            with self._engine.begin() as connection:
                connection.execute(text(f"NOTIFY {CHANNEL}"))
        except SQLAlchemyError as error:  # a lost wake-up only delays: readers poll as well
            _log.warning("wake-up not sent: %s", type(error).__name__)
