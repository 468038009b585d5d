"""What is open stays as it is for the call, and it is said when a newer version is published meanwhile."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject

from app.bootstrap import Desk
from app.domain.answers import Answer
from ui.agent.reading_view import ReadingView
from ui.context import ScreenContext


class NewerVersion(QObject):
    """Looks whenever the desk's answers changed; the look is in a lane."""

    def __init__(self, context: ScreenContext, reading: ReadingView) -> None:
        super().__init__(reading)
        self._context = context
        self._reading = reading
        context.bridge.answers_changed.connect(lambda _: self._look())

    def _look(self) -> None:
        if answer := self._reading.answer:
            find = partial(_current, self._context.desk, answer.id)
            done = self._reading.say_what_changed
            self._context.background.run(self._context.desk.lanes.queries, find, owner=self, done=done)


def _current(desk: Desk, answer_id: UUID) -> Answer | None:
    return next((answer for answer in desk.index.answers() if answer.id == answer_id), None)
