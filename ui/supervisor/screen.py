"""The live board: figures above, agents, calls and queues below, the age of the data always in sight."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.board import Board
from app.domain.errors import FirstlineError
from app.domain.topics import Topic
from app.i18n import tr
from app.services.boards import Boards
from ui.context import ScreenContext
from ui.labels import age_text, clock_text
from ui.refresh import Refresher
from ui.supervisor.line_strip import LineStrip
from ui.supervisor.lists import Lists
from ui.supervisor.tables import Moment
from ui.supervisor.tiles import Tiles
from ui.theme import Tone, scaled
from ui.widgets.banner import Banner
from ui.widgets.elapsed import utc_now
from ui.widgets.plain_label import PlainLabel

_REFRESH_MS = 10_000
_RETRY_MS = 2_000  # after a read that failed: the feed may not have noticed at all
_SOON_MS = 200  # changes come in bursts; one read serves them all
_TICK_MS = 1_000
_TOPICS = frozenset({Topic.CASES, Topic.CALLS, Topic.AGENTS})


class SupervisorBoard(QWidget):
    """Shows one read of the centre at a time, and says of when it is."""

    def __init__(self, context: ScreenContext, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__()
        self._now = now
        self._moment = Moment(now)
        self._board: Board | None = None
        self._lost_at: datetime | None = None
        self.strip = Banner()
        self.line_strip = LineStrip(context)
        self.tiles = Tiles()
        self.lists = Lists(self._moment)
        self.age = PlainLabel(kind="muted")
        self._lay_out()
        query = partial(_read, context.desk.boards)
        self._refresher = Refresher(context.background, context.desk.lanes.queries, query, self._show, self)
        self._refresher.failed.connect(self._on_failed)
        context.bridge.topics_changed.connect(self._on_topics)
        context.bridge.contact_changed.connect(self._on_contact)
        self._retry = self._timer(_RETRY_MS, self._refresh_if_seen)
        self._soon = self._timer(_SOON_MS, self._refresh_if_seen)
        self._soon.setSingleShot(True)
        self._timer(_REFRESH_MS, self._refresh_if_seen).start()
        self._timer(_TICK_MS, self._tick).start()
        self.lists.start_waiting()
        self._tick()

    @property
    def board(self) -> Board | None:
        """What is shown now."""
        return self._board

    @property
    def is_showing_data(self) -> bool:
        """At least one read succeeded."""
        return self._board is not None

    @property
    def is_old(self) -> bool:
        """The figures are of the time before the database went away."""
        return self._lost_at is not None

    def refresh(self) -> None:
        """Read all again."""
        self._refresher.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while nobody looked."""
        super().showEvent(event)
        self.refresh()

    def _show(self, board: Board) -> None:
        self._board = board
        self._lost_at = None
        self._retry.stop()
        self._moment.go_on()
        self.strip.hide()
        self.tiles.show_board(board)
        self.tiles.set_old(False)
        self.lists.show_board(board)
        self._tick()

    def _on_failed(self, error: FirstlineError) -> None:
        del error  # the strip says what a supervisor needs of it
        self._lose()

    def _on_contact(self, is_there: bool) -> None:
        if is_there:
            self.refresh()
        else:
            self._lose()

    def _lose(self) -> None:
        """Grey, time stands still, and said; until the next read succeeds."""
        self.lists.stop_waiting()
        if self._lost_at is not None:
            return
        self._lost_at = self._now()
        self._retry.start()
        if self._board:
            self._moment.stop(self._board.read_at)
        self.tiles.set_old(True)
        self.lists.tick()
        self.strip.show_message(Tone.DANGER, self._lost_sentence(self._lost_at), icon_name="offline")
        self._tick()

    def _lost_sentence(self, since: datetime) -> str:
        time = clock_text(since)
        if self._board is None:
            return tr("No connection to the database since {time}. There are no figures yet.", time=time)
        return tr("No connection to the database since {time}. The figures are from then.", time=time)

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if topics & _TOPICS and not self._soon.isActive():
            self._soon.start()

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def _tick(self) -> None:
        if self._board is None:
            self.age.setText(tr("No data yet"))
            return
        self.age.setText(_age_words(self._board.read_at, self._now()))
        self.tiles.tick(self._board, self._moment())
        self.lists.tick()

    def _timer(self, interval_ms: int, action: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.timeout.connect(action)
        return timer

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.age)
        foot.addStretch(1)  # confirmations stand at the right
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(12), scaled(12), scaled(12), scaled(8))
        layout.setSpacing(scaled(10))
        layout.addWidget(self.strip)
        layout.addWidget(self.line_strip)
        layout.addWidget(self.tiles)
        layout.addWidget(self.lists, 1)
        layout.addLayout(foot)


def _read(boards: Boards) -> Board:
    """One read, with the day as it begins at this desk's midnight."""
    return boards.now(datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC))


def _age_words(read_at: datetime, now: datetime) -> str:
    time = f"{read_at.astimezone():%H:%M:%S}"
    return tr("Data from {time}, {age} old", time=time, age=age_text((now - read_at).total_seconds()))
