"""The top row of the board: calls, agents, both queues, today."""

from collections import Counter
from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.board import Board, QueueNow
from app.domain.calls import CallState
from app.domain.cases import Level
from app.domain.people import AgentState
from app.i18n import plural, tr
from ui.labels import age_text, label
from ui.supervisor.figure import Tile
from ui.theme import Tone, scaled


class Tiles(QWidget):
    """Each tone has its icon, so that a state is seen without its colour too."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = Tile(tr("Calls"), tr("waiting"), tr("connected"))
        self.agents = Tile(tr("Agents"), tr("available"), tr("on a call"), tr("paused"))
        self.second = Tile(label(Level.SECOND), tr("cases waiting"), tr("overdue"))
        self.third = Tile(label(Level.THIRD), tr("cases waiting"), tr("overdue"))
        self.today = Tile(tr("Today"), tr("escalated"), tr("solved"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(scaled(10))
        for tile, weight in zip(self.all, (20, 27, 24, 24, 22), strict=True):
            row.addWidget(tile, weight)

    @property
    def all(self) -> tuple[Tile, ...]:
        """From left to right."""
        return self.calls, self.agents, self.second, self.third, self.today

    def show_board(self, board: Board) -> None:
        """Show the figures of one read."""
        self._show_calls(board)
        self._show_agents(board)
        for queue in board.queues:
            _show_queue(self.second if queue.level is Level.SECOND else self.third, queue)
        self.today.show_number(0, board.escalated_today, Tone.NEUTRAL, "escalate")
        self.today.show_number(1, board.solved_today, Tone.NEUTRAL, "check")
        self.tick(board, board.read_at)

    def tick(self, board: Board, now: datetime) -> None:
        """Show the ages as of `now`."""
        waiting = [call.queued_at for call in board.calls if call.state in _WAITING]
        self.calls.remark.setText(_longest(min(waiting, default=None), now))
        for queue in board.queues:
            tile = self.second if queue.level is Level.SECOND else self.third
            tile.remark.setText(_longest(queue.oldest_since, now))

    def set_old(self, is_old: bool) -> None:
        """The figures are of a time gone by, or of now again."""
        for tile in self.all:
            tile.set_old(is_old)

    def _show_calls(self, board: Board) -> None:
        states = Counter(call.state for call in board.calls)
        waiting = sum(states[state] for state in _WAITING)
        connected = sum(states[state] for state in _TALKING)
        self.calls.show_number(0, waiting, Tone.WARNING if waiting else Tone.NEUTRAL, "phone-incoming")
        self.calls.show_number(1, connected, Tone.ACCENT if connected else Tone.NEUTRAL, "phone")

    def _show_agents(self, board: Board) -> None:
        states = Counter(agent.state for agent in board.agents)
        signed_in = len(board.agents) - states[AgentState.SIGNED_OUT]
        self.agents.remark.setText(plural(signed_in, "{n} signed in", "{n} signed in"))
        available, busy = states[AgentState.AVAILABLE], states[AgentState.ON_CALL]
        tone, icon_name = (Tone.GOOD, "check") if available else (Tone.DANGER, "warning")
        self.agents.show_number(0, available, tone, icon_name)
        self.agents.show_number(1, busy, Tone.ACCENT if busy else Tone.NEUTRAL, "headset")
        self.agents.show_number(2, states[AgentState.PAUSED], Tone.NEUTRAL, "pause")


_WAITING = frozenset({CallState.QUEUED, CallState.OFFERED})
_TALKING = frozenset({CallState.CONNECTED, CallState.HELD, CallState.CONSULTING})


def _show_queue(tile: Tile, queue: QueueNow) -> None:
    tile.show_number(0, queue.waiting_count, Tone.NEUTRAL, "queue")
    late = queue.overdue_count
    tile.show_number(1, late, Tone.DANGER if late else Tone.NEUTRAL, "warning" if late else "clock")


def _longest(since: datetime | None, now: datetime) -> str:
    return tr("max. {age}", age=age_text((now - since).total_seconds())) if since else ""
