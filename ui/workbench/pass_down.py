"""Third level says what became of its solution: the answer or known problem that has it now, or why there is none."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.bootstrap import Desk
from app.domain.passing_down import PassedDown
from app.domain.typed_text import typed
from app.i18n import tr
from ui.theme import scaled
from ui.widgets.plain_label import PlainLabel
from ui.workbench.answer_field import AnswerField, solutions


class PassDownRow(QWidget):
    """A title with completion; or a reason."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.answer = AnswerField(lambda: solutions(desk), tr("Answer or known problem that has the solution now"))
        self.answer.setPlaceholderText(tr("Answer or known problem"))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(tr("or: why nothing is passed down"))
        self.reason.setAccessibleName(tr("or: why nothing is passed down"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(8))
        layout.addWidget(PlainLabel(tr("Passed down"), kind="heading"))
        layout.addWidget(self.answer, 1)
        layout.addWidget(self.reason, 1)
        self.hide()

    def said(self) -> tuple[PassedDown | None, str]:
        """What was named; else None and the reason."""
        named = self.answer.named()
        return named, "" if named else typed(self.reason.text()).strip()

    def clear(self) -> None:
        """For the next case."""
        self.answer.clear()
        self.reason.clear()
