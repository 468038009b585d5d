"""How a call goes on: one state machine for every source of calls.

Events may come late, twice or out of order. So a call remembers the facts that its events told, each with the time at
which it happened, and its state is where `TRANSITIONS` leads through those facts in the order of their times. The same
facts give the same call in whatever order they arrive; a state has a rank and never falls back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from app.domain.calls import (
    ABANDONED_REASONS,
    RANK,
    SHORT_ABANDON,
    Call,
    CallerNumber,
    CallEvent,
    CallState,
    EndedBy,
    EndReason,
    EventKind,
    NumberKind,
    Ring,
    TalkMark,
)

_MARKS_KEPT = 200  # changes between talking, hold and consultation of one call

_Word = TypeVar("_Word", bound=StrEnum)

# (state, event) -> next state; a pair that is not here leaves the state as it is.
TRANSITIONS: Mapping[tuple[CallState, EventKind], CallState] = {
    (CallState.QUEUED, EventKind.OFFERED): CallState.OFFERED,
    (CallState.QUEUED, EventKind.ANSWERED): CallState.CONNECTED,
    (CallState.QUEUED, EventKind.ENDED): CallState.CLOSED,
    (CallState.OFFERED, EventKind.ANSWERED): CallState.CONNECTED,
    (CallState.OFFERED, EventKind.ENDED): CallState.CLOSED,
    (CallState.CONNECTED, EventKind.HELD): CallState.HELD,
    (CallState.CONNECTED, EventKind.CONSULTED): CallState.CONSULTING,
    (CallState.CONNECTED, EventKind.ENDED): CallState.WRAP_UP,
    (CallState.HELD, EventKind.RESUMED): CallState.CONNECTED,
    (CallState.HELD, EventKind.CONSULTED): CallState.CONSULTING,
    (CallState.HELD, EventKind.ENDED): CallState.WRAP_UP,
    (CallState.CONSULTING, EventKind.RESUMED): CallState.CONNECTED,
    (CallState.CONSULTING, EventKind.ENDED): CallState.WRAP_UP,
    (CallState.WRAP_UP, EventKind.WRAPPED_UP): CallState.CLOSED,
}


def begin(event: CallEvent, source: str) -> Call:
    """The call that an event first speaks of, with that event applied."""
    caller = event.caller or CallerNumber(raw="", kind=NumberKind.UNKNOWN)
    call = Call(
        id=event.call_id, source=event.source or source, caller=caller, state=CallState.QUEUED, queued_at=event.at
    )
    return advance(call, event)


def advance(call: Call, event: CallEvent) -> Call:
    """The call after `event`; the very same object when the event tells nothing new."""
    known = _FACTS[event.kind](call, event)
    began_at = min(event.at, event.waiting_since or event.at)
    if began_at < known.queued_at:  # whatever is told first of a call, it was there before
        known = replace(known, queued_at=began_at)
    if known == call:
        return call
    return _settled(known)


def _queued(call: Call, event: CallEvent) -> Call:
    return replace(
        call,
        caller=event.caller if event.caller and _is_nameless(call) else call.caller,
        queue=call.queue or event.queue,
        announcement=call.announcement or event.announcement,
        is_outgoing=call.is_outgoing or event.is_outgoing,
    )


def _is_nameless(call: Call) -> bool:
    return call.caller.kind is NumberKind.UNKNOWN and call.replaced_at is None


def _replaced(call: Call, event: CallEvent) -> Call:
    if event.caller is None or (call.replaced_at and event.at <= call.replaced_at):
        return call
    return replace(call, caller=event.caller, replaced_at=event.at)


def _offered(call: Call, event: CallEvent) -> Call:
    call = _ring(_queued(call, event), Ring(agent=event.agent, at=event.at))
    return replace(call, offered_at=_earlier(call.offered_at, event.at))


def _ring_stopped(call: Call, event: CallEvent) -> Call:
    return _ring(call, Ring(agent=event.agent, at=event.at, has_stopped=True))


def _ring(call: Call, news: Ring) -> Call:
    """Of each agent the newest counts, until somebody answers."""
    if call.answered_at or call.ended_at:
        return call
    known = next((ring for ring in call.rings if ring.agent == news.agent), None)
    if known and (known.at, known.has_stopped) >= (news.at, news.has_stopped):
        return call
    others = (ring for ring in call.rings if ring.agent != news.agent)
    return replace(call, rings=tuple(sorted((*others, news), key=lambda ring: ring.agent)))


def _answered(call: Call, event: CallEvent) -> Call:
    is_first = call.answered_at is None or event.at < call.answered_at
    return replace(
        call,
        offered_at=_earlier(call.offered_at, event.at),
        answered_at=_earlier(call.answered_at, event.at),
        agent=event.agent if event.agent and (is_first or not call.agent) else call.agent,
    )


def _talk_changed(call: Call, event: CallEvent) -> Call:
    mark = TalkMark(at=event.at, kind=event.kind)
    is_too_late = call.ended_at is not None and call.ended_at <= event.at
    if mark in call.marks or is_too_late or len(call.marks) >= _MARKS_KEPT:
        return call
    return replace(call, marks=tuple(sorted((*call.marks, mark), key=lambda m: (m.at, _TALK_ORDER[m.kind]))))


def _ended(call: Call, event: CallEvent) -> Call:
    if event.end_reason is EndReason.ANSWERED and call.answered_at is None:
        call = _answered(call, event)
    told = EndReason.ABANDONED if call.answered_at is None else EndReason.ANSWERED
    return replace(
        call,
        ended_at=_earlier(call.ended_at, event.at),
        end_reason=_better(call.end_reason, event.end_reason or told, _REASON_ORDER),
        ended_by=_better(call.ended_by, event.ended_by, _ENDER_ORDER),
    )


def _wrapped_up(call: Call, event: CallEvent) -> Call:
    return replace(call, wrapped_up_at=event.at) if call.state is CallState.WRAP_UP else call


def _settled(call: Call) -> Call:
    """State, hold time and end reason as they follow from the facts."""
    state, held, held_since = CallState.QUEUED, timedelta(0), None
    for kind, at in _story(call):
        state = TRANSITIONS.get((state, kind), state)
        is_held = state in (CallState.HELD, CallState.CONSULTING)
        if is_held and held_since is None:
            held_since = at
        elif held_since and not is_held:
            held, held_since = held + max(at - held_since, timedelta(0)), None
    if RANK[state] < RANK[call.state]:  # an answer that came to light after the end
        state = call.state
    rings = () if call.answered_at or call.ended_at else call.rings
    return replace(call, state=state, rings=rings, held=held, held_since=held_since, end_reason=_reason(call))


def _story(call: Call) -> Iterator[tuple[EventKind, datetime]]:
    """What happened, in the order in which it can have happened."""
    if call.offered_at:
        yield EventKind.OFFERED, call.offered_at
    if call.answered_at:
        yield EventKind.ANSWERED, call.answered_at
        for mark in call.marks:
            if call.ended_at is None or mark.at < call.ended_at:
                yield mark.kind, max(mark.at, call.answered_at)
    if call.ended_at:
        yield EventKind.ENDED, call.ended_at
    if call.wrapped_up_at:
        yield EventKind.WRAPPED_UP, call.wrapped_up_at


def _reason(call: Call) -> EndReason | None:
    if call.ended_at is None or call.end_reason is None:
        return None
    if call.answered_at:
        return EndReason.UNKNOWN if call.end_reason is EndReason.UNKNOWN else EndReason.ANSWERED
    if call.end_reason in ABANDONED_REASONS:
        is_short = call.ended_at - call.queued_at <= SHORT_ABANDON
        return EndReason.SHORT_ABANDONED if is_short else EndReason.ABANDONED
    return call.end_reason


def _earlier(known: datetime | None, told: datetime) -> datetime:
    return told if known is None else min(known, told)


def _better(known: _Word | None, told: _Word | None, order: tuple[_Word, ...]) -> _Word | None:
    """Of two reports the one that knows more: further back in `order`."""
    words = [word for word in (known, told) if word is not None]
    return max(words, key=order.index, default=None)


_REASON_ORDER = (
    EndReason.UNKNOWN,
    EndReason.FLOW_OUT,  # concluded from silence about why a caller left
    EndReason.SHORT_ABANDONED,
    EndReason.ABANDONED,
    EndReason.FAILED,
    EndReason.MISSED,
    EndReason.REJECTED,
    EndReason.CALL_BACK,
    EndReason.ANSWERED,
)
_ENDER_ORDER = (EndedBy.CALLER, EndedBy.SYSTEM, EndedBy.AGENT, EndedBy.TRANSFER)  # a PBX says "caller" when in doubt
_TALK_ORDER = {EventKind.HELD: 0, EventKind.CONSULTED: 1, EventKind.RESUMED: 2}
_FACTS = {
    EventKind.QUEUED: _queued,
    EventKind.OFFERED: _offered,
    EventKind.RING_STOPPED: _ring_stopped,
    EventKind.ANSWERED: _answered,
    EventKind.HELD: _talk_changed,
    EventKind.RESUMED: _talk_changed,
    EventKind.CONSULTED: _talk_changed,
    EventKind.REPLACED: _replaced,
    EventKind.ENDED: _ended,
    EventKind.WRAPPED_UP: _wrapped_up,
}
