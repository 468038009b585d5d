"""How a call makes itself noticed besides the card: bell, message of the system's tray, taskbar. Never by the focus."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from app.i18n import tr
from ui import icons
from ui.call_desk import CallDesk
from ui.colours import colours
from ui.switches import DEFAULT_SWITCHES, Switches

BEEP_MS = 3_000  # the program brings no sound of its own: the system's bell, until somebody takes the call
_TRAY_MS = 10_000


class RingAlerts(QObject):
    """Follows the call that rings; one that was noticed stops all of it."""

    def __init__(self, window: QWidget, calls: CallDesk, beep: Callable[[], None] = QApplication.beep) -> None:
        super().__init__(calls)
        self._window = window
        self._calls = calls
        self._beep = beep
        self._switches = DEFAULT_SWITCHES
        self._ringing: UUID | None = None
        self._tray: QSystemTrayIcon | None = None
        self._repeat = QTimer(self)
        self._repeat.setInterval(BEEP_MS)
        self._repeat.timeout.connect(self._beep)
        calls.changed.connect(self._on_changed)

    @property
    def switches(self) -> Switches:
        """As they are now."""
        return self._switches

    @property
    def is_sounding(self) -> bool:
        """It beeps now and again."""
        return self._repeat.isActive()

    def use(self, switches: Switches) -> None:
        """From now on, also for a call that rings already."""
        self._switches = switches
        self._calls.shows_whole_card = switches.ring_card
        self._ringing = None
        self._stop()
        self._on_changed()
        self._calls.changed.emit()

    def _on_changed(self) -> None:
        ringing = self._calls.ringing
        call_id = ringing.call.id if ringing and not ringing.call.is_outgoing else None
        if call_id == self._ringing:
            return
        self._ringing = call_id
        self._stop()
        if call_id:
            self._begin(self._switches)

    def _begin(self, switches: Switches) -> None:
        if switches.ring_sound and not self._calls.is_talking:  # who talks sees it; a bell would be heard on the phone
            self._beep()
            self._repeat.start()
        if switches.ring_taskbar:
            QApplication.alert(self._window)
        if switches.ring_tray and QSystemTrayIcon.isSystemTrayAvailable():
            self._show_in_tray()

    def _show_in_tray(self) -> None:
        """Without a name: the system may keep its messages."""
        if self._tray is None:
            self._tray = QSystemTrayIcon(icons.icon("phone-incoming", colours().accent), self)
        self._tray.show()
        self._tray.showMessage("Firstline", tr("A call rings."), QSystemTrayIcon.MessageIcon.Information, _TRAY_MS)

    def _stop(self) -> None:
        self._repeat.stop()
        if self._tray:
            self._tray.hide()
