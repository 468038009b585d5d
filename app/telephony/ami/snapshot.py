"""What is going on in the PBX at one moment, and what it means for what was known before.

Asked for on every connect, since calls began and ended while nobody listened. One that vanished ends as unknown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.calls import EndReason, EventKind
from app.telephony.ami.exchange import Exchange, News, call_event
from app.telephony.ami.members import interface_of, member_of
from app.telephony.ami.visits import Part
from app.telephony.ami.wire import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The events that QueueStatus and CoreShowChannels list."""

    queues: Sequence[Message]
    channels: Sequence[Message]


def apply(exchange: Exchange, snapshot: Snapshot, now: datetime) -> list[News]:
    """The news that lead from what was known to what is there."""
    return [
        *_members(exchange, snapshot),
        *_vanished(exchange, snapshot, now),
        *_waiting(exchange, snapshot, now),
        *_at_agents(exchange, snapshot, now),
    ]


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
    for channel in snapshot.channels:
        agent, caller = interface_of(channel["Channel"]), callers.get(channel["Linkedid"])
        if agent in exchange.agents and caller and caller is not channel:
            at = now - timedelta(seconds=_seconds(channel["Duration"]))
            part = _part(exchange, caller, at)
            leg = exchange.legs.get(channel["Uniqueid"])
            leg = leg or exchange.new_leg(part, channel["Uniqueid"], agent, channel["Channel"])
            if leg.answered_at:
                continue
            yield from exchange.ring(leg, at)
            if channel["ChannelStateDesc"] == "Up":
                yield from exchange.connect(leg, at)


def _part(exchange: Exchange, caller: Message, at: datetime) -> Part:
    """The call of an agent's channel; one whose beginning nobody saw began when the caller's channel says."""
    live = exchange.live_parts(caller["Linkedid"])
    if live:
        return live[-1]
    part = exchange.part_at(caller["Linkedid"], at, exchange.caller(caller))
    if caller["Application"] == "Queue":
        part.queue = caller["ApplicationData"].partition(",")[0]
    return part


def _seconds(text: str) -> float:
    """From "12" or "00:01:02"."""
    total = 0.0
    for field in text.split(":"):
        total = total * 60 + (float(field) if field.isdecimal() else 0.0)
    return total
