"""What is going on in the PBX at one moment, and what it means for what was known before.

Asked for on every connect, since calls began and ended while nobody listened. One that vanished ends as unknown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from app.domain.calls import Call, CallerNumber, EndedBy, EndReason, EventKind
from app.telephony.ami.exchange import Exchange, News, call_event
from app.telephony.ami.members import interface_of, member_of
from app.telephony.ami.visits import Leg, Part, call_id_of
from app.telephony.ami.wire import Message

PARTS_ASKED = 8  # of one caller; who was passed on more often begins anew
_ROUNDED = timedelta(seconds=1)  # the PBX tells how long a channel is there in whole seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The events that QueueStatus and CoreShowChannels list; what was recorded of these callers before, by id."""

    queues: Sequence[Message]
    channels: Sequence[Message]
    recorded: Mapping[UUID, Call] = field(default_factory=dict)


def apply(exchange: Exchange, snapshot: Snapshot, now: datetime) -> list[News]:
    """The news that lead from what was known to what is there."""
    return [
        *_members(exchange, snapshot),
        *_vanished(exchange, snapshot, now),
        *_passed_on(exchange, snapshot, now),
        *_waiting(exchange, snapshot, now),
        *_at_agents(exchange, snapshot, now),
    ]


def ids_of_parts(channels: Sequence[Message]) -> list[UUID]:
    """The calls that these channels may be part of."""
    linked_ids = {channel["Linkedid"] for channel in channels} - {""}
    return [call_id_of(linked_id, part) for linked_id in sorted(linked_ids) for part in range(PARTS_ASKED)]


def _members(exchange: Exchange, snapshot: Snapshot) -> Iterator[News]:
    found = {(m.interface, m.queue): m for m in map(member_of, snapshot.queues) if m and m.name}
    for key, member in found.items():
        exchange.agents.add(member.interface)
        if exchange.members.get(key) != member:
            yield member
    exchange.members = found or exchange.members


def _vanished(exchange: Exchange, snapshot: Snapshot, now: datetime) -> Iterator[News]:
    there = {channel["Uniqueid"] for channel in snapshot.channels}
    for part in list(exchange.parts()):
        needed = [leg.unique_id for leg in part.legs if leg.answered_at] if part.answered_at else [part.linked_id]
        if not there.intersection(needed):
            yield from exchange.end(part, now, EndReason.UNKNOWN)


def _passed_on(exchange: Exchange, snapshot: Snapshot, now: datetime) -> Iterator[News]:
    """Recorded conversations of callers who are still here, and of agents who are not: they passed the caller on."""
    for linked_id in dict.fromkeys(channel["Linkedid"] for channel in snapshot.channels):
        ids = (call_id_of(linked_id, part) for part in range(PARTS_ASKED))
        known = [snapshot.recorded[call_id] for call_id in ids if call_id in snapshot.recorded]
        if not known or linked_id in exchange.visits:
            continue
        exchange.remember(linked_id, known)
        legs = [channel for channel in snapshot.channels if channel["Linkedid"] == linked_id]
        caller = next((exchange.caller(leg) for leg in legs if leg["Uniqueid"] == linked_id), None)
        for part in exchange.visits[linked_id].parts:
            channel = _answering(part, legs, now)
            if channel:
                leg = exchange.new_leg(part, channel["Uniqueid"], part.answered_by, channel["Channel"])
                leg.rang_at, leg.answered_at = part.began_at, part.answered_at
                if caller and caller.normal and exchange.connected(channel).normal == caller.normal:
                    yield from exchange.replace_caller(part, now, caller)  # who was asked before has the caller now
            elif part.answered_at and part.ended_at is None:
                later = [at for leg in legs if (at := _began_at(leg, now)) > part.answered_at]
                yield from exchange.end(part, min(later, default=now), EndReason.ANSWERED, EndedBy.TRANSFER)


def _answering(part: Part, channels: Sequence[Message], now: datetime) -> Message | None:
    """The channel of the telephone that answered; after the end of the call one that came later is another call's."""
    if part.answered_at is None:
        return None
    mine = [channel for channel in channels if interface_of(channel["Channel"]) == part.answered_by]
    if part.ended_at:
        mine = [channel for channel in mine if _began_at(channel, now) <= part.answered_at + _ROUNDED]
    return min(mine, key=lambda channel: _began_at(channel, now), default=None)


def _waiting(exchange: Exchange, snapshot: Snapshot, now: datetime) -> Iterator[News]:
    linked = {channel["Uniqueid"]: channel["Linkedid"] for channel in snapshot.channels}
    for entry in snapshot.queues:
        unique_id = entry["Uniqueid"]
        if entry.event == "QueueEntry" and linked.get(unique_id):
            at = now - timedelta(seconds=_seconds(entry["Wait"]))
            part = exchange.part_at(linked[unique_id], at, exchange.caller(entry))
            part.queue = part.queue or entry["Queue"]
            yield call_event(part, EventKind.QUEUED, at)


def _at_agents(exchange: Exchange, snapshot: Snapshot, now: datetime) -> Iterator[News]:
    callers = {c["Uniqueid"]: c for c in snapshot.channels if c["Uniqueid"] == c["Linkedid"]}
    for channel in sorted(snapshot.channels, key=lambda one: _began_at(one, now)):
        agent, caller = interface_of(channel["Channel"]), callers.get(channel["Linkedid"])
        if agent in exchange.agents and caller and caller is not channel:
            at = _began_at(channel, now)
            leg = exchange.legs.get(channel["Uniqueid"]) or _leg(exchange, channel, caller, agent, at)
            if leg.answered_at:
                continue
            yield from exchange.ring(leg, at)
            if channel["ChannelStateDesc"] == "Up":
                yield from exchange.connect(leg, at)


def _leg(exchange: Exchange, channel: Message, caller: Message, agent: str, at: datetime) -> Leg:
    part = _part(exchange, channel, caller, at)
    return exchange.new_leg(part, channel["Uniqueid"], agent, channel["Channel"])


def _part(exchange: Exchange, channel: Message, caller: Message, at: datetime) -> Part:
    """The call of an agent's channel; one whose beginning nobody saw began when the caller's channel says.

    A channel that came after the call was answered is that of whoever was asked, or had the caller passed on.
    """
    live = exchange.live_parts(caller["Linkedid"])
    if live and not live[-1].is_past_at(at - _ROUNDED):
        return live[-1]
    is_first = not exchange.visits.get(caller["Linkedid"])
    if is_first:
        part = exchange.part_at(caller["Linkedid"], at, exchange.caller(caller))
    else:
        part = exchange.new_part(caller["Linkedid"], at, _speaks_with(exchange, channel, caller))
    if is_first and caller["Application"] == "Queue":
        part.queue = caller["ApplicationData"].partition(",")[0]
    return part


def _speaks_with(exchange: Exchange, channel: Message, caller: Message) -> CallerNumber:
    """Who is at the other end of an agent's channel, if the PBX says it; else the caller."""
    connected = exchange.connected(channel)
    return connected if connected.normal else exchange.caller(caller)


def _began_at(channel: Message, now: datetime) -> datetime:
    return now - timedelta(seconds=_seconds(channel["Duration"]))


def _seconds(text: str) -> float:
    """From "12" or "00:01:02"."""
    total = 0.0
    for part in text.split(":"):
        total = total * 60 + (float(part) if part.isdecimal() else 0.0)
    return total
