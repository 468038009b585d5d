"""A call and its states. Events may come late, twice or out of order: a state has a rank and never falls back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class CallState(StrEnum):
    QUEUED = "queued"
    OFFERED = "offered"
    CONNECTED = "connected"
    HELD = "held"
    WRAP_UP = "wrap_up"
    CLOSED = "closed"


class EndReason(StrEnum):
    ANSWERED = "answered"  # there was a conversation; whoever hung up
    ABANDONED = "abandoned"  # the caller gave up before anybody answered
    MISSED = "missed"  # it rang and nobody took it
    REJECTED = "rejected"
    FAILED = "failed"
    UNKNOWN = "unknown"  # the call vanished: lost PBX, killed softphone, crashed desk


class EventKind(StrEnum):
    QUEUED = "queued"
    OFFERED = "offered"
    ANSWERED = "answered"
    HELD = "held"
    RESUMED = "resumed"
    ENDED = "ended"
    WRAPPED_UP = "wrapped_up"


class Disposition(StrEnum):
    """How the call ended for the customer."""

    SOLVED = "solved"
    ESCALATED = "escalated"
    CALL_BACK = "call_back"
    INFORMATION = "information"
    WRONG_NUMBER = "wrong_number"
    DROPPED = "dropped"


class NumberKind(StrEnum):
    PUBLIC = "public"  # a valid telephone number, with `e164`
    INTERNAL = "internal"  # an extension of the centre
    WITHHELD = "withheld"
    UNKNOWN = "unknown"  # nothing, or nothing that is a number


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerNumber:
    """Who rings: as the network said it (`raw`, up to 200 characters) and as it is looked up (E.164 or extension)."""

    raw: str
    kind: NumberKind
    normal: str | None = None
    display_name: str = ""


RANK: Mapping[CallState, int] = {
    CallState.QUEUED: 0,
    CallState.OFFERED: 1,
    CallState.CONNECTED: 2,
    CallState.HELD: 2,
    CallState.WRAP_UP: 3,
    CallState.CLOSED: 4,
}

# (state, event) -> next state; a pair that is not here leaves the call as it is.
TRANSITIONS: Mapping[tuple[CallState, EventKind], CallState] = {
    (CallState.QUEUED, EventKind.OFFERED): CallState.OFFERED,
    (CallState.QUEUED, EventKind.ANSWERED): CallState.CONNECTED,
    (CallState.QUEUED, EventKind.ENDED): CallState.CLOSED,
    (CallState.OFFERED, EventKind.ANSWERED): CallState.CONNECTED,
    (CallState.OFFERED, EventKind.ENDED): CallState.CLOSED,
    (CallState.CONNECTED, EventKind.HELD): CallState.HELD,
    (CallState.CONNECTED, EventKind.ENDED): CallState.WRAP_UP,
    (CallState.HELD, EventKind.RESUMED): CallState.CONNECTED,
    (CallState.HELD, EventKind.ENDED): CallState.WRAP_UP,
    (CallState.WRAP_UP, EventKind.WRAPPED_UP): CallState.CLOSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    """What a call source reports: about the call `call_id` (made by the source once per call), at an aware UTC time."""

    call_id: UUID
    kind: EventKind
    at: datetime
    caller: CallerNumber | None = None  # with QUEUED and OFFERED
    queue: str = ""  # with QUEUED and OFFERED, where the source knows it
    announcement: str = ""  # with QUEUED and OFFERED: what the caller told the source before, e.g. in a menu
    end_reason: EndReason | None = None  # with ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    id: UUID
    source: str
    caller: CallerNumber
    state: CallState
    queued_at: datetime
    queue: str = ""
    announcement: str = ""
    offered_at: datetime | None = None
    answered_at: datetime | None = None
    held_since: datetime | None = None
    held: timedelta = field(default=timedelta(0))
    ended_at: datetime | None = None
    wrapped_up_at: datetime | None = None
    end_reason: EndReason | None = None
    disposition: Disposition | None = None

    @property
    def is_live(self) -> bool:
        """Somebody is at the other end: ringing or talking."""
        return self.state in (CallState.OFFERED, CallState.CONNECTED, CallState.HELD)


def begin(event: CallEvent, source: str) -> Call:
    """The call that an event first speaks of, with that event applied."""
    caller = event.caller or CallerNumber(raw="", kind=NumberKind.UNKNOWN)
    call = Call(id=event.call_id, source=source, caller=caller, state=CallState.QUEUED, queued_at=event.at)
    return advance(replace(call, queue=event.queue, announcement=event.announcement), event)


def advance(call: Call, event: CallEvent) -> Call:
    """The call after `event`; the very same object when the event is late, repeated or out of place."""
    state = TRANSITIONS.get((call.state, event.kind))
    if state is None:
        return call
    return replace(_TIMES[event.kind](call, event), state=state)


def _offered(call: Call, event: CallEvent) -> Call:
    return replace(call, offered_at=event.at, caller=event.caller or call.caller, queue=event.queue or call.queue)


def _answered(call: Call, event: CallEvent) -> Call:
    return replace(call, offered_at=call.offered_at or event.at, answered_at=event.at)


def _held(call: Call, event: CallEvent) -> Call:
    return replace(call, held_since=event.at)


def _resumed(call: Call, event: CallEvent) -> Call:
    held = event.at - call.held_since if call.held_since else timedelta(0)
    return replace(call, held=call.held + held, held_since=None)


def _ended(call: Call, event: CallEvent) -> Call:
    call = _resumed(call, event)
    if call.answered_at:
        reason = EndReason.UNKNOWN if event.end_reason is EndReason.UNKNOWN else EndReason.ANSWERED
    else:
        reason = event.end_reason or EndReason.ABANDONED
    return replace(call, ended_at=event.at, end_reason=reason)


def _wrapped_up(call: Call, event: CallEvent) -> Call:
    return replace(call, wrapped_up_at=event.at)


_TIMES = {
    EventKind.OFFERED: _offered,
    EventKind.ANSWERED: _answered,
    EventKind.HELD: _held,
    EventKind.RESUMED: _resumed,
    EventKind.ENDED: _ended,
    EventKind.WRAPPED_UP: _wrapped_up,
}
