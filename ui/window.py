"""The program's window: it stands at once, says what it waits for, then takes the screens in."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n import tr
from ui import icons
from ui.colours import colours
from ui.theme import Tone, scaled
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.help_sheet import HelpSheet
from ui.widgets.toast import Toast, show_toast

MINIMUM_SIZE = (1100, 700)


class Window(QWidget):
    """Banners above, the content below, the sheet of keys over all."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Firstline")
        self.setWindowIcon(icons.icon("mark", colours().accent))
        self.setMinimumSize(*MINIMUM_SIZE)
        self.content: QWidget = EmptyState("headset", tr("Opening …"))
        self._is_waiting = True
        self._warning = Banner(is_closable=True)
        self._warning.closed.connect(self._warning.hide)
        self._refused = Banner(is_closable=True)
        self._refused.closed.connect(self._refused.hide)
        self._trouble = Banner()
        self.help = HelpSheet(self)
        banners = QVBoxLayout()
        banners.setContentsMargins(scaled(8), 0, scaled(8), 0)
        banners.setSpacing(scaled(4))
        banners.addWidget(self._trouble)
        banners.addWidget(self._refused)
        banners.addWidget(self._warning)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.content, 1)
        self._layout.insertLayout(0, banners)

    def show_content(self, content: QWidget) -> None:
        """Put a widget in the place of the one before, which is deleted."""
        self._layout.replaceWidget(self.content, content)
        self.content.setParent(None)
        self.content.deleteLater()
        self.content = content
        self._is_waiting = False
        content.show()

    def show_opening(self) -> None:
        """What was wrong is tried again: the button is away meanwhile, so that nobody opens two desks."""
        self._trouble.hide()
        if not self._is_waiting:
            self.show_content(EmptyState("headset", tr("Opening …")))
            self._is_waiting = True

    def show_leaving(self) -> None:
        """The desk ends, and what it said with it."""
        for banner in (self._trouble, self._refused, self._warning):
            banner.hide()
        self.show_content(EmptyState("headset", tr("Signing out …")))
        self._is_waiting = True

    def show_fault(self, sentence: str, retry: Callable[[], None]) -> None:
        """The program cannot begin its work: why, and a way to try again."""
        self.show_content(EmptyState("warning", tr("Firstline cannot open its desk."), sentence))
        self._trouble.show_message(Tone.DANGER, sentence, action_text=tr("Try again"), action=retry)

    def show_trouble(self, sentence: str) -> None:
        """What hinders the work and goes by itself: a banner while it lasts; empty takes it away."""
        if sentence:
            self._trouble.show_message(Tone.WARNING, sentence, icon_name="offline")
        else:
            self._trouble.hide()

    def confirm(self, text: str, *, undo: Callable[[], None] | None = None, seconds: float = 5.0) -> Toast:
        """A short confirmation at the lower edge."""
        return show_toast(self, text, undo=undo, seconds=seconds)

    def hint(self, text: str) -> None:
        """What a key would need; at the lower edge, for a while."""
        show_toast(self, text, tone=Tone.INFO)

    def warn(self, text: str, tone: Tone = Tone.WARNING) -> None:
        """A sentence that stays until it is closed."""
        self._warning.show_message(tone, text)

    def show_refused(self, sentence: str, action_text: str = "", action: Callable[[], None] | None = None) -> None:
        """What was not done: no other sentence takes its place, it stays until closed; empty takes it away."""
        if sentence:
            self._refused.show_message(Tone.DANGER, sentence, action_text=action_text, action=action)
        else:
            self._refused.hide()
