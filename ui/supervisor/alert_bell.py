"""How alerts make themselves noticed besides the board: bell, tray, taskbar, and a word on any other screen."""

import time
from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from app.domain.alerts import Alert
from app.i18n import plural
from ui import icons
from ui.context import Notifier
from ui.supervisor.alert_strip import alert_words
from ui.switches import DEFAULT_SWITCHES

REST_S = 30.0  # between two sounds, whatever happens
_TRAY_MS = 10_000


class AlertBell(QObject):
    """Sounds for alerts that are new and that nobody has seen; those of the start are told by the board alone."""

    def __init__(
        self,
        board: QWidget,
        notifier: Notifier,
        beep: Callable[[], None] = QApplication.beep,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(board)
        self._board = board
        self._notifier = notifier
        self._beep = beep
        self._now_s = now_s
        self._known: frozenset[UUID] | None = None
        self._waiting: frozenset[UUID] = frozenset()
        self._rung_at_s = float("-inf")
        self._tray: QSystemTrayIcon | None = None
        self.switches = DEFAULT_SWITCHES

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
        title, words = plural(len(alerts), "An alert", "{n} alerts"), [alert_words(alert) for alert in alerts]
        if self.switches.alert_sound:
            self._beep()
        if self.switches.alert_taskbar:
            QApplication.alert(self._board.window())
        if self.switches.alert_tray and QSystemTrayIcon.isSystemTrayAvailable():
            self._show_in_tray(title, "\n".join(words))
        if not self._board.isVisible():
            self._notifier.warn(f"{title}: {'   ·   '.join(words)}")

    def _show_in_tray(self, title: str, words: str) -> None:
        if self._tray is None:
            self._tray = QSystemTrayIcon(icons.icon("warning"), self)
            self._tray.show()
        self._tray.showMessage(title, words, icons.icon("warning"), _TRAY_MS)
