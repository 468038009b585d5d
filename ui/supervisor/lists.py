"""Three lists below the figures."""

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QGridLayout, QWidget

from app.domain.board import Board
from app.i18n import tr
from ui.supervisor.tables import Moment, QueueLine, agents_model, calls_model, queues_model
from ui.theme import row_px, scaled
from ui.widgets.busy import Busy
from ui.widgets.card import Card
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable

_QUEUE_ROWS = 2
_LAST_COLUMN = 4  # team of an agent, queue of a call: what a narrow window can spare first
_ROOM_PX = 590  # for all columns


class Lists(QWidget):
    """Agents at the left; calls and queues at the right."""

    def __init__(self, moment: Moment) -> None:
        super().__init__()
        self._is_known = False
        self.agents = RecordTable(agents_model(moment), self._or_nothing(_nobody))
        self.calls = RecordTable(calls_model(moment), self._or_nothing(_no_call))
        self.queues = RecordTable(queues_model(moment), self._or_nothing(_no_queue))
        self._agent_count, self._call_count = PlainLabel(kind="muted"), PlainLabel(kind="muted")
        self._tables = (self.agents, self.calls, self.queues)
        self._lay_out()
        self._busy = tuple(Busy(table.viewport()) for table in self._tables)

    def start_waiting(self) -> None:
        """The first figures are on their way."""
        for busy in self._busy:
            busy.start()

    def stop_waiting(self) -> None:
        """They are there, or will not come."""
        for busy in self._busy:
            busy.stop()

    def show_board(self, board: Board) -> None:
        """Show the rows of one read; choice and scroll position stay."""
        self._is_known = True
        self.stop_waiting()
        self.agents.records.replace(board.agents)
        self.calls.records.replace(board.calls)
        self.queues.records.replace(QueueLine(id=queue.level, queue=queue) for queue in board.queues)
        self._agent_count.setText(str(len(board.agents)))
        self._call_count.setText(str(len(board.calls)))

    def tick(self) -> None:
        """Paint the times and the colours as they are now."""
        for table in self._tables:
            table.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A large font in a small window: better one column less than all of them cut."""
        super().resizeEvent(event)
        for table in (self.agents, self.calls):
            table.setColumnHidden(_LAST_COLUMN, self.width() // 2 < scaled(_ROOM_PX))

    def _or_nothing(self, sentence: Callable[[], str]) -> Callable[[], str]:
        """Before the first read nobody knows whether the list is empty."""
        return lambda: sentence() if self._is_known else ""

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(10))
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(1, 1)
        layout.setRowStretch(0, 1)
        layout.addWidget(_card(tr("Agents now"), self.agents, self._agent_count), 0, 0, 2, 1)
        layout.addWidget(_card(tr("Calls now"), self.calls, self._call_count), 0, 1)
        layout.addWidget(_card(tr("Queues"), self.queues), 1, 1)
        self.queues.setFixedHeight((_QUEUE_ROWS + 1) * row_px() + scaled(6))


def _card(title: str, table: QAbstractItemView, *extras: QWidget) -> Card:
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
