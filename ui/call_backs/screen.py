"""The screen of call-backs: mine and anyone's; one key dials, one says that the customer was reached."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypedDict
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.call_backs import ATTEMPT_PAUSE, CallBack, CallBackWish
from app.domain.commands import AnyCommand, AttemptCallBack, CloseCallBack, MoveCallBack
from app.domain.due_times import wall_clock
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.topics import Topic
from app.i18n import language, plural, tr
from app.telephony.numbers import readable
from app.telephony.source import Capability
from ui.call_back_row import CallBackRow, wish_for
from ui.call_backs.table import CallBackTable, who_text
from ui.call_commands import number_of
from ui.context import ScreenContext
from ui.refresh import Refresher
from ui.shortcuts import Shortcut, install, key_text
from ui.theme import scaled
from ui.widgets.card import Card
from ui.widgets.elapsed import utc_now
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel
from ui.widgets.unread import Unread

_TICK_MS = 5_000


class _Head(TypedDict):
    """What every command has."""

    id: UUID
    by: UUID
    at: datetime


class CallBackScreen(QWidget):
    """Lives as long as the window, so it says what is due whichever screen is shown."""

    due_changed = Signal(int)
    """So many are due now."""

    def __init__(self, context: ScreenContext, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__()
        self._context = context
        self._now = now
        self._told_due: set[UUID] = set()
        self.table = CallBackTable(lambda: self._refresher.last_success_at is not None)
        self.unread = Unread(lambda: self._refresher.refresh())
        self.table.activated_record.connect(lambda _: self.dial())
        self.table.current_record.connect(lambda _: self._show_buttons())
        self._count = PlainLabel(kind="muted")
        self._note = PlainLabel()
        self._note.setWordWrap(True)
        self._changing: UUID | None = None
        self._saving: UUID | None = None
        self.change_row = CallBackRow(context.desk.rules.region, tr("Save"), now)
        self.change_row.taken.connect(self._on_taken)
        self.change_row.left.connect(self._leave_change)
        self._make_buttons()
        self._lay_out()
        query = partial(context.desk.call_backs.open_for, context.desk.person.id)
        self._refresher = Refresher(context.background, context.desk.lanes.queries, query, self._show, self)
        self._refresher.failed.connect(self.unread.show_error)
        context.bridge.topics_changed.connect(self._on_topics)
        context.bridge.delivered.connect(self._on_delivered)
        ticker = QTimer(self)
        ticker.setInterval(_TICK_MS)
        ticker.timeout.connect(self._tick)
        ticker.start()
        keys = {
            Shortcut.CALL_BACK_DIAL: self.dial,
            Shortcut.CALL_BACK_REACHED: self.close_as_done,
            Shortcut.CALL_BACK_CHANGE: self.change,
        }
        install(self, keys)
        self._show_buttons()
        self._refresher.refresh()

    def dial(self) -> None:
        """Call the chosen customer; where the line cannot, the number is copied and the reason said."""
        one = self.table.current()
        if one is None:
            return
        source = self._context.desk.source
        if Capability.DIAL in source.capabilities:
            source.dial(one.number)
            self._context.notifier.confirm(tr("Calling {who} …", who=who_text(one)))
        else:
            QGuiApplication.clipboard().setText(one.number)
            why = source.hindrance(Capability.DIAL)
            sentence = tr("The number {number} is copied; dial it at the telephone.", number=readable(one.number))
            self._context.notifier.warn(f"{sentence} {why}".strip())
        attempt = AttemptCallBack(**self._by(), call_back_id=one.id, next_at=self._now() + ATTEMPT_PAUSE)
        self._send(attempt)

    def change(self) -> None:
        """Another time or another number for the chosen one."""
        if one := self.table.current():
            self._changing = one.id
            now, is_german = wall_clock(self._now()), language() == "de"
            self.change_row.open(wish_for(one.number, wall_clock(one.due_at), now, is_german=is_german))

    def close_as_done(self) -> None:
        """The customer was spoken to."""
        self._close(is_done=True)

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while nobody looked."""
        super().showEvent(event)
        self._refresher.refresh()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The list has the focus."""
        super().focusInEvent(event)
        self.table.setFocus(event.reason())

    def _close(self, *, is_done: bool) -> None:
        if one := self.table.current():
            self._send(CloseCallBack(**self._by(), call_back_id=one.id, is_done=is_done))

    def _on_taken(self, wish: CallBackWish) -> None:
        """The other time, and the other number; what is typed stays until they are safe on this desk's disk."""
        due, desk = wish.due_at(wall_clock(self._now())), self._context.desk
        if due is None or self._changing is None or self._saving == self._changing:
            return
        self._saving = self._changing
        number = number_of(wish.number_text, desk.rules.region)
        moved = MoveCallBack(**self._by(), call_back_id=self._changing, due_at=due.astimezone(UTC), number=number)
        self._context.background.run(
            desk.lanes.journal,  # has one worker: when it comes to wait for the future, the future is done
            desk.send(moved).result,
            owner=self,
            done=lambda _: self._on_moved(moved),
            failed=self._on_not_moved,
        )

    def _on_moved(self, moved: MoveCallBack) -> None:
        self._saving = None
        if self._changing == moved.call_back_id:
            self._leave_change()

    def _on_not_moved(self, error: FirstlineError) -> None:
        """The disk does not take it: it is still to be saved."""
        self._saving = None
        self._context.notifier.warn(str(error))

    def _leave_change(self) -> None:
        self._changing = None
        self.change_row.hide()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _by(self) -> _Head:
        return {"id": new_id(), "by": self._context.desk.person.id, "at": self._now()}

    def _send(self, command: AnyCommand) -> None:
        self._context.desk.send(command)

    def _show(self, call_backs: tuple[CallBack, ...]) -> None:
        self.unread.hide()
        had_choice = self.table.current() is not None
        self.table.records.replace(call_backs)
        if call_backs and not had_choice:
            self.table.choose(call_backs[0].id)
        known = {one.id for one in call_backs}
        self._told_due &= known
        if self._changing not in (None, *known):  # settled meanwhile, or taken by somebody else
            self._leave_change()
        self._tick()
        self._show_buttons()

    def _tick(self) -> None:
        """Say what has become due, once each."""
        due = [one for one in self.table.records.records if one.is_due(self._now())]
        self._count.setText(plural(len(due), "1 is due", "{n} are due"))
        self.due_changed.emit(len(due))
        self.table.viewport().update()
        fresh = [one for one in due if one.id not in self._told_due and one.person_id]
        self._told_due.update(one.id for one in due)
        if fresh:
            names = ", ".join(who_text(one) for one in fresh[:3])
            key = key_text(Shortcut.SCREEN_CALL_BACKS.key)
            self._context.notifier.confirm(tr("Call back now: {who} ({key})", who=names, key=key), seconds=10.0)

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if Topic.CALL_BACKS in topics:
            self._refresher.refresh()

    def _on_delivered(self, command: AnyCommand) -> None:
        if isinstance(command, AttemptCallBack | MoveCallBack | CloseCallBack):
            self._refresher.refresh()

    def _show_buttons(self) -> None:
        """What can be done with the chosen one, and what was noted when it was promised."""
        one = self.table.current()
        self._note.setText(one.note if one else "")
        self._note.setVisible(bool(self._note.text()))
        for button in self._buttons:
            button.setEnabled(self.table.current() is not None)

    def _make_buttons(self) -> None:
        dial = KeyButton(tr("Call now"), Shortcut.CALL_BACK_DIAL.key, kind="primary", icon_name="phone")
        reached = KeyButton(tr("Reached"), Shortcut.CALL_BACK_REACHED.key, icon_name="check")
        change = KeyButton(tr("Change"), Shortcut.CALL_BACK_CHANGE.key, icon_name="clock")
        drop = QPushButton(tr("Drop"))
        self._buttons = (dial, reached, change, drop)
        dial.clicked.connect(self.dial)
        reached.clicked.connect(self.close_as_done)
        change.clicked.connect(self.change)
        drop.clicked.connect(lambda: self._close(is_done=False))
        for button in self._buttons:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _lay_out(self) -> None:
        card = Card(tr("Call-backs"), is_padded=False)
        card.header.addWidget(self._count)
        card.body.addWidget(self.table)
        self._note.setContentsMargins(scaled(12), scaled(4), scaled(12), scaled(8))
        card.body.addWidget(self._note)
        strip = QHBoxLayout()
        strip.setSpacing(scaled(8))
        for button in self._buttons:
            strip.addWidget(button)
        strip.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(12), scaled(12), scaled(12), scaled(12))
        layout.setSpacing(scaled(10))
        layout.addWidget(self.unread)
        layout.addWidget(card, 1)
        layout.addWidget(self.change_row)
        layout.addLayout(strip)
