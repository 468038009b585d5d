"""Looks for a supervisor's desk whether a promise is about to break, when the next one may be."""

import logging
import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from app.domain.errors import FirstlineError

APART_S = 1.0  # so that not all desks look at once, and none looks without pause
LONGEST_S = 60.0  # what was escalated meanwhile may be due earlier, whatever was heard of it
_log = logging.getLogger("firstline.desk")


class AlarmClock:
    """A thread of its own that sleeps until the next step of any clock comes."""

    def __init__(self, raise_due: Callable[[], timedelta | None]) -> None:
        """
        Args:
            raise_due: records what has come to a step; the time until the next one.
        """
        self._raise_due = raise_due
        self._wake = threading.Condition()
        self._is_stopping = False
        self._is_there = False
        self._look_at_s = 0.0
        self._thread = threading.Thread(target=self._run, name="alarm clock", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._wake:
            self._is_stopping = True
            self._wake.notify()
        self._thread.join()

    def on_contact(self, is_there: bool) -> None:
        with self._wake:
            self._is_there = is_there
            self._look_at_s = time.monotonic()
            self._wake.notify()

    def on_changed(self) -> None:
        """Cases or rules are others now: something may be due earlier."""
        with self._wake:
            self._look_at_s = min(self._look_at_s, time.monotonic() + APART_S)
            self._wake.notify()

    def _run(self) -> None:
        while self._wait():
            left: timedelta | None = None
            try:
                left = self._raise_due()
            except FirstlineError:  # the feed says that the database is away
                left = timedelta(seconds=LONGEST_S)
            except Exception:  # noqa: BLE001 - the edge of this thread
                _log.exception("alarm clock")
            pause_s = LONGEST_S if left is None else min(left.total_seconds(), LONGEST_S)
            with self._wake:
                self._look_at_s = time.monotonic() + pause_s + random.uniform(APART_S / 2, APART_S)

    def _wait(self) -> bool:
        """Sleep until it is time to look; False at the end."""
        with self._wake:
            while not self._is_stopping:
                left_s = self._look_at_s - time.monotonic()
                if self._is_there and left_s <= 0:
                    return True
                self._wake.wait(left_s if self._is_there else None)
        return False
