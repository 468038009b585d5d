"""The lists below the figures: agents, calls, and in tabs queues, escalations, answers and searches in vain."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QTabWidget, QWidget

from app.domain.board_agents import AgentGroup
from app.domain.board_figures import Figure, Measure
from app.i18n import tr
from ui.supervisor import queue_tables, tables
from ui.supervisor.moment import Moment
from ui.supervisor.put_right import PutRight
from ui.supervisor.view import View
from ui.theme import row_px, scaled
from ui.widgets.busy import Busy
from ui.widgets.card import Card
from ui.widgets.plain_label import ElidedLabel, PlainLabel
from ui.widgets.record_table import RecordTable

_AGENT_COLUMN = 3  # of a call
_LAST_COLUMN = 4  # team of an agent, queue of a call: what a narrow window can spare first
_ROOM_PX = 590  # for all columns
_LOW_PX = 340  # of all lists together
_GROUP_ROWS = 6  # five states and their heading
_UNLIMITED_PX = 16_777_215  # Qt's QWIDGETSIZE_MAX, which PySide does not name


class Lists(QWidget):
    """Agents at the left, calls and tabs at the right; where nobody is named, calls stand below the few groups."""

    opened = Signal(object)
    """The Figure whose rows are asked for: a row of the tabs was taken."""

    def __init__(self, moment: Moment) -> None:
        super().__init__()
        self._is_known = False
        self._names_agents = False
        self._has_calls = True
        self.agents = RecordTable(tables.agents_model(moment), self._or_nothing(_nobody))
        self.groups = RecordTable(tables.agent_groups_model(moment))
        self.calls = RecordTable(tables.calls_model(moment), self._or_nothing(_no_call))
        self.queues = RecordTable(queue_tables.levels_model(moment), self._or_nothing(_no_queue))
        self.ages = RecordTable(queue_tables.ages_model(), self._or_nothing(_no_queue))
        self.call_queues = RecordTable(queue_tables.call_queues_model(), self._or_nothing(_no_call_queue))
        self.reasons = RecordTable(queue_tables.reasons_model())
        self.answers = RecordTable(tables.answers_model(), self._or_nothing(_no_answer))
        self.gaps = RecordTable(tables.gaps_model(), self._or_nothing(_no_gap))
        self._agent_count, self._call_count = PlainLabel(kind="muted"), PlainLabel(kind="muted")
        self.nameless = ElidedLabel(tr("works-council mode, without names"), kind="muted")
        self.sign_out = PutRight()
        self.tabs = QTabWidget()
        self._lay_out()
        self._place_cards()
        self._busy = tuple(Busy(table.viewport()) for table in (self.agents, self.groups, self.calls, self.queues))
        self._connect()

    def start_waiting(self) -> None:
        """The first figures are on their way."""
        for busy in self._busy:
            busy.start()

    def stop_waiting(self) -> None:
        """They are there, or will not come."""
        for busy in self._busy:
            busy.stop()

    def show_view(self, view: View) -> None:
        """Show the rows of one read; choice and scroll position stay."""
        board = view.board
        self._is_known = True
        self.stop_waiting()
        self._show_agents(view)
        self.calls.records.replace(view.now.calls)
        self.answers.records.replace(board.answers)
        self.gaps.records.replace(board.gaps)
        self._call_count.setText(str(self.calls.records.rowCount()))
        self.queues.records.replace(view.levels)
        self.ages.records.replace(view.ages)
        self.call_queues.records.replace(view.call_queues)
        self.reasons.records.replace(view.reasons)

    def tick(self) -> None:
        """Paint the times and the colours as they are now."""
        for table in (self.agents, self.groups, self.calls, self.queues):
            table.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Little room: better one column less than all of them cut, and no calls than one row of everything.

        The calls are behind their tile too.
        """
        super().resizeEvent(event)
        has_calls = self.height() >= scaled(_LOW_PX)
        if has_calls is not self._has_calls:
            self._has_calls = has_calls
            self._call_card.setVisible(has_calls)
            self._share_room()
        for table in (self.agents, self.calls):
            table.setColumnHidden(_LAST_COLUMN, self.width() // 2 < scaled(_ROOM_PX))

    def _or_nothing(self, sentence: Callable[[], str]) -> Callable[[], str]:
        """Before the first read nobody knows whether the list is empty."""
        return lambda: sentence() if self._is_known else ""

    def _connect(self) -> None:
        for table in (self.queues, self.ages, self.call_queues, self.reasons):
            table.activated_record.connect(lambda line: self.opened.emit(line.id))
        self.agents.current_record.connect(self.sign_out.choose)
        self.sign_out.asking.connect(lambda is_asking: self.nameless.setHidden(is_asking or self._names_agents))
        self.groups.activated_record.connect(self._open_group)
        self.answers.activated_record.connect(lambda _: self.opened.emit(Figure(measure=Measure.ANSWERS)))
        self.gaps.activated_record.connect(lambda _: self.opened.emit(Figure(measure=Measure.GAPS)))

    def _open_group(self, group: AgentGroup) -> None:
        self.opened.emit(Figure(measure=Measure.AGENTS, state=group.state))

    def _show_agents(self, view: View) -> None:
        """By name, or how many are in each state."""
        board = view.board
        self.agents.records.replace(board.agents)
        self.groups.records.replace(board.agent_groups)
        self._agent_count.setText(str(len(board.agents) or sum(group.count for group in board.agent_groups)))
        if board.names_agents is not self._names_agents:
            self._names_agents = board.names_agents
            self.sign_out.set_naming(board.names_agents)
            self._place_cards()

    def _place_cards(self) -> None:
        is_named = self._names_agents
        self.agents.setVisible(is_named)
        self.groups.setHidden(is_named)
        self.nameless.setHidden(is_named)
        self.calls.setColumnHidden(_AGENT_COLUMN, not is_named)
        self._share_room()

    def _share_room(self) -> None:
        """A few groups need no more than their rows, unless they stand alone; where no card is, no room is kept."""
        is_named, is_alone, grid = self._names_agents, not self._has_calls, self._grid
        agents, calls, figures = self._agent_card, self._call_card, self._figures_card
        if is_alone:
            places: tuple[tuple[Any, ...], ...] = ((agents, 0, 0, 2, 1), (figures, 0, 1, 2, 1))
        elif is_named:
            places = ((agents, 0, 0, 2, 1), (calls, 0, 1, 1, 1), (figures, 1, 1, 1, 1))
        else:
            places = ((agents, 0, 0, 1, 1), (calls, 1, 0, 1, 1), (figures, 0, 1, 2, 1))
        for card, *place in places:
            grid.removeWidget(card)
            grid.addWidget(card, *place)
        grid.setRowStretch(0, int(is_named and not is_alone))
        self.groups.setMaximumHeight(_UNLIMITED_PX if is_alone else _GROUP_ROWS * row_px() + scaled(14))

    def _lay_out(self) -> None:
        self.groups.setAccessibleName(tr("Agents now"))
        self.nameless.setToolTip(
            tr("Nobody is told apart while the works-council mode is on. Administrators turn it off, and say why.")
        )
        self._agent_card = _card(tr("Agents now"), self.agents, self.nameless, self.sign_out, self._agent_count)
        self._agent_card.body.addWidget(self.groups)
        self._call_card = _card(tr("Calls now"), self.calls, self._call_count)
        self._figures_card = self._tab_card()
        self._grid = layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(8))
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(1, 1)
        layout.setRowStretch(1, 1)

    def _tab_card(self) -> Card:
        self.tabs.setDocumentMode(True)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        for title, table in (
            (tr("Cases"), self.queues),
            (tr("Ages"), self.ages),
            (tr("Calls"), self.call_queues),
            (tr("Escalations"), self.reasons),
            (tr("Answers"), self.answers),
            (tr("Not found"), self.gaps),
        ):
            table.setAccessibleName(title)
            self.tabs.addTab(table, title)
        card = Card(is_padded=False)
        card.header.setContentsMargins(0, 0, 0, 0)
        card.body.addWidget(self.tabs)
        return card


def _card(title: str, table: RecordTable[Any], *extras: QWidget) -> Card:
    card = Card(title, is_padded=False)
    table.setAccessibleName(title)
    for extra in extras:
        card.header.addWidget(extra)
    card.body.addWidget(table)
    return card


def _nobody() -> str:
    return tr("Nobody is signed in. Agents appear here as soon as they sign in.")


def _no_call() -> str:
    return tr("No call now. Calls appear here as soon as they ring.")


def _no_queue() -> str:
    return tr("There is no queue behind first level.")


def _no_call_queue() -> str:
    return tr("No call came to any queue today.")


def _no_answer() -> str:
    return tr("No answer was opened in a call that ended today.")


def _no_gap() -> str:
    return tr("Nothing was searched in vain today.")
