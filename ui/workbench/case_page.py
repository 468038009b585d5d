"""The part of a case that scrolls: hand-over, small cards and timeline; side by side where there is room."""

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.context import ScreenContext
from ui.theme import scaled
from ui.workbench.calls_card import CallsCard
from ui.workbench.hand_over_card import HandOverCard
from ui.workbench.learned_card import LearnedCard
from ui.workbench.open_case import OpenCase
from ui.workbench.problem_card import ProblemCard
from ui.workbench.timeline_card import TimelineCard

_SIDE_BY_SIDE_PX = 960


class CasePage(QScrollArea):
    """Read with the arrow keys, the wheel or Tab and Page Down."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._case_id: UUID | None = None
        self.hand_over = HandOverCard()
        self.learned = LearnedCard(context)
        self.learned.asking.connect(lambda: self.ensureWidgetVisible(self.learned))
        # Each has `show_case`, and hides itself with nothing to tell.
        self.cards = (ProblemCard(context), self.learned, CallsCard())
        self.timeline = TimelineCard()
        page = QWidget()
        page.setProperty("kind", "page")
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, page)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(scaled(10))
        self._layout.addWidget(self.hand_over, 3, Qt.AlignmentFlag.AlignTop)
        self._layout.addLayout(self._right_column(), 2)
        self.setWidget(page)

    def show_case(self, case: OpenCase) -> None:
        """Show a case from its beginning; the same one again keeps the place that is read."""
        if case.id != self._case_id:
            self._case_id = case.id
            self.verticalScrollBar().setValue(0)
        file = case.file
        self.hand_over.show_hand_over(file.hand_over, withholds_number=case.withholds_number)
        for card in self.cards:
            card.show_case(case)
        self.timeline.show_timeline(file.timeline, {file.summary.title, file.hand_over.note if file.hand_over else ""})

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side, or one above the other."""
        is_wide = self.viewport().width() >= scaled(_SIDE_BY_SIDE_PX)
        self._layout.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

    def _right_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(scaled(10))
        for card in self.cards:
            column.addWidget(card)
        column.addWidget(self.timeline)
        column.addStretch(1)
        return column
