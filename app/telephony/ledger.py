"""What a gateway has to write down: the PBX's news as calls, ringings and telephones, and which of them changed.

News comes in the telephony thread and is written by another one, which may be slow or have no database for a while.
So what changed is remembered, not how often: each is written as it is when its turn comes.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from app.domain.call_states import advance, begin
from app.domain.calls import Call, CallEvent, EndReason, EventKind
from app.domain.lines import SHARED, Telephone
from app.telephony.ami.exchange import News
from app.telephony.ami.members import Member, pause_of

_KEPT = timedelta(seconds=90)  # an ended call, for events that come late; the PBX's side keeps it for a minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """The newest ringing of a call at a telephone."""

    call_id: UUID
    interface: str
    at: datetime
    stopped_at: datetime | None = None
    end_reason: EndReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCall:
    """A call with all telephones it rang at; `held_before` is hold time that an earlier gateway counted."""

    call: Call
    rings: tuple[Ringing, ...] = ()
    held_before: timedelta = timedelta(0)

    @property
    def interfaces(self) -> frozenset[str]:
        """Whom it concerns."""
        return frozenset(filter(None, (*(ring.interface for ring in self.rings), self.call.agent)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What changed since the last time."""

    calls: tuple[LedgerCall, ...] = ()
    telephones: tuple[Telephone, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.calls or self.telephones)


class Ledger:
    """Safe to use from all threads; `on_change` is called, in the thread that brought the news, when there is any."""

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        self._on_change = on_change
        self._lock = threading.Lock()
        self._calls: dict[UUID, LedgerCall] = {}
        self._telephones: dict[str, Telephone] = {}
        self._members: dict[tuple[str, str], Member] = {}  # by telephone and queue
        self._changed_calls: set[UUID] = set()
        self._changed_telephones: set[str] = set()

    def __len__(self) -> int:
        return len(self._calls)

    def restore(self, calls: Iterable[LedgerCall]) -> None:
        """What an earlier gateway knew; what is known here already is newer."""
        with self._lock:
            for one in calls:
                self._calls.setdefault(one.call.id, one)

    def take(self, news: Iterable[News]) -> None:
        """Note what the PBX told."""
        with self._lock:
            for one in news:
                if isinstance(one, Member):
                    self._take_member(one)
                else:
                    self._take_event(one)
            is_changed = bool(self._changed_calls or self._changed_telephones)
        if is_changed:
            self._on_change()

    def end_vanished(self, live: frozenset[UUID], at: datetime) -> None:
        """Calls that are not in the PBX any more ended while nobody looked."""
        with self._lock:
            gone = [i for i, one in self._calls.items() if one.call.ended_at is None and i not in live]
        self.take(
            CallEvent(call_id=gone_id, kind=EventKind.ENDED, at=at, end_reason=EndReason.UNKNOWN) for gone_id in gone
        )

    def drain(self) -> Batch:
        """What has changed, as it is now; from here on it counts as written."""
        with self._lock:
            batch = Batch(
                calls=tuple(self._calls[i] for i in self._changed_calls),
                telephones=tuple(self._telephones[i] for i in self._changed_telephones),
            )
            self._changed_calls.clear()
            self._changed_telephones.clear()
        return batch

    def put_back(self, batch: Batch) -> None:
        """It could not be written."""
        with self._lock:
            self._changed_calls.update(one.call.id for one in batch.calls if one.call.id in self._calls)
            self._changed_telephones.update(one.interface for one in batch.telephones)

    def touch_telephones(self) -> None:
        """Write all of them again: another gateway may have written since."""
        with self._lock:
            self._changed_telephones.update(self._telephones)

    def forget_old(self, now: datetime) -> None:
        """Drop what is over and written."""
        with self._lock:
            for call_id, one in list(self._calls.items()):
                ended_at = one.call.ended_at
                if ended_at and ended_at + _KEPT < now and call_id not in self._changed_calls:
                    del self._calls[call_id]

    def is_at(self, call_id: UUID, interface: str) -> bool:
        """Whether this telephone rings with the call, or speaks in it."""
        with self._lock:
            one = self._calls.get(call_id)
        if one is None or one.call.ended_at:
            return False
        if one.call.answered_at:
            return one.call.agent == interface
        return any(ring.interface == interface and ring.stopped_at is None for ring in one.rings)

    def _take_member(self, member: Member) -> None:
        """A telephone is paused if it is in all its queues; all else a queue says as the others do."""
        self._members[member.interface, member.queue] = member
        pause = pause_of(one for (interface, _), one in self._members.items() if interface == member.interface)
        assert pause  # this member is among them
        told = Telephone(
            interface=member.interface,
            name=member.name,
            device=member.device.name.lower(),
            is_paused=pause.is_paused,
            pause_reason=pause.reason,
        )
        if self._telephones.get(told.interface) != told:
            self._telephones[told.interface] = told
            self._changed_telephones.add(told.interface)

    def _take_event(self, event: CallEvent) -> None:
        known = self._calls.get(event.call_id)
        call = advance(known.call, event) if known else begin(event, SHARED)
        rings = _rings(known.rings if known else (), call, event)
        new = replace(known, call=call, rings=rings) if known else LedgerCall(call=call, rings=rings)
        if new != known:
            self._calls[call.id] = new
            self._changed_calls.add(call.id)


def _rings(rings: Sequence[Ringing], call: Call, event: CallEvent) -> tuple[Ringing, ...]:
    """The ringings after an event; whoever does not answer stops when somebody does, or when the call is over."""
    others = tuple(ring for ring in rings if ring.interface != event.agent)
    mine = next((ring for ring in rings if ring.interface == event.agent), None)
    if event.agent and event.kind is EventKind.OFFERED:
        if mine is None or (mine.stopped_at and mine.stopped_at < event.at):
            mine = Ringing(call_id=call.id, interface=event.agent, at=event.at)
    elif event.agent and event.kind is EventKind.RING_STOPPED:
        mine = mine or Ringing(call_id=call.id, interface=event.agent, at=event.at)
        if mine.stopped_at is None and mine.at <= event.at:
            mine = replace(mine, stopped_at=event.at, end_reason=event.end_reason)
    over_at = call.answered_at or call.ended_at
    return tuple(_stopped(ring, call, over_at) if over_at else ring for ring in (*others, *([mine] if mine else [])))


def _stopped(ring: Ringing, call: Call, at: datetime) -> Ringing:
    if ring.stopped_at:
        return ring
    if call.answered_at is None:
        reason = call.end_reason
    else:  # for another telephone it left
        reason = EndReason.ANSWERED if ring.interface == call.agent else EndReason.FLOW_OUT
    return replace(ring, stopped_at=max(at, ring.at), end_reason=reason)
