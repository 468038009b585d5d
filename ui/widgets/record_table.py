"""The table of the program: whole rows of 26 px, steered by the keyboard, with a sentence when it is empty."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QItemSelection, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.models.records import Record, RecordModel
from ui.theme import colours, row_px, scaled

R = TypeVar("R", bound=Record)

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down)
_MARK_PX = 3


class RecordTable(QTableView, Generic[R]):
    """Shows a RecordModel; one row at a time is chosen."""

    activated_record = Signal(object)
    """The record taken with Return or a double click."""

    current_record = Signal(object)
    """The record now chosen, or None; also emitted when it was replaced by a newer version of itself."""

    def __init__(
        self, model: RecordModel[R], empty_text: Callable[[], str] | None = None, parent: QWidget | None = None
    ) -> None:
        """
        Args:
            empty_text: the sentence for an empty list, e.g. `lambda: tr("Nobody is waiting.")`.
        """
        super().__init__(parent)
        self.records = model
        self._empty_text = empty_text
        self._told: R | None = None
        self._room: tuple[int, int] | None = None  # rows at least and at most
        self._set_up_rows()
        self.setModel(model)
        self._set_up_columns()
        self.doubleClicked.connect(self._on_activated)
        model.dataChanged.connect(self._on_data_changed)

    def current(self) -> R | None:
        """The record chosen."""
        index = self.currentIndex()
        return self.records.record(index.row()) if index.isValid() else None

    def choose(self, record_id: Hashable) -> bool:
        """Choose the record with this id and bring it into view; False when it is not in the list."""
        row = self.records.row_of(record_id)
        if row is None:
            return False
        self.setCurrentIndex(self.records.index(row, 0))
        return True

    def fit_rows(self, least: int, most: int) -> None:
        """As high as its rows need, with room for so many of them; call it after each change of the rows."""
        self._room = least, most
        rows = max(least, min(most, self.records.rowCount()))
        header = self.horizontalHeader()
        head = 0 if header.isHidden() else header.sizeHint().height()
        self.setFixedHeight(head + rows * self.verticalHeader().defaultSectionSize() + 2 * self.frameWidth())

    def step(self, rows: int) -> None:
        """Move the choice up or down, for a field that keeps the caret while arrows move through the list."""
        count = self.records.rowCount()
        if count:
            now = self.currentIndex().row()
            row = now + rows if now >= 0 else (0 if rows > 0 else count - 1)
            self.setCurrentIndex(self.records.index(max(0, min(count - 1, row)), 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return takes the row; an arrow that cannot move chooses the row it stands on; all else is Qt's."""
        if event.key() in _ENTER and self.currentIndex().isValid():
            self._on_activated(self.currentIndex())
            return
        super().keyPressEvent(event)
        row = self.currentIndex().row()
        if event.key() in _ARROWS and row >= 0 and not self.selectionModel().hasSelection():
            self.selectRow(row)  # with the focus Qt made it current, not chosen: in a list of one no arrow chose it

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, then a bar at the chosen one, or the sentence for none."""
        super().paintEvent(event)
        if self.records.rowCount() == 0:
            self._paint_empty()
        elif self.selectionModel().hasSelection():
            self._paint_mark()

    def changeEvent(self, event: QEvent) -> None:
        """Follow font, scheme and language."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._size_rows()
            self._size_columns()
            if self._room:
                self.fit_rows(*self._room)
        elif event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange):
            self.records.retranslate()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell who listens which record is chosen now; rows that come and go around it are no news."""
        super().selectionChanged(selected, deselected)
        self._tell(self.current() if self.selectionModel().hasSelection() else None)

    def _set_up_rows(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(1)
        self._size_rows()

    def _size_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(row_px())

    def _set_up_columns(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setStretchLastSection(not any(column.stretches for column in self.records.columns))
        for number, column in enumerate(self.records.columns):
            if column.stretches:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
        self._size_columns()

    def _size_columns(self) -> None:
        for number, column in enumerate(self.records.columns):
            if column.width and not column.stretches:
                self.setColumnWidth(number, scaled(column.width))

    def _paint_empty(self) -> None:
        if self._empty_text is None:
            return
        painter = QPainter(self.viewport())
        painter.setPen(colours().muted)
        margin = scaled(16)
        place = self.viewport().rect().adjusted(margin, 0, -margin, 0)  # as high as it is: it may have two rows
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty_text())

    def _paint_mark(self) -> None:
        place = self.visualRect(self.selectionModel().selectedRows()[0])
        painter = QPainter(self.viewport())
        painter.fillRect(QRect(0, place.top(), _MARK_PX, place.height()), colours().accent)

    def _on_activated(self, index: QModelIndex) -> None:
        self.activated_record.emit(self.records.record(index.row()))

    def _on_data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        row = self.currentIndex().row()
        if first.row() <= row <= last.row():
            self._tell(self.current())

    def _tell(self, record: R | None) -> None:
        if record != self._told:
            self._told = record
            self.current_record.emit(record)
