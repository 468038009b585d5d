"""A guided script as it is walked through: one question at a time, answered by a digit."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.domain.cases import ScriptTurn
from app.domain.scripts import ESCALATE, SOLVED, Script, follow, read_script, turn
from app.i18n import tr
from ui.answer_text import AnswerText, plain
from ui.theme import scaled
from ui.widgets.plain_label import PlainLabel

_BACK = (Qt.Key.Key_Backspace, Qt.Key.Key_Left)


class ScriptWalk(QWidget):
    """Shows where a path has led, what was answered before, and what may be answered now."""

    walked = Signal(object)
    """The path (tuple of ScriptTurn) after the person answered or went back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Guided script"))
        self.path: tuple[ScriptTurn, ...] = ()
        self.end = ""  # "solved" or "escalate", once the path has led there
        self._script = Script(start="", steps={})
        self._values: Mapping[str, str] = {}
        self._gone = PlainLabel(kind="muted")
        self._gone.setWordWrap(True)
        self._text = AnswerText()
        self._choices = QVBoxLayout()
        self._choices.setSpacing(scaled(4))
        self._back = QPushButton(tr("One step back"))
        self._back.setProperty("kind", "ghost")
        self._back.clicked.connect(self.go_back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(4), scaled(4), scaled(4), scaled(4))
        layout.setSpacing(scaled(8))
        for widget in (self._gone, self._text):
            layout.addWidget(widget)
        layout.addLayout(self._choices)
        layout.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)

    def show_script(self, text: str, path: tuple[ScriptTurn, ...], values: Mapping[str, str]) -> None:
        """Show a script from where `path` has led in it."""
        self._script, self._values = read_script(text), values
        self.setVisible(bool(self._script.steps))
        self._go(path)

    @property
    def question(self) -> str:
        """What is asked now."""
        return self._text.toPlainText()

    def choose(self, number: int) -> bool:
        """Answer by number, from 1; False when there is no such answer."""
        step = self._script.steps.get(self._here)
        if step is None or not 1 <= number <= len(step.choices):
            return False
        self._go((*self.path, turn(step, step.choices[number - 1])))
        self.walked.emit(self.path)
        return True

    def go_back(self) -> None:
        """The last answer was none."""
        if self.path:
            self._go(self.path[:-1])
            self.walked.emit(self.path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits answer, Backspace goes back; all else passes."""
        if Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_9 and self.choose(event.key() - Qt.Key.Key_0):
            return
        if event.key() in _BACK:
            self.go_back()
            return
        super().keyPressEvent(event)

    def _go(self, path: tuple[ScriptTurn, ...]) -> None:
        self._here, self.path = follow(self._script, path)
        step = self._script.steps.get(self._here)
        self.end = "" if step else self._here
        self._gone.setText("\n".join(f"{one.asked} → {one.answered}" for one in self.path))
        self._gone.setVisible(bool(self.path))
        self._text.show_text(step.text if step else _end_text(self._here), self._values)
        self._back.setVisible(bool(self.path))
        self._show_choices([plain(choice.text, self._values) for choice in step.choices] if step else [])

    def _show_choices(self, texts: list[str]) -> None:
        while item := self._choices.takeAt(0):
            if button := item.widget():
                button.setParent(None)
                button.deleteLater()
        for number, text in enumerate(texts, start=1):
            button = QPushButton(f"{number}  {text}")
            button.setProperty("kind", "choice")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _=False, n=number: self.choose(n))
            self._choices.addWidget(button)


def _end_text(end: str) -> str:
    if end == SOLVED:
        return tr("**Solved.** Confirm it with the key for “this solved it”.")
    return tr("**Escalate.** The way through this script goes with the hand-over.") if end == ESCALATE else ""
