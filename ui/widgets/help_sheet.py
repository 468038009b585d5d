"""The sheet of keys: an overlay inside the window, opened and closed by F1."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.i18n import tr
from ui.shortcuts import SheetSection, Shortcut, key_text, sheet
from ui.theme import colours, scaled
from ui.widgets.key_cap import KeyCap
from ui.widgets.plain_label import PlainLabel


class HelpSheet(QWidget):
    """Dims the window and lists the keys in two columns; the other keys go on working while it is open."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._before: QWidget | None = None
        self._card: QFrame | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        window.installEventFilter(self)
        self.hide()

    def toggle(self) -> None:
        """Open or close."""
        if self.isHidden():
            self.open()
        else:
            self.close_sheet()

    def open(self) -> None:
        """Show it in the current language; the focus comes here, so that Escape closes it."""
        self._fill()
        self._before = QApplication.focusWidget()
        self._cover()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_sheet(self) -> None:
        """Hide it; the focus goes back to where it was."""
        self.hide()
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes, also where nobody bound it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the card closes."""
        if self._card is None or not self._card.geometry().contains(event.position().toPoint()):
            self.close_sheet()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the size of the window."""
        if event.type() == QEvent.Type.Resize:
            self._cover()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim what is behind."""
        del event
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, 150 if colours().is_dark else 90))

    def _cover(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        self.resize(window.size())
        if self._card is not None:
            self._card.adjustSize()
            place = self._card.rect()
            place.moveCenter(self.rect().center())
            self._card.move(max(0, place.left()), max(0, place.top()))

    def _fill(self) -> None:
        if self._card is not None:
            self._card.deleteLater()
        self._card = QFrame(self)
        self._card.setProperty("card", "true")
        layout = QVBoxLayout(self._card)
        layout.setContentsMargins(scaled(24), scaled(20), scaled(24), scaled(20))
        layout.setSpacing(scaled(14))
        layout.addWidget(PlainLabel(tr("Keys"), kind="title"))
        columns = QHBoxLayout()
        columns.setSpacing(scaled(40))
        for sections in _halves(sheet()):
            columns.addLayout(_column(sections))
        layout.addLayout(columns)
        closing = tr("{key} closes this sheet", key=key_text(Shortcut.HELP.key))
        layout.addWidget(PlainLabel(closing, kind="muted"))
        self._card.show()


def _column(sections: list[SheetSection]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(scaled(14))
    grid.setVerticalSpacing(scaled(6))
    for section in sections:
        title = PlainLabel(section.title, kind="caption")
        if grid.rowCount() > 1:
            title.setContentsMargins(0, scaled(10), 0, 0)
        grid.addWidget(title, grid.rowCount(), 0, 1, 2)
        for key, text in section.rows:
            row = grid.rowCount()
            grid.addWidget(KeyCap(key), row, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(PlainLabel(text), row, 1)
    grid.setColumnStretch(1, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return grid


def _halves(sections: list[SheetSection]) -> tuple[list[SheetSection], list[SheetSection]]:
    """Two columns of about the same height, in order."""
    heights = [len(section.rows) + 1.5 for section in sections]
    cut = min(range(1, len(sections)), key=lambda place: abs(sum(heights[:place]) - sum(heights[place:])))
    return sections[:cut], sections[cut:]
