"""The time since something began, counting; one timer serves all such labels of the process."""

from collections.abc import Callable
from datetime import UTC, datetime
from weakref import WeakSet

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ui.widgets.plain_label import PlainLabel

_STEP_MS = 250  # a second is never skipped, and shown at most a quarter late


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


def duration_text(seconds: float) -> str:
    """`mm:ss`, from an hour on `h:mm:ss`; a clock that runs behind the server's gives 00:00."""
    whole = max(0, int(seconds))
    minutes, second = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes:02}:{second:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{second:02}"


class Elapsed(PlainLabel):
    """Shows the time since `since`, an aware time; "–" while there is none."""

    def __init__(
        self,
        since: datetime | None = None,
        parent: QWidget | None = None,
        *,
        kind: str = "",
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__("", parent, kind=kind)
        self._since = since
        self._now = now
        self.tick()

    @property
    def since(self) -> datetime | None:
        """When it began."""
        return self._since

    def set_since(self, since: datetime | None) -> None:
        """Count from another time."""
        self._since = since
        self.tick()
        if since is not None and self.isVisible():
            _clock().add(self)

    def tick(self) -> None:
        """Show the time as it is now."""
        text = "–" if self._since is None else duration_text((self._now() - self._since).total_seconds())
        if text != self.text():
            self.setText(text)

    @property
    def is_running(self) -> bool:
        """It has something to count and somebody can see it."""
        return self._since is not None and self.isVisible()

    def showEvent(self, event: QShowEvent) -> None:
        """Count while it is seen."""
        super().showEvent(event)
        self.tick()
        _clock().add(self)


class _Clock(QObject):
    """Ticks while at least one label counts."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("elapsed_clock")
        self._labels: WeakSet[Elapsed] = WeakSet()
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._on_tick)

    def add(self, label: Elapsed) -> None:
        self._labels.add(label)
        if not self._timer.isActive():
            self._timer.start()

    def _on_tick(self) -> None:
        for label in list(self._labels):
            if isValid(label) and label.is_running:
                label.tick()
            else:
                self._labels.discard(label)
        if not self._labels:
            self._timer.stop()


def _clock() -> _Clock:
    app = QCoreApplication.instance()
    assert app is not None  # there is a label, so there is an application
    return app.findChild(_Clock, "elapsed_clock") or _Clock(app)
