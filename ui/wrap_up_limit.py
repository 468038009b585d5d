"""Wrap-up that ends by itself, where the centre has set a limit."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QTimer

from app.domain.people import Agent, wrap_up_ends_at

TYPING_GRACE_MS = 15_000  # it does not end under the hands of who is typing


class WrapUpLimit(QObject):
    """Calls `end` when the time is over."""

    def __init__(self, limit: timedelta, end: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limit = limit
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(end)

    def begin(self, agent: Agent) -> None:
        """Count from when the agent's wrap-up began, unless it is counted already."""
        ends_at = wrap_up_ends_at(agent, self._limit)
        if ends_at and not self._timer.isActive():
            self._timer.start(max(0, int((ends_at - datetime.now(UTC)).total_seconds() * 1000)))

    def put_off(self) -> None:
        """Somebody types."""
        if self._timer.isActive() and self._timer.remainingTime() < TYPING_GRACE_MS:
            self._timer.start(TYPING_GRACE_MS)

    def stop(self) -> None:
        self._timer.stop()
