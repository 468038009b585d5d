"""The screen of known problems: the list at the left, one at the right; a new candidate is told without a banner."""

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.errors import FirstlineError, NotFound
from app.domain.people import Role
from app.domain.problems import Origin, ProblemLine, ProblemState
from app.domain.topics import Topic
from app.i18n import tr
from ui.context import ScreenContext
from ui.problems.page import ProblemPage
from ui.problems.reading import OpenProblem, reading
from ui.problems.table import problem_table
from ui.refresh import Refresher
from ui.shortcuts import Shortcut, install, key_text
from ui.theme import Tone, scaled
from ui.widgets.banner import Banner
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel

_TOPICS = frozenset({Topic.PROBLEMS, Topic.CASES, Topic.CALL_BACKS})


class ProblemScreen(QWidget):
    """Lives as long as the window, so it tells of candidates whichever screen is shown."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._told: set[UUID] | None = None  # candidates that were there or told; None: the list was not read yet
        self._wanted: UUID | None = None
        self.table = problem_table()
        self.table.current_record.connect(self._on_chosen)
        self.page = ProblemPage(context)
        self.page.made.connect(self._on_made)
        self.page.sending.settled.connect(self._on_settled)
        self._notice = Banner()
        self._count = PlainLabel(kind="muted")
        self.new_button = KeyButton(tr("New"), Shortcut.NEW_PROBLEM.key)
        self.new_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.new_button.clicked.connect(self.begin_new)
        if not self._makes:  # shown before it has a parent, it would be a window of its own
            self.new_button.hide()
        self._lay_out()
        lanes = context.desk.lanes.queries
        self._refresher = Refresher(context.background, lanes, context.desk.problems.all, self._show, self)
        self._refresher.failed.connect(self._on_failed)
        self._opener: Refresher[OpenProblem] | None = None
        context.bridge.topics_changed.connect(self._on_topics)
        page = self.page
        install(
            self,
            {
                Shortcut.NEW_PROBLEM: self.begin_new,
                Shortcut.SEND: page.save,
                Shortcut.CONFIRM_PROBLEM: page.confirm,
                Shortcut.SOLVE_PROBLEM: page.solve,
                Shortcut.ATTACH_PROBLEM: page.link_case,
                Shortcut.PROMISE_CALLS: page.promise_calls,
            },
        )
        self._refresher.refresh()

    def begin_new(self) -> None:
        """An empty page; what was typed for another problem waits there."""
        if self._makes:
            self._wanted = None
            self.table.clearSelection()
            self.page.begin_new()
            self._stack.setCurrentIndex(1)

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while nobody looked."""
        super().showEvent(event)
        self._refresh()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The list has the focus."""
        super().focusInEvent(event)
        self.table.setFocus(event.reason())

    @property
    def _makes(self) -> bool:
        return bool({Role.SECOND_LEVEL, Role.THIRD_LEVEL} & self._context.desk.person.roles)

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if Topic.PROBLEMS in topics or (topics & _TOPICS and self.isVisible()):
            self._refresh()

    def _refresh(self) -> None:
        self._refresher.refresh()
        if self._opener and self._wanted:
            self._opener.refresh()

    def _show(self, lines: tuple[ProblemLine, ...]) -> None:
        self._notice.hide()
        had_choice = self.table.current() is not None
        self.table.records.replace(lines)
        candidates = {line.id for line in lines if line.problem.state is ProblemState.CANDIDATE}
        self._count.setText(tr("{count} to decide", count=len(candidates)) if candidates else "")
        self._tell(lines, candidates)
        if self._wanted and any(line.id == self._wanted for line in lines):
            self.table.choose(self._wanted)
        elif lines and not had_choice and self.page.id is None:
            self.table.choose(lines[0].id)

    def _tell(self, lines: tuple[ProblemLine, ...], candidates: set[UUID]) -> None:
        """A new candidate of the radar, once, at the lower edge: it takes no focus and hides nothing."""
        fresh = candidates - self._told if self._told is not None else set()
        self._told = candidates | (self._told or set())
        raised = [line.problem for line in lines if line.id in fresh and line.problem.origin is Origin.RADAR]
        for problem in raised[:1]:
            text = tr("Many ask about the same: {problem}, {title} ({key})", problem=problem.name,
                      title=problem.words.title, key=key_text(Shortcut.SCREEN_PROBLEMS.key))  # fmt: skip
            self._context.notifier.confirm(text, seconds=15.0)

    def _on_chosen(self, line: ProblemLine | None) -> None:
        if line is None or (line.id == self._wanted and self.page.shown):
            return
        self._wanted = line.id
        query = reading(self._context, line.id)
        if self._opener is None:
            lanes = self._context.desk.lanes.queries
            self._opener = Refresher(self._context.background, lanes, query, self._show_one, self)
            self._opener.failed.connect(self._on_failed)
            self._opener.refresh()
        else:
            self._opener.ask(query)

    def _on_settled(self) -> None:
        self._refresher.refresh()
        if self._opener and self._wanted:
            self._opener.overtake()

    def _on_made(self, problem_id: UUID) -> None:
        """It comes into the list when it is delivered, and is chosen then."""
        self._wanted = problem_id

    def _show_one(self, opened: OpenProblem) -> None:
        if opened.line.id == self._wanted:
            self.page.show_problem(opened)
            self._stack.setCurrentIndex(1)

    def _on_failed(self, error: FirstlineError) -> None:
        """What was read before stays; a problem that is made and not delivered yet is not there yet."""
        if not isinstance(error, NotFound):
            self._notice.show_message(Tone.WARNING, str(error), icon_name="offline")

    def _lay_out(self) -> None:
        card = Card(tr("Problems"), is_padded=False)
        card.header.addWidget(self._count)
        card.header.addWidget(self.new_button)
        card.body.addWidget(self.table)
        card.setMinimumWidth(scaled(400))
        card.setMaximumWidth(scaled(520))
        left = QVBoxLayout()
        left.setSpacing(scaled(10))
        left.addWidget(self._notice)
        left.addWidget(card, 1)
        right = QWidget()
        self._stack = QStackedLayout(right)
        self._stack.addWidget(EmptyState("flag", tr("No known problem is open"), tr("Choose one at the left.")))
        self._stack.addWidget(self.page)
        self._notice.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(scaled(12), scaled(12), scaled(12), scaled(12))
        layout.setSpacing(scaled(12))
        layout.addLayout(left, 36)
        layout.addWidget(right, 64)
