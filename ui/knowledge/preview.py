"""How an agent will read the answer: the same text as in the reading view, filled with an invented caller."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.domain.answers import Answer
from app.i18n import tr
from ui.answer_text import AnswerText
from ui.script_walk import ScriptWalk
from ui.theme import scaled
from ui.widgets.card import Card
from ui.widgets.plain_label import PlainLabel


def example_values() -> dict[str, str]:
    """An invented caller, for whom each placeholder has a value."""
    return {
        "customer.name": tr("Ada Example"),
        "customer.number": "K-1000",
        "customer.company": tr("Example Ltd"),
        "agent.name": tr("your name"),
        "product.name": "Link 200",
        "product.serial": "SN-0001",
        "contract.number": "V-1000",
        "contract.name": "Basic",
        "contract.ends_on": "31.12.2099",
        "case.number": "7K2M-94QX",
        "caller.number": "+49 30 23125 100",
        "today": "01.03.2026",
    }


class Preview(Card):
    def __init__(self) -> None:
        super().__init__(tr("As agents read it"))
        self._headline = PlainLabel(kind="title")
        self._headline.setWordWrap(True)
        self._body, self._closing = AnswerText(), AnswerText()
        self._steps = AnswerText()
        self.walk = ScriptWalk()
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, scaled(6), 0)
        column.setSpacing(scaled(10))
        for widget in (self._headline, self._body, self._steps, self._closing, self.walk):
            column.addWidget(widget)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        self.body.addWidget(scroll)

    def show_answer(self, answer: Answer) -> None:
        """Follows each key stroke; a script stays where it was walked to."""
        values = example_values()
        self._headline.setText(answer.title)
        self._body.show_text(answer.body, values)
        self._steps.show_text("\n".join(f"{n}. {step}" for n, step in enumerate(answer.steps, 1)), values)
        self._closing.show_text(answer.closing, values)
        self.walk.show_script(answer.script, self.walk.path, values)
