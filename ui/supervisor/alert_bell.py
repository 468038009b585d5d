"""How alerts make themselves noticed besides the board: bell, tray, taskbar; many at once make one sound."""

import time
from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from app.domain.alerts import Alert
from app.i18n import plural
from ui import icons
from ui.supervisor.alert_strip import alert_words

REST_S = 30.0  # between two sounds, whatever happens
_TRAY_MS = 10_000


class AlertBell(QObject):
    """Sounds for alerts that are new and that nobody has seen; those of the start are told by the board alone."""

    def __init__(
        self,
        board: QWidget,
        beep: Callable[[], None] = QApplication.beep,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(board)
        self._board = board
        self._beep = beep
        self._now_s = now_s
        self._known: frozenset[UUID] | None = None
        self._waiting: frozenset[UUID] = frozenset()
        self._rung_at_s = float("-inf")
        self._tray: QSystemTrayIcon | None = None
        self.has_sound, self.has_tray = True, True

    def follow(self, alerts: Sequence[Alert]) -> None:
        """Ring for what is new; within the rest after a sound it waits, and is told together."""
        unseen = {alert.id: alert for alert in alerts if not alert.seen_by and alert.ended_at is None}
        if self._known is None:
            self._known = frozenset(unseen)
        new = (frozenset(unseen) - self._known) | (self._waiting & frozenset(unseen))
        self._known = frozenset(unseen) | self._known
        self._waiting = new
        if new and self._now_s() >= self._rung_at_s + REST_S:
            self._rung_at_s = self._now_s()
            self._waiting = frozenset()
            self._ring([unseen[id_] for id_ in new])

    def _ring(self, alerts: Sequence[Alert]) -> None:
        if self.has_sound:
            self._beep()
        QApplication.alert(self._board.window())
        if self.has_tray and QSystemTrayIcon.isSystemTrayAvailable():
            if self._tray is None:
                self._tray = QSystemTrayIcon(icons.icon("warning"), self)
                self._tray.show()
            words = "\n".join(map(alert_words, alerts))
            self._tray.showMessage(
                plural(len(alerts), "An alert", "{n} alerts"), words, icons.icon("warning"), _TRAY_MS
            )
