"""A thread that sleeps until its work is due, and as long as the database is away."""

import logging
import random
import threading
import time
from collections.abc import Callable

from app.domain.errors import FirstlineError

AFTER_FAILURE_S = 60.0
NEVER_S = float("inf")
_log = logging.getLogger("firstline.desk")


class Sleeper:
    """Works when the database came, when somebody hurries it, and when the work itself said that it is due again."""

    def __init__(self, name: str, work: Callable[[], float], first_s: tuple[float, float] = (0.0, 0.0)) -> None:
        """
        Args:
            name: of the thread, and of what the log says.
            work: gives the seconds until it is due again, or `NEVER_S`: not before something changes. After an error
                it is due in `AFTER_FAILURE_S`.
            first_s: how long after the database came, at least and at most; so that not all desks work at once.
        """
        self._name = name
        self._work = work
        self._first_s = first_s
        self._wake = threading.Condition()
        self._is_stopping = False
        self._is_there = False
        self._due_at_s = time.monotonic()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to sleep; nothing is done before `on_contact(True)`."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; returns when work that is under way is done."""
        with self._wake:
            self._is_stopping = True
            self._wake.notify()
        self._thread.join()

    def on_contact(self, is_there: bool) -> None:
        """The database comes or goes."""
        with self._wake:
            self._is_there = is_there
            self._due_at_s = time.monotonic() + random.uniform(*self._first_s)
            self._wake.notify()

    def on_changed(self) -> None:
        """Something has changed that its work depends on."""
        self.hurry(0.0)

    def hurry(self, seconds: float) -> None:
        """Due in so many seconds, if not earlier; heard while the work is under way, it is done once more."""
        with self._wake:
            self._due_at_s = min(self._due_at_s, time.monotonic() + seconds)
            self._wake.notify()

    def _run(self) -> None:
        while self._is_time():
            again_s = AFTER_FAILURE_S
            try:
                again_s = self._work()
            except FirstlineError:  # the feed says that the database is away
                pass
            except Exception:  # noqa: BLE001 - the edge of this thread
                _log.exception("%s", self._name)
            self.hurry(again_s)

    def _is_time(self) -> bool:
        """Wait until it is; False at the end."""
        with self._wake:
            while not self._is_stopping:
                left_s = self._due_at_s - time.monotonic()
                if self._is_there and left_s <= 0:
                    self._due_at_s = NEVER_S  # until the work says when
                    return True
                self._wake.wait(left_s if self._is_there and left_s != NEVER_S else None)
        return False
