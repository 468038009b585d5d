"""The left side of the knowledge screen: the answers with filters, and the gaps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from app.domain.errors import FirstlineError
from app.domain.knowledge import AnswerLine, AnswerState, Working
from app.domain.people import Role
from app.domain.topics import Topic
from app.i18n import plural, tr
from app.services.answer_documents import from_kept_text
from app.services.gap_groups import GapGroup, grouped_gaps
from ui.context import ScreenContext
from ui.knowledge.filters import FilterBar, shown
from ui.knowledge.tables import GapTable, LineTable
from ui.refresh import Refresher
from ui.theme import Tone, scaled
from ui.widgets.banner import Banner
from ui.widgets.card import Card
from ui.widgets.plain_label import PlainLabel

_GAPS_OF = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Read:
    lines: tuple[AnswerLine, ...]
    gaps: tuple[GapGroup, ...]


class Lists(QWidget):
    """Answers | Gaps, live."""

    line_chosen = Signal(object)  # AnswerLine
    gap_taken = Signal(object)  # GapGroup

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._lines: tuple[AnswerLine, ...] = ()
        self._begun: UUID | None = None  # to be chosen as soon as it is in the list
        self._notice = Banner()
        self._count = PlainLabel(kind="muted")
        self.filters = FilterBar()
        self.filters.changed.connect(self._show_lines)
        self.lines = LineTable()
        self.lines.current_record.connect(self._on_current)
        self.lines.activated_record.connect(self.line_chosen)  # the only row is there already: no step chooses it
        self.gaps = GapTable()
        self.gaps.activated_record.connect(self.gap_taken)
        self.tabs = self._make_tabs()
        self._lay_out()
        self.tabs.button(1).setVisible(_sees_gaps(context))
        self._refresher = Refresher(
            context.background, context.desk.lanes.queries, partial(_read, context), self._show, self
        )
        self._refresher.failed.connect(self._on_failed)
        context.bridge.topics_changed.connect(self._on_topics)
        self._refresher.refresh()

    @property
    def is_on_gaps(self) -> bool:
        """The gaps are in front."""
        return self._stack.currentIndex() == 1

    def choose(self, answer_id: UUID) -> bool:
        """Choose this answer, if the list shows it."""
        return self.lines.choose(answer_id)

    def show_begun(self, answer_id: UUID) -> None:
        """A new answer is written: it comes into the list, and is chosen there."""
        self._begun = answer_id
        self._refresher.refresh()

    def line(self, answer_id: UUID) -> AnswerLine | None:
        """Of all, whatever the filters show."""
        return next((line for line in self._lines if line.id == answer_id), None)

    def pair_of(self, line_key: str, language: str) -> AnswerLine | None:
        """The same answer in the other language."""
        return next((line for line in self._lines if line.key == line_key and line.language != language), None)

    def show_tab(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        self.tabs.button(number).setChecked(True)
        (self.gaps if number else self.lines).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, read: _Read) -> None:
        self._notice.hide()
        self._lines = _with_unsaved(read.lines, map(from_kept_text, self._context.desk.case_texts.values()))
        self.filters.offer_products(self._lines)
        self.gaps.records.replace(read.gaps)
        self.tabs.button(1).setText(plural(len(read.gaps), "1 gap", "{n} gaps"))
        self._show_lines()
        if self._begun and self.choose(self._begun):
            self._begun = None

    def _show_lines(self) -> None:
        found = shown(self._lines, self.filters.chosen, date.today())
        self.lines.records.replace(found)
        self._count.setText(tr("{n} of {all}", n=len(found), all=len(self._lines)))

    def _on_current(self, line: AnswerLine | None) -> None:
        if line is not None:
            self._begun = None
            self.line_chosen.emit(line)

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if topics & {Topic.ANSWERS, Topic.DRAFTS}:
            self._refresher.refresh()

    def _on_failed(self, error: FirstlineError) -> None:
        self._notice.show_message(Tone.WARNING, str(error), icon_name="offline")

    def _make_tabs(self) -> QButtonGroup:
        group = QButtonGroup(self)
        for number, text in enumerate((tr("Answers"), tr("Gaps"))):
            button = QPushButton(text)
            button.setProperty("kind", "tab")
            button.setCheckable(True)
            button.setChecked(number == 0)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            group.addButton(button, number)
        group.idClicked.connect(self.show_tab)
        return group

    def _lay_out(self) -> None:
        card = Card(is_padded=False)
        head = QHBoxLayout()
        head.setContentsMargins(scaled(8), 0, scaled(12), 0)
        for button in self.tabs.buttons():
            head.addWidget(button)
        head.addStretch(1)
        head.addWidget(self._count)
        answers = QWidget()
        column = QVBoxLayout(answers)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(8))
        column.addWidget(self.filters)
        column.addWidget(self.lines, 1)
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        self._stack.addWidget(answers)
        self._stack.addWidget(self.gaps)
        card.body.addLayout(head)
        card.body.addWidget(self._notice)
        card.body.addWidget(pages, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)


def _read(context: ScreenContext) -> _Read:
    desk = context.desk
    gaps = grouped_gaps(desk.search_reports, _GAPS_OF) if _sees_gaps(context) else ()
    return _Read(desk.knowledge.lines(), gaps)


def _sees_gaps(context: ScreenContext) -> bool:
    """Editors and supervisors: the database refuses the searches in vain to all others, and says so in its log."""
    return bool({Role.EDITOR, Role.SUPERVISOR} & context.desk.person.roles)


def _with_unsaved(lines: tuple[AnswerLine, ...], kept: Iterable[Working | None]) -> tuple[AnswerLine, ...]:
    """With what this desk has typed of answers that no database knows yet."""
    known = {line.id for line in lines}
    fresh = (one for one in kept if one is not None and one.answer.id not in known)
    return (*(_unsaved(one) for one in fresh), *lines)


def _unsaved(one: Working) -> AnswerLine:
    return AnswerLine(
        id=one.answer.id,
        key=one.answer.key,
        language=one.answer.language,
        title=one.answer.title,
        products=one.answer.products,
        state=AnswerState.DRAFT,
        is_in_force=False,
        version=0,
        draft_id=one.draft_id,
        pair="missing",
    )
