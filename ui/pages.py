"""What stands in the place of a screen until it is left: the undelivered, messages, a suggestion."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.i18n import tr
from ui.context import ScreenContext
from ui.widgets.key_button import KeyButton


class Page(QWidget):
    """Left by Escape and by the button, which each page puts where its own are."""

    left = Signal()
    """The person has seen enough."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self.back = KeyButton(tr("Back to work"), "Esc")
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.back.clicked.connect(self.left)

    def focus(self) -> None:
        """Where the keys go once it is shown."""
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


class Pages:
    """At most one page at a time; the screen that it stands in the place of comes back."""

    def __init__(self, screens: QStackedWidget) -> None:
        self.shown: Page | None = None
        self.before = 0  # the number of the screen
        self._screens = screens

    def show(self, page: Page) -> None:
        """Put a page in the place of the screen, or of another page."""
        if self.shown is None:
            self.before = self._screens.currentIndex()
        self.close()
        self.shown = page
        self._screens.addWidget(page)
        self._screens.setCurrentWidget(page)
        page.focus()

    def close(self) -> None:
        """Take the page away; who calls this shows a screen."""
        if page := self.shown:
            self.shown = None
            self._screens.removeWidget(page)
            page.deleteLater()
