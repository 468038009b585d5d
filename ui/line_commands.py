"""What the agent does with the calls of the line: each only in its state, and only if the line can."""

from collections.abc import Callable

from app.domain.calls import CallState
from app.domain.work import CallWork
from app.telephony.source import CallSource, Capability


class LineCommands:
    """A command that does not fit does nothing: a key pressed too late must not hit the next call."""

    def __init__(
        self, source: CallSource, ringing: Callable[[], CallWork | None], talking: Callable[[], CallWork | None]
    ) -> None:
        """
        Args:
            ringing: the call that rings.
            talking: the call with somebody at the other end, connected or on hold.
        """
        self._source = source
        self._ringing = ringing
        self._talking = talking

    def can(self, capability: Capability) -> bool:
        """Whether the line can do this now."""
        return capability in self._source.capabilities

    def why_not(self, capability: Capability) -> str:
        """Why it cannot, as a sentence; empty when it can."""
        return self._source.hindrance(capability)

    def answer(self) -> None:
        """Take the call that rings, unless one is in conversation: then that one comes first."""
        ringing = self._ringing()
        if ringing and not self._talking() and self.can(Capability.ANSWER):
            self._source.answer(ringing.call.id)

    def reject(self) -> None:
        if (ringing := self._ringing()) and self.can(Capability.REJECT):
            self._source.reject(ringing.call.id)

    def hold_or_resume(self) -> None:
        talking = self._talking()
        if talking is None or not self.can(Capability.HOLD):
            return
        if talking.call.state is CallState.CONNECTED:
            self._source.hold(talking.call.id)
        elif talking.call.state is CallState.HELD:
            self._source.resume(talking.call.id)

    def hang_up(self) -> None:
        """End the conversation; in a consultation this connects the caller with whoever was asked."""
        if (talking := self._talking()) and self.can(Capability.HANG_UP):
            self._source.hang_up(talking.call.id)

    def transfer(self, number: str, *, is_attended: bool = False) -> None:
        """Pass the caller on, at once or after a word with whoever is there."""
        capability = Capability.CONSULT if is_attended else Capability.TRANSFER
        if (talking := self._talking()) and self.can(capability):
            self._source.transfer(talking.call.id, number, is_attended=is_attended)

    def dial(self, number: str) -> None:
        if self.can(Capability.DIAL) and not self._talking() and not self._ringing():
            self._source.dial(number)

    def next_call(self) -> None:
        """A demo call now."""
        if self.can(Capability.NEXT_CALL) and not self._talking() and not self._ringing():
            self._source.next_call()
