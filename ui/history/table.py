"""The table of a sheet: the same texts as in its PDF."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.domain.history.behind import BEFORE, TOTAL
from app.domain.history.figures import STRAIN, Figure
from app.domain.history.sheets import Heading, Sheet, SheetRow, change_text, text_of
from app.i18n import tr
from ui.models.records import RIGHT, Column, RecordModel
from ui.theme import colours, scaled
from ui.widgets.record_table import RecordTable

CHANGE = "\0change"
_NAME_WIDTH, _LEAST, _LETTER, _MARGIN = 190, 112, 8.6, 30  # “+12,6 Punkte” is not cut either
_BAR_PX = 18  # the scroll bar at the right


class SheetTable(RecordTable[SheetRow]):
    """Return or a double click asks what a figure was counted from; the arrows move from figure to figure."""

    opened = Signal(object, int)
    """The SheetRow, and the place of its heading."""

    def __init__(self, model: RecordModel[SheetRow]) -> None:
        super().__init__(model, lambda: tr("There is nothing in this period."))
        self.activated_record.connect(self._on_activated_record)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The figure that Return would open has a frame."""
        super().paintEvent(event)
        index = self.currentIndex()
        if self.hasFocus() and index.isValid() and index.column():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(colours().accent, 1))
            painter.drawRect(self.visualRect(index).adjusted(0, 1, -1, -2))

    def _on_activated_record(self, row: SheetRow) -> None:
        if row.id != CHANGE:
            self.opened.emit(row, max(self.currentIndex().column() - 1, 0))


def table_of(sheet: Sheet, name_title: str) -> SheetTable:
    """All rows, then the total, the period before, and the change."""
    longest = max(len(name) for name in (name_title, *(row.name for row in rows_of(sheet))))
    width = min(_NAME_WIDTH, round(longest * _LETTER) + _MARGIN)
    columns: list[Column[SheetRow]] = [Column(title=lambda: name_title, text=lambda row: row.name, width=width)]
    for place, heading in enumerate(sheet.headings):
        columns.append(
            Column(
                title=_said(heading.name),
                text=partial(cell_text, sheet, place),
                tool_tip=partial(_told, heading),
                alignment=RIGHT,
                width=max(_LEAST, round(len(heading.name) * _LETTER) + _MARGIN),  # no heading is cut
            )
        )
    table = SheetTable(RecordModel(columns))
    table.records.replace(rows_of(sheet))
    table.setAccessibleName(sheet.title)
    _let_scroll(table)
    return table


def _let_scroll(table: RecordTable[SheetRow]) -> None:
    """What does not fit into the window can be scrolled to."""
    header = table.horizontalHeader()
    header.setStretchLastSection(False)
    table.setCornerWidget(QWidget())  # between the scroll bars
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)


def fitting_px(table: RecordTable[SheetRow], most_px: int, all_px: int) -> int:
    """So wide that no column is cut: for all where they fit into `all_px`, else for what fits into `most_px`."""
    widths = [table.columnWidth(number) for number in range(table.records.columnCount())]
    bar = scaled(_BAR_PX)
    if sum(widths) + bar <= all_px:
        return sum(widths) + bar
    whole = [end for end in accumulate(widths) if end + bar <= most_px]
    return (whole[-1] if whole else most_px - bar) + bar


def rows_of(sheet: Sheet) -> Sequence[SheetRow]:
    last = []
    if sheet.total:
        last.append(SheetRow(id=TOTAL, name=tr("Total"), values=sheet.total))
    if sheet.before:
        last.append(SheetRow(id=BEFORE, name=tr("Period before"), values=sheet.before))
        last.append(SheetRow(id=CHANGE, name=tr("Difference"), values=()))
    return (*sheet.rows, *last)


def cell_text(sheet: Sheet, place: int, row: SheetRow) -> str:
    """What stands in a cell: strain and what is provisional have marks of their own."""
    heading = sheet.headings[place]
    if row.id == CHANGE:
        return change_text(sheet.total[place], sheet.before[place], heading.unit)
    value = row.values[place]
    shown = text_of(value, heading.unit)
    if value is None:
        return shown
    if heading.figure is Figure.OCCUPANCY and value > STRAIN:
        return f"▲ {shown}"
    return f"{shown} *" if heading.figure is Figure.FIRST_CONTACT and row.is_provisional else shown


def _told(heading: Heading, _: SheetRow) -> str:
    if heading.figure is None:
        return heading.formula
    return f"{heading.formula}\n{tr('Double click or Return: what it was counted from')}"


def _said(text: str) -> Callable[[], str]:
    return lambda: text
