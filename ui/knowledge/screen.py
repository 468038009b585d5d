"""The knowledge screen: the list at the left, the open answer at the right."""

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.answers import Answer
from app.domain.ids import new_id
from app.domain.knowledge import AnswerLine, Working
from app.domain.suggestions import key_of
from app.domain.topics import Topic
from app.i18n import language
from app.services.gap_groups import GapGroup
from ui.context import ScreenContext
from ui.knowledge.editor import Editor
from ui.knowledge.lists import Lists
from ui.shortcuts import Shortcut, install
from ui.theme import scaled

_LIST_PX = 470


class KnowledgeScreen(QWidget):
    """Editors see everything; others what is published and their own drafts."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self.lists = Lists(context)
        self.editor = Editor(context, self._lines_of)
        self.lists.setFixedWidth(scaled(_LIST_PX))
        layout = QHBoxLayout(self)
        gap = scaled(8)
        layout.setContentsMargins(gap, gap, gap, gap)
        layout.setSpacing(gap)
        layout.addWidget(self.lists)
        layout.addWidget(self.editor, 1)
        self.lists.line_chosen.connect(self.editor.work.open)
        self.lists.gap_taken.connect(self.draft_of_gap)
        self.editor.pair_opened.connect(self._open)
        self.editor.pair_begun.connect(self.begin)
        self.editor.duplicate_opened.connect(lambda answer: self.open_answer(answer.id))
        context.bridge.topics_changed.connect(self._on_topics)
        install(
            self,
            {
                Shortcut.NEW_DRAFT: self._on_new,
                Shortcut.SAVE_DRAFT: self.editor.work.save,
                Shortcut.SEND: self.editor.buttons.go_forward,
            },
        )

    def begin(self, answer: Answer, case_id: UUID | None = None) -> None:
        """Write a new answer from this text."""
        self.editor.work.begin(Working(draft_id=new_id(), answer=answer, case_id=case_id))
        self.editor.show_tab(0)
        self.lists.show_begun(answer.id)
        self.editor.focus()

    def draft_of_gap(self, gap: GapGroup) -> None:
        """One key: the searches become the questions of a new answer."""
        title = gap.texts[0].capitalize()
        made = Answer(
            key=key_of(title),
            language=gap.language or language(),
            title=title,
            variants=gap.texts[:20],
            products=gap.products,
        )
        self.lists.show_tab(0)
        self.begin(made)

    def open_answer(self, answer_id: UUID) -> None:
        """Open an answer, whatever the filters show."""
        if line := self.lists.line(answer_id):
            self._open(line)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The list has the focus."""
        super().focusInEvent(event)
        self.lists.lines.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, line: AnswerLine) -> None:
        if not self.lists.choose(line.id):
            self.editor.work.open(line)

    def _on_new(self) -> None:
        gap = self.lists.gaps.current() if self.lists.is_on_gaps else None
        if gap is not None:
            self.draft_of_gap(gap)
        else:
            self.begin(Answer(key=key_of(""), language=language(), title=""))

    def _lines_of(self, answer: Answer) -> tuple[AnswerLine | None, AnswerLine | None]:
        return self.lists.line(answer.id), self.lists.pair_of(answer.key, answer.language)

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if topics & {Topic.ANSWERS, Topic.DRAFTS}:
            self.editor.refresh()
