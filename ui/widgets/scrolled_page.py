"""A page that is scrolled where there is not the height for it, and never squeezed."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from ui.theme import scaled


class ScrolledPage(QScrollArea):
    """As wide as its page must be with a bar beside it, so that none is ever scrolled sideways."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self._page = page
        page.setProperty("kind", "page")
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        """All of it."""
        return self._page.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """The rest is scrolled to."""
        width = self._page.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, scaled(120))

    def focus(self, part: QWidget, reason: Qt.FocusReason) -> None:
        """Give a part of the page the focus, where it is seen."""
        part.setFocus(reason)
        self.ensureWidgetVisible(part)
