"""Where an agent is in the work, for the screen that takes the place of this one: in another language, or larger."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.domain.answers import Answer
from ui.agent.escalation import Choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Search, open answer, caret in the note, choices of an open escalation, and which part has the focus."""

    search: str
    answer: Answer | None
    caret: tuple[int, int]  # anchor and position
    escalation: Choices | None
    focus: int | None


def caret_of(field: QPlainTextEdit) -> tuple[int, int]:
    cursor = field.textCursor()
    return cursor.anchor(), cursor.position()


def put_caret(field: QPlainTextEdit, caret: tuple[int, int]) -> None:
    cursor = field.textCursor()
    cursor.setPosition(caret[0])
    cursor.setPosition(caret[1], QTextCursor.MoveMode.KeepAnchor)
    field.setTextCursor(cursor)


def focus_of(parts: Sequence[QWidget]) -> int | None:
    """Which of them has the focus; None: none."""
    return next((number for number, part in enumerate(parts) if part.hasFocus()), None)


def put_focus(parts: Sequence[QWidget], number: int | None) -> None:
    """A part that nobody sees would take the keys to itself."""
    if number is not None and parts[number].isVisible():
        parts[number].setFocus(Qt.FocusReason.OtherFocusReason)
