"""What the shell gives to each screen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.bootstrap import Desk
from ui.background import Background
from ui.bridge import Bridge
from ui.theme import Tone


class Notifier(Protocol):
    """How a screen speaks to the person, in the window and without taking the focus."""

    def confirm(self, text: str, *, undo: Callable[[], None] | None = None, seconds: float = 5.0) -> object:
        """A short confirmation, with "Undo" for as long as it stands."""

    def hint(self, text: str) -> None:
        """What a key would need to do something; it goes by itself."""

    def warn(self, text: str, tone: Tone = Tone.WARNING) -> None:
        """A sentence that stays until the person closes it."""


@dataclass(frozen=True, slots=True)
class ScreenContext:
    desk: Desk
    background: Background
    bridge: Bridge
    notifier: Notifier
