"""Third level says what became of its solution: the answer or known problem that has it now, or why there is none."""

from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.desk.journal import Refused
from app.domain.commands import AdviseCase, AnyCommand, SolveCase
from app.domain.passing_down import PassedDown
from app.domain.typed_text import typed
from app.i18n import tr
from ui.context import ScreenContext
from ui.kept_field import KeptField
from ui.theme import scaled
from ui.widgets.plain_label import PlainLabel
from ui.workbench.answer_field import AnswerField, solutions


class PassDownRow(QWidget):
    """A title with completion; or a reason. What is typed belongs to its case until a command takes it along."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        desk = context.desk
        self.answer = AnswerField(lambda: solutions(desk), tr("Answer or known problem that has the solution now"))
        self.answer.setPlaceholderText(tr("Answer or known problem"))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(tr("or: why nothing is passed down"))
        self.reason.setAccessibleName(tr("or: why nothing is passed down"))
        self._answers = KeptField(desk, self.answer, "passed down")
        self._reasons = KeptField(desk, self.reason, "kept back")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(8))
        layout.addWidget(PlainLabel(tr("Passed down"), kind="heading"))
        layout.addWidget(self.answer, 1)
        layout.addWidget(self.reason, 1)
        self.hide()
        context.bridge.refused.connect(self._on_refused)
        context.bridge.delivered.connect(self.forget)  # what was given back, and sent again as it was

    @property
    def has_text(self) -> bool:
        """Something is typed for the case."""
        return bool(self.answer.text().strip() or self.reason.text().strip())

    def said(self) -> tuple[PassedDown | None, str]:
        """What was named; else None and the reason."""
        named = self.answer.named()
        return named, "" if named else typed(self.reason.text()).strip()

    def show_case(self, case_id: UUID) -> None:
        """Another case brings its own texts."""
        for kept in (self._answers, self._reasons):
            kept.show_case(case_id)

    def forget(self, command: AnyCommand) -> None:
        """What a command says of it is in the outbox; one that says nothing of it takes nothing away."""
        if isinstance(command, SolveCase | AdviseCase):
            self._answers.forget(command.case_id, command.passed_down.title if command.passed_down else "")
            self._reasons.forget(command.case_id, command.kept_back)

    def _on_refused(self, refused: Refused) -> None:
        command = refused.command
        if isinstance(command, SolveCase | AdviseCase):
            self._answers.give_back(command.case_id, command.passed_down.title if command.passed_down else "")
            self._reasons.give_back(command.case_id, command.kept_back)
            self.setVisible(self.has_text or not self.isHidden())
