"""Looks for a supervisor's desk whether a promise is about to break, when the next one may be."""

import random
from collections.abc import Callable
from datetime import timedelta

from app.desk.sleeper import Sleeper

APART_S = 1.0  # so that not all desks look at once, and none looks without pause
LONGEST_S = 60.0  # what was escalated meanwhile may be due earlier, whatever was heard of it


class AlarmClock(Sleeper):
    """Sleeps until the next step of any clock comes."""

    def __init__(self, raise_due: Callable[[], timedelta | None]) -> None:
        """
        Args:
            raise_due: records what has come to a step; the time until the next one.
        """
        super().__init__("alarm clock", self._look)
        self._raise_due = raise_due

    def on_changed(self) -> None:
        """Cases or rules are others now: something may be due earlier."""
        self.hurry(APART_S)

    def _look(self) -> float:
        left = self._raise_due()
        pause_s = LONGEST_S if left is None else min(left.total_seconds(), LONGEST_S)
        return pause_s + random.uniform(APART_S / 2, APART_S)
