"""A line whose text survives the page and a crash until it is used."""

from uuid import NAMESPACE_URL, uuid5

from PySide6.QtWidgets import QLineEdit

from app.bootstrap import Desk

_LONGEST = 500


class KeptLine(QLineEdit):
    """Kept in the desk's journal at each key stroke, under the name of what it is for."""

    def __init__(self, desk: Desk, what: str, prompt: str) -> None:
        super().__init__()
        self._desk = desk
        self._id = uuid5(NAMESPACE_URL, f"firstline:{what}")
        self.setPlaceholderText(prompt)
        self.setAccessibleName(prompt)
        self.setMaxLength(_LONGEST)
        self.setText(desk.case_texts.get(self._id, ""))
        self.textEdited.connect(self._keep)

    def done(self, used: str) -> None:
        """This text is somewhere else now; what was typed since stays."""
        if self.text().strip() == used:
            self.clear()
            self._keep("")

    def _keep(self, text: str) -> None:
        if text or self._id in self._desk.case_texts:
            self._desk.keep_case_text(self._id, text)
