"""Third level says what became of its solution: the answer that holds it now, or why there is none."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QWidget

from app.domain.answers import Answer
from app.domain.cases import PassedDown, PassedKind
from app.domain.typed_text import typed
from app.i18n import tr
from ui.theme import scaled
from ui.widgets.plain_label import PlainLabel


class PassDownRow(QWidget):
    """An answer by its title, with completion; or a reason."""

    def __init__(self) -> None:
        super().__init__()
        self._answers: dict[str, Answer] = {}
        self.answer, self.reason = QLineEdit(), QLineEdit()
        self.answer.setPlaceholderText(tr("Title of the answer that has the solution now"))
        self.answer.setAccessibleName(tr("Title of the answer that has the solution now"))
        self.reason.setPlaceholderText(tr("or: why nothing is passed down"))
        self.reason.setAccessibleName(tr("or: why nothing is passed down"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(8))
        layout.addWidget(PlainLabel(tr("Passed down"), kind="heading"))
        layout.addWidget(self.answer, 1)
        layout.addWidget(self.reason, 1)
        self.hide()

    def offer(self, answers: Sequence[Answer]) -> None:
        """The answers that can be named."""
        self._answers = {answer.title: answer for answer in answers}
        completer = QCompleter(sorted(self._answers), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.answer.setCompleter(completer)

    def said(self) -> tuple[PassedDown | None, str]:
        """The answer that was named, or None and the reason."""
        answer = self._answers.get(typed(self.answer.text()).strip())
        if answer is None:
            return None, typed(self.reason.text()).strip()
        return PassedDown(kind=PassedKind.ANSWER, id=answer.id, title=answer.title), ""

    def clear(self) -> None:
        """For the next case."""
        self.answer.clear()
        self.reason.clear()
