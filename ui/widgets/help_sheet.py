"""The sheet of keys: an overlay inside the window, opened and closed by F1."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.i18n import tr
from ui.shortcuts import SheetSection, Shortcut, key_text, sheet
from ui.theme import colours, scaled
from ui.widgets.key_cap import KeyCap
from ui.widgets.plain_label import ElidedLabel, PlainLabel

_MARGIN_PX = 12
_Move = QAbstractSlider.SliderAction
_MOVES = {
    Qt.Key.Key_Up: _Move.SliderSingleStepSub,
    Qt.Key.Key_Down: _Move.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: _Move.SliderPageStepSub,
    Qt.Key.Key_PageDown: _Move.SliderPageStepAdd,
    Qt.Key.Key_Home: _Move.SliderToMinimum,
    Qt.Key.Key_End: _Move.SliderToMaximum,
}


class HelpSheet(QWidget):
    """Dims the window and lists the keys in two columns, which the arrows scroll where the window is too low for all.

    The other keys go on working while it is open.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._before: QWidget | None = None
        self._card: QFrame | None = None
        self._rows = QScrollArea()
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

    def event(self, event: QEvent) -> bool:
        """Escape is taken before the screens behind, which bind it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(event.key() == Qt.Key.Key_Escape)
            return event.isAccepted()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; arrows and their like move the rows."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        elif (move := _MOVES.get(Qt.Key(event.key()))) is not None:
            self._rows.verticalScrollBar().triggerAction(move)
        else:
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
            margin = scaled(_MARGIN_PX)
            room = self.rect().adjusted(margin, margin, -margin, -margin)
            place = QRect(QPoint(0, 0), self._card.sizeHint().boundedTo(room.size()))
            place.moveCenter(room.center())
            self._card.setGeometry(place)

    def _fill(self) -> None:
        if self._card is not None:
            self._card.deleteLater()
        self._card = QFrame(self)
        self._card.setProperty("card", "true")
        layout = QVBoxLayout(self._card)
        layout.setContentsMargins(scaled(24), scaled(20), scaled(24), scaled(20))
        layout.setSpacing(scaled(14))
        layout.addWidget(PlainLabel(tr("Keys"), kind="title"))
        self._rows = _Rows()
        layout.addWidget(self._rows, 1)
        closing = tr("{key} closes this sheet", key=key_text(Shortcut.HELP.key))
        layout.addWidget(PlainLabel(closing, kind="muted"))
        self._card.show()


class _Rows(QScrollArea):
    """As large as all rows together, if there is room for them."""

    def __init__(self) -> None:
        super().__init__()
        self._page = QWidget()
        self._page.setProperty("kind", "page")
        columns = QHBoxLayout(self._page)
        columns.setContentsMargins(0, 0, scaled(18), 0)
        columns.setSpacing(scaled(24))
        for sections in _halves(sheet()):
            columns.addLayout(_column(sections))
        self.setWidget(self._page)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(scaled(32))

    def sizeHint(self) -> QSize:
        """Qt's own is small, however large the page is; with room for a bar, which else cuts the longest row."""
        return self._page.sizeHint() + QSize(self.verticalScrollBar().sizeHint().width(), 0)


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
            grid.addWidget(ElidedLabel(text), row, 1)
    grid.setColumnStretch(1, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return grid


def _halves(sections: list[SheetSection]) -> tuple[list[SheetSection], list[SheetSection]]:
    """Two columns of about the same height, in order."""
    heights = [len(section.rows) + 1.5 for section in sections]
    cut = min(range(1, len(sections)), key=lambda place: abs(sum(heights[:place]) - sum(heights[place:])))
    return sections[:cut], sections[cut:]
