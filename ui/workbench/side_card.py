"""A small card beside the hand-over: it tells one more thing of the open case, and may offer what to do about it."""

from ui.widgets.card import Card
from ui.workbench.open_case import OpenCase


class SideCard(Card):
    """Shown in the right column of each case. What it needs beyond the case file it reads itself, in a lane."""

    def show_case(self, case: OpenCase) -> None:
        """The open case, also again after each change of it; a card with nothing to tell hides itself."""
        raise NotImplementedError
