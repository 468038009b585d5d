"""What stands in the place of a screen until it is left: the undelivered, messages, a suggestion."""

from typing import Protocol, cast

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QStackedWidget, QWidget


class Page(Protocol):
    """A widget that says when the person has seen enough."""

    left: SignalInstance

    def focus(self) -> None: ...


class Pages:
    """At most one page at a time; the screen that it stands in the place of comes back."""

    def __init__(self, screens: QStackedWidget) -> None:
        self.shown: QWidget | None = None
        self.before = 0  # the number of the screen
        self._screens = screens

    def show(self, page: QWidget) -> None:
        """Put a page in the place of the screen, or of another page."""
        if self.shown is None:
            self.before = self._screens.currentIndex()
        self.close()
        self.shown = page
        self._screens.addWidget(page)
        self._screens.setCurrentWidget(page)
        cast("Page", page).focus()

    def close(self) -> None:
        """Take the page away; who calls this shows a screen."""
        if page := self.shown:
            self.shown = None
            self._screens.removeWidget(page)
            page.deleteLater()
