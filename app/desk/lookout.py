"""Looks for what many ask about at once, when something changed and now and then; of many desks one at a time looks."""

import logging
import random
import threading
import time
from collections.abc import Callable

from app.domain.errors import FirstlineError

SOON_S = (0.3, 1.5)  # after a change: not all desks at once
AGAIN_S = (2.2, 3.5)  # somebody looked just before, and may not have seen what changed
ANYWAY_S = (30.0, 60.0)  # searches in vain tell nobody that they were made

_log = logging.getLogger("firstline.desk")


class Lookout:
    """A thread of its own that sleeps until it is time to look."""

    def __init__(self, take_turn: Callable[[], bool], look: Callable[[], object]) -> None:
        """
        Args:
            take_turn: whether it is for this desk to look now.
            look: looks.
        """
        self._take_turn = take_turn
        self._look = look
        self._wake = threading.Condition()
        self._is_stopping = False
        self._is_there = False
        self._is_asked = self._was_asked = False  # for a change, and not just now and then
        self._at_s = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="lookout", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._wake:
            self._is_stopping = True
            self._wake.notify()
        self._thread.join()

    def on_contact(self, is_there: bool) -> None:
        """The database comes or goes."""
        with self._wake:
            self._is_there = is_there
            self._at_s = time.monotonic() + random.uniform(*SOON_S)
            self._wake.notify()

    def on_changed(self) -> None:
        """Something was escalated, perhaps."""
        with self._wake:
            self._is_asked = True
            self._at_s = min(self._at_s, time.monotonic() + random.uniform(*SOON_S))
            self._wake.notify()

    def _run(self) -> None:
        while self._is_time():
            again_s = ANYWAY_S
            try:
                if self._take_turn():
                    self._look()
                elif self._was_asked:
                    again_s = AGAIN_S
            except FirstlineError:  # the feed says that the database is away
                pass
            except Exception:  # noqa: BLE001 - the edge of this thread
                _log.exception("lookout")
            with self._wake:
                self._at_s = min(self._at_s, time.monotonic() + random.uniform(*again_s))

    def _is_time(self) -> bool:
        """Wait until it is; False at the end."""
        with self._wake:
            while not self._is_stopping:
                left_s = self._at_s - time.monotonic()
                if self._is_there and left_s <= 0:
                    self._at_s = time.monotonic() + ANYWAY_S[1]
                    self._was_asked, self._is_asked = self._is_asked, False
                    return True
                self._wake.wait(left_s if self._is_there else None)
        return False
