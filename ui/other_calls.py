"""Calls of this line that have no card: those that ring beside another, and those that stopped ringing here."""

from datetime import UTC, datetime
from uuid import UUID

from app.domain.call_states import advance, begin
from app.domain.calls import Call, CallEvent, CallState, EventKind


class OtherCalls:
    """They are followed to their end, so that the record is right; never a second card."""

    def __init__(self) -> None:
        self._calls: dict[UUID, Call] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def __contains__(self, call_id: UUID) -> bool:
        return call_id in self._calls

    def add(self, call: Call) -> None:
        self._calls[call.id] = call

    def follow(self, event: CallEvent, source: str) -> Call:
        """The call after the event; one that is over is closed, whoever had it, and forgotten."""
        known = self._calls.get(event.call_id)
        call = advance(known, event) if known else begin(event, source)
        if call.state is CallState.WRAP_UP:  # another telephone had the conversation, and has the wrap-up
            wrapped_up = CallEvent(call_id=call.id, kind=EventKind.WRAPPED_UP, at=call.ended_at or datetime.now(UTC))
            call = advance(call, wrapped_up)
        self._calls[call.id] = call
        if call.state is CallState.CLOSED:
            del self._calls[call.id]
        return call

    def take_ringing(self) -> Call | None:
        """One that rings, for the place on the card that is free now."""
        call = next((call for call in self._calls.values() if call.ringing_at), None)
        if call:
            del self._calls[call.id]
        return call
