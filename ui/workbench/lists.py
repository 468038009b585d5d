"""The left side of the workbench: claim the next case, the own cases, the queue of a level."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.bootstrap import Desk
from app.domain.case_filters import CaseFilter
from app.domain.cases import CaseSummary, Level
from app.domain.errors import FirstlineError
from app.domain.people import Person, Role
from app.domain.questions import Question
from app.i18n import tr
from app.services.case_lists import PAGE_SIZE
from ui.context import ScreenContext
from ui.labels import label
from ui.refresh import Refresher
from ui.shortcuts import Shortcut, key_text
from ui.theme import Tone, scaled
from ui.widgets.banner import Banner
from ui.widgets.busy import Busy
from ui.widgets.card import Card
from ui.widgets.plain_label import PlainLabel
from ui.workbench.case_table import CaseTable
from ui.workbench.claim import Claim
from ui.workbench.find_case import FindCase
from ui.workbench.open_case import levels_of
from ui.workbench.question_list import QuestionList
from ui.workbench.queue_tools import AbsentButton, FilterButton
from ui.workbench.words import due_words, own_words

Cases = tuple[CaseSummary, ...]
_LEVELS = (Level.SECOND, Level.THIRD)
_OWN_ROWS = 2, 4  # of the own cases, without scrolling: the rest of the room is the queue's


class Lists(QWidget):
    """Both lists and the button that claims."""

    case_opened = Signal(object)
    """Id of the case to read: chosen in a list, or just claimed."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._open_id: UUID | None = None
        self.level = _first_level_of(context.desk.person)
        self.claim = Claim(context, self.level)
        self.claim.claimed.connect(self._on_claimed)
        self._notice = Banner()
        self.own = CaseTable(_no_own_cases, own_words)
        self.own.setAccessibleName(tr("My cases"))
        self.own.fit_rows(*_OWN_ROWS)
        self.queue = CaseTable(self._no_queue, due_words)
        self.queue.setAccessibleName(tr("Queue"))
        self._own_count, self._queue_count = PlainLabel(kind="muted"), PlainLabel(kind="muted")
        self.switch = _LevelSwitch(self.level)
        self.switch.chosen.connect(self._on_level)
        self._page_count = 1
        self.filter, self.absent, self.number = FilterButton(context), AbsentButton(context), FindCase(context)
        self.number.found.connect(self.case_opened)
        self.filter.chosen.connect(lambda _: self._ask_queue(page_count=1))
        self.more = QPushButton(tr("Show more"))
        self.more.setProperty("kind", "ghost")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.clicked.connect(lambda: self._ask_queue(page_count=self._page_count + 1))
        self.more.hide()
        self.questions = QuestionList()
        self.questions.chosen.connect(self.case_opened)
        self._lay_out()
        self._read_lists()

    @property
    def is_read(self) -> bool:
        """Both lists were read at least once."""
        return None not in (self._own_refresher.last_success_at, self._queue_refresher.last_success_at)

    def come_back(self) -> None:
        """The screen is in front again."""
        self.filter.read()
        self.refresh()

    def refresh(self) -> None:
        """Read both lists again."""
        self._own_refresher.refresh()
        self._queue_refresher.refresh()
        self._asked_refresher.refresh()
        self.absent.refresh()

    def follow_levels(self) -> None:
        """Whether second and third level are one queue now."""
        self._level_refresher.refresh()

    def tick(self) -> None:
        """Show the ages as they are now."""
        self.own.viewport().update()
        self.queue.viewport().update()

    def mark(self, case_id: UUID | None) -> None:
        """Show in both lists which case is open."""
        self._open_id = case_id
        self.own.mark(case_id)
        self.queue.mark(case_id)
        self.questions.mark(case_id)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(10))
        layout.addWidget(self.claim)
        layout.addWidget(self._notice)
        layout.addWidget(self.questions)
        layout.addWidget(_card(tr("My cases"), self.own, self._own_count))
        queue = _card(tr("Queue"), self.queue, self._queue_count, self.switch)
        tools = QHBoxLayout()
        tools.setContentsMargins(scaled(8), 0, scaled(8), 0)
        tools.addWidget(self.filter)
        tools.addStretch(1)
        tools.addWidget(self.absent)
        tools.addWidget(self.number)
        queue.body.insertLayout(0, tools)
        queue.body.addWidget(self.more)
        layout.addWidget(queue, 1)
        as_read = (self.switch.button(Level.THIRD), self.filter, self.absent, self.number, self.queue, self.more)
        for before, after in pairwise(as_read):
            QWidget.setTabOrder(before, after)

    def _read_lists(self) -> None:
        desk = self._context.desk
        self._busy = (Busy(self.own.viewport()), Busy(self.queue.viewport()))
        self._own_refresher = self._refresher(partial(desk.cases.owned_by, desk.person.id), self._show_own)
        self._queue_refresher = self._refresher(partial(desk.cases.pages, self.level, 1), self._show_queue)
        self._asked_refresher = Refresher(
            self._context.background, desk.lanes.queries, partial(_asked, desk), self.questions.show_questions, self
        )
        self._level_refresher = Refresher(
            self._context.background, desk.lanes.queries, desk.levels.are_merged, self._show_merged, self
        )
        for busy in self._busy:
            busy.start()
        self.refresh()
        self.follow_levels()

    def _refresher(self, query: Callable[[], Cases], show: Callable[[Cases], None]) -> Refresher[Cases]:
        made = Refresher(self._context.background, self._context.desk.lanes.queries, query, show, self)
        made.failed.connect(self._on_failed)
        return made

    def _show_own(self, cases: Cases) -> None:
        self._busy[0].stop()
        self._notice.hide()
        self._own_count.setText(str(len(cases)))
        self.own.show_cases(cases, self._open_id)
        self.own.fit_rows(*_OWN_ROWS)

    def _show_queue(self, cases: Cases) -> None:
        self._busy[1].stop()
        self._notice.hide()
        is_full = len(cases) == self._page_count * PAGE_SIZE
        self._queue_count.setText(f"{len(cases)}+" if is_full else str(len(cases)))
        self.more.setVisible(is_full)
        self.claim.tell_waiting(len(cases))
        self.queue.show_cases(cases, self._open_id)

    def _no_queue(self) -> str:
        if self.filter.filter != CaseFilter():
            return tr("No case that waits here fits this filter.")
        return tr("No case waits here. New ones appear by themselves.")

    def _on_failed(self, error: FirstlineError) -> None:
        """What was read before stays; the change feed has it read again when the database is back."""
        for busy in self._busy:
            busy.stop()
        self._notice.show_message(Tone.WARNING, str(error), icon_name="offline")

    def _on_level(self, level: Level) -> None:
        self.level = level
        self.claim.set_level(level)
        self._ask_queue(page_count=1)

    def _ask_queue(self, *, page_count: int) -> None:
        """Another queue, another filter, or more of it."""
        self._page_count = page_count
        self._busy[1].start()
        self._queue_refresher.ask(partial(self._context.desk.cases.pages, self.level, page_count, self.filter.filter))

    def _show_merged(self, are_merged: bool) -> None:
        """One queue: there is nothing to switch, and everybody works on second level's."""
        self.switch.setVisible(not are_merged)
        if are_merged and self.level is not Level.SECOND:
            self.switch.button(Level.SECOND).setChecked(True)
            self._on_level(Level.SECOND)

    def _on_claimed(self, case_id: UUID) -> None:
        self.refresh()
        self.case_opened.emit(case_id)


class _LevelSwitch(QWidget):
    """Two buttons of which one is pressed."""

    chosen = Signal(object)
    """The Level."""

    def __init__(self, level: Level) -> None:
        super().__init__()
        self.setAccessibleName(tr("Level of the queue"))
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(4))
        for choice in _LEVELS:
            button = QPushButton(label(choice))
            button.setProperty("kind", "tab")
            button.setCheckable(True)
            button.setChecked(choice is level)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._group.addButton(button, choice)
            layout.addWidget(button)
        self._group.idClicked.connect(lambda number: self.chosen.emit(Level(number)))

    def button(self, level: Level) -> QAbstractButton:
        """The button of a level."""
        return self._group.button(level)


def _card(title: str, table: CaseTable, *extras: QWidget) -> Card:
    card = Card(title, is_padded=False)
    for extra in extras:
        card.header.addWidget(extra)
    card.body.addWidget(table)
    return card


def _asked(desk: Desk) -> tuple[Question, ...]:
    """What the person at the desk is asked, also as one of their level."""
    levels = levels_of(desk.person.roles, are_merged=desk.levels.are_merged())
    return desk.questions.open_for(desk.person.id, levels)


def _first_level_of(person: Person) -> Level:
    """The queue that a person works on first."""
    is_third_alone = Role.THIRD_LEVEL in person.roles and Role.SECOND_LEVEL not in person.roles
    return Level.THIRD if is_third_alone else Level.SECOND


def _no_own_cases() -> str:
    return tr("You have no case. {key} claims the next one.", key=key_text(Shortcut.CLAIM_NEXT.key))
