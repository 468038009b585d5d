"""Says for a desk that it lives, as long as its person has cases, and looks after the cases of desks that died.

A desk whose person has no cases asks nothing of the database, and as long as nobody has any, no desk does.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from app.domain.errors import FirstlineError

RENEW_S = 60.0
SETTLED_S = 300.0  # in contact for so long, before others are judged: after an outage they renew first
APART_S = 60.0  # so that not all desks look at once

_log = logging.getLogger("firstline.desk")


class AtWork:
    """A thread of its own that sleeps until something is due."""

    def __init__(self, renew: Callable[[], bool], hand_back: Callable[[], timedelta | None], span: timedelta) -> None:
        """
        Args:
            renew: renews the person's lease; whether the person has cases.
            hand_back: hands back what has lapsed; the time until the next lease runs out.
            span: how long a lease runs.
        """
        self._renew = renew
        self._hand_back = hand_back
        self._span_s = span.total_seconds()
        self._wake = threading.Condition()
        self._is_stopping = False
        self._is_there = False
        self._contact_at_s = 0.0
        self._renew_at_s: float | None = None
        self._look_at_s: float | None = None
        self._thread = threading.Thread(target=self._run, name="at work", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._wake:
            self._is_stopping = True
            self._wake.notify()
        self._thread.join()

    def on_contact(self, is_there: bool) -> None:
        """The database comes, and a lease may be about to run out; or it goes."""
        with self._wake:
            self._is_there = is_there
            now_s = time.monotonic()
            self._contact_at_s = now_s
            self._renew_at_s = now_s
            self._look_at_s = now_s + SETTLED_S + random.uniform(0, APART_S)
            self._wake.notify()

    def on_cases_changed(self) -> None:
        """The person may have cases now, and others too."""
        with self._wake:
            now_s = time.monotonic()
            if self._renew_at_s is None:
                self._renew_at_s = now_s + random.uniform(0, RENEW_S)
            if self._look_at_s is None:
                self._look_at_s = now_s + self._span_s + random.uniform(0, APART_S)
            self._wake.notify()

    def _run(self) -> None:
        while work := self._due():
            try:
                work()
            except FirstlineError:  # the feed says that the database is away; what is due is tried again
                continue
            except Exception:  # noqa: BLE001 - the edge of this thread
                _log.exception("at work")

    def _due(self) -> Callable[[], None] | None:
        """Wait for what is due next; None at the end."""
        with self._wake:
            while not self._is_stopping:
                now_s = time.monotonic()
                due_s = [at_s for at_s in (self._renew_at_s, self._look_at_s) if at_s is not None]
                if not self._is_there or not due_s:
                    self._wake.wait()
                elif min(due_s) > now_s:
                    self._wake.wait(min(due_s) - now_s)
                elif self._renew_at_s is not None and self._renew_at_s <= now_s:
                    self._renew_at_s = now_s + RENEW_S  # also when it fails
                    return self._renewed
                else:
                    self._look_at_s = now_s + APART_S
                    return self._looked
        return None

    def _renewed(self) -> None:
        has_cases = self._renew()
        with self._wake:
            if not has_cases:
                self._renew_at_s = None

    def _looked(self) -> None:
        left = self._hand_back()
        with self._wake:
            apart_s = random.uniform(0, APART_S)
            self._look_at_s = None if left is None else time.monotonic() + left.total_seconds() + apart_s
