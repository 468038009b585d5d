"""How a call makes itself noticed besides the card: bell, message of the system's tray, taskbar. Never by the focus."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget

from app import settings
from app.domain.errors import FirstlineError
from app.i18n import tr
from app.settings import Settings
from ui import icons
from ui.call_desk import CallDesk
from ui.colours import colours

BEEP_MS = 3_000  # the program brings no sound of its own: the system's bell, until somebody takes the call
_TRAY_MS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RingSwitches:
    """What a ringing call may do at this desk; the names are those of the settings."""

    ring_card: bool = True
    ring_sound: bool = True
    ring_tray: bool = False
    ring_taskbar: bool = True


def switches_of(chosen: Settings) -> RingSwitches:
    return RingSwitches(
        ring_card=chosen.ring_card,
        ring_sound=chosen.ring_sound,
        ring_tray=chosen.ring_tray,
        ring_taskbar=chosen.ring_taskbar,
    )


class RingAlerts(QObject):
    """Follows the call that rings; one that was noticed stops all of it."""

    def __init__(self, window: QWidget, calls: CallDesk, beep: Callable[[], None] = QApplication.beep) -> None:
        super().__init__(calls)
        self._window = window
        self._calls = calls
        self._beep = beep
        self._switches = RingSwitches()
        self._ringing: UUID | None = None
        self._tray: QSystemTrayIcon | None = None
        self._repeat = QTimer(self)
        self._repeat.setInterval(BEEP_MS)
        self._repeat.timeout.connect(self._beep)
        calls.changed.connect(self._on_changed)

    @property
    def switches(self) -> RingSwitches:
        """As they are now."""
        return self._switches

    @property
    def is_sounding(self) -> bool:
        """It beeps now and again."""
        return self._repeat.isActive()

    def use(self, switches: RingSwitches) -> None:
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

    def _begin(self, switches: RingSwitches) -> None:
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


def add_switches(menu: QMenu, switches: RingSwitches, changed: Callable[[str, bool], None]) -> None:
    """The switches as a menu of their own; `changed(name, is_on)` is called for the one that was switched."""
    rows = (
        ("ring_card", tr("Show all about the caller on the card"), switches.ring_card),
        ("ring_sound", tr("Sound"), switches.ring_sound),
        ("ring_tray", tr("Message of the system"), switches.ring_tray),
        ("ring_taskbar", tr("Taskbar"), switches.ring_taskbar),
    )
    for name, text, is_on in rows:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(is_on)
        action.setEnabled(name != "ring_tray" or QSystemTrayIcon.isSystemTrayAvailable())
        action.toggled.connect(lambda on, of=name: changed(of, on))


def kept_switches() -> RingSwitches:
    """What is set at this desk; settings that cannot be read were told of when the desk was opened."""
    with suppress(FirstlineError):
        return switches_of(settings.load())
    return RingSwitches()
