"""The live board: figures above, agents, calls and queues below, the age of the data always in sight."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent

from app.domain.board import Board, DeadDesk
from app.domain.board_figures import Behind, Figure, behind
from app.domain.commands import SeeAlert, SignOutAgent
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.topics import Topic
from app.i18n import tr
from ui.context import ScreenContext
from ui.refresh import Refresher
from ui.shortcuts import Shortcut, install
from ui.supervisor.age_words import age_words, lost_sentence
from ui.supervisor.parts import BoardParts
from ui.supervisor.view import View, read
from ui.theme import Tone
from ui.widgets.elapsed import utc_now

_REFRESH_MS = 1_500  # what nobody announces, and the sign that the database is there
_HIDDEN_MS = 10_000  # behind another screen, for the alerts
_LOST_S = 4.0  # without an answer: said within 5 s
_RETRY_MS = 2_000  # after a read that failed: the feed may not have noticed at all
_SOON_MS = 200  # changes come in bursts; one read serves them all
_TICK_MS = 1_000
_TOPICS = frozenset({Topic.CASES, Topic.CALLS, Topic.AGENTS, Topic.CALL_BACKS, Topic.ALERTS})


class SupervisorBoard(BoardParts):
    """Shows one read of the centre at a time, and says of when it is."""

    shown = Signal(object)
    """The View that is on the screen from now on."""

    def __init__(self, context: ScreenContext, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(context, now)
        self._now = now
        self._view: View | None = None
        self._opened: Figure | None = None
        self._lost_at: datetime | None = None
        self._line_lost_at: datetime | None = None
        self._heard_at_s = time.monotonic()
        self._desk = context.desk
        self._background, self._lane = context.background, context.desk.lanes.queries
        self._refresher = Refresher(self._background, self._lane, self._query(), self._show, self)
        self._refresher.failed.connect(self._on_failed)
        self._connect_parts()
        context.bridge.topics_changed.connect(self._on_topics)
        context.bridge.contact_changed.connect(self._on_contact)
        self._retry = self._timer(_RETRY_MS, self._refresh_if_seen)
        self._soon = self._timer(_SOON_MS, self._refresh_if_seen)
        self._soon.setSingleShot(True)
        self._timer(_REFRESH_MS, self._refresh_if_seen).start()
        self._timer(_HIDDEN_MS, self.refresh).start()
        self._timer(_TICK_MS, self._tick).start()
        self.lists.start_waiting()
        self._tick()

    @property
    def board(self) -> Board | None:
        """What is shown now."""
        return self._view.board if self._view else None

    @property
    def is_showing_data(self) -> bool:
        """At least one read succeeded."""
        return self._view is not None

    @property
    def is_old(self) -> bool:
        """The figures are of the time before the database went away."""
        return self._lost_at is not None

    @property
    def opened(self) -> Figure | None:
        """The figure whose rows stand in the place of the lists."""
        return self._opened

    def open_figure(self, figure: Figure) -> None:
        """Show what it was counted from: at once of the read that is shown, then as each read gives it."""
        self._opened = figure
        self.tiles.mark(figure)
        if self._view:
            work = partial(behind, self._view.board, figure, self._view.board.read_at)
            self._background.run(self._lane, work, owner=self, done=partial(self._show_at_once, self._view.board))
        self._refresher.ask(self._query())

    def close_figure(self) -> None:
        """Back to the lists, and to the figure that was opened."""
        figure, self._opened = self._opened, None
        self.tiles.mark(None)
        self.below.setCurrentWidget(self.lists)
        self.drill_down.forget()
        self.share_room()
        self._refresher.ask(self._query())
        if figure is None or not self.tiles.focus_on(figure):
            self.lists.queues.setFocus()

    def tell_desks(self) -> None:
        """Write a notice to the desks, in the place of the lists."""
        self._opened = None
        self.tiles.mark(None)
        self.drill_down.forget()
        self.below.setCurrentWidget(self.notice_panel)
        self.share_room()
        self.notice_panel.open()

    def answer_hand(self) -> None:
        """Write to who asks for help; a figure that is opened makes room for it."""
        if self.below.currentWidget() is self.drill_down:
            self.close_figure()
        self.hands.write()

    def refresh(self) -> None:
        """Read all again."""
        self._refresher.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while nobody looked."""
        super().showEvent(event)
        self._heard_at_s = time.monotonic()
        self.refresh()
        self.alarms.refresh()

    def _show(self, view: View) -> None:
        self._view = view
        self._lost_at = None
        self._heard_at_s = time.monotonic()
        self._retry.stop()
        self._moment.go_on()
        self.strip.hide()
        self.tiles.set_old(False)
        self.tiles.show_view(view)
        self.lists.show_view(view)
        self.alert_strip.show_alerts(view.alerts)
        self.bell.follow(view.alerts)
        self.shown.emit(view)
        if view.behind:
            self._show_behind(view.board, view.behind)
        self._tick()

    def _show_at_once(self, board: Board, rows: Behind) -> None:
        """Unless a later read was faster."""
        if self.drill_down.shown is None or self.drill_down.shown.figure != rows.figure:
            self._show_behind(board, rows)

    def _show_behind(self, board: Board, rows: Behind) -> None:
        if rows.figure != self._opened:
            return  # another one was opened meanwhile
        is_new = self.below.currentWidget() is not self.drill_down
        self.drill_down.show_behind(board, rows)
        self.below.setCurrentWidget(self.drill_down)
        self.share_room()
        if is_new and self.drill_down.table:
            self.drill_down.table.setFocus()

    def _on_alerts_seen(self, ids: tuple[UUID, ...]) -> None:
        for alert_id in ids:
            by, at = self._desk.person.id, datetime.now(UTC)
            self._desk.send(SeeAlert(id=new_id(), by=by, at=at, alert_id=alert_id))

    def _on_sign_out(self, dead: DeadDesk) -> None:
        by, at = self._desk.person.id, datetime.now(UTC)
        self._desk.send(SignOutAgent(id=new_id(), by=by, at=at, person_id=dead.id, since=dead.told_until))

    def _ask_for_names(self) -> None:
        work = self._desk.boards.desks
        self._background.run(self._lane, work, owner=self, done=self.lists.sign_out.offer)

    def _query(self) -> Callable[[], View]:
        return partial(read, self._desk.boards, self._desk.supervision.alerts, self.tiles.shown_figures, self._opened)

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
        self._lost_at = self._view.board.read_at if self._view else self._now()
        self._retry.start()
        if self._view:
            self._moment.stop(self._view.board.read_at)
        self.tiles.set_old(True)
        sentence = lost_sentence(self._lost_at, has_figures=self._view is not None)
        self.strip.show_message(Tone.DANGER, sentence, icon_name="offline")
        self._tick()

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if topics & _TOPICS and not self._soon.isActive():
            self._soon.start()

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def _tick(self) -> None:
        if self.isVisible() and time.monotonic() > self._heard_at_s + _LOST_S:
            self._lose()  # no answer is an answer too
        if self._view is None:
            self.age.setText(tr("No data yet"))
            return
        self.age.setText(age_words(self._view.board.read_at, self._now()))
        self.tiles.tick(self._view, self._moment())
        self._show_age(self._view.board)
        self.lists.tick()
        self.drill_down.tick()
        self.alarms.tick()
        self.share_room()

    def _show_age(self, board: Board) -> None:
        if self._lost_at is not None:
            self.tiles.show_lost(self.tiles.all, self._lost_at)
            return
        self.tiles.show_age(board.read_at, self._now())
        if self._line_lost_at is not None:
            self.tiles.show_lost(self.tiles.of_the_line, self._line_lost_at)

    def _on_line(self, lost_at: datetime | None) -> None:
        """The gateway went or came: what it tells of calls and telephones is of then, or of now again."""
        if lost_at != self._line_lost_at:
            self._line_lost_at = lost_at
            self.tiles.set_old(self.is_old)
            self._tick()

    def _connect_parts(self) -> None:
        self.line_strip.trouble_changed.connect(self._on_line)
        self.tiles.opened.connect(self.open_figure)
        self.lists.opened.connect(self.open_figure)
        self.drill_down.closed.connect(self.close_figure)
        self.notice_panel.closed.connect(self.close_figure)
        self.lists.sign_out.sign_out_asked.connect(self._on_sign_out)
        self.lists.sign_out.names_asked.connect(self._ask_for_names)
        self.alert_strip.seen.connect(self._on_alerts_seen)
        self.tell_button.clicked.connect(self.tell_desks)
        self.hands.write_button.clicked.connect(self.answer_hand)
        install(
            self,
            {
                Shortcut.SEE_ALERTS: self.alert_strip.see,
                Shortcut.TELL_DESKS: self.tell_desks,
                Shortcut.ANSWER_HAND: self.answer_hand,
            },
        )

    def _timer(self, interval_ms: int, action: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.timeout.connect(action)
        return timer
