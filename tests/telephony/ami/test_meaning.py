"""From the PBX's bytes to calls: the same whatever way the bytes were split and the events were mixed."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.call_states import advance, begin
from app.domain.calls import Call, CallEvent, CallState, EndedBy, EndReason, EventKind, NumberKind
from app.telephony.ami.events import take
from app.telephony.ami.exchange import Exchange
from app.telephony.ami.members import DeviceState, Member
from app.telephony.ami.wire import Message, MessageReader
from tests.builders import NOW
from tests.telephony.ami.stories import CALLER, STORIES, Fields, Story, as_bytes, dialled_by_agent, member

AGENTS = ("PJSIP/1001", "PJSIP/1002")
WINDOW_S = 0.05  # within which order means nothing
LATER = NOW + timedelta(days=400)

ENDINGS = {
    "answered, the caller hangs up": (EndReason.ANSWERED, EndedBy.CALLER, "PJSIP/1001"),
    "answered, the agent hangs up": (EndReason.ANSWERED, EndedBy.AGENT, "PJSIP/1001"),
    "no answer, the next agent": (EndReason.ANSWERED, EndedBy.CALLER, "PJSIP/1002"),
    "given up while it rings": (EndReason.SHORT_ABANDONED, None, ""),
    "given up, all paused": (EndReason.ABANDONED, None, ""),
    "held and resumed": (EndReason.ANSWERED, EndedBy.AGENT, "PJSIP/1001"),
    "blind transfer by the telephone": (EndReason.ANSWERED, EndedBy.TRANSFER, "PJSIP/1001"),
    "blind transfer by an action": (EndReason.ANSWERED, EndedBy.TRANSFER, "PJSIP/1001"),
    "attended transfer": (EndReason.ANSWERED, EndedBy.TRANSFER, "PJSIP/1001"),
    "rejected, then taken": (EndReason.ANSWERED, EndedBy.AGENT, "PJSIP/1001"),
    "hung up by an action": (EndReason.ANSWERED, EndedBy.CALLER, "PJSIP/1001"),
    "no queue": (EndReason.ANSWERED, EndedBy.CALLER, "PJSIP/1001"),
    "left the queue": (EndReason.FLOW_OUT, None, ""),
    "two ring, one answers": (EndReason.ANSWERED, EndedBy.CALLER, "PJSIP/1002"),
}


def read(chunks: Iterable[bytes]) -> list[Message]:
    reader = MessageReader()
    return [message for chunk in chunks for message in reader.feed(chunk)]


def told(messages: Iterable[Message], exchange: Exchange | None = None, now: datetime = LATER) -> list[CallEvent]:
    exchange = exchange or Exchange(agents=AGENTS)
    news = [one for message in messages for one in take(exchange, message, now)]
    return [one for one in (*news, *exchange.settle(now)) if isinstance(one, CallEvent)]


def calls_of(events: Iterable[CallEvent]) -> dict[UUID, Call]:
    calls: dict[UUID, Call] = {}
    for event in events:
        known = calls.get(event.call_id)
        calls[event.call_id] = advance(known, event) if known else begin(event, "ami")
    return calls


def play(events: list[Fields]) -> dict[UUID, Call]:
    return calls_of(told(read([as_bytes(events)])))


@pytest.mark.parametrize("name", STORIES)
def test_how_each_story_ends(name: str) -> None:
    [call] = play(STORIES[name]().events).values()
    assert (call.end_reason, call.ended_by, call.agent) == ENDINGS[name]
    assert call.state is (CallState.WRAP_UP if call.answered_at else CallState.CLOSED)
    assert (call.caller.normal, call.caller.display_name) == (CALLER, "Caller 00")
    assert call.queue == ("" if name == "no queue" else "support")


@pytest.mark.parametrize("name", STORIES)
def test_every_split_of_the_bytes_gives_the_same_messages(name: str) -> None:
    data = STORIES[name]().bytes()
    whole = read([data])
    for size in (1, 2, 3, 7, 64, 1000):
        assert read(data[i : i + size] for i in range(0, len(data), size)) == whole
    for cut in range(0, len(data), 1 if len(data) < 4000 else 5):
        assert read([data[:cut], data[cut:]]) == whole


def _mixed(draw: Callable[[st.SearchStrategy[float]], float], events: list[Fields]) -> list[Fields]:
    """In another order, each at most half a window from its place."""
    delays = [draw(st.floats(0, WINDOW_S)) for _ in events]
    order = sorted(range(len(events)), key=lambda i: float(events[i]["Timestamp"]) + delays[i])
    return [events[i] for i in order]


@pytest.mark.parametrize("name", STORIES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_events_mixed_within_50_ms_give_the_same_calls(name: str, data: st.DataObject) -> None:
    events = STORIES[name]().events
    assert play(_mixed(data.draw, events)) == play(events)


@pytest.mark.parametrize("name", STORIES)
def test_a_stream_that_comes_twice_changes_nothing(name: str) -> None:
    events = STORIES[name]().events
    exchange = Exchange(agents=AGENTS)
    once = calls_of(told(read([as_bytes(events)]), exchange))
    assert calls_of([*told(read([as_bytes(events)])), *told(read([as_bytes(events)]), exchange)]) == once


def test_two_programs_make_the_same_ids() -> None:
    events = Story().join().ring().events
    assert play(events).keys() == play(events).keys()
    assert play(events).keys() != play(Story(7).join().ring().events).keys()


def test_held_time_is_that_of_the_agents_channel() -> None:
    [call] = play(STORIES["held and resumed"]().events).values()
    assert call.held == timedelta(seconds=2.001)


def test_a_consultation_is_told_while_it_lasts() -> None:
    [call] = play(Story().join().ring().answer().wait(1).consult().events).values()
    assert call.state is CallState.CONSULTING


def test_a_telephone_that_rings_out_is_told_with_why() -> None:
    def stops(name: str) -> list[tuple[str, EndReason | None]]:
        events = told(read([STORIES[name]().bytes()]))
        return [(event.agent, event.end_reason) for event in events if event.kind is EventKind.RING_STOPPED]

    names = ("no answer, the next agent", "rejected, then taken", "given up while it rings")
    assert {name: stops(name) for name in names} == {
        "no answer, the next agent": [("PJSIP/1001", EndReason.MISSED)],
        "rejected, then taken": [("PJSIP/1001", EndReason.REJECTED)],
        "given up while it rings": [("PJSIP/1001", EndReason.ABANDONED)],
    }


@pytest.mark.parametrize(("answers", "reason"), [(True, EndReason.ANSWERED), (False, EndReason.REJECTED)])
def test_a_call_that_the_agent_dials(answers: bool, reason: EndReason) -> None:
    [call] = play(dialled_by_agent(answers=answers)).values()
    assert (call.is_outgoing, call.caller.raw, call.end_reason) == (True, "442079460999", reason)
    assert (call.answered_at is not None) == answers


def test_a_transfer_back_into_the_queue_is_a_call_of_its_own() -> None:
    story = Story().join().ring().answer().wait(5).blind_transfer().wait(3).join().ring("1002").answer("1002")
    first, second = play(story.events).values()
    assert (first.agent, first.ended_by, first.state) == ("PJSIP/1001", EndedBy.TRANSFER, CallState.WRAP_UP)
    assert (second.agent, second.state) == ("PJSIP/1002", CallState.CONNECTED)


def test_another_queue_is_a_call_of_its_own() -> None:
    first, second = play(Story().join().wait(30).join("sales").events).values()
    assert (first.queue, first.end_reason) == ("support", EndReason.FLOW_OUT)
    assert (second.queue, second.state) == ("sales", CallState.QUEUED)


def test_who_waits_is_known_longest_first() -> None:
    exchange = Exchange()
    told(read([Story(7, began_s=1_795_445_300).join().bytes(), Story(6).join().bytes()]), exchange)
    assert [part.linked_id for part in exchange.waiting()] == ["1795445295.6", "1795445300.7"]
    told(read([Story(6).join().ring().answer().bytes()]), exchange)
    assert [part.linked_id for part in exchange.waiting()] == ["1795445300.7"]


@pytest.mark.parametrize(
    ("num", "name", "kind", "shown"),
    [
        ("anonymous", "Anonymous", NumberKind.WITHHELD, ""),
        ("<unknown>", "<unknown>", NumberKind.UNKNOWN, ""),
        ("unknown", "unknown", NumberKind.UNKNOWN, ""),
        ("00442079460123", "Zoë Müller", NumberKind.PUBLIC, "Zoë Müller"),
        ("1002", "Agent Two", NumberKind.INTERNAL, "Agent Two"),
    ],
)
def test_odd_caller_ids(num: str, name: str, kind: NumberKind, shown: str) -> None:
    [call] = play(Story(num=num, name=name).join().events).values()
    assert (call.caller.kind, call.caller.display_name) == (kind, shown)


@pytest.mark.parametrize("missing", ["Linkedid", "Uniqueid", "DestUniqueid", "DestChannel", "Interface", "Queue"])
def test_events_without_ids_are_survived(missing: str) -> None:
    for name in STORIES:
        events = [{k: v for k, v in event.items() if k != missing} for event in STORIES[name]().events]
        play(events)  # no exception; what can be told is told


def test_agents_are_told_once_for_each_change() -> None:
    exchange, messages = Exchange(), [
        Message({"Event": "QueueMemberStatus", **member("1001")}),
        Message({"Event": "QueueMemberStatus", **member("1001")}),
        Message({"Event": "QueueMemberPause", **member("1001", paused="1", reason="Lunch")}),
        Message({"Event": "QueueMemberStatus", "Queue": "support"}),
    ]  # fmt: skip
    news = [one for message in messages for one in take(exchange, message, NOW)]
    assert all(isinstance(one, Member) for one in news)
    assert [(m.device, m.is_paused, m.pause_reason) for m in news if isinstance(m, Member)] == [
        (DeviceState.FREE, False, ""),
        (DeviceState.FREE, True, "Lunch"),
    ]


def test_what_is_over_is_forgotten_after_a_while() -> None:
    exchange = Exchange(agents=AGENTS)
    for number in range(50):
        told(read([Story(number, began_s=1_795_445_295 + number).join().ring().answer().end().bytes()]), exchange)
    exchange.settle(LATER + timedelta(minutes=2))
    assert (len(exchange.visits), len(exchange.legs)) == (0, 0)
