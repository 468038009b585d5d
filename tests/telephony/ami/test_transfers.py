"""A caller who is passed on between agents: two calls, each its agent's, also when the program is started anew."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.call_states import advance, begin
from app.domain.calls import Call, CallEvent, CallState, EndedBy, EndReason, EventKind
from app.telephony.ami.events import take
from app.telephony.ami.exchange import Exchange, News
from app.telephony.ami.snapshot import Snapshot, apply, ids_of_parts
from app.telephony.ami.visits import call_id_of
from app.telephony.ami.wire import Message
from tests.telephony.ami.stories import CALLER, Fields, Story, as_bytes
from tests.telephony.ami.test_meaning import AGENTS, LATER, WINDOW_S, play, read

ONE, TWO = AGENTS

TRANSFERS: dict[str, Callable[[], Story]] = {
    "blind": lambda: (
        Story().join().ring().wait(2).answer().wait(5).blind_transfer(to="1002").wait(7).end("1002", queue="")
    ),
    "attended": lambda: (
        Story().join().ring().wait(2).answer().wait(5).consult(whom="1002").wait(4).attended_transfer().wait(7)
        .end("1002", queue="")
    ),
    "attended, while the other telephone rings": lambda: _half_attended(),
    "back into the queue": lambda: (
        Story().join().ring().wait(2).answer().wait(5).blind_transfer().wait(3).join().ring("1002").wait(2)
        .answer("1002").wait(4).end("1002")
    ),
}  # fmt: skip


def _half_attended() -> Story:
    """The agent does not wait for an answer: the transfer is told in the middle of the consultation's ringing."""
    story = Story().join().ring().wait(2).answer().wait(5).consult(whom="1002")
    answer = story.events.pop()
    story.wait(-0.5).attended_transfer()
    story.events.append(answer | {"Timestamp": f"{float(answer['Timestamp']) + 1:.6f}"})
    return story.wait(9).end("1002", queue="")


def facts(calls: dict[UUID, Call]) -> list[tuple[object, ...]]:
    """What must not depend on when anybody listened; times are rounded, as the PBX rounds them."""
    ordered = sorted(calls.values(), key=lambda call: call.answered_at or LATER)
    return [(call.id, call.agent, call.caller.normal, call.state, call.end_reason) for call in ordered]


@pytest.mark.parametrize("name", TRANSFERS)
def test_each_agent_has_a_call_of_their_own_with_the_customer(name: str) -> None:
    first, second = play(TRANSFERS[name]().events).values()
    assert (first.agent, first.end_reason, first.ended_by) == (ONE, EndReason.ANSWERED, EndedBy.TRANSFER)
    assert (second.agent, second.state) == (TWO, CallState.WRAP_UP)
    assert (first.caller.normal, second.caller.normal) == (CALLER, CALLER)
    assert (first.id, second.id) == tuple(call_id_of(Story().linked_id, part) for part in (0, 1))


def test_in_a_consultation_the_caller_is_the_agent_who_asks() -> None:
    story = Story().join().ring().answer().wait(5).consult(whom="1002")
    first, second = play(story.events).values()
    assert (first.state, first.caller.normal) == (CallState.CONSULTING, CALLER)
    assert (second.state, second.caller.normal, second.caller.display_name) == (
        CallState.CONNECTED,
        "1001",
        "Agent One",
    )
    told = len(story.events)
    _, second = play(story.wait(3).attended_transfer().events).values()
    assert second.caller.display_name == "Caller 00" and second.replaced_at and len(story.events) > told


@pytest.mark.parametrize("name", TRANSFERS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_transfers_mixed_within_50_ms_are_the_same(name: str, data: st.DataObject) -> None:
    events = TRANSFERS[name]().events
    delays = [data.draw(st.floats(0, WINDOW_S)) for _ in events]
    order = sorted(range(len(events)), key=lambda i: float(events[i]["Timestamp"]) + delays[i])
    assert play([events[i] for i in order]) == play(events)


@pytest.mark.parametrize("name", TRANSFERS)
def test_every_split_of_a_transfers_bytes_is_the_same(name: str) -> None:
    data = as_bytes(TRANSFERS[name]().events)
    whole = read([data])
    assert all(read([data[:cut], data[cut:]]) == whole for cut in range(0, len(data), 7))


# --- a program that is started anew -----------------------------------------------------------------------------


class Recorder:
    """What a gateway has in its database: by the events of each exchange, written or lost."""

    def __init__(self) -> None:
        self.calls: dict[UUID, Call] = {}

    def take(self, news: list[News]) -> None:
        for event in news:
            if isinstance(event, CallEvent):
                known = self.calls.get(event.call_id)
                self.calls[event.call_id] = advance(known, event) if known else begin(event, "ami")

    def end_vanished(self, exchange: Exchange, at: datetime) -> None:
        """As the ledger does it after a connect."""
        live = {part.call_id for part in exchange.parts()}
        for call in list(self.calls.values()):
            if call.ended_at is None and call.id not in live:
                self.take([CallEvent(call_id=call.id, kind=EventKind.ENDED, at=at, end_reason=EndReason.UNKNOWN)])


def channels(events: list[Fields], now_s: float) -> list[Message]:
    """What CoreShowChannels lists after these events."""
    there: dict[str, Fields] = {}
    for event in events:
        for prefix, other in (("", "Dest"), ("Dest", "")):
            unique_id, name = event.get(f"{prefix}Uniqueid", ""), event.get(f"{prefix}Channel", "")
            if not unique_id or not name:
                continue
            known = there.setdefault(unique_id, {"began": event["Timestamp"]})
            state = event.get(f"{prefix}ChannelStateDesc", "Up")
            known |= {"Channel": name, "Uniqueid": unique_id, "Linkedid": event.get(f"{prefix}Linkedid", "")}
            if known.get("ChannelStateDesc") != "Up":
                known["ChannelStateDesc"] = state
            known["CallerIDNum"] = event.get(f"{prefix}CallerIDNum", "")
            known["CallerIDName"] = event.get(f"{prefix}CallerIDName", "")
            if other + "CallerIDNum" in event:
                known["ConnectedLineNum"] = event[other + "CallerIDNum"]
                known["ConnectedLineName"] = event.get(other + "CallerIDName", "")
        if event["Event"] == "Hangup":
            there.pop(event["Uniqueid"], None)
        if event["Event"] == "AttendedTransfer":  # who was asked is connected with the caller now
            for one in there.values():
                if one["Channel"].startswith("PJSIP/1002"):
                    one |= {"ConnectedLineNum": CALLER, "ConnectedLineName": "Caller 00"}
    return [
        Message({**one, "Duration": f"00:00:{int(now_s - float(one['began'])):02d}", "Application": "Queue",
                 "ApplicationData": "support,tT"})
        for one in there.values()
    ]  # fmt: skip


def restarted(events: list[Fields], cut: int, resume: int) -> Recorder:
    """One gateway until `cut`, another from `resume` on; what comes in between nobody hears."""
    recorder = Recorder()
    exchange = Exchange(agents=AGENTS)
    for message in read([as_bytes(events[:cut])]):
        recorder.take(take(exchange, message, LATER))
    exchange = Exchange(agents=AGENTS)
    now_s = float(events[resume - 1]["Timestamp"])
    listed = channels(events[:resume], now_s)
    known = {i: recorder.calls[i] for i in ids_of_parts(listed) if i in recorder.calls}
    now = datetime.fromtimestamp(now_s, UTC)
    recorder.take(apply(exchange, Snapshot(queues=(), channels=listed, recorded=known), now))
    recorder.end_vanished(exchange, now)
    for message in read([as_bytes(events[resume:])]):
        recorder.take(take(exchange, message, LATER))
    recorder.take(exchange.settle(LATER))
    return recorder


@pytest.mark.parametrize("name", ["blind", "attended", "back into the queue"])
def test_a_gateway_that_is_started_anew_at_any_moment_takes_nobody_for_another(name: str) -> None:
    events = TRANSFERS[name]().events
    whole = facts(play(events))
    for cut in range(1, len(events)):
        calls = restarted(events, cut, cut).calls
        found = {(call.id, call.agent): call for call in calls.values()}
        for call_id, agent, number, _, _ in whole:
            if (call_id, agent) in found:
                call = found[call_id, agent]  # type: ignore[index]
                assert (call.caller.normal, call.ended_at is not None) == (number, True), (cut, call)
        assert {call.agent for call in calls.values() if call.agent} == {ONE, TWO}, cut
        assert all(call.ended_at for call in calls.values()), cut
        agents = {call.id: call.agent for call in calls.values()}
        assert agents.get(whole[0][0], ONE) == ONE, f"cut {cut}: the second part took the place of the first"  # type: ignore[call-overload]


@pytest.mark.parametrize("gap", [2, 4, 8])
@pytest.mark.parametrize("name", ["blind", "attended"])
def test_a_transfer_that_nobody_heard_is_still_two_calls(name: str, gap: int) -> None:
    events = TRANSFERS[name]().events
    moved = next(i for i, event in enumerate(events) if event["Event"] in ("BlindTransfer", "AttendedTransfer"))
    resume = next(i for i, e in enumerate(events) if i > moved and e["Event"] == "Hangup") + 1
    resume = max(resume, min(moved + gap, len(events) - 6))
    calls = restarted(events, moved, resume).calls
    first = calls[call_id_of(Story().linked_id)]
    assert (first.agent, first.end_reason) == (ONE, EndReason.ANSWERED), calls
    seconds = [call for call in calls.values() if call.agent == TWO]
    assert [call.caller.normal for call in seconds] == [CALLER]
    assert all(call.ended_at and call.ended_at - call.queued_at < timedelta(minutes=1) for call in seconds)
