"""The German and the English of one answer side by side: which is missing, which is older."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.bootstrap import Desk
from app.domain.answers import Answer
from app.domain.errors import FirstlineError
from app.domain.knowledge import AnswerLine
from app.i18n import LANGUAGES, tr
from ui.context import ScreenContext
from ui.labels import clock_text, label, language_name
from ui.refresh import Refresher
from ui.theme import scaled
from ui.widgets.plain_label import PlainLabel
from ui.widgets.unread import Unread


class PairPage(QWidget):
    """Both are read here; one key opens the other, or begins it from this one."""

    opened = Signal(object)  # AnswerLine of the other language
    begun = Signal(object)  # Answer to write in the other language

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._mine: Answer | None = None
        self._other: AnswerLine | None = None
        self._captions = (PlainLabel(kind="heading"), PlainLabel(kind="heading"))
        self._states = (PlainLabel(kind="muted"), PlainLabel(kind="muted"))
        self.texts = (QPlainTextEdit(), QPlainTextEdit())
        self.notice = Unread(lambda: self._refresher.refresh())
        self.go = QPushButton()
        self.go.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.go.clicked.connect(self._on_go)
        columns = QHBoxLayout()
        columns.setSpacing(scaled(10))
        for caption, state, text in zip(self._captions, self._states, self.texts, strict=True):
            text.setReadOnly(True)
            column = QVBoxLayout()
            for widget in (caption, state, text):
                column.addWidget(widget)
            columns.addLayout(column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.notice)
        layout.addLayout(columns, 1)
        layout.addWidget(self.go, 0, Qt.AlignmentFlag.AlignRight)
        self._refresher = Refresher[Answer | None](
            context.background, context.desk.lanes.queries, lambda: None, self._show_other, self
        )
        self._refresher.failed.connect(self._on_failed)

    def show_pair(self, mine: Answer, line: AnswerLine | None, other: AnswerLine | None) -> None:
        """`line` is that of `mine`, `other` that of the other language, if there is one."""
        if other is None or self._other is None or other.id != self._other.id:
            self.texts[1].clear()
            self.notice.hide()
        self._mine, self._other = mine, other
        self._captions[0].setText(language_name(mine.language))
        self._states[0].setText(_state(line) if line else "")
        self.texts[0].setPlainText(whole_text(mine))
        language = _other_language(mine.language)
        self._captions[1].setText(language_name(language))
        for text, code in zip(self.texts, (mine.language, language), strict=True):
            text.setAccessibleName(language_name(code))
        if other is None:
            self._states[1].setText(tr("missing"))
            self.texts[1].setPlainText("")
            self.go.setText(tr("Write it in {language}", language=language_name(language)))
            return
        words = {"older": tr("older than this one"), "newer": tr("newer than this one")}
        pair = words.get(line.pair, "") if line else ""
        self._states[1].setText(" · ".join(filter(None, (_state(other), pair))))
        self.go.setText(tr("Open it"))
        desk, wanted = self._context.desk, other
        self._refresher.ask(partial(_text_of, desk, wanted))

    def _show_other(self, answer: Answer | None) -> None:
        if answer is not None and self._other is not None and answer.id == self._other.id:
            self.notice.hide()
            self.texts[1].setPlainText(whole_text(answer))

    def _on_failed(self, error: FirstlineError) -> None:
        if self._other is not None:  # else there is nothing to read any more
            self.notice.show_error(error)

    def _on_go(self) -> None:
        if self._other is not None:
            self.opened.emit(self._other)
        elif self._mine is not None:
            language = _other_language(self._mine.language)
            self.begun.emit(replace(self._mine, language=language, version=1, published_at=None))


def whole_text(answer: Answer) -> str:
    """All that is said, with the questions before it."""
    steps = "\n".join(f"{n}. {step}" for n, step in enumerate(answer.steps, 1))
    questions = "\n".join(f"? {variant}" for variant in answer.variants)
    return "\n\n".join(filter(None, (answer.title, questions, answer.body, steps, answer.closing, answer.script)))


def _text_of(desk: Desk, line: AnswerLine) -> Answer | None:
    draft = desk.knowledge.open_draft(line.id, line.draft_id) if line.draft_id else None
    return draft.answer if draft else desk.knowledge.answer(line.id)


def _other_language(code: str) -> str:
    return next(one for one in sorted(LANGUAGES) if one != code)


def _state(line: AnswerLine) -> str:
    at = clock_text(line.changed_at) if line.changed_at else ""
    version = tr("version {n}", n=line.version) if line.version else ""
    return " · ".join(filter(None, (label(line.state), version, at)))
