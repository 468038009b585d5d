"""The workbench: lists at the left, the open case at the right."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.cases import CaseSummary
from app.domain.commands import AnyCommand, CaseCommand, NoteFirstCould
from app.domain.topics import Topic
from ui import shortcuts
from ui.context import ScreenContext
from ui.shortcuts import Shortcut
from ui.theme import scaled
from ui.workbench.actions import ACTIONS
from ui.workbench.case_view import CaseView
from ui.workbench.lists import Lists

_TICK_MS = 10_000  # ages are shown in minutes


class Workbench(QWidget):
    """Second and third level's screen: claim, read, solve, return."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.lists = Lists(context)
        self.case = CaseView(context)
        self.lists.setMinimumWidth(scaled(420))
        self.lists.setMaximumWidth(scaled(560))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(scaled(12), scaled(12), scaled(12), scaled(12))
        layout.setSpacing(scaled(12))
        layout.addWidget(self.lists, 36)
        layout.addWidget(self.case, 64)
        for table in (self.lists.own, self.lists.queue):
            table.opened.connect(self._on_opened)
        self.lists.case_opened.connect(self.open_case)
        self.case.finished.connect(self.lists.own.setFocus)
        context.bridge.topics_changed.connect(self._on_topics)
        context.bridge.delivered.connect(self._on_delivered)
        context.bridge.outbox_changed.connect(self.case.note_outbox)
        self._ticker = QTimer(self)
        self._ticker.setInterval(_TICK_MS)
        self._ticker.timeout.connect(self._on_tick)
        self._ticker.start()
        shortcuts.install(
            self,
            {
                Shortcut.CLAIM_NEXT: self.lists.claim.claim_next,
                Shortcut.FIND_CASE: self.lists.number.start,
                Shortcut.RESOLVE_CASE: self.case.solve,
                Shortcut.RETURN_CASE: self.case.give_back,
                Shortcut.WAIT: self.case.clocks.wait_or_go_on,
                Shortcut.BOOK_TIME: self.case.clocks.ask_minutes,
                Shortcut.CUSTOMER_AGREES: self.case.clocks.record_yes,
                Shortcut.GOODWILL: self.case.clocks.ask_goodwill,
                Shortcut.CLAIM_CASE: self.case.claim,
                **{action.shortcut: partial(self.case.do, action) for action in ACTIONS},
            },
        )

    def open_case(self, case_id: UUID) -> None:
        """Show a case at the right, and in the lists where it is there."""
        self.lists.mark(case_id)
        self.case.open_case(case_id)

    def focus_answer(self) -> None:
        """Put the caret where solution or reason is written."""
        self.case.strip.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Read again what is shown."""
        self.lists.refresh()
        self.case.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while nobody looked."""
        super().showEvent(event)
        self.lists.come_back()
        self.case.come_back()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks at the case any more."""
        super().hideEvent(event)
        self.case.onlookers.pause()

    def _on_opened(self, case: CaseSummary) -> None:
        self.open_case(case.id)

    def _on_topics(self, topics: frozenset[Topic]) -> None:
        if Topic.LEVELS in topics:
            self.lists.follow_levels()
        if topics & {Topic.CASES, Topic.LEVELS, Topic.RULES} and self.isVisible():
            self.refresh()

    def _on_delivered(self, command: AnyCommand) -> None:
        if isinstance(command, CaseCommand | NoteFirstCould) and self.isVisible():
            self.refresh()

    def _on_tick(self) -> None:
        if self.isVisible():
            self.lists.tick()
            self.case.tick()
