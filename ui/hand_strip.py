"""An agent's raised hand, above every screen: since when, what supervisors write, and a line to write back."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.commands import LowerHand, RaiseHand, WriteToHand
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.notices import LINE_LENGTH, Hand
from app.domain.topics import Topic
from app.domain.work import CallWork
from app.i18n import tr
from app.telephony.numbers import readable
from ui.context import ScreenContext
from ui.hand_lines import HandLines
from ui.refresh import Refresher
from ui.shortcuts import Shortcut
from ui.theme import scaled
from ui.widgets.card import Card
from ui.widgets.elapsed import Elapsed
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel

_ASK_MS = 30_000


class HandStrip(QWidget):
    """Nothing while the hand is down. A key raises it and leaves the caret where it is; the same key lowers it."""

    def __init__(self, context: ScreenContext, work: Callable[[], CallWork | None]) -> None:
        """
        Args:
            work: of the call that help is asked with, if there is one.
        """
        super().__init__()
        self._context = context
        self._desk = context.desk
        self._work = work
        self.hand: Hand | None = None
        self._sent: RaiseHand | None = None  # not told of by the database yet
        self._lowered: set[UUID] = set()
        self.title = PlainLabel(tr("Your hand is up"), kind="heading")
        self.since = Elapsed(kind="muted")
        self.about = PlainLabel(kind="muted")
        self.lines = HandLines(context.desk.person.id)
        self.field = QLineEdit()
        self.lower_button = KeyButton(tr("Lower the hand"), Shortcut.RAISE_HAND.key)
        self._lay_out()
        self._connect(context)
        self.hide()

    @property
    def is_up(self) -> bool:
        """The hand is raised, whether the database knows it already or not."""
        return self._sent is not None or (self.hand is not None and self.hand.id not in self._lowered)

    def toggle(self) -> None:
        """Ask for help, or not any more."""
        if self.is_up:
            self._lower()
        else:
            self._raise()

    def send(self) -> None:
        """Send the line that is typed."""
        text, hand_id = self.field.text().strip(), self._hand_id()
        if text and hand_id:
            self.field.clear()
            self._context.background.run(
                self._desk.lanes.journal,  # has one worker: when it comes to wait for the future, the future is done
                self._desk.send(WriteToHand(**self._command(), hand_id=hand_id, text=text)).result,
                owner=self,
                done=lambda _: self._on_typed(self.field.text()),
                failed=partial(self._on_not_sent, text),
            )

    def _on_not_sent(self, text: str, error: FirstlineError) -> None:
        """The disk does not take it: it is still to be sent."""
        if not self.field.text():
            self.field.setText(text)
        self._context.background.error_raised.emit(error)

    def _raise(self) -> None:
        work = self._work()
        command = RaiseHand(
            **self._command(),
            about=_about(work),
            call_id=work.call.id if work else None,
            case_id=work.case_id if work else None,
        )
        self._sent = command
        self._desk.send(command)
        self._paint()

    def _lower(self) -> None:
        hand_id = self._hand_id()
        if hand_id:
            self._desk.send(LowerHand(**self._command(), hand_id=hand_id))
            self._let_go(hand_id)
            self._lowered.add(hand_id)
        self._sent = None
        self._paint()

    def _let_go(self, hand_id: UUID) -> None:
        """A hand is down: what was typed for it and not sent is not for the next one."""
        if hand_id == self._hand_id():
            self.field.clear()
        if hand_id in self._desk.case_texts:
            self._desk.keep_case_text(hand_id, "")

    def _show(self, hands: tuple[Hand, ...]) -> None:
        hand = hands[0] if hands else None
        is_news = hand is not None and (self.hand is None or hand.id != self.hand.id)
        if self.hand is not None and (hand is None or is_news):  # lowered at another desk
            self._let_go(self.hand.id)
        self.hand = hand
        if hand is not None and self._sent is not None and hand.id == self._sent.id:
            self._sent = None
        if hand is not None and is_news and not self.field.text():
            self.field.setText(self._desk.case_texts.get(hand.id, ""))  # typed before the program ended
        self._paint()

    def _paint(self) -> None:
        self.setVisible(self.is_up)
        if not self.is_up:
            return
        hand = None if self.hand is None or self.hand.id in self._lowered else self.hand
        sent = self._sent
        raised_at = hand.raised_at if hand else sent.at if sent else None
        about = hand.about if hand else sent.about if sent else ""
        self.since.set_since(raised_at)
        self.about.setText(about)
        self.about.setVisible(bool(about))
        self.lines.show_lines(hand.lines if hand else ())

    def _hand_id(self) -> UUID | None:
        if self._sent is not None:
            return self._sent.id
        return self.hand.id if self.hand and self.hand.id not in self._lowered else None

    def _on_typed(self, text: str) -> None:
        """What is typed and not sent survives a crash."""
        hand_id = self._hand_id()
        if hand_id and (text or hand_id in self._desk.case_texts):
            self._desk.keep_case_text(hand_id, text)

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if Topic.HANDS in topics:
            self._refresher.refresh()

    def _command(self) -> dict[str, Any]:
        return {"id": new_id(), "by": self._desk.person.id, "at": datetime.now(UTC)}

    def _connect(self, context: ScreenContext) -> None:
        query = partial(context.desk.supervision.hands.raised, context.desk.person.id)
        self._refresher = Refresher(context.background, context.desk.lanes.queries, query, self._show, self)
        self._refresher.failed.connect(_leave_as_it_is)
        context.bridge.topics_changed.connect(self._on_topics)
        self.field.returnPressed.connect(self.send)
        self.field.textEdited.connect(self._on_typed)
        self.lower_button.clicked.connect(self.toggle)
        timer = QTimer(self)
        timer.setInterval(_ASK_MS)
        timer.timeout.connect(self._refresher.refresh)
        timer.start()

    def _lay_out(self) -> None:
        self.field.setPlaceholderText(tr("Write to the supervisors, then Return"))
        self.field.setAccessibleName(tr("Write to the supervisors, then Return"))
        self.field.setMaxLength(LINE_LENGTH)
        card = Card()
        head = QHBoxLayout()
        head.setSpacing(scaled(10))
        for label in (self.title, self.since, self.about):
            head.addWidget(label)
        head.addStretch(1)
        head.addWidget(self.lower_button)
        card.body.addLayout(head)
        card.body.addWidget(self.lines)
        card.body.addWidget(self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(12), scaled(8), scaled(12), 0)
        column.addWidget(card)


def _about(work: CallWork | None) -> str:
    """What the supervisor should know before anybody writes: who calls, and about which product."""
    if work is None:
        return ""
    who = work.customer.name if work.customer else work.caller_name or readable(work.call.caller.raw)
    product = work.contract.product.name if work.contract else ""
    return " · ".join(filter(None, (who, product)))


def _leave_as_it_is(_: FirstlineError) -> None:
    """The feed says that the database is away."""
