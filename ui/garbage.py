"""Garbage is collected on the UI thread, between two events, and at no other time.

A collection begins wherever Python happens to need memory. In a worker, or in a widget's own method while Qt goes
through all widgets, it destroys QObjects under Qt's hands, and aborts the program.
"""

import gc
from itertools import count

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 2_000
FULL_EVERY = 30  # so that each minute nothing is left; it takes some milliseconds, what was there at the start aside


def collect_here(window: QObject) -> None:
    """From now on, as long as there is this window."""
    gc.disable()
    counted = count(1)
    timer = QTimer(window, interval=INTERVAL_MS)
    timer.timeout.connect(lambda: gc.collect(2 if next(counted) % FULL_EVERY == 0 else 1))
    timer.start()


def keep_all() -> None:
    """What is here by now stays to the end: no later collection looks at it."""
    gc.collect()
    gc.freeze()
