"""The right side of the knowledge screen: one answer with its text, script, pair, history and use."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.domain.answers import Answer
from app.domain.errors import FirstlineError
from app.domain.knowledge import AnswerEvent, AnswerLine
from app.domain.typed_text import typed
from app.i18n import tr
from ui.context import ScreenContext
from ui.knowledge.actions import Actions
from ui.knowledge.checks import Checks
from ui.knowledge.choice import Choice
from ui.knowledge.form import AnswerForm, script_hint
from ui.knowledge.history import HistoryPage
from ui.knowledge.pair import PairPage
from ui.knowledge.preview import Preview
from ui.knowledge.remarks import RemarksPage
from ui.knowledge.tables import icon_of, tone_of
from ui.knowledge.words import about, how_to_begin, named, newer_version
from ui.knowledge.work import DraftWork
from ui.labels import label
from ui.theme import Tone, scaled
from ui.widgets.banner import Banner
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.pill import Pill
from ui.widgets.plain_label import ElidedLabel, PlainLabel

LinePair = tuple[AnswerLine | None, AnswerLine | None]
_TEXT, _SCRIPT, _PAIR, _HISTORY, _REMARKS = range(5)


class Editor(QWidget):
    """Fields at the left, beside them what an agent will read."""

    pair_opened = Signal(object)  # AnswerLine
    pair_begun = Signal(object)  # Answer
    duplicate_opened = Signal(object)  # Answer

    def __init__(self, context: ScreenContext, line_of: Callable[[Answer], LinePair]) -> None:
        """
        Args:
            line_of: the line of an answer in the list, and that of its other language.
        """
        super().__init__()
        self._context = context
        self._line_of = line_of
        self.work = DraftWork(context, self)
        self._told = (0, "")  # of what others did: the draft's revision, the answer's version
        self._title = ElidedLabel(kind="title")
        self._state = Pill()
        self._about = PlainLabel(kind="muted")
        self.notice = Banner(is_closable=True)
        self.notice.closed.connect(self.notice.hide)
        self.form = AnswerForm()
        self.script = QPlainTextEdit()
        self.script.setAccessibleName(tr("Guided script"))
        self.script.setPlaceholderText(script_hint())
        self.checks = Checks(context)
        self.preview = Preview()
        self.pair = PairPage(context)
        self.history = HistoryPage(context, self.work)
        self.remarks = RemarksPage(context)
        self._choice = Choice()
        self.take_theirs, self.keep_mine = self._choice.take_theirs, self._choice.keep_mine
        self.buttons = Actions(self.work, self._complaint)
        self.tabs = self._make_tabs()
        self._lay_out()
        self._connect()

    def refresh(self) -> None:
        """The answers changed: what is typed stays."""
        self.work.reload()
        self._show_page()

    def show_tab(self, number: int) -> None:
        """Text and script share the preview; the other pages take the whole width."""
        self.tabs.button(number).setChecked(True)
        self._stack.setCurrentIndex(max(0, number - 1))
        self._writing.setCurrentIndex(1 if number == _SCRIPT else 0)
        self._show_page()

    def focus(self) -> None:
        """The caret where one writes."""
        self.form.focus()

    def _connect(self) -> None:
        work = self.work
        work.opened.connect(self._on_opened)
        work.loaded.connect(self._on_loaded)
        work.changed.connect(self._on_changed)
        work.refused.connect(self._on_refused)
        work.moved.connect(self._on_moved)
        work.failed.connect(self._on_failed)
        self.form.edited.connect(self._on_edited)
        self.script.textChanged.connect(self._on_edited)
        self.take_theirs.clicked.connect(lambda: self._on_choice(is_mine=False))
        self.keep_mine.clicked.connect(lambda: self._on_choice(is_mine=True))
        self.buttons.done.connect(self._on_done)
        self.checks.duplicate_opened.connect(self.duplicate_opened)
        self.history.taken.connect(lambda: self.show_tab(_TEXT))
        self.pair.opened.connect(self.pair_opened)
        self.pair.begun.connect(self.pair_begun)

    def _on_opened(self) -> None:
        """What was said and asked was about another answer."""
        self.notice.hide()
        self._choice.hide()
        self._told = (0, "")
        self.form.set_writable(can_edit=False, is_new=False)  # until it is read, the fields are of the answer before
        self.script.setReadOnly(True)

    def _on_loaded(self) -> None:
        working = self.work.working
        if working is None:
            self._show_empty("note", tr("No answer is open."), how_to_begin())
            return
        self._pages.setCurrentIndex(1)
        can_edit = self.work.may(AnswerEvent.CHANGED)
        is_new = self.work.in_force is None and working.base_version == 0
        self.form.fill(working.answer, can_edit=can_edit, is_new=is_new)
        if self.script.toPlainText() != working.answer.script:
            self.script.blockSignals(True)
            self.script.setPlainText(working.answer.script)
            self.script.blockSignals(False)
        self.script.setReadOnly(not can_edit)
        self._show_answer(working.answer)
        self._show_page()

    def _on_edited(self) -> None:
        working = self.work.working
        if working is not None:
            answer = replace(self.form.answer(working.answer), script=typed(self.script.toPlainText()))
            self.work.edit(answer)
            self._show_answer(answer)

    def _show_answer(self, answer: Answer) -> None:
        self.preview.show_answer(answer)
        self.checks.check(answer)
        self._title.setText(named(answer.title))

    def _on_changed(self) -> None:
        work = self.work
        self._state.set_state(label(work.state), tone_of(work.state), icon_of(work.state))
        self._about.setText(about(self.work))
        self.buttons.refresh()
        self._tell_news()

    def _tell_news(self) -> None:
        """What others did since this was begun, once: who closes it has read it."""
        draft, newer = self.work.draft if self.work.is_overtaken else None, newer_version(self.work)
        news = (draft.revision if draft else 0, newer)
        if news == self._told or not self.notice.isHidden():
            return
        self._told = news
        if draft:
            self._show_conflict(tr("{name} has saved another text of this draft meanwhile.", name=draft.written_by))
        elif newer:
            history = partial(self.show_tab, _HISTORY)
            self.notice.show_message(Tone.WARNING, newer, action_text=tr("History"), action=history)

    def _on_refused(self, reason: str) -> None:
        if self.work.draft is not None and self.work.is_dirty:
            self._show_conflict(reason)
        else:
            self.notice.show_message(Tone.DANGER, reason)

    def _show_conflict(self, sentence: str) -> None:
        self.notice.show_message(Tone.DANGER, sentence, action_text=tr("Compare"), action=self._compare)

    def _compare(self) -> None:
        """Theirs against mine; then one of them is chosen."""
        work = self.work
        if work.draft is None or work.working is None:
            return
        self.show_tab(_HISTORY)
        caption = tr("− {name} has saved   + you have typed", name=work.draft.written_by)
        self.history.compare(work.draft.answer, work.working.answer, caption)
        self._choice.show()

    def _on_choice(self, *, is_mine: bool) -> None:
        self._choice.hide()
        self.notice.hide()
        if is_mine:
            self.work.keep_mine()
        else:
            self.work.take_theirs()
        self.show_tab(_TEXT)

    def _on_failed(self, error: FirstlineError) -> None:
        if self.work.working is None:
            self._show_empty("offline", tr("This answer could not be read."), str(error))
        else:
            self.notice.show_message(Tone.WARNING, str(error), icon_name="offline")

    def _show_empty(self, icon_name: str, text: str, why: str) -> None:
        self._empty.set_state(icon_name, text, why)
        self._pages.setCurrentIndex(0)

    def _on_done(self, event: AnswerEvent, said: str) -> None:
        self.notice.hide()
        if event in (AnswerEvent.RETIRED, AnswerEvent.RESTORED):
            self.work.move_answer(event, said)
        else:
            self.work.move(event, said)

    def _on_moved(self, event: AnswerEvent, title: str) -> None:
        self._context.notifier.confirm(f"{label(event)}: {named(title)}")

    def _complaint(self, event: AnswerEvent) -> str:
        """What keeps it from going this way: what the database would say, too, but after it was told of as done."""
        fault = self.checks.faults.text().partition("\n")[0] if event is AnswerEvent.PUBLISHED else ""
        return self.form.complaint() or (tr("Not published yet: {reason}", reason=fault) if fault else "")

    def _show_page(self) -> None:
        """The page in front reads what it shows; the others wait until they are."""
        answer_id, working = self.work.answer_id, self.work.working
        if answer_id is None or working is None:
            return
        number = self.tabs.checkedId()
        if number == _PAIR:
            self.pair.show_pair(working.answer, *self._line_of(working.answer))
        elif number == _HISTORY and self._choice.isHidden():
            self.history.show_answer(answer_id)
        elif number == _REMARKS:
            self.remarks.show_answer(answer_id)

    def _make_tabs(self) -> QButtonGroup:
        group = QButtonGroup(self)
        names = (tr("Text"), tr("Guided script"), tr("Other language"), tr("History"), tr("Use and flags"))
        for number, name in enumerate(names):
            button = QPushButton(name)
            button.setProperty("kind", "tab")
            button.setCheckable(True)
            button.setChecked(number == 0)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            group.addButton(button, number)
        group.idClicked.connect(self.show_tab)
        return group

    def _lay_out(self) -> None:
        card = Card()
        head = QHBoxLayout()
        head.setSpacing(scaled(8))
        head.addWidget(self._title, 1)
        head.addWidget(self._about)
        head.addWidget(self._state)
        tabs = QHBoxLayout()
        for button in self.tabs.buttons():
            tabs.addWidget(button)
        tabs.addStretch(1)
        body = card.body
        body.addLayout(head)
        body.addWidget(self.notice)
        body.addLayout(tabs)
        body.addWidget(self._make_pages(), 1)
        body.addWidget(self._choice)
        body.addWidget(self.buttons)
        self._empty = EmptyState("note", tr("No answer is open."), how_to_begin())
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(card)

    def _make_pages(self) -> QWidget:
        fields = QWidget()
        self._writing = QStackedLayout(fields)
        self._writing.addWidget(self.form)
        self._writing.addWidget(self.script)
        left = QVBoxLayout()
        left.setSpacing(scaled(6))
        left.addWidget(fields, 1)
        left.addWidget(self.checks)
        writing = QWidget()
        columns = QHBoxLayout(writing)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(scaled(10))
        columns.addLayout(left, 6)
        columns.addWidget(self.preview, 5)
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        for page in (writing, self.pair, self.history, self.remarks):
            self._stack.addWidget(page)
        return pages
