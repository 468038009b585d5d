"""What there is to search on this desk: how many hits, whether answers are being fetched, how old the copy is."""

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.bootstrap import Desk
from app.i18n import tr
from app.services.answer_copy import CopyState
from ui.background import Background
from ui.labels import clock_text
from ui.refresh import Refresher
from ui.widgets.plain_label import PlainLabel

_LOOK_MS = 300  # while answers are fetched, and until they were for the first time


class CopyLabel(PlainLabel):
    """Beside the title. It looks while something happens; else it is told."""

    changed = Signal()

    def __init__(self, desk: Desk, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, kind="muted")
        self.state: CopyState | None = None  # not known yet
        self._is_in_contact = desk.is_in_contact
        self._count = ""
        self._refresher = Refresher(background, desk.lanes.queries, partial(_state, desk), self._show, self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self.look()

    @property
    def lack(self) -> tuple[str, str] | None:
        """Why nothing can be found, and what comes of it; None when there are answers."""
        state = self.state
        if state is None or state.answer_count:
            return None
        if state.is_fetching:
            percent = round(state.progress * 100)
            hint = tr("{n} % done.", n=percent) if 0 < percent < 100 else tr("It takes some seconds.")
            return tr("The answers are being prepared."), hint
        if not self._is_in_contact or state.checked_at is None:
            return (
                tr("There are no answers on this desk yet."),
                tr("They come by themselves as soon as the database can be reached."),
            )
        return tr("No answer is published."), tr("Knowledge editors import them with firstline-admin.")

    def look(self) -> None:
        """See how the copy is now."""
        self._refresher.refresh()

    def show_count(self, text: str) -> None:
        """How many hits; empty when nothing is searched for."""
        self._count = text
        self._tell()

    def show_contact(self, is_there: bool) -> None:
        """Without the database, the copy may be behind."""
        self._is_in_contact = is_there
        self.look()
        self._tell()

    def _show(self, state: CopyState) -> None:
        self.state = state
        if state.is_fetching or state.checked_at is None:  # the first fetching begins unheard
            self._timer.start()
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        self.setText(" · ".join(filter(None, (self._count, self._news()))))

    def _news(self) -> str:
        state = self.state
        if state is None:
            return ""
        if state.is_fetching and state.progress < 1:
            return tr("preparing {n} %", n=round(state.progress * 100))
        if not self._is_in_contact and state.checked_at:
            return tr("as of {time}", time=clock_text(state.checked_at))
        return ""


def _state(desk: Desk) -> CopyState:
    return desk.answers.state
