"""What a supervisor tells the desks, above every screen: it never takes the focus, and stays until it is read."""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.commands import SeeNotice
from app.domain.errors import FirstlineError
from app.domain.ids import new_id
from app.domain.notices import Notice
from app.domain.people import Person
from app.domain.topics import Topic
from app.i18n import tr
from app.services.notices import Notices
from ui.context import ScreenContext
from ui.labels import clock_text
from ui.refresh import Refresher
from ui.shortcuts import Shortcut, key_text
from ui.theme import Tone, scaled
from ui.widgets.banner import Banner

_ASK_MS = 30_000  # a notice whose time is over goes by itself


class NoticeStrip(QWidget):
    """The newest notice that the person has not read, and how many more there are."""

    read = Signal(object)
    """The Notice that the person has read."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.banner = Banner()
        self.notices: tuple[Notice, ...] = ()
        self._desk = context.desk
        self._told: set[UUID] = set()
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(12), scaled(8), scaled(12), 0)
        column.addWidget(self.banner)
        self.hide()
        query = partial(_unread, context.desk.supervision.notices, context.desk.person)
        self._refresher = Refresher(context.background, context.desk.lanes.queries, query, self._show, self)
        self._refresher.failed.connect(_leave_as_it_is)
        context.bridge.topics_changed.connect(self._on_topics)
        timer = QTimer(self)
        timer.setInterval(_ASK_MS)
        timer.timeout.connect(self._refresher.refresh)
        timer.start()

    @property
    def shown(self) -> Notice | None:
        """The notice on the screen."""
        return next((notice for notice in self.notices if notice.id not in self._told), None)

    def see(self) -> None:
        """The person has read it; the next one comes."""
        notice = self.shown
        if notice is None:
            return
        self._told.add(notice.id)
        self._desk.send(SeeNotice(id=new_id(), by=self._desk.person.id, at=datetime.now(UTC), notice_id=notice.id))
        self.read.emit(notice)
        self._paint()

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if Topic.NOTICES in topics:
            self._refresher.refresh()

    def _show(self, notices: tuple[Notice, ...]) -> None:
        self.notices = notices
        self._told &= {notice.id for notice in notices}
        self._paint()

    def _paint(self) -> None:
        notice = self.shown
        if notice is None:
            self.banner.hide()
            self.hide()
            return
        more = len(self.notices) - len(self._told) - 1
        sentence = tr("{name}, {time}: {text}", name=notice.by_name, time=clock_text(notice.at), text=notice.text)
        if more:
            sentence += "   " + tr("({n} more)", n=more)
        action = f"{tr('Read')}  {key_text(Shortcut.SEE_NOTICE.key)}"
        self.banner.show_message(Tone.INFO, sentence, action_text=action, action=self.see, icon_name="users")
        self.show()


def _unread(notices: Notices, person: Person) -> tuple[Notice, ...]:
    return notices.unread(person, datetime.now(UTC))


def _leave_as_it_is(_: FirstlineError) -> None:
    """The feed says that the database is away."""
