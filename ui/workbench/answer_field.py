"""A field for the title of something published: an answer or a known problem, with completion."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QCompleter, QLineEdit

from app.bootstrap import Desk
from app.domain.answers import Answer, Audience
from app.domain.passing_down import PassedDown, PassedKind
from app.domain.typed_text import typed

Choices = Callable[[], Iterable[PassedDown]]


class AnswerField(QLineEdit):
    """What can be named is asked for when the field gets the focus: there may be ten thousand."""

    def __init__(self, choices: Choices, hint: str) -> None:
        super().__init__()
        self._choices = choices
        self._titles = QStringListModel(self)
        completer = QCompleter(self._titles, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Offer what there is now; not when the list of titles itself gives the focus back."""
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._titles.setStringList(sorted({one.title for one in self._choices()}))
        super().focusInEvent(event)

    def named(self) -> PassedDown | None:
        """What has this title; None when nothing has."""
        title = typed(self.text()).strip()
        return next((one for one in self._choices() if one.title == title), None)


def solutions(desk: Desk) -> list[PassedDown]:
    """What third level's solution can be passed down as: an answer, or a known problem by its number and title."""
    problems = (
        PassedDown(kind=PassedKind.PROBLEM, id=one.id, title=f"{one.name} · {one.words.title}")
        for one in desk.known_problems.problems
    )
    return [*problems, *map(_of, desk.index.answers())]


def first_level_answers(desk: Desk) -> list[PassedDown]:
    """The answers that first level has."""
    return [_of(answer) for answer in desk.index.answers() if answer.audience is Audience.FIRST]


def _of(answer: Answer) -> PassedDown:
    return PassedDown(kind=PassedKind.ANSWER, id=answer.id, title=answer.title)
