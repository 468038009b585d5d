"""Who may be calling: asked of the database for each call, and again when it is back or the caller is another one."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.bootstrap import Desk
from app.domain.calls import Call
from app.domain.customers import CallerMatch
from ui.background import Background
from ui.bridge import Bridge


class WhoCalls(QObject):
    """The matches of the calls that are shown; an answer for another caller than the call has now is dropped."""

    found = Signal(object)
    """The id of the call whose matches are here now."""

    def __init__(
        self,
        desk: Desk,
        background: Background,
        bridge: Bridge,
        live: Callable[[], tuple[Call, ...]],
        parent: QObject | None = None,
    ) -> None:
        """
        Args:
            live: the calls that ring or are worked on.
        """
        super().__init__(parent)
        self._desk = desk
        self._background = background
        self._live = live
        self._matches: dict[UUID, tuple[CallerMatch, ...]] = {}
        bridge.contact_changed.connect(self._on_contact)

    def __contains__(self, call_id: UUID) -> bool:
        return call_id in self._matches

    def of(self, call_id: UUID) -> tuple[CallerMatch, ...]:
        """All who may be the caller, ranked; none as long as nobody has answered."""
        return self._matches.get(call_id, ())

    def look_up(self, call: Call) -> None:
        """Ask; a second time when it turned out that somebody else is on the line."""
        self.forget(call.id)
        ask = partial(self._desk.customers.matches, call.caller, except_call=call.id)
        self._background.run(self._desk.lanes.queries, ask, owner=self, done=lambda found: self.take(call, found))

    def forget(self, call_id: UUID) -> None:
        self._matches.pop(call_id, None)

    def take(self, call: Call, matches: tuple[CallerMatch, ...]) -> None:
        """What the database answered for this call and this caller."""
        if any(one.id == call.id and one.caller == call.caller for one in self._live()):
            self._matches[call.id] = matches
            self.found.emit(call.id)

    def _on_contact(self, is_there: bool) -> None:
        for call in self._live():
            if is_there and call.id not in self._matches:
                self.look_up(call)
