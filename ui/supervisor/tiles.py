"""The top rows of the board: what is seen from two metres in two seconds."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.board import Board
from app.domain.board_figures import Figure, Measure, goal, value
from app.domain.cases import Level
from app.domain.people import AgentState
from app.i18n import plural, tr
from ui.labels import age_text, clock_text, label
from ui.supervisor.figure import Tile
from ui.supervisor.figure_looks import look
from ui.supervisor.figure_words import value_text
from ui.supervisor.view import View
from ui.theme import scaled

_SIGNED_IN = Figure(measure=Measure.AGENTS)


class Tiles(QWidget):
    """Each tone has its icon, so that a state is seen without its colour too."""

    opened = Signal(object)
    """The Figure whose rows are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._make_tiles()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(8))
        for line in (
            ((self.calls, 30), (self.service, 24), (self.agents, 36)),
            ((self.second, 27), (self.third, 27), (self.today, 27), (self.call_backs, 16)),
        ):
            row = QHBoxLayout()
            row.setSpacing(scaled(8))
            for tile, weight in line:
                row.addWidget(tile, weight)
            column.addLayout(row)
        for tile in self.all:
            tile.opened.connect(self.opened)

    @property
    def all(self) -> tuple[Tile, ...]:
        """From left to right, from the top."""
        return (
            self.calls,
            self.service,
            self.agents,
            self.second,
            self.third,
            self.today,
            self.call_backs,
        )

    @property
    def shown_figures(self) -> tuple[Figure, ...]:
        """All that are counted for the tiles."""
        return (*(control.figure for tile in self.all for control in tile.figures), _SIGNED_IN)

    def show_view(self, view: View) -> None:
        """Show the figures of one read."""
        board = view.board
        for tile in self.all:
            for place, control in enumerate(tile.figures):
                shown = view.values[control.figure]
                tile.show_number(place, value_text(shown), *look(board, control.figure, shown))
        self.service.remark.setText(_goal_text(board, self.service.figures[0].figure))
        signed_in = view.values[_SIGNED_IN]
        self.agents.remark.setText(plural(_count(signed_in), "{n} signed in", "{n} signed in"))
        self.tick(view, board.read_at)

    def tick(self, view: View, now: datetime) -> None:
        """Show what grows by itself as of `now`."""
        for place, control in enumerate(self.calls.figures):
            if control.figure.measure is Measure.LONGEST_WAIT:
                shown = value(view.now, control.figure, now)
                self.calls.show_number(place, value_text(shown), *look(view.now, control.figure, shown))
        for line in view.levels:
            tile = {Level.SECOND: self.second, Level.THIRD: self.third}.get(line.id.level or Level.FIRST)
            if line.id.priority is None and tile is not None:
                tile.remark.setText(_longest(line.since, now))

    def show_age(self, read_at: datetime, now: datetime) -> None:
        """How old the data is."""
        age = now - read_at
        for tile in self.all:
            tile.show_age(_age_text(age), tr("Age of these figures"))

    def show_lost(self, tiles: tuple[Tile, ...], since: datetime) -> None:
        """These are of a time gone by."""
        for tile in tiles:
            tile.set_old(True)
            tile.show_age(tr("since {time}", time=clock_text(since)), tr("These figures are from then."))

    def set_old(self, is_old: bool) -> None:
        """The figures are of a time gone by, or of now again."""
        for tile in self.all:
            tile.set_old(is_old)

    def mark(self, figure: Figure | None) -> None:
        """Show whose rows are on the screen."""
        for tile in self.all:
            tile.mark(figure)

    def focus_on(self, figure: Figure) -> bool:
        """Go to the figure; False when it is in no tile."""
        for control in (control for tile in self.all for control in tile.figures):
            if control.figure == figure:
                control.setFocus()
                return True
        return False

    @property
    def of_the_line(self) -> tuple[Tile, ...]:
        """What the gateway tells."""
        return self.calls, self.service, self.agents

    def _make_tiles(self) -> None:
        self.calls = Tile(
            tr("Calls"),
            (Figure(measure=Measure.CALLS_WAITING), tr("waiting")),
            (Figure(measure=Measure.LONGEST_WAIT), tr("longest wait")),
            (Figure(measure=Measure.CALLS_CONNECTED), tr("connected")),
        )
        self.service = Tile(
            tr("Service today"),
            (Figure(measure=Measure.SERVICE_LEVEL), tr("service level")),
            (Figure(measure=Measure.ABANDONMENT), tr("given up")),
        )
        self.agents = Tile(
            tr("Agents"),
            (Figure(measure=Measure.AGENTS, state=AgentState.AVAILABLE), tr("available")),
            (Figure(measure=Measure.AGENTS, state=AgentState.ON_CALL), tr("on a call")),
            (Figure(measure=Measure.AGENTS, state=AgentState.WRAP_UP), tr("wrap-up")),
            (Figure(measure=Measure.AGENTS, state=AgentState.PAUSED), tr("paused")),
        )
        self.second, self.third = (Tile(label(level), *_of_level(level)) for level in (Level.SECOND, Level.THIRD))
        self.today = Tile(
            tr("Today"),
            (Figure(measure=Measure.ESCALATED_HOUR), tr("escalated, 1 h")),
            (Figure(measure=Measure.ESCALATED_DAY), tr("escalated")),
            (Figure(measure=Measure.SOLVED_DAY), tr("solved")),
        )
        self.call_backs = Tile(tr("Call-backs"), (Figure(measure=Measure.CALL_BACKS_DUE), tr("due")))


def _of_level(level: Level) -> Iterator[tuple[Figure, str]]:
    yield Figure(measure=Measure.CASES_WAITING, level=level), tr("waiting")
    yield Figure(measure=Measure.CASES_DUE_SOON, level=level), tr("due soon")
    yield Figure(measure=Measure.CASES_OVERDUE, level=level), tr("overdue")


def _goal_text(board: Board, figure: Figure) -> str:
    wanted = goal(board, figure)
    return "" if wanted is None else tr("goal {share}", share=value_text(wanted))


def _count(shown: object) -> int:
    return shown if isinstance(shown, int) else 0


def _longest(since: datetime | None, now: datetime) -> str:
    return tr("max. {age}", age=age_text((now - since).total_seconds())) if since else ""


def _age_text(age: timedelta) -> str:
    return age_text(age.total_seconds())
