"""How calls and alerts make themselves noticed at this desk: kept in its settings, switched in the menu at the name."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields
from enum import StrEnum

from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from app import settings
from app.domain.errors import FirstlineError
from app.i18n import tr
from app.settings import Settings


class Group(StrEnum):
    """What is noticed; the names of its switches begin with it."""

    RING = "ring_"
    ALERT = "alert_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What a ringing call and an alert may do; names and defaults are those of the settings."""

    ring_card: bool
    ring_sound: bool
    ring_tray: bool
    ring_taskbar: bool
    alert_sound: bool
    alert_tray: bool
    alert_taskbar: bool

    @classmethod
    def of(cls, chosen: Settings) -> "Switches":
        """As they are set."""
        return cls(**{field.name: getattr(chosen, field.name) for field in fields(cls)})


def add_switches(menu: QMenu, group: Group, switches: Switches, changed: Callable[[str, bool], None]) -> None:
    """The switches of a group; `changed(name, is_on)` is called for the one that was switched."""
    for name in (field.name for field in fields(Switches) if field.name.startswith(group)):
        action = menu.addAction(_text(name))
        action.setCheckable(True)
        action.setChecked(getattr(switches, name))
        action.setEnabled(not name.endswith("_tray") or QSystemTrayIcon.isSystemTrayAvailable())
        action.toggled.connect(lambda on, of=name: changed(of, on))


def group_title(group: Group) -> str:
    """The name of its menu."""
    return tr("When a call rings") if group is Group.RING else tr("When an alert comes")


def kept_switches() -> Switches:
    """What is set at this desk; settings that cannot be read were told of when the desk was opened."""
    with suppress(FirstlineError):
        return Switches.of(settings.load())
    return DEFAULT_SWITCHES


DEFAULT_SWITCHES = Switches.of(Settings())


def _text(name: str) -> str:
    return {
        "card": tr("Show all about the caller on the card"),
        "sound": tr("Sound"),
        "tray": tr("Message of the system"),
        "taskbar": tr("Taskbar"),
    }[name.split("_")[1]]
