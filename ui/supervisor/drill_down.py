"""What a figure was counted from: its formula in words, numerator and denominator, and all of its rows."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.board import Board, CaseNow
from app.domain.board_figures import SHARES, Behind, Counted, Measure, rules_behind
from app.domain.metrics.call_figures import QueueRules
from app.i18n import plural, tr
from ui.context import ScreenContext
from ui.models.records import RecordModel
from ui.shortcuts import Shortcut, install
from ui.supervisor import formula_words
from ui.supervisor.behind_tables import columns_of
from ui.supervisor.case_actions import CaseActions
from ui.supervisor.figure_words import value_text
from ui.supervisor.moment import Moment
from ui.theme import scaled
from ui.widgets.card import Card
from ui.widgets.facts import Facts
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable

MANY = 1_000  # rows, from which on they are shown anew instead of one by one


class CountedRows(RecordModel[Counted]):
    """Any number of rows: many are put in place at once, which takes as long as for few."""

    def replace(self, records: Iterable[Counted]) -> None:
        """Show these rows from now on."""
        wanted = list(records)
        if max(len(wanted), self.rowCount()) <= MANY:
            super().replace(wanted)
            return
        self.beginResetModel()
        self._records = wanted
        self.endResetModel()


class DrillDown(QWidget):
    """Stands in the place of the lists while a figure is opened; the tiles above go on."""

    closed = Signal()
    """The person goes back to the lists."""

    def __init__(self, context: ScreenContext, moment: Moment) -> None:
        super().__init__()
        self._moment = moment
        self.case_actions = CaseActions(context)
        self.shown: Behind | None = None
        self._names_agents = False
        self.facts = Facts()
        self.formula = PlainLabel()
        self.formula.setWordWrap(True)
        self.back = KeyButton(tr("Back to the lists"), Shortcut.HIDE_CARD.key)
        self.back.clicked.connect(self.closed)
        self.table: RecordTable[Counted] | None = None
        self._card = Card(is_padded=False)
        self._side = Card()
        self._lay_out()
        install(self, {Shortcut.HIDE_CARD: self.closed.emit}, Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def show_behind(self, board: Board, behind: Behind) -> None:
        """Show a figure, or the one that is shown as it is now: choice and scroll position stay."""
        rules = rules_behind(board, behind.figure)
        if self.shown is None or self.shown.figure != behind.figure or self._names_agents is not board.names_agents:
            self._names_agents = board.names_agents
            self._begin(behind)
        self.shown = behind
        self.formula.setText(formula_words.formula(behind.figure, rules))
        self.facts.set_facts(_facts(behind, rules))
        self._card.set_title(plural(len(behind.rows), "{n} row behind it", "{n} rows behind it"))
        self._show_rows(behind)

    def forget(self) -> None:
        """Nobody looks any more: what is behind a figure is not kept, names least of all."""
        self.shown = None
        if self.table is not None:
            self.table.records.replace(())

    def tick(self) -> None:
        """Paint the times as they are now."""
        if self.table is not None:
            self.table.viewport().update()

    def _begin(self, behind: Behind) -> None:
        """Another figure has other columns."""
        if self.table is not None:
            self._card.body.removeWidget(self.table)
            self.table.hide()  # until it is gone, it would show its rows under the new heading
            self.table.deleteLater()
        self.table = RecordTable(
            CountedRows(columns_of(behind, self._moment, names_agents=self._names_agents)),
            lambda: tr("There is no row behind it."),
        )
        self.table.setAccessibleName(formula_words.title(behind.figure))
        self.table.current_record.connect(self._on_row)
        self.case_actions.show_case(None)
        self._card.body.addWidget(self.table)
        self.table.show()  # Qt itself would do it only after what is under way
        self._side.set_title(formula_words.title(behind.figure))

    def _on_row(self, row: Counted | None) -> None:
        """What can be done with a case stands below what the figure is."""
        record = row.record if row is not None else None
        self.case_actions.show_case(record if isinstance(record, CaseNow) else None)

    def _show_rows(self, behind: Behind) -> None:
        if self.table is None:
            return
        chosen, place = self.table.current(), self.table.verticalScrollBar().value()
        self.table.records.replace(behind.rows)
        if chosen is not None and self.table.current() is None and self.table.choose(chosen.id):
            self.table.verticalScrollBar().setValue(place)

    def _lay_out(self) -> None:
        told = QWidget()
        told.setProperty("kind", "page")
        column = QVBoxLayout(told)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.formula, self.facts, self.case_actions):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()  # in a small window under many notices
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(told)
        self._side.body.addWidget(scroll, 1)
        self._side.body.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        self._side.setFixedWidth(scaled(330))
        side = QVBoxLayout()
        side.addWidget(self._side)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(scaled(8))
        row.addLayout(side)
        row.addWidget(self._card, 1)


def _facts(behind: Behind, rules: tuple[QueueRules, ...]) -> tuple[tuple[str, str], ...]:
    """The value, what it is made of, and of when it is."""
    figure = behind.figure
    facts = [(tr("Value"), value_text(behind.value))]
    if figure.measure in SHARES:
        facts.append((tr("Numerator"), f"{behind.part}  {formula_words.part_words(figure, rules)}"))
        facts.append((tr("Denominator"), str(behind.whole)))
    if figure.measure is Measure.SERVICE_LEVEL:
        facts.append((tr("Goal"), formula_words.goal_words(rules)))
    facts.append((tr("Data from"), f"{behind.at.astimezone():%H:%M:%S}"))
    if source := formula_words.source(figure, rules):
        facts.append((tr("Source"), source))
    return tuple(facts)
