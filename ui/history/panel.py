"""A sheet as chart and table side by side, with what the mouse points at, the formulas and the notes below."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.history.figures import STRAIN, Figure
from app.domain.history.requests import Group
from app.domain.history.sheets import Sheet, SheetRow
from app.i18n import tr
from ui import icons
from ui.history.chart import Chart
from ui.history.table import SheetTable, cell_text, fitting_px, table_of
from ui.history.views import Shape, View
from ui.shortcuts import Shortcut, install
from ui.theme import Tone, scaled
from ui.widgets.banner import Banner
from ui.widgets.card import Card
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel

_TABLE_PX, _WHOLE_TABLE_PX = 450, 570  # beside a chart: of some columns, of all


class SheetPanel(Card):
    """Shows one sheet; its chart as soon as charts can be drawn."""

    opened = Signal(object, int)
    """What was a figure counted from? Its SheetRow, and the place of its heading."""

    closed = Signal()
    """Back from it."""

    def __init__(self) -> None:
        super().__init__(" ")
        self.chart: Chart | None = None
        self.table: SheetTable | None = None
        self._shown: tuple[Sheet, View] | None = None
        self.subtitle = PlainLabel(kind="muted")
        self.formula_button = QPushButton(tr("Formulas"))
        self.formula_button.setCheckable(True)
        self.formula_button.setProperty("kind", "ghost")
        icons.put(self.formula_button, "info")
        self.back = KeyButton(tr("Back"), Shortcut.HIDE_CARD.key, kind="ghost")
        self.back.clicked.connect(self.closed)
        self.back.hide()
        install(self, {Shortcut.HIDE_CARD: self._on_back}, Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.header.addWidget(self.subtitle)
        self.header.addWidget(self.back)
        self.header.addWidget(self.formula_button)
        self.alert = Banner()
        self.pointed, self.formulas, self.notes = PlainLabel(kind="muted"), PlainLabel(), PlainLabel(kind="muted")
        for label in (self.formulas, self.notes):
            label.setWordWrap(True)
        self.formulas.hide()
        self.formula_button.toggled.connect(self.formulas.setVisible)
        self._row = QHBoxLayout()
        self._row.setSpacing(scaled(12))
        self._left = QVBoxLayout()
        self._left.addWidget(self.pointed)
        self._row.addLayout(self._left, 1)
        for widget in (self.alert,):
            self.body.addWidget(widget)
        self.body.addLayout(self._row, 1)
        self.body.addWidget(self.formulas)
        self.body.addWidget(self.notes)

    def use_charts(self, pg: Any) -> None:
        """Charts can be drawn from now on."""
        self.chart = Chart(pg)
        self.chart.row_pointed.connect(self._on_pointed)
        self._left.insertWidget(0, self.chart, 1)
        if self._shown:
            self.show_sheet(*self._shown)

    def show_sheet(self, sheet: Sheet, view: View, *, is_behind: bool = False) -> None:
        """In place of the one before; `is_behind`: it says what a figure was counted from."""
        self.back.setVisible(is_behind)
        self.formula_button.setChecked(is_behind or self.formula_button.isChecked())
        self._shown = sheet, view
        self.set_title(sheet.title)
        self.subtitle.setText(sheet.subtitle)
        shown = sheet.headings[:1] if is_behind else sheet.headings  # the others are its parts
        self.formulas.setText("\n".join(f"{one.name}: {one.formula}" for one in shown))
        self.notes.setText("\n".join(sheet.notes))
        self.notes.setVisible(bool(sheet.notes))
        self.pointed.setText("")
        has_chart = view.shape is not Shape.TABLE
        self._put_table(sheet, view, has_chart=has_chart)
        self.pointed.setVisible(has_chart)
        if self.chart:
            self.chart.setVisible(has_chart)
            if has_chart:
                self.chart.show_sheet(sheet, view.shape, view.limit)
        self._warn_of_strain(sheet)

    def picture(self) -> QPixmap:
        """What is to be saved as a picture."""
        shown: QWidget = self.chart if self.chart and self.chart.isVisible() else self
        return shown.grab()

    def _put_table(self, sheet: Sheet, view: View, *, has_chart: bool) -> None:
        had_focus = self.table is not None and self.table.hasFocus()
        if self.table:
            self._row.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
        self.table = table_of(sheet, _name_title(view))
        if has_chart:
            self.table.setFixedWidth(fitting_px(self.table, scaled(_TABLE_PX), scaled(_WHOLE_TABLE_PX)))
        self.table.opened.connect(self.opened)
        self._row.addWidget(self.table, 0 if has_chart else 1)
        self._row.setStretch(0, 1 if has_chart else 0)
        if had_focus:
            self.table.setFocus()

    def _on_back(self) -> None:
        if not self.back.isHidden():
            self.closed.emit()

    def _warn_of_strain(self, sheet: Sheet) -> None:
        place = next((i for i, one in enumerate(sheet.headings) if one.figure is Figure.OCCUPANCY), None)
        total = None if place is None or not sheet.total else sheet.total[place]
        if place is not None and total is not None and total > STRAIN:
            text = cell_text(sheet, place, SheetRow(id="", name="", values=sheet.total))
            sentence = tr(
                "Occupancy is {share}. Above 85 % people wear out: plan more of them, or more breaks.", share=text
            )
            self.alert.show_message(Tone.WARNING, sentence)
        else:
            self.alert.hide()

    def _on_pointed(self, place: int) -> None:
        if self._shown is None or place < 0:
            self.pointed.setText("")
            return
        sheet = self._shown[0]
        row = sheet.rows[place]
        values = (f"{one.name} {cell_text(sheet, i, row)}" for i, one in enumerate(sheet.headings))
        self.pointed.setText(f"{row.name}: {' · '.join(values)}")


def _name_title(view: View) -> str:
    if view.shape is Shape.BARS:
        return tr("From – below")
    return {
        Group.QUEUE: tr("Queue"),
        Group.TEAM: tr("Team"),
        Group.PRODUCT: tr("Product"),
        Group.REASON: tr("Reason"),
    }.get(view.by, tr("Day or hour"))
