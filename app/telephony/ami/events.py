"""What the PBX's events mean.

Order is not guaranteed between families of events, so each fact is taken as soon as any event shows it, and the domain
makes the same call of the same facts in any order. An event may come twice, late, or without the ids it needs.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from app.domain.calls import EndedBy, EndReason, EventKind
from app.telephony.ami.exchange import Exchange, News, call_event
from app.telephony.ami.members import interface_of, member_of
from app.telephony.ami.visits import Leg, Part, RingEnd
from app.telephony.ami.wire import Message

_Handler = Callable[[Exchange, Message, datetime], Iterator[News]]


def take(exchange: Exchange, message: Message, now: datetime) -> list[News]:
    """What an event says; nothing for one that is unknown, repeated or has no ids."""
    handle = _HANDLERS.get(message.event)
    return list(handle(exchange, message, exchange.time_of(message, now))) if handle else []


def _on_join(exchange: Exchange, message: Message, at: datetime) -> Iterator[News]:
    linked_id, queue = message["Linkedid"], message["Queue"]
    if not linked_id:
        return
    caller = exchange.caller(message)
    part = exchange.part_at(linked_id, at, caller)
    if part.queue not in ("", queue) and part.began_at < at and not part.answered_at:
        yield from exchange.end(part, part.left_at or at, EndReason.FLOW_OUT)
        part = exchange.new_part(linked_id, at, caller)
    part.queue = part.queue or queue
    part.began_at = min(part.began_at, at)
    yield call_event(part, EventKind.QUEUED, at)


def _on_leave(exchange: Exchange, message: Message, at: datetime) -> Iterator[News]:
    """The caller went to an agent, gave up, or left for another reason: the events that say which come with it."""
    for part in exchange.live_parts(message["Linkedid"]):
        if part.queue == message["Queue"] and part.left_at is None and not part.is_past_at(at):
            part.left_at = at
    yield from ()


def _on_abandon(exchange: Exchange, message: Message, at: datetime) -> Iterator[News]:
    visit = exchange.visits.get(message["Linkedid"])
    part = next((part for part in reversed(visit.parts) if part.queue == message["Queue"]), None) if visit else None
    if part and not part.answered_at:
        yield from exchange.end(part, at, EndReason.ABANDONED)


def _on_agent_called(exchange: Exchange, message: Message, at: datetime) -> Iterator[News]:
    agent = message["Interface"]
    leg = _leg(exchange, message, at, agent)
    if leg is None:
        return
    exchange.agents.add(agent)
    if not leg.part.queue:  # the dialling was told first and did not know it
        leg.part.queue, leg.rang_at = message["Queue"], None
    if leg.agent != agent:  # first seen under its channel's name
        yield call_event(leg.part, EventKind.RING_STOPPED, at, agent=leg.agent)
        leg.agent, leg.rang_at = agent, None
    yield from exchange.ring(leg, at)


def _on_dial_begin(exchange: Exchange, message: Message, at: datetime) -> Iterator[News]:
    callee, channel = interface_of(message["DestChannel"]), message["Channel"]
    is_begun_here = message["Uniqueid"] == message["Linkedid"]
    if not channel and callee in exchange.agents and message["DestUniqueid"] == message["DestLinkedid"]:
        yield from _dial_out(exchange, message, at, "Dest")  # Originate rings the agent first
        return
    if channel and not is_begun_here:
        yield from _consult(exchange, message, at)
    if channel and callee in exchange.agents:
        if leg := _leg(exchange, message, at, callee):
            yield from exchange.ring(leg, at)
    elif is_begun_here and interface_of(channel) in exchange.agents and message["Uniqueid"] not in exchange.legs:
        yield from _dial_out(exchange, message, at, "")


def _dial_out(exchange: Exchange, message: Message, at: datetime, agents_side: str) -> Iterator[News]:
    """The agent calls; the fields of its own channel begin with `agents_side`."""
    unique_id, channel = message[f"{agents_side}Uniqueid"], message[f"{agents_side}Channel"]
    if not unique_id or unique_id in exchange.legs:
        return
    part = exchange.new_part(unique_id, at, exchange.caller(message, "Dest"), is_outgoing=True)
    leg = exchange.new_leg(part, unique_id, interface_of(channel), channel)
    yield from exchange.ring(leg, at)


def _consult(exchange: Exchange, message: Message, at: datetime) -> Iterator[News]:
    """Somebody in the call dials a further telephone, while the caller waits."""
    for part in exchange.live_parts(message["Linkedid"]):
        if part.answered_at and part.answered_at < at and message["DestUniqueid"] not in exchange.legs:
            yield call_event(part, EventKind.CONSULTED, at)


def _on_dial_end(exchange: Exchange, message: Message, at: datetime) -> Iterator[News]:
    if message["DialStatus"] == "ANSWER":
        yield from _on_answer(exchange, message, at)
        return
    leg = exchange.legs.get(message["DestUniqueid"]) or _outgoing_leg(exchange, message)
    if leg and leg.ring_end is None:  # a time-out sends a second one, CANCEL
        leg.ring_end = _RING_ENDS.get(message["DialStatus"], RingEnd.OTHER)
        yield from exchange.stop_ringing(leg, at)


def _on_no_answer(exchange: Exchange, message: Message, at: datetime) -> Iterator[News]:
    leg = exchange.legs.get(message["DestUniqueid"])
    if leg:
        leg.ring_end = RingEnd.NO_ANSWER
        yield from exchange.stop_ringing(leg, at)


def _on_answer(exchange: Exchange, message: Message, at: datetime) -> Iterator[News]:
    """AgentConnect, or DialEnd with an answer; in a call that the agent dialled only the other side's counts."""
    agent = message["Interface"] or interface_of(message["DestChannel"])
    if own := _outgoing_leg(exchange, message):
        yield from exchange.connect(own, at)
    elif agent in exchange.agents or message["Interface"]:
        leg = _leg(exchange, message, at, agent)
        if leg and not leg.part.is_outgoing:
            yield from exchange.connect(leg, at)


def _outgoing_leg(exchange: Exchange, message: Message) -> Leg | None:
    """The agent's channel, if it is the one that dials here."""
    leg = exchange.legs.get(message["Uniqueid"])
    return leg if leg and leg.part.is_outgoing else None


def _on_hold(exchange: Exchange, message: Message, at: datetime) -> Iterator[News]:
    if leg := exchange.legs.get(message["Uniqueid"]):  # the caller's own hold is none of ours
        yield call_event(leg.part, EventKind.HELD if message.event == "Hold" else EventKind.RESUMED, at)


def _on_transfer(exchange: Exchange, message: Message, at: datetime) -> Iterator[News]:
    """The agent's part ends here; the caller goes on under the same linked id."""
    ids = (message[key] for key in ("TransfererUniqueid", "OrigTransfererUniqueid", "SecondTransfererUniqueid"))
    leg = next((exchange.legs[unique_id] for unique_id in ids if unique_id in exchange.legs), None)
    if leg and message["Result"] in ("", "Success"):
        yield from exchange.end(leg.part, at, EndReason.ANSWERED, EndedBy.TRANSFER)
        if message.event == "AttendedTransfer":
            yield from _hand_over(exchange, message, at, leg.part)


def _hand_over(exchange: Exchange, message: Message, at: datetime, given: Part) -> Iterator[News]:
    """Whoever was asked speaks with the caller now, no longer with the agent who asked."""
    linked_ids = dict.fromkeys((given.linked_id, message["SecondTransfererLinkedid"]))
    asked = (part for linked_id in linked_ids for part in exchange.live_parts(linked_id))
    for part in asked:
        if part is not given and not part.is_outgoing and part.agent != given.agent:
            yield from exchange.replace_caller(part, at, given.caller)


def _on_complete(exchange: Exchange, message: Message, at: datetime) -> Iterator[News]:
    """After a transfer by the telephone, and when the agent's channel went first, it does not say which channel."""
    leg = exchange.legs.get(message["DestUniqueid"])
    visit = exchange.visits.get(message["Linkedid"])
    if leg is None and visit:
        leg = next((leg for leg in visit.legs if leg.agent == message["Interface"] and leg.answered_at), None)
    if leg:
        by = EndedBy.AGENT if leg.was_hung_up else _ENDERS.get(message["Reason"], EndedBy.SYSTEM)
        yield from exchange.end(leg.part, at, EndReason.ANSWERED, by)


def _on_hang_up_asked(exchange: Exchange, message: Message, _at: datetime) -> Iterator[News]:
    """Which side hung up; AgentComplete says it too, but a call without a queue has none."""
    asking = message["Uniqueid"]
    leg = exchange.legs.get(asking)
    visit = exchange.visits.get(leg.part.linked_id if leg else asking)  # else the caller, or a channel in between
    if visit is None or not visit.parts:
        return
    for part in [leg.part] if leg else visit.live_parts or visit.parts[-1:]:
        if part.hung_up_by:
            continue
        part.hung_up_by = asking
        if part.ended_at and part.answered_at:  # it came late
            yield from exchange.end(part, part.ended_at, EndReason.ANSWERED, exchange.ender(part))


def _on_hang_up(exchange: Exchange, message: Message, at: datetime) -> Iterator[News]:
    """A transfer may have put the channel under another linked id than the one it began with."""
    leg = exchange.legs.get(message["Uniqueid"])
    visit = exchange.visits.get(leg.part.linked_id if leg else message["Linkedid"])
    if visit is None:
        return
    if leg is None and message["Uniqueid"] == visit.linked_id:
        for part in visit.live_parts:
            yield from exchange.caller_gone(part, at)
    elif leg:
        leg.has_hung_up, leg.cause = True, message["Cause"]
        if leg.part.is_outgoing:
            yield from exchange.caller_gone(leg.part, at)
        elif leg.answered_at or message["ChannelStateDesc"] == "Up":
            yield from exchange.end(leg.part, at, EndReason.ANSWERED, exchange.ender(leg.part))
        else:
            yield from exchange.stop_ringing(leg, at)


def _on_member(exchange: Exchange, message: Message, _at: datetime) -> Iterator[News]:
    member = member_of(message)
    if member is None:
        return
    exchange.agents.add(member.interface)
    if exchange.members.get((member.interface, member.queue)) != member:
        exchange.members[member.interface, member.queue] = member
        yield member


def _leg(exchange: Exchange, message: Message, at: datetime, agent: str) -> Leg | None:
    """The telephone that rings or answers, in the part that it belongs to; None without the ids for it."""
    unique_id, linked_id = message["DestUniqueid"], message["Linkedid"]
    if not unique_id or not linked_id or not agent:
        return None
    if known := exchange.legs.get(unique_id):
        return known
    part = exchange.part_at(linked_id, at, exchange.caller(message))
    if part.is_outgoing:  # an agent calls another one, who has a call of its own
        part = exchange.new_part(linked_id, at, exchange.caller(message))
    return exchange.new_leg(part, unique_id, agent, message["DestChannel"])


_RING_ENDS: Mapping[str, RingEnd] = {
    "NOANSWER": RingEnd.NO_ANSWER,
    "BUSY": RingEnd.BUSY,
    "CANCEL": RingEnd.CANCEL,
}
_ENDERS: Mapping[str, EndedBy] = {
    "caller": EndedBy.CALLER,
    "agent": EndedBy.AGENT,
    "transfer": EndedBy.TRANSFER,
}
_HANDLERS: Mapping[str, _Handler] = {
    "QueueCallerJoin": _on_join,
    "QueueCallerLeave": _on_leave,
    "QueueCallerAbandon": _on_abandon,
    "AgentCalled": _on_agent_called,
    "AgentConnect": _on_answer,
    "AgentRingNoAnswer": _on_no_answer,
    "AgentComplete": _on_complete,
    "DialBegin": _on_dial_begin,
    "DialEnd": _on_dial_end,
    "Hold": _on_hold,
    "Unhold": _on_hold,
    "BlindTransfer": _on_transfer,
    "AttendedTransfer": _on_transfer,
    "HangupRequest": _on_hang_up_asked,
    "Hangup": _on_hang_up,
    "QueueMemberPause": _on_member,
    "QueueMemberStatus": _on_member,
    "QueueMemberAdded": _on_member,
    "QueueMember": _on_member,
}
