"""What is typed in a line belongs to its case, or to whatever else it is about; kept on this desk until it is sent."""

from uuid import UUID, uuid5

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLineEdit

from app.bootstrap import Desk
from app.domain.typed_text import typed


class KeptField(QObject):
    """Keeps a line in the desk's journal at each key stroke: another case brings its own text."""

    def __init__(self, desk: Desk, line: QLineEdit, what: str) -> None:
        """
        Args:
            what: the line is for; with the case the name under which its text is kept. Never change it.
        """
        super().__init__(line)
        self._desk = desk
        self._line = line
        self._what = what
        self._case_id: UUID | None = None
        line.textChanged.connect(self._on_typed)  # not textEdited: a title that is chosen from the list counts, too

    def show_case(self, case_id: UUID) -> None:
        """Another case: its text stands in the line."""
        if case_id != self._case_id:
            self._case_id = case_id
            self._line.setText(self._kept(case_id))

    def forget(self, case_id: UUID, sent: str) -> None:
        """This text of the case is safe in the outbox; what was typed since stays."""
        if sent and self._kept(case_id).strip() == sent:
            self._put(case_id, "")

    def give_back(self, case_id: UUID, refused: str) -> None:
        """This text was not taken: it is typed again, unless something else is by now."""
        if refused and not self._kept(case_id).strip():
            self._put(case_id, refused)

    def _put(self, case_id: UUID, text: str) -> None:
        self._keep(case_id, text)
        if case_id == self._case_id:
            self._line.setText(text)

    def _on_typed(self, text: str) -> None:
        if self._case_id:
            self._keep(self._case_id, typed(text))

    def _keep(self, case_id: UUID, text: str) -> None:
        if text != self._kept(case_id):
            self._desk.keep_case_text(self._place(case_id), text)

    def _kept(self, case_id: UUID) -> str:
        return self._desk.case_texts.get(self._place(case_id), "")

    def _place(self, case_id: UUID) -> UUID:
        return uuid5(case_id, f"firstline:{self._what}")
