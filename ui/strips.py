"""What stands above every screen of a desk: notices of supervisors, and the person's own raised hand."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.people import Role
from app.domain.work import CallWork
from ui.context import ScreenContext
from ui.hand_strip import HandStrip
from ui.notice_strip import NoticeStrip
from ui.shortcuts import Shortcut

_ASKING = frozenset({Role.FIRST_LEVEL, Role.SECOND_LEVEL, Role.THIRD_LEVEL})


class Strips(QWidget):
    """Whoever works on calls or cases may ask for help; a supervisor alone gives it, so `hand` is None then."""

    def __init__(self, context: ScreenContext, work: Callable[[], CallWork | None]) -> None:
        super().__init__()
        self.notice = NoticeStrip(context)
        self.hand = HandStrip(context, work) if context.desk.person.roles & _ASKING else None
        stack(self, *(part for part in (self.notice, self.hand) if part))

    @property
    def keys(self) -> Mapping[Shortcut, Callable[[], object]]:
        """What is bound on every screen."""
        keys: dict[Shortcut, Callable[[], object]] = {Shortcut.SEE_NOTICE: self.notice.see}
        return keys | ({Shortcut.RAISE_HAND: self.hand.toggle} if self.hand else {})


def stack(content: QWidget, *parts: QWidget) -> None:
    """One below the other, to the edges; the last one takes what is left."""
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in parts:
        column.addWidget(part, int(part is parts[-1]))
