"""The table of a sheet: the same texts as in its PDF."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.domain.history.figures import STRAIN, Figure
from app.domain.history.sheets import Sheet, SheetRow, change_text, text_of
from app.i18n import tr
from ui.models.records import RIGHT, Column, RecordModel
from ui.theme import scaled
from ui.widgets.record_table import RecordTable

TOTAL, BEFORE, CHANGE = "\0total", "\0before", "\0change"
_NAME_WIDTH, _LEAST, _LETTER, _MARGIN = 190, 112, 8.6, 30  # “+12,6 Punkte” is not cut either
_BAR_PX = 18  # the scroll bar at the right


def table_of(sheet: Sheet, name_title: str) -> RecordTable[SheetRow]:
    """All rows, then the total, the period before, and the change."""
    columns: list[Column[SheetRow]] = [Column(title=lambda: name_title, text=lambda row: row.name, width=_NAME_WIDTH)]
    for place, heading in enumerate(sheet.headings):
        columns.append(
            Column(
                title=_said(heading.name),
                text=partial(cell_text, sheet, place),
                tool_tip=partial(_told, heading.formula),
                alignment=RIGHT,
                width=max(_LEAST, round(len(heading.name) * _LETTER) + _MARGIN),  # no heading is cut
            )
        )
    table = RecordTable(RecordModel(columns), lambda: tr("There is nothing in this period."))
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


def _told(formula: str, _: SheetRow) -> str:
    return formula


def _said(text: str) -> Callable[[], str]:
    return lambda: text
