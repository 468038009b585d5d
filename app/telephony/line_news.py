"""From how the database says a person's calls are to what a desk is told.

The database says how things are, not what happened; so what it says is compared with what was told.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from app.domain.calls import CallerNumber, CallEvent, CallState, EndReason, EventKind
from app.domain.lines import LineCall

_TALK = {
    CallState.HELD: EventKind.HELD,
    CallState.CONSULTING: EventKind.CONSULTED,
    CallState.CONNECTED: EventKind.RESUMED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the desk was told of a call."""

    rang_at: datetime | None = None
    is_ringing: bool = False
    talk: CallState | None = None  # once it was answered here
    caller: CallerNumber | None = None


class LineNews:
    """Of one person's telephone."""

    def __init__(self, person_id: UUID) -> None:
        self._person_id = person_id
        self._told: dict[UUID, _Told] = {}

    @property
    def known(self) -> frozenset[UUID]:
        """The calls whose end was not told yet."""
        return frozenset(self._told)

    def of(self, one: LineCall) -> Iterator[CallEvent]:
        """What the desk does not know yet of this call."""
        call, told = one.call, self._told.get(one.call.id, _Told())
        is_over = call.ended_at is not None
        is_mine = call.answered_at is not None and one.agent_id == self._person_id
        rings = one.ring is not None and one.ring.stopped_at is None and call.answered_at is None and not is_over
        rang_at = one.ring.at if one.ring else call.offered_at or call.queued_at
        if (rings or (is_mine and not told.rang_at)) and told.rang_at != rang_at:
            told = replace(told, rang_at=rang_at, is_ringing=True, caller=told.caller or call.caller)
            yield self._event(one, EventKind.OFFERED, rang_at)
        if is_mine and call.answered_at and told.talk is None:
            told = replace(told, is_ringing=False, talk=CallState.CONNECTED)
            yield self._event(one, EventKind.ANSWERED, call.answered_at)
        if told.is_ringing and not rings:
            told = replace(told, is_ringing=False)
            yield self._stopped(one)
        if told.caller and told.caller != call.caller:
            told = replace(told, caller=call.caller)
            yield self._event(one, EventKind.REPLACED, _now())
        if is_mine and not is_over and call.state in _TALK and call.state is not told.talk:
            told = replace(told, talk=call.state)
            yield self._event(one, EventKind(_TALK[call.state]), _now())
        self._told[call.id] = told
        if is_over or (call.answered_at and not is_mine):
            del self._told[call.id]
            if told.rang_at:
                yield self._end(one, is_mine)

    def _stopped(self, one: LineCall) -> CallEvent:
        call, ring = one.call, one.ring
        at = (ring.stopped_at if ring else None) or call.answered_at or call.ended_at or _now()
        reason = ring.end_reason if ring and ring.end_reason else EndReason.FLOW_OUT
        return replace(self._event(one, EventKind.RING_STOPPED, at), end_reason=reason)

    def _end(self, one: LineCall, is_mine: bool) -> CallEvent:
        """Of a call that somebody else had, the desk only learns that it is none of its own any more."""
        call = one.call
        if is_mine and call.ended_at:
            ended = self._event(one, EventKind.ENDED, call.ended_at)
            return replace(ended, end_reason=call.end_reason, ended_by=call.ended_by)
        at = call.ended_at or call.answered_at or _now()
        return replace(self._event(one, EventKind.ENDED, at), end_reason=EndReason.FLOW_OUT)

    def _event(self, one: LineCall, kind: EventKind, at: datetime) -> CallEvent:
        call = one.call
        return CallEvent(
            call_id=call.id,
            kind=kind,
            at=at,
            caller=call.caller,
            waiting_since=call.queued_at,
            queue=call.queue,
            agent=str(self._person_id),
            is_outgoing=call.is_outgoing,
        )


def _now() -> datetime:
    return datetime.now(UTC)
