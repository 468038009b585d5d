"""Lines taken out and lines put in, by field: with a sign before them and in colour."""

from collections.abc import Iterable

from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QPlainTextEdit

from app.domain.knowledge import Difference, field_name
from app.i18n import tr
from ui.theme import colours


class DifferenceView(QPlainTextEdit):
    """The text goes in as characters, never as markup."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAccessibleName(tr("Differences"))

    def show_differences(self, found: Iterable[Difference]) -> None:
        self.clear()
        cursor = self.textCursor()
        scheme = colours()
        for one in found:
            cursor.insertText(f"{field_name(one.field)}\n", _form(scheme.muted))
            for line in one.removed:
                cursor.insertText(f"−  {line}\n", _form(scheme.danger, scheme.danger_soft))
            for line in one.added:
                cursor.insertText(f"+  {line}\n", _form(scheme.good, scheme.good_soft))
        self.moveCursor(cursor.MoveOperation.Start)


def _form(text: QColor, ground: QColor | None = None) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(text)
    if ground is not None:
        made.setBackground(ground)
    return made
