"""Says for a desk that it lives, as long as its person has cases, and looks after the cases of desks that died.

A desk whose person has no cases asks nothing of the database, and as long as nobody has any, no desk does.
"""

import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from app.desk.sleeper import NEVER_S, Sleeper

RENEW_S = 60.0
SETTLED_S = 300.0  # in contact for so long, before others are judged: after an outage they renew first
APART_S = 60.0  # so that not all desks look at once


class AtWork(Sleeper):
    """Sleeps until the lease is to be renewed, or somebody else's may have run out, whichever is first."""

    def __init__(self, renew: Callable[[], bool], hand_back: Callable[[], timedelta | None], span: timedelta) -> None:
        """
        Args:
            renew: renews the person's lease; whether the person has cases.
            hand_back: hands back what has lapsed; the time until the next lease runs out.
            span: how long a lease runs.
        """
        super().__init__("at work", self._do_next)
        self._renew = renew
        self._hand_back = hand_back
        self._span_s = span.total_seconds()
        self._lock = threading.Lock()
        self._renew_at_s = self._look_at_s = NEVER_S
        self._may_have_cases = False  # since the last renewal began

    def on_contact(self, is_there: bool) -> None:
        """The database comes, and a lease may be about to run out; or it goes."""
        with self._lock:
            self._renew_at_s = now_s = time.monotonic()
            self._look_at_s = now_s + SETTLED_S + random.uniform(0, APART_S)
        super().on_contact(is_there)

    def on_changed(self) -> None:
        """The person may have cases now, and others too."""
        with self._lock:
            self._may_have_cases = True
            now_s = time.monotonic()
            if self._renew_at_s == NEVER_S:
                self._renew_at_s = now_s + random.uniform(0, RENEW_S)
            if self._look_at_s == NEVER_S:
                self._look_at_s = now_s + self._span_s + random.uniform(0, APART_S)
        self.hurry(self._left_s())

    def _do_next(self) -> float:
        now_s = time.monotonic()
        with self._lock:
            is_for_renewal = self._renew_at_s <= self._look_at_s
            is_due = min(self._renew_at_s, self._look_at_s) <= now_s
            if is_due and is_for_renewal:
                self._renew_at_s = now_s + RENEW_S  # also when it fails
                self._may_have_cases = False
            elif is_due:
                self._look_at_s = now_s + APART_S
        if is_due and is_for_renewal:
            self._renew_lease()
        elif is_due:
            self._look()
        return self._left_s()

    def _left_s(self) -> float:
        with self._lock:
            return max(0.0, min(self._renew_at_s, self._look_at_s) - time.monotonic())

    def _renew_lease(self) -> None:
        has_cases = self._renew()
        with self._lock:
            if not has_cases and not self._may_have_cases:
                self._renew_at_s = NEVER_S

    def _look(self) -> None:
        left = self._hand_back()
        with self._lock:
            apart_s = random.uniform(0, APART_S)
            self._look_at_s = NEVER_S if left is None else time.monotonic() + left.total_seconds() + apart_s
