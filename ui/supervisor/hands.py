"""Raised hands on the board: who asks for help, with what and since when; written to in private."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.commands import WriteToHand
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.notices import LINE_LENGTH, Hand
from app.domain.topics import Topic
from app.i18n import tr
from ui import icons
from ui.context import ScreenContext
from ui.hand_lines import HandLines
from ui.models.records import RIGHT, Column, RecordModel
from ui.refresh import Refresher
from ui.shortcuts import Shortcut
from ui.theme import colours, row_px, scaled
from ui.widgets.card import Card
from ui.widgets.elapsed import duration_text, utc_now
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import ElidedLabel, PlainLabel
from ui.widgets.record_table import RecordTable

_ROWS = 3  # seen at once
_ASK_MS = 10_000
_TICK_MS = 1_000


class HandsCard(Card):
    """There only while a hand is up. The hands at the left, what is written with the chosen one at the right."""

    raised = Signal()
    """A hand went up that was not there before."""

    def __init__(self, context: ScreenContext, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(tr("Raised hands"))
        self._background = context.background
        self._desk = context.desk
        self._now = now
        self._known: frozenset[UUID] = frozenset()
        self._drafts: dict[UUID, str] = {}
        self.table = RecordTable(_model(now))
        self.lines = HandLines(context.desk.person.id)
        self.to = PlainLabel(kind="muted")
        self.summary = ElidedLabel(kind="muted")
        self.write_button = KeyButton(tr("Write"), Shortcut.ANSWER_HAND.key, kind="ghost")
        self._whole = QWidget()
        self.field = QLineEdit()
        self._lay_out()
        self._connect(context)
        self.hide()

    @property
    def hand(self) -> Hand | None:
        """The one that is written to."""
        return self.table.current()

    @property
    def whole_px(self) -> int:
        """As high as the table, with heading and edges."""
        return 0 if self.isHidden() else self.table.height() + scaled(64)

    def set_line(self, is_line: bool) -> None:
        """Show who waits in one line; not while somebody is written to."""
        is_line = is_line and not self.field.hasFocus() and not self.field.text()
        self._whole.setHidden(is_line)
        edge = 0 if is_line else scaled(12)
        self.body.setContentsMargins(scaled(12), scaled(8), scaled(12), edge)
        self.summary.setVisible(is_line)
        self.write_button.setVisible(is_line)

    def write(self) -> None:
        """To the line that is written to the agent whose hand is chosen."""
        if self.isVisible():
            self.set_line(False)
            self.field.setFocus()

    def send(self) -> None:
        """Send the line that is typed to the agent whose hand is chosen."""
        hand, text = self.hand, self.field.text().strip()
        if hand is None or not text:
            return
        by, at = self._desk.person.id, datetime.now(UTC)
        self.field.clear()
        self._drafts[hand.id] = ""
        self._background.run(
            self._desk.lanes.journal,  # has one worker: when it comes to wait for the future, the future is done
            self._desk.send(WriteToHand(id=new_id(), by=by, at=at, hand_id=hand.id, text=text)).result,
            owner=self,
            done=lambda _: self._forget(hand),
            failed=partial(self._on_not_sent, hand, text),
        )

    def _forget(self, hand: Hand) -> None:
        """What was sent; what was typed since stays."""
        if not self._drafts[hand.id] and hand.id in self._desk.case_texts:
            self._desk.keep_case_text(hand.id, "")

    def _on_not_sent(self, hand: Hand, text: str, error: FirstlineError) -> None:
        """The disk does not take it: it is still to be sent."""
        if not self._drafts[hand.id]:
            self._drafts[hand.id] = text
            if self.hand and self.hand.id == hand.id:
                self.field.setText(text)
        self._background.error_raised.emit(error)

    def _show(self, hands: tuple[Hand, ...]) -> None:
        ids = frozenset(hand.id for hand in hands)
        if self._chosen_id not in ids and self.field.hasFocus():
            self.table.setFocus()  # the hand went down: what is still typed is for nobody else
        self.table.records.replace(hands)
        if ids - self._known:
            self.raised.emit()
            QApplication.alert(self.window())
        self._known = ids
        self.setVisible(bool(hands))
        self.table.setFixedHeight((min(len(hands), _ROWS) + 1 + (len(hands) < _ROWS)) * row_px() + scaled(8))
        self._tell_summary()
        if hands and self.hand is None:
            self.table.choose(hands[0].id)
        self._show_hand(self.hand)

    def _on_chosen(self, hand: Hand | None) -> None:
        """Each hand keeps what is typed for it."""
        self.field.setText("" if hand is None else self._draft(hand))
        self._show_hand(hand)

    def _show_hand(self, hand: Hand | None) -> None:
        self.lines.show_lines(hand.lines if hand else ())
        self.field.setEnabled(hand is not None)
        self.to.setText(tr("To {name} alone", name=hand.person_name) if hand else "")

    def _draft(self, hand: Hand) -> str:
        return self._drafts.get(hand.id, self._desk.case_texts.get(hand.id, ""))  # "": it is on its way already

    def _on_typed(self, text: str) -> None:
        """What is typed and not sent survives another choice and a crash."""
        hand = self.hand
        if hand is not None:
            self._drafts[hand.id] = text
            if text or hand.id in self._desk.case_texts:
                self._desk.keep_case_text(hand.id, text)

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if Topic.HANDS in topics:
            self._refresher.refresh()

    def _tick(self) -> None:
        if self.isVisible():
            self.table.viewport().update()
            self._tell_summary()

    def _tell_summary(self) -> None:
        hands = self.table.records.records
        self.summary.setText("   ·   ".join(f"{hand.person_name}, {_waits(hand, self._now())}" for hand in hands))

    def _connect(self, context: ScreenContext) -> None:
        lane = context.desk.lanes.queries
        self._refresher = Refresher(context.background, lane, context.desk.supervision.hands.raised, self._show, self)
        self._refresher.failed.connect(_leave_as_it_is)
        context.bridge.topics_changed.connect(self._on_topics)
        self.table.current_record.connect(self._on_current)
        self.field.returnPressed.connect(self.send)
        self.field.textEdited.connect(self._on_typed)
        for interval_ms, action in ((_ASK_MS, self._refresher.refresh), (_TICK_MS, self._tick)):
            timer = QTimer(self)
            timer.setInterval(interval_ms)
            timer.timeout.connect(action)
            timer.start()
        self._chosen_id: UUID | None = None

    def _on_current(self, hand: Hand | None) -> None:
        """Another one, or the same with another line: the field stays as it is then."""
        chosen_id = hand.id if hand else None
        if chosen_id != self._chosen_id:
            self._chosen_id = chosen_id
            self._on_chosen(hand)
        else:
            self._show_hand(hand)

    def _lay_out(self) -> None:
        self.table.setAccessibleName(tr("Raised hands"))
        self.table.setFixedHeight((_ROWS + 1) * row_px() + scaled(8))
        self.field.setPlaceholderText(tr("Write to the agent, then Return"))
        self.field.setAccessibleName(tr("Write to the agent, then Return"))
        self.field.setMaxLength(LINE_LENGTH)
        talk = QVBoxLayout()
        talk.addWidget(self.to)
        talk.addWidget(self.lines)
        talk.addStretch(1)
        talk.addWidget(self.field)
        row = QHBoxLayout(self._whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(scaled(12))
        row.addWidget(self.table, 1)
        row.addLayout(talk, 1)
        self.body.addWidget(self._whole)
        self.header.addWidget(self.summary, 4)
        self.header.addWidget(self.write_button)
        self.set_line(False)


def _model(now: Callable[[], datetime]) -> RecordModel[Hand]:
    return RecordModel[Hand](
        (
            Column[Hand](
                title=lambda: tr("Name"),
                text=lambda hand: hand.person_name,
                icon=lambda _: icons.icon("users", colours().warning),
                width=170,
            ),
            Column[Hand](title=lambda: tr("About"), text=lambda hand: hand.about, stretches=True),
            Column[Hand](
                title=lambda: tr("Reply"),
                text=lambda hand: tr("replied") if hand.is_answered else tr("waits"),
                colour=lambda hand: None if hand.is_answered else colours().warning,
                width=100,
            ),
            Column[Hand](
                title=lambda: tr("Since"),
                text=lambda hand: _waits(hand, now()),
                alignment=RIGHT,
                width=80,
            ),
        )
    )


def _waits(hand: Hand, now: datetime) -> str:
    return duration_text((now - hand.raised_at).total_seconds())


def _leave_as_it_is(_: FirstlineError) -> None:
    """The board says that the database is away."""
