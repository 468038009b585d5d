"""Looks for what many ask about at once, when something changed and now and then; of many desks one at a time looks."""

import random
import threading
from collections.abc import Callable

from app.desk.sleeper import Sleeper

SOON_S = (0.3, 1.5)  # after a change: not all desks at once
AGAIN_S = (2.2, 3.5)  # somebody looked just before, and may not have seen what changed
ANYWAY_S = (30.0, 60.0)  # searches in vain tell nobody that they were made


class Lookout(Sleeper):
    """Sleeps until something changed, or for a while."""

    def __init__(self, take_turn: Callable[[], bool], look: Callable[[], object]) -> None:
        """
        Args:
            take_turn: whether it is for this desk to look now.
            look: looks.
        """
        super().__init__("lookout", self._look_around, SOON_S)
        self._take_turn = take_turn
        self._look = look
        self._asked = threading.Event()  # for a change, and not just now and then

    def on_changed(self) -> None:
        """Something was escalated, perhaps."""
        self._asked.set()
        self.hurry(random.uniform(*SOON_S))

    def _look_around(self) -> float:
        was_asked = self._asked.is_set()
        if was_asked:
            self._asked.clear()  # whoever asks from now on hurries too
        if self._take_turn():
            self._look()
            return random.uniform(*ANYWAY_S)
        return random.uniform(*(AGAIN_S if was_asked else ANYWAY_S))
