"""When a key went down, although the program may have been busy just then."""

from math import inf
from time import monotonic

from PySide6.QtGui import QKeyEvent

_LATEST_S = 2.0  # nobody's key waits longer; the window system's clock began anew


class KeyClock:
    """Turns the window system's stamps of key events into `time.monotonic`.

    The two clocks begin anywhere. The key that was handled soonest after it went down tells how far they are apart.
    """

    def __init__(self) -> None:
        self._apart_s = inf

    def pressed_at(self, event: QKeyEvent) -> float:
        """Seconds of `time.monotonic`; now for an event without a stamp."""
        now_s = monotonic()
        stamp_s = event.timestamp() / 1000
        if not stamp_s:
            return now_s
        self._apart_s = min(self._apart_s, now_s - stamp_s)
        if now_s - stamp_s - self._apart_s > _LATEST_S:
            self._apart_s = now_s - stamp_s
        return stamp_s + self._apart_s
