"""Parts one below the other that are scrolled where there is no room for all of them, and never squeezed."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import scaled


class ScrolledColumn(QScrollArea):
    """As high as its parts ask for at this width, if the layout that it stands in has so much."""

    def __init__(self, width_px: int, parts: tuple[QWidget, ...]) -> None:
        super().__init__()
        self._width_px = width_px
        self._page = QWidget()
        self._page.setProperty("kind", "page")
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(8))
        for part in parts:
            column.addWidget(part)
        self.setWidget(self._page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        """All of it."""
        return QSize(self._width_px, self._page.heightForWidth(self._width_px))

    def minimumSizeHint(self) -> QSize:
        """The rest is scrolled to."""
        return QSize(self._width_px, min(self.sizeHint().height(), scaled(120)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room."""
        super().resizeEvent(event)
        self._choose_bar()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A part that comes, goes or grows makes the column another one."""
        if watched is self._page and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            QTimer.singleShot(0, self, self._choose_bar)  # when the layout around has answered
        return super().eventFilter(watched, event)

    def _choose_bar(self) -> None:
        """Left alone, Qt keeps a bar that makes the parts so narrow and thereby high that they need it."""
        fits = self._page.heightForWidth(self._width_px) <= self.height()
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        if policy != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)
