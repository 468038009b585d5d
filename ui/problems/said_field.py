"""The solution of a known problem, or the reason why it is none or open again."""

from uuid import UUID, uuid5

from PySide6.QtWidgets import QPlainTextEdit

from app.bootstrap import Desk
from app.domain.typed_text import typed
from app.i18n import tr
from ui.theme import scaled

_TEXTS = UUID("5f0a2d8e-94c1-5e37-8b1d-6a7c40e9f352")  # what is typed here has a place of its own in the journal


class SaidField(QPlainTextEdit):
    """What is typed belongs to its problem, and is kept on this desk until it is sent."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._of: UUID | None = None
        self.setTabChangesFocus(True)
        self.setFixedHeight(scaled(48))
        self.setAccessibleName(tr("Solution, or reason"))
        self.setPlaceholderText(tr("The solution, or why it is none or open again"))
        self.textChanged.connect(self._on_typed)

    @property
    def said(self) -> str:
        """Without white space around it."""
        return typed(self.toPlainText()).strip()

    def show_for(self, problem_id: UUID) -> None:
        """Another problem brings its own text."""
        if problem_id != self._of:
            self._of = problem_id
            self.setPlainText(self._desk.case_texts.get(_place(problem_id), ""))

    def forget(self, problem_id: UUID, sent: str) -> None:
        """The text of a problem was sent; what was typed since stays."""
        if self._desk.case_texts.get(_place(problem_id), "").strip() != sent:
            return
        self._desk.keep_case_text(_place(problem_id), "")
        if problem_id == self._of:
            self.clear()

    def _on_typed(self) -> None:
        text = typed(self.toPlainText())
        if self._of and text != self._desk.case_texts.get(_place(self._of), ""):
            self._desk.keep_case_text(_place(self._of), text)


def _place(problem_id: UUID) -> UUID:
    return uuid5(_TEXTS, str(problem_id))
