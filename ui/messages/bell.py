"""Tells the person what is new, once each and without taking the focus; the count stays until it is read."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.domain.messages import Message
from app.domain.topics import Topic
from app.i18n import plural
from ui.context import ScreenContext
from ui.messages.words import sentence_of
from ui.refresh import Refresher

_SHOWN_S = 12.0


class MessageBell(QObject):
    """Lives as long as the desk is open."""

    counted = Signal(int)
    """How many messages are unread."""

    def __init__(self, context: ScreenContext, parent: QObject, is_reading: Callable[[], bool]) -> None:
        """
        Args:
            is_reading: whether the page of the messages is in front: then nothing need be told.
        """
        super().__init__(parent)
        self.unread_count = 0
        self._context = context
        self._is_reading = is_reading
        self._told: set[UUID] = set()
        query = partial(context.desk.messages.of, context.desk.person.id)
        self._refresher = Refresher(context.background, context.desk.lanes.queries, query, self._show, self)
        context.bridge.topics_changed.connect(self._on_topics)
        context.bridge.contact_changed.connect(lambda is_there: self._refresher.refresh() if is_there else None)

    def _show(self, messages: tuple[Message, ...]) -> None:
        unread = [one for one in messages if one.seen_at is None]
        fresh = [one for one in unread if one.id not in self._told]
        self._told.update(one.id for one in unread)
        self.unread_count = len(unread)
        self.counted.emit(self.unread_count)
        if fresh and not self._is_reading():
            others = len(fresh) - 1
            more = plural(others, "and 1 more message", "and {n} more messages") if others else ""
            text = "  ".join(filter(None, (sentence_of(fresh[0]), more)))
            self._context.notifier.confirm(text, seconds=_SHOWN_S)

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if Topic.MESSAGES in topics:
            self._refresher.refresh()
