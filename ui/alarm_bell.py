"""Tells a supervisor of each promise that is about to break, or has, whatever screen is shown: once in a window."""

from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QObject

from app.domain.people import Role
from app.domain.topics import Topic
from app.i18n import plural
from app.services.alarms import AlarmNow
from ui.alarm_words import alarm_sentence
from ui.context import ScreenContext
from ui.refresh import Refresher

_TOPICS = frozenset({Topic.ALARMS})
_Told = tuple[object, str]


class AlarmBell(QObject):
    """What had come before the window was opened stands on the board; what comes later is said."""

    def __init__(self, context: ScreenContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._opened_at = datetime.now(UTC)
        self._told: set[_Told] = set()
        desk = context.desk
        if Role.SUPERVISOR not in desk.person.roles:
            return
        query = partial(desk.alarms.now, desk.person.team_id)
        self._refresher = Refresher(context.background, desk.lanes.queries, query, self._tell, self)
        context.bridge.topics_changed.connect(self._on_topics)

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if topics & _TOPICS:
            self._refresher.refresh()

    def _tell(self, alarms: tuple[AlarmNow, ...]) -> None:
        later = [alarm for alarm in alarms if alarm.at >= self._opened_at]
        new = [alarm for alarm in later if (alarm.id, alarm.step) not in self._told]
        self._told |= {(alarm.id, alarm.step) for alarm in later}
        if len(new) == 1:
            self._context.notifier.warn(alarm_sentence(new[0]))
        elif new:
            self._context.notifier.warn(
                plural(len(new), "1 promise is about to break, or has.", "{n} promises are about to break, or have.")
            )
