"""Third level says what became of its solution: the answer or known problem that has it now, or why there is none."""

from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.bootstrap import Desk
from app.domain.passing_down import PassedDown
from app.domain.typed_text import typed
from app.i18n import tr
from ui.theme import scaled
from ui.widgets.plain_label import PlainLabel
from ui.workbench.answer_field import AnswerField, solutions


class PassDownRow(QWidget):
    """A title with completion; or a reason. What is typed belongs to its case, and comes back with it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._case_id: UUID | None = None
        self._left: dict[UUID, tuple[str, str]] = {}  # what was typed for cases that are not shown
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

    def show_case(self, case_id: UUID) -> None:
        """Another case: what is typed for the one before is laid aside."""
        if case_id == self._case_id:
            return
        if self._case_id:
            self._left[self._case_id] = self.answer.text(), self.reason.text()
        self._case_id = case_id
        answer, reason = self._left.pop(case_id, ("", ""))
        self.answer.setText(answer)
        self.reason.setText(reason)

    def forget(self, case_id: UUID) -> None:
        """It was sent with its case."""
        self._left.pop(case_id, None)
        if case_id == self._case_id:
            self.answer.clear()
            self.reason.clear()
