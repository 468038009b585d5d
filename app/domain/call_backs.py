"""Call-backs: customers who gave up before anybody answered, and those who were promised a call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from app.domain.calls import Call, CallerNumber, EndReason, NumberKind
from app.domain.due_times import When, quick_time, typed_time

ATTEMPT_PAUSE = timedelta(minutes=30)  # from an attempt in vain to the next one

_BLIND_SOURCES = frozenset({"sip"})  # a softphone alone: a call that another agent took looks as if it was given up
_IDS = UUID("3c1c6a0e-5d4f-5a8e-9b52-2f6d8e4a7b90")


class CallBackKind(StrEnum):
    ABANDONED = "abandoned"
    PROMISED = "promised"


class CallBackState(StrEnum):
    OPEN = "open"
    DONE = "done"  # the customer was spoken to
    DROPPED = "dropped"  # somebody decided that nobody calls any more


TRANSITIONS: Mapping[CallBackState, frozenset[CallBackState]] = {
    CallBackState.OPEN: frozenset({CallBackState.DONE, CallBackState.DROPPED}),
    CallBackState.DONE: frozenset(),
    CallBackState.DROPPED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack:
    """Somebody to call: whose it is (`person_id`, None: anyone's) and when. `number` is E.164, or as it was typed."""

    id: UUID
    kind: CallBackKind
    number: str
    name: str
    due_at: datetime
    made_at: datetime
    call_id: UUID | None = None
    customer_id: UUID | None = None
    person_id: UUID | None = None
    note: str = ""
    state: CallBackState = CallBackState.OPEN
    attempt_count: int = 0
    attempted_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        return self.due_at <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackWish:
    """What an agent has chosen and typed of a call-back so far; kept with the call it comes from."""

    when: When | None = None
    time_text: str = ""  # of When.TYPED
    number_text: str = ""

    def due_at(self, now: datetime) -> datetime | None:
        """By the desk's clock, naive as `now`; None: nothing chosen, or nothing that is a time to come."""
        if self.when is When.TYPED:
            return typed_time(self.time_text, now)
        return quick_time(self.when, now) if self.when else None


def id_of(call_id: UUID) -> UUID:
    """Of the call-back for an abandoned call: whoever records that call arrives at the same one."""
    return uuid5(_IDS, str(call_id))


def for_abandoned(call: Call) -> CallBack | None:
    """The call-back that an abandoned call asks for; None where there is nobody to call, or who gave up at once."""
    is_told_apart = call.source not in _BLIND_SOURCES
    if call.end_reason is not EndReason.ABANDONED or call.ended_at is None or call.is_outgoing or not is_told_apart:
        return None
    number = number_of(call.caller)
    if not number:
        return None
    return CallBack(
        id=id_of(call.id),
        kind=CallBackKind.ABANDONED,
        number=number,
        name=call.caller.display_name,
        due_at=call.ended_at,
        made_at=call.ended_at,
        call_id=call.id,
    )


def number_of(caller: CallerNumber) -> str:
    """What can be dialled to reach the caller; empty where that is not known."""
    return caller.normal or "" if caller.kind in (NumberKind.PUBLIC, NumberKind.INTERNAL) else ""


def closed_kinds(call: Call) -> tuple[CallBackKind, ...]:
    """Which call-backs to its number a conversation settles: one of ours all, one of the caller's that of giving up."""
    if call.answered_at is None or not number_of(call.caller):
        return ()
    return tuple(CallBackKind) if call.is_outgoing else (CallBackKind.ABANDONED,)
