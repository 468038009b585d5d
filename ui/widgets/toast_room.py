"""Where in a window a toast may stand: upon nothing that can be used, and rather not upon rows."""

from itertools import chain

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from ui.theme import row_px, scaled

_LOW = 0.5  # of the height: from there on it is low
_POINTED_PX = 160  # of a row, about the pointer
_CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QTextEdit, QPlainTextEdit)


class Room:
    """The window as it is now."""

    def __init__(self, window: QWidget, *, margin: int, gap: int, outside_of: type[QWidget]) -> None:
        """
        Args:
            margin: px to the edge of the window.
            gap: px to what is below.
            outside_of: what stands in such a widget does not count.
        """
        self._window = window
        self._margin, self._gap, self._outside_of = margin, gap, outside_of
        lists = [view for view in self._seen((QAbstractItemView,)) if not isinstance(view, QHeaderView)]
        self._rows = [self._rows_of(view) for view in lists if isinstance(view, QAbstractItemView)]
        self._controls = [self._area(control) for control in self._seen(_CONTROLS)]
        self._controls += [self._chosen_in(view) for view in lists if view.hasFocus()]
        self._pointed = self._pointed_at()

    def is_free(self, place: QRect, *, goes_to_pointer: bool) -> bool:
        """Whether nothing is covered there that can be used: controls, and rows.

        Args:
            goes_to_pointer: it has something to click on itself, so it may be where the pointer is.
        """
        taken = *self._taken(goes_to_pointer=goes_to_pointer), *self._rows
        return not any(place.intersects(one) for one in taken)

    def place(self, size: QSize, lowest: int, *, goes_to_pointer: bool) -> QPoint:
        """As low as can be, at the right if that is free: upon rows rather than high up, and upon a control never."""
        controls, rows = self._taken(goes_to_pointer=goes_to_pointer), self._rows
        bottom, height = lowest - size.height(), self._window.height()
        middle = (self._window.width() - size.width()) // 2
        right = self._window.width() - size.width() - self._margin
        above = {taken.top() - size.height() - self._gap for taken in (*controls, *rows)}
        lines = [bottom, *sorted((line for line in above if self._margin <= line < bottom), reverse=True)]
        low = [line for line in lines if line >= height * _LOW]
        for some_lines, taken in ((low, (*controls, *rows)), (lines, controls), (lines, ())):
            for spot in (QRect(QPoint(x, y), size) for y in some_lines for x in (right, middle, self._margin)):
                if not any(spot.intersects(one) for one in taken):
                    return spot.topLeft()
        return QPoint(right, bottom)

    def _taken(self, *, goes_to_pointer: bool) -> list[QRect]:
        return self._controls if goes_to_pointer else [*self._controls, *self._pointed]

    def _seen(self, kinds: tuple[type[QWidget], ...]) -> list[QWidget]:
        """What is of these kinds and can be used."""
        found = chain.from_iterable(self._window.findChildren(kind) for kind in kinds)
        return [
            one
            for one in found
            if one.isVisible() and one.isEnabled() and not isinstance(one.parentWidget(), self._outside_of)
            if one.window() is self._window.window()
        ]

    def _area(self, widget: QWidget, of_it: QRect | None = None) -> QRect:
        """The widget, or a part of it, in the window."""
        part = widget.rect() if of_it is None else of_it
        return QRect(widget.mapTo(self._window, part.topLeft()), part.size())

    def _rows_of(self, view: QAbstractItemView) -> QRect:
        """Down to the last row: what is below is empty. An empty list has its sentence in its middle."""
        area, model = self._area(view), view.model()
        count = model.rowCount(view.rootIndex()) if model else 0
        if count:
            last = view.visualRect(model.index(count - 1, 0, view.rootIndex()))
            area.setBottom(min(area.bottom(), self._area(view.viewport(), last).bottom()))
        return area

    def _chosen_in(self, view: QWidget) -> QRect:
        """The row that the keyboard stands on."""
        assert isinstance(view, QAbstractItemView)
        row, whole = view.visualRect(view.currentIndex()), view.viewport().rect()
        if not row.isValid() or not row.intersects(whole):
            return QRect()
        return self._area(view.viewport(), QRect(0, row.top(), whole.width(), row.height()).intersected(whole))

    def _pointed_at(self) -> list[QRect]:
        """About the pointer, if it is on rows."""
        at = self._window.mapFromGlobal(QCursor.pos())
        if not any(rows.contains(at) for rows in self._rows):
            return []
        size = QSize(scaled(_POINTED_PX), 2 * row_px())
        return [QRect(at - QPoint(size.width() // 2, size.height() // 2), size)]
