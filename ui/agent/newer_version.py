"""What is open stays as it is for the call, and it is said when a newer version is published meanwhile."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject

from app.bootstrap import Desk
from app.domain.answers import Answer
from ui.agent.reading_view import ReadingView
from ui.context import ScreenContext
from ui.refresh import Latest


class NewerVersion(QObject):
    """Looks whenever the desk's answers changed; the look is in a lane."""

    def __init__(self, context: ScreenContext, reading: ReadingView) -> None:
        super().__init__(reading)
        self._context = context
        self._reading = reading
        self._reads = Latest(context.background, context.desk.lanes.queries, self)
        context.bridge.answers_changed.connect(lambda _: self._look())

    def _look(self) -> None:
        if answer := self._reading.answer:
            find = partial(_current, self._context.desk, answer.id)
            self._reads.read(find, partial(self._say, answer.id))

    def _say(self, answer_id: UUID, current: Answer | None) -> None:
        if self._reading.answer and self._reading.answer.id == answer_id:  # another one may be open by now
            self._reading.say_what_changed(current)


def _current(desk: Desk, answer_id: UUID) -> Answer | None:
    return next((answer for answer in desk.index.answers() if answer.id == answer_id), None)
