"""The text of an answer as it is read: placeholders filled and marked, gaps shown plainly, markup never run."""

import re
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from app.domain.answers import Answer, fill
from ui.theme import colours, scaled

_READABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def missing_in(answer: Answer, values: Mapping[str, str]) -> tuple[str, ...]:
    """The placeholders of an answer that cannot be filled, each once."""
    pieces = (piece for text in (answer.body, *answer.steps, answer.closing) for piece in fill(text, values))
    return tuple(dict.fromkeys(piece.placeholder for piece in pieces if piece.is_missing))


def plain(text: str, values: Mapping[str, str]) -> str:
    """The filled text without marks, for a label or the clipboard."""
    return _BOLD.sub(r"\1", "".join(piece.text for piece in fill(text, values)))


class AnswerText(QTextEdit):
    """One part of an answer. The text goes in as characters, never as markup, so nothing in it can load or run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._values: Mapping[str, str] = {}
        self.has_gaps = False
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("kind", "reading")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(_READABLE)
        self.setTabChangesFocus(True)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    def show_text(self, text: str, values: Mapping[str, str]) -> None:
        """Show `text` with its placeholders filled from `values`."""
        self._text, self._values = text, values
        self.setVisible(bool(text))
        self.clear()
        cursor = self.textCursor()
        self.has_gaps = False
        for piece in fill(text, values):
            self.has_gaps |= piece.is_missing
            if piece.placeholder:
                cursor.insertText(piece.text, _gap_format() if piece.is_missing else _filled_format())
            else:
                _insert_with_bold(cursor, piece.text)
        # A text with gaps is not selected, so not copied or dragged: it would reach the customer with braces in it.
        # (An override of createMimeDataFromSelection does that too, and the program crashes at its end.)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction if self.has_gaps else _READABLE)

    def restyle(self) -> None:
        """The scheme changed."""
        self.show_text(self._text, self._values)

    def _fit(self) -> None:
        self.setFixedHeight(int(self.document().size().height()) + scaled(2))


def _insert_with_bold(cursor: QTextCursor, text: str) -> None:
    end = 0
    for found in _BOLD.finditer(text):
        cursor.insertText(text[end : found.start()], QTextCharFormat())
        cursor.insertText(found[1], _bold_format())
        end = found.end()
    cursor.insertText(text[end:], QTextCharFormat())


def _bold_format() -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFontWeight(QFont.Weight.Bold)
    return made


def _filled_format() -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(colours().accent)
    made.setFontWeight(QFont.Weight.DemiBold)
    return made


def _gap_format() -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(colours().danger)
    made.setBackground(colours().danger_soft)
    made.setFontWeight(QFont.Weight.Bold)
    return made
