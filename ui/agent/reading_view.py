"""The scripted answer that is open: what to say, the steps to tick, and the key for "this solved it"."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.domain.answers import Answer
from app.domain.cases import ScriptTurn
from app.domain.work import (
    CallWork,
    Outcome,
    placeholder_values,
    script_path,
    steps_tried,
    with_answer,
    with_script_path,
    with_search,
    with_step,
)
from app.i18n import tr
from ui import icons
from ui.answer_text import AnswerText, missing_in, plain
from ui.call_desk import CallDesk
from ui.labels import date_text, label, language_name
from ui.script_walk import ScriptWalk
from ui.shortcuts import Shortcut, key_text
from ui.theme import Tone, scaled
from ui.widgets.banner import Banner
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel


class ReadingView(Card):
    """Shows one answer, filled for the caller of the moment."""

    def __init__(self, desk: CallDesk, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._desk = desk
        self._values: Mapping[str, str] = {}
        self.answer: Answer | None = None
        self._headline = PlainLabel(kind="title")
        self._headline.setWordWrap(True)
        self._about = PlainLabel(kind="muted")
        self._about.setWordWrap(True)
        self._gaps = Banner()
        self._body, self._closing = AnswerText(), AnswerText()
        self._steps = _Steps(self._on_step)
        self.walk = ScriptWalk()
        self.walk.walked.connect(self._on_walked)
        self._newer = Banner()
        key = key_text(Shortcut.SEARCH_ANSWERS.key)
        hint = tr("Search with {key} and press Return to read the first hit.", key=key)
        self._empty = EmptyState("file", tr("No answer is open."), hint)
        self.solved = KeyButton(tr("This solved it"), Shortcut.SOLVED.key, kind="primary", icon_name="check")
        self.solved.clicked.connect(self.solve)
        self._copy = QPushButton(tr("Copy text"))
        icons.put(self._copy, "copy")
        self._copy.clicked.connect(self._on_copy)
        self._why_not = PlainLabel(kind="muted")
        self._why_not.setWordWrap(True)
        self._lay_out()
        desk.changed.connect(self.refresh)
        desk.outcome.changed.connect(self.refresh)
        self.refresh()

    def open(self, answer: Answer, found_by: str) -> None:
        """Show an answer; that it was read, and by which search, becomes part of the case."""
        self.answer = answer
        self._newer.hide()
        work = self._desk.work
        if work:
            self._desk.update(with_answer(with_search(work, found_by), answer))
        self._scroll.verticalScrollBar().setValue(0)
        self.refresh()

    def show_answer(self, answer: Answer | None) -> None:
        """Show what was open before, or with None nothing, as at the beginning of a call."""
        self.answer = answer
        self.refresh()

    def refresh(self) -> None:
        """Fill for the caller and case of now."""
        answer, work = self.answer, self._desk.work
        self._empty.setVisible(answer is None)
        self._page.setVisible(answer is not None)
        self._show_actions(work)
        if answer is None:
            return
        self._values = _values(work, self._desk.desk.person.name)
        self._headline.setText(answer.title)
        for part in (self._body, self._closing):
            part.setAccessibleName(answer.title)
        self._about.setText(_about(answer))
        self._body.show_text(answer.body, self._values)
        self._closing.show_text(answer.closing, self._values)
        self._steps.show_steps(answer, steps_tried(work, answer.id) if work else (), self._values)
        self._steps.put_before(self.solved)
        self.walk.show_script(answer.script, script_path(work, answer.id) if work else self.walk.path, self._values)
        self._show_gaps(missing_in(answer, self._values))

    def solve(self) -> None:
        """F9: this answer solved the case."""
        if self.answer and self.solved.isEnabled() and self._desk.work:
            self._desk.outcome.solve_with(self.answer, self._desk.work.note)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.answer:
            self._body.restyle()
            self._closing.restyle()

    def _show_actions(self, work: CallWork | None) -> None:
        self.solved.setVisible(self.answer is not None)
        self._copy.setVisible(self.answer is not None)
        is_open = work is not None and work.outcome is None
        self.solved.setEnabled(self.answer is not None and is_open)
        if self.answer is None or is_open:
            self._why_not.setText("")
        elif work is None:
            self._why_not.setText(tr("There is no call that it could have solved."))
        elif work.outcome is Outcome.SOLVED:
            self._why_not.setText(tr("Case {number} is solved.", number=work.case_number))
        else:
            self._why_not.setText(tr("Case {number} was escalated.", number=work.case_number))

    def _show_gaps(self, gaps: tuple[str, ...]) -> None:
        self._copy.setEnabled(not gaps)
        if gaps:
            names = ", ".join(f"{{{name}}}" for name in gaps)
            sentence = tr(
                "Not known yet: {names}. Do not read it aloud; copying is off until it is known.", names=names
            )
            self._gaps.show_message(Tone.WARNING, sentence)
        else:
            self._gaps.hide()

    def say_what_changed(self, current: Answer | None) -> None:
        """The answers changed: what is open stays as it is for this call, and it is said that there is a newer one."""
        answer = self.answer
        if answer is None or (current is not None and current.version == answer.version):
            self._newer.hide()
        elif current is None:
            self._newer.show_message(Tone.WARNING, tr("This answer was retired while it was open here."))
        else:
            n = current.version
            sentence = tr("Version {n} is published. What is open here stays as it is for this call.", n=n)
            renew = partial(self._renew, current)
            self._newer.show_message(Tone.INFO, sentence, action_text=tr("Open it"), action=renew)

    def _renew(self, answer: Answer) -> None:
        self._newer.hide()
        self.open(answer, "")

    def _on_walked(self, path: tuple[ScriptTurn, ...]) -> None:
        """The way through the script goes with the hand-over."""
        if self.answer and self._desk.work:
            self._desk.update(with_script_path(self._desk.work, self.answer, path))

    def _on_step(self, step: str, is_tried: bool) -> None:
        if self.answer and self._desk.work:
            self._desk.update(with_step(self._desk.work, self.answer, step, is_tried))

    def _on_copy(self) -> None:
        if self.answer:
            steps = (f"{number}. {step}" for number, step in enumerate(self.answer.steps, start=1))
            parts = (self.answer.body, "\n".join(steps), self.answer.closing)
            QGuiApplication.clipboard().setText(plain("\n\n".join(filter(None, parts)), self._values))

    def _lay_out(self) -> None:
        self._page = QWidget()
        page = QVBoxLayout(self._page)
        page.setContentsMargins(0, 0, scaled(6), 0)
        page.setSpacing(scaled(10))
        said = (self._body, self._steps, self._closing, self.walk)
        for widget in (self._headline, self._about, self._newer, self._gaps, *said):
            page.addWidget(widget)
        page.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = QWidget()
        holder.setProperty("kind", "page")
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._page, 1)
        inside.addWidget(self._empty, 1)
        self._scroll.setWidget(holder)
        buttons = QHBoxLayout()
        buttons.addWidget(self.solved)
        buttons.addWidget(self._copy)
        buttons.addWidget(self._why_not, 1)
        self.body.addWidget(self._scroll, 1)
        self.body.addLayout(buttons)


class _Steps(QWidget):
    """The numbered steps, each with a box to tick when the customer has tried it."""

    def __init__(self, on_tick: Callable[[str, bool], None]) -> None:
        super().__init__()
        self._on_tick = on_tick
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(scaled(6))
        self._shown: tuple[object, ...] = ()

    def put_before(self, after: QWidget) -> None:
        """Tab goes through the steps in their order, then on to `after`."""
        for box, following in pairwise([*self.findChildren(QCheckBox), after]):
            QWidget.setTabOrder(box, following)

    def show_steps(self, answer: Answer, tried: tuple[str, ...], values: Mapping[str, str]) -> None:
        """Rows are made anew only for another answer, so that a tick does not lose the focus."""
        texts = tuple(plain(step, values) for step in answer.steps)
        self.setVisible(bool(texts))
        if self._shown != (answer.id, texts):
            self._shown = (answer.id, texts)
            self._make_rows(answer.steps, texts)
        for step, box in zip(answer.steps, self.findChildren(QCheckBox), strict=True):
            box.blockSignals(True)
            box.setChecked(step in tried)
            box.blockSignals(False)

    def _make_rows(self, steps: tuple[str, ...], texts: tuple[str, ...]) -> None:
        while item := self._layout.takeAt(0):
            if row := item.widget():
                row.setParent(None)
                row.deleteLater()
        for number, (step, text) in enumerate(zip(steps, texts, strict=True), start=1):
            self._layout.addWidget(self._row(number, step, text))

    def _row(self, number: int, step: str, text: str) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(scaled(8))
        box = QCheckBox(f"{number}.")
        box.setAccessibleName(text)
        box.toggled.connect(lambda is_tried: self._on_tick(step, is_tried))
        words = PlainLabel(text)
        words.setWordWrap(True)
        words.setBuddy(box)
        line.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(words, 1)
        return row


def _values(work: CallWork | None, agent_name: str) -> dict[str, str]:
    """Values in the person's own forms: dates and the contract's name as they are read out."""
    values = placeholder_values(work, agent_name, date_text(date.today()))
    contract = work.contract if work else None
    if contract:
        values |= {"contract.name": label(contract.kind), "contract.ends_on": date_text(contract.ends_on)}
    return values


def _about(answer: Answer) -> str:
    problem = tr("known problem {name} in force", name=answer.known_problem) if answer.known_problem else ""
    facts = (problem, language_name(answer.language), ", ".join(answer.products), tr("version {n}", n=answer.version))
    return " · ".join(filter(None, facts))
