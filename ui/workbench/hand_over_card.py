"""What the level before handed over: who calls, about what, what was said, searched and tried."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.domain.cases import AnswerRead, HandOver
from app.i18n import tr
from app.telephony.numbers import readable
from ui import icons
from ui.labels import label
from ui.shortcuts import HIT_COUNT, Shortcut, key_text
from ui.theme import Tone, scaled
from ui.widgets.card import Card
from ui.widgets.facts import Facts
from ui.widgets.plain_label import PlainLabel
from ui.workbench.icon_line import IconLine


class HandOverCard(Card):
    """Rows are made anew for each case; a case has few."""

    answer_asked = Signal(object)
    """The AnswerRead that is to be read as it was in the call."""

    def __init__(self) -> None:
        super().__init__(tr("Hand-over"))
        self._shown: HandOver | None = None
        self._withholds = False
        self.caller, self.problem = Facts(), Facts()
        self.note = PlainLabel()
        self.note.setWordWrap(True)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.none = PlainLabel(tr("Nothing was handed over: this case was not escalated."), kind="muted")
        self._searches = _Section(tr("Searched for"))
        self._answers = _Section(tr("Answers read"))
        self._lay_out()
        self._show_parts(has_any=False)

    def show_hand_over(self, hand_over: HandOver | None, *, withholds_number: bool = False) -> None:
        """Show a hand-over, or that there is none; a number that is not for this person is said to be withheld."""
        if (hand_over, withholds_number) == (self._shown, self._withholds):
            return
        self._shown, self._withholds = hand_over, withholds_number
        self._show_parts(has_any=hand_over is not None)
        if hand_over is None:
            return
        number = tr("only if second level shows it") if withholds_number else readable(hand_over.caller_number)
        self.caller.set_facts(_caller(hand_over, number))
        self.problem.set_facts(_problem(hand_over))
        self.note.setText(hand_over.note or "–")
        self._searches.show_lines([IconLine("search", search) for search in hand_over.searches])
        self._answers.show_lines(self._answer_lines(hand_over.answers))

    def ask_answer(self, place: int) -> None:
        """Ctrl+1 … Ctrl+9: the answer at this place."""
        if self._shown and place < len(self._shown.answers):
            self.answer_asked.emit(self._shown.answers[place])

    def _answer_lines(self, answers: Iterable[AnswerRead]) -> list[IconLine]:
        lines: list[IconLine] = []
        for place, answer in enumerate(answers):
            title, n = answer.title, answer.version
            text = tr("{title} (version {n})", title=title, n=n) if n else title
            lines.append(IconLine("file", text, button=self._open_button(place, title)))
            lines.extend(IconLine("check", tr("tried: {step}", step=step), indent=1) for step in answer.steps_tried)
            lines.extend(IconLine("check", f"{turn.asked} → {turn.answered}", indent=1) for turn in answer.script_path)
        return lines

    def _open_button(self, place: int, title: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "inline")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        icons.put(button, "search", Tone.ACCENT)
        button.setAccessibleName(tr("Read “{title}” as it was in the call", title=title))
        if place < HIT_COUNT:
            key = key_text(Shortcut.TAKE_HIT.keys[place])
            button.setToolTip(tr("Read “{title}” as it was in the call ({key})", title=title, key=key))
        button.clicked.connect(lambda: self.ask_answer(place))
        return button

    def _show_parts(self, *, has_any: bool) -> None:
        self.none.setVisible(not has_any)
        self._parts.setVisible(has_any)

    def _lay_out(self) -> None:
        facts = QHBoxLayout()
        facts.setSpacing(scaled(24))
        facts.addWidget(self.caller, 1, Qt.AlignmentFlag.AlignTop)
        facts.addWidget(self.problem, 1, Qt.AlignmentFlag.AlignTop)
        worked = QHBoxLayout()
        worked.setSpacing(scaled(24))
        worked.addWidget(self._searches, 1, Qt.AlignmentFlag.AlignTop)
        worked.addWidget(self._answers, 1, Qt.AlignmentFlag.AlignTop)
        self._parts = QWidget()
        column = QVBoxLayout(self._parts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(12))
        column.addLayout(facts)
        column.addWidget(_Section(tr("Note"), self.note))
        column.addLayout(worked)
        self.body.addWidget(self.none)
        self.body.addWidget(self._parts)


class _Section(QWidget):
    """A small heading with lines below."""

    def __init__(self, title: str, content: QWidget | None = None) -> None:
        super().__init__()
        self._lines: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(scaled(4))
        self._column.addWidget(PlainLabel(title, kind="caption"))
        if content:
            self._column.addWidget(content)

    def show_lines(self, lines: list[QWidget] | list[IconLine]) -> None:
        """These lines from now on; none are a dash."""
        for old in self._lines:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._lines = list(lines) or [PlainLabel("–", kind="muted")]
        for line in self._lines:
            self._column.addWidget(line)


def _caller(hand_over: HandOver, number: str) -> list[tuple[str, str | None]]:
    return [
        (tr("Caller"), hand_over.caller_name),
        (tr("Number"), number),
        (tr("Customer number"), hand_over.customer_number),
        (tr("Product"), hand_over.product),
        *([(tr("Version"), hand_over.version)] if hand_over.version else []),
        (tr("Serial number"), hand_over.serial),
    ]


def _problem(hand_over: HandOver) -> list[tuple[str, str | None]]:
    return [
        (tr("Reason"), label(hand_over.reason)),
        (tr("Affected"), label(hand_over.impact)),
        (tr("Urgency"), label(hand_over.urgency)),
        (tr("Entitlement"), hand_over.entitlement),
        (tr("Promised"), hand_over.promised),
    ]
