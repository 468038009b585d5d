"""The small cards beside a hand-over, in the order in which they stand; a new card is one class and one line here."""

from collections.abc import Callable

from ui.context import ScreenContext
from ui.workbench.problem_card import ProblemCard
from ui.workbench.side_card import SideCard

SIDE_CARDS: tuple[Callable[[ScreenContext], SideCard], ...] = (ProblemCard,)
