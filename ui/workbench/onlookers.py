"""Says who else has the open case open, and tells them of this desk: seldom, and never for a key stroke."""

import random
import time
from functools import partial
from uuid import UUID

from PySide6.QtCore import QTimer

from app.domain.case_presence import Looking, Onlooker, to_tell, with_case, with_key
from app.i18n import tr
from ui.context import ScreenContext
from ui.refresh import Refresher
from ui.widgets.plain_label import PlainLabel

_LOOK_MS = 10_000
_SOON_MS = 50


class Onlookers(PlainLabel):
    """One line, hidden while nobody else is there. Only while it can be seen does it ask or tell anything."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(kind="warning")
        self._context = context
        self._looking = Looking()
        background, lane = context.background, context.desk.lanes.queries  # no error is shown: the banner tells of it
        self._teller = Refresher[None](background, lane, _nothing, lambda _: None, self)  # one after the other
        self._looker = Refresher[tuple[Onlooker, ...]](background, lane, tuple, self._show, self)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS + random.randrange(2_000))
        self._timer.timeout.connect(self.look)
        self.setWordWrap(True)
        self.hide()

    def open_case(self, case_id: UUID | None) -> None:
        """This case is open now, or none."""
        if case_id != self._looking.case_id:
            self._looker.ask(tuple)
            self._show(())
        self._looking = with_case(self._looking, case_id)
        self._timer.start()
        QTimer.singleShot(_SOON_MS, self, self.look)

    def note_key(self) -> None:
        """A key was pressed in the text for the case."""
        was_typing = self._looking.is_typing(time.monotonic())
        self._looking = with_key(self._looking, time.monotonic())
        if not was_typing:
            QTimer.singleShot(_SOON_MS, self, self.look)

    def pause(self) -> None:
        """The screen is left: nothing is open any more, for the others too."""
        self._looking = with_case(self._looking, None)
        self._tell()

    def look(self) -> None:
        """Tell what is due, and see who else is there."""
        self._tell()
        case_id = self._looking.case_id
        if case_id is not None:
            self._looker.ask(partial(self._context.desk.case_presence.others, case_id))

    def _tell(self) -> None:
        told = to_tell(self._looking, time.monotonic())
        if told is None:
            return
        self._looking = told
        case_id, is_typing = told.told
        self._teller.ask(partial(self._context.desk.case_presence.tell, case_id, is_typing=is_typing))

    def _show(self, others: tuple[Onlooker, ...]) -> None:
        typing = [one.name for one in others if one.is_typing]
        reading = [one.name for one in others if not one.is_typing]
        parts = []
        if typing:
            parts.append(tr("{names} is typing here.", names=", ".join(typing)))
        if reading:
            parts.append(tr("{names} has this case open too.", names=", ".join(reading)))
        self.setText("  ".join(parts))
        self.setVisible(bool(parts))


def _nothing() -> None:
    """What is asked before anything is."""
