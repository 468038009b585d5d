"""What the board shows of one read, worked out in a lane: the UI thread only paints it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.domain.alerts import Alert
from app.domain.board import Board
from app.domain.board_figures import Behind, Figure, Value, behind, value
from app.services.alerts import Alerts
from app.services.boards import Boards
from ui.supervisor import queue_tables
from ui.supervisor.queue_tables import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """`now` is `board` with the calls that go on alone: what is counted of them needs no walk through the day."""

    board: Board
    now: Board
    values: Mapping[Figure, Value]
    levels: tuple[Line, ...]
    ages: tuple[Line, ...]
    call_queues: tuple[Line, ...]
    reasons: tuple[Line, ...]
    alerts: tuple[Alert, ...] = ()
    behind: Behind | None = None


def read(boards: Boards, alerts: Alerts, figures: tuple[Figure, ...], opened: Figure | None) -> View:
    """One read, with the day as it begins at this desk's midnight; with the rows of the figure that is opened.

    The alerts follow the same read: what is an alert is what the board shows.
    """
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    view = view_of(boards.now(midnight.astimezone(UTC)), figures, opened)
    return replace(view, alerts=alerts.follow(view.now))


def view_of(board: Board, figures: tuple[Figure, ...], opened: Figure | None) -> View:
    at = board.read_at
    now = replace(board, calls=board.calls_now)
    return View(
        board=board,
        now=now,
        values={figure: value(now, figure, at) for figure in figures},
        levels=tuple(queue_tables.levels(board, at)),
        ages=tuple(queue_tables.ages(board, at)),
        call_queues=tuple(queue_tables.call_queues(now, at)),
        reasons=tuple(queue_tables.reasons(board, at)),
        behind=behind(board, opened, at) if opened else None,
    )
