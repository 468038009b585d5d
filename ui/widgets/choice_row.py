"""One choice of a few, side by side: with the mouse, with arrows and Return, or by the digit before it."""

from collections.abc import Sequence
from enum import Enum
from typing import Generic, TypeVar

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.theme import colours, scaled
from ui.widgets.plain_label import PlainLabel

E = TypeVar("E", bound=Enum)

_RING_PX = 4
_TAKING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class ChoiceRow(QWidget, Generic[E]):
    """A titled row of buttons of which at most one is chosen."""

    chosen = Signal(object)
    """The person took this value, with its digit, a click or Return; not emitted by `choose()`."""

    moved = Signal(object)
    """The person moved the choice with the arrows and has not taken it yet."""

    def __init__(
        self,
        title: str,
        choices: Sequence[tuple[E, str]],
        parent: QWidget | None = None,
        *,
        is_vertical: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        self._values = [value for value, _ in choices]
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        edge = scaled(_RING_PX)
        layout.setContentsMargins(edge, edge, edge, edge)
        layout.setSpacing(scaled(4))
        if title:
            layout.addWidget(PlainLabel(title, kind="caption"))
        row = QVBoxLayout() if is_vertical else QHBoxLayout()
        row.setSpacing(scaled(4))
        for number, (_, text) in enumerate(choices):
            button = QPushButton(f"{number + 1}  {text}".rstrip())
            button.setCheckable(True)
            button.setProperty("kind", "choice")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._group.addButton(button, number)
            row.addWidget(button)
        layout.addLayout(row)
        self._group.idClicked.connect(self._on_clicked)

    @property
    def value(self) -> E | None:
        """What is chosen, if anything."""
        number = self._group.checkedId()
        return self._values[number] if number >= 0 else None

    def choose(self, value: E | None) -> None:
        """Show a choice; None takes it away."""
        self._group.setExclusive(False)
        for number, button in enumerate(self._group.buttons()):
            button.setChecked(self._values[number] == value)
        self._group.setExclusive(True)

    def show_choice(self, value: E, text: str, *, is_possible: bool = True) -> None:
        """Another text for a choice; one that is not possible now can be neither pressed nor reached."""
        number = self._values.index(value)
        button = self._group.button(number)
        button.setText(f"{number + 1}  {text}")
        button.setEnabled(is_possible)

    def press(self, number: int) -> bool:
        """Choose by its digit, from 1; False when there is no such choice."""
        if not self.isEnabled() or not 1 <= number <= len(self._values):
            return False
        if not self._group.button(number - 1).isEnabled():
            return False
        self._group.button(number - 1).setChecked(True)
        self._on_clicked(number - 1)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits and Return take, arrows move; all else passes."""
        key = event.key()
        if Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and self.press(key - Qt.Key.Key_0):
            return
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        if key in steps:
            self._move(steps[Qt.Key(key)])
            return
        if key in _TAKING and self.value is not None:
            self.chosen.emit(self.value)
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A ring around the row while it takes the keys."""
        del event
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colours().accent, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _move(self, step: int) -> None:
        number = self._group.checkedId() + step
        while 0 <= number < len(self._values) and not self._group.button(number).isEnabled():
            number += step
        if number < len(self._values):
            number = max(0, number)
            self.choose(self._values[number])
            self.moved.emit(self._values[number])

    def _on_clicked(self, number: int) -> None:
        self.chosen.emit(self._values[number])
