"""What the person is told, in the place of the screen: read once, then it is old."""

from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.domain.answers import Answer
from app.domain.commands import SeeMessages
from app.domain.ids import new_id
from app.domain.messages import Message
from app.domain.people import Role
from app.domain.topics import Topic
from app.i18n import tr
from ui.context import ScreenContext
from ui.labels import clock_text
from ui.messages.words import sentence_of
from ui.models.records import Column, RecordModel
from ui.pages import Page
from ui.refresh import Refresher
from ui.theme import colours, scaled
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable
from ui.widgets.unread import Unread


class MessagesPage(Page):
    """Newest first, unread ones on top; what is shown counts as read."""

    answer_asked = Signal(object)
    """The Answer that a message is about, to be read."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context)
        self.table = RecordTable(RecordModel(_columns()), self._no_message)
        self.table.setAccessibleName(tr("My messages"))
        self.table.current_record.connect(self._show_text)
        self.unread = Unread(lambda: self._refresher.refresh())
        self.text = PlainLabel()
        self.text.setWordWrap(True)
        self.read = KeyButton(tr("Read the answer"), "Return", icon_name="file")
        self.read.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.read.clicked.connect(self._ask_answer)
        self.read.hide()
        self.table.activated_record.connect(lambda _: self._ask_answer())
        head = QHBoxLayout()
        head.addWidget(PlainLabel(tr("My messages"), kind="title"), 1)
        head.addWidget(self.read)
        head.addWidget(self.back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(12), scaled(10), scaled(12), scaled(12))
        layout.setSpacing(scaled(10))
        layout.addLayout(head)
        layout.addWidget(self.unread)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.text)
        desk = context.desk
        query = partial(desk.messages.of, desk.person.id)
        self._refresher = Refresher(context.background, desk.lanes.queries, query, self._show, self)
        self._refresher.failed.connect(self.unread.show_error)
        context.bridge.topics_changed.connect(self._on_topics)
        self._refresher.refresh()

    def focus(self) -> None:
        """The list has the focus, and with it the arrows."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _no_message(self) -> str:
        return tr("Nobody has told you anything yet.") if self._refresher.last_success_at else tr("No data yet")

    def _show(self, messages: tuple[Message, ...]) -> None:
        self.unread.hide()
        self.table.records.replace(messages)
        if self.table.current() is None and messages:
            self.table.choose(messages[0].id)
        unread = tuple(message.id for message in messages if message.seen_at is None)
        if unread:
            by, at = self._context.desk.person.id, datetime.now(UTC)
            self._context.desk.send(SeeMessages(id=new_id(), by=by, at=at, message_ids=unread))

    def _show_text(self, message: Message | None) -> None:
        self.text.setText("\n".join(filter(None, (sentence_of(message), message.text))) if message else "")
        self.read.setVisible(self._answer() is not None)

    def _answer(self) -> Answer | None:
        """Of the chosen message, for who has a screen to read it on; as this desk has it now."""
        chosen = self.table.current()
        if chosen is None or chosen.answer_id is None or Role.FIRST_LEVEL not in self._context.desk.person.roles:
            return None
        return next((one for one in self._context.desk.index.answers() if one.id == chosen.answer_id), None)

    def _ask_answer(self) -> None:
        if answer := self._answer():
            self.answer_asked.emit(answer)

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if Topic.MESSAGES in topics:
            self._refresher.refresh()


def _columns() -> tuple[Column[Message], ...]:
    return (
        Column[Message](title=lambda: tr("When"), text=lambda one: clock_text(one.at), width=130),
        Column[Message](
            title=lambda: tr("Message"),
            text=sentence_of,
            stretches=True,
            colour=lambda one: colours().muted if one.seen_at else None,
        ),
    )
