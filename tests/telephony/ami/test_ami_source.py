"""A desk's line to a PBX: what rings here is told, and commands name this telephone's channel."""

import time

import pytest

from app.domain.calls import CallState, EndedBy, EndReason, EventKind
from app.telephony.ami import AmiSource
from app.telephony.source import Capability, SourceState
from tests.telephony.ami.conftest import AGENT, settings
from tests.telephony.ami.fake_pbx import FakePbx, running_pbx
from tests.telephony.ami.lines import all_until, started
from tests.telephony.ami.stories import SECOND, STORIES, Story, dialled_by_agent, member
from tests.telephony.ami.test_meaning import calls_of
from tests.telephony.listening import Listener


@pytest.mark.usefixtures("line")
def test_a_call_for_this_telephone(listener: Listener, pbx: FakePbx) -> None:
    story = Story().join().wait(3).ring()
    pbx.play(story.events)
    offered = listener.event(EventKind.OFFERED)
    assert (offered.agent, offered.queue, offered.caller and offered.caller.normal) == (
        AGENT,
        "support",
        "+442079460100",
    )
    pbx.play(story.answer().hold().resume().wait(5).end().events[5:])
    [call] = calls_of([offered, *all_until(listener, EventKind.ENDED)]).values()
    assert (call.state, call.ended_by) == (CallState.WRAP_UP, EndedBy.CALLER)
    assert call.answered_at and (call.answered_at - call.queued_at).total_seconds() == pytest.approx(3.0, abs=0.1)


@pytest.mark.usefixtures("line")
def test_calls_of_other_telephones_say_nothing(listener: Listener, pbx: FakePbx) -> None:
    pbx.play(Story(6).join().ring("1002").answer("1002").wait(1).end("1002").events)
    pbx.play(Story(90).join().ring().events)
    assert listener.event(EventKind.OFFERED).agent == AGENT


@pytest.mark.usefixtures("line")
def test_what_another_telephone_takes_stops_ringing_here_at_once(listener: Listener, pbx: FakePbx) -> None:
    pbx.play(STORIES["two ring, one answers"]().events)
    kinds = [event.kind for event in all_until(listener, EventKind.ENDED)]
    assert kinds[:3] == [EventKind.OFFERED, EventKind.RING_STOPPED, EventKind.ANSWERED]


@pytest.mark.usefixtures("line")
def test_who_waits_stands_in_the_status(listener: Listener, pbx: FakePbx) -> None:
    pbx.play(Story().join().events)
    status = listener.status(SourceState.READY)
    assert (status.waiting_count, status.waiting_since is not None) == (1, True)
    pbx.play(Story().join().ring("1002").answer("1002").events)
    assert listener.status(SourceState.READY).waiting_count == 0


def test_commands_name_this_telephones_channel(line: AmiSource, listener: Listener, pbx: FakePbx) -> None:
    story = Story().join().ring().answer()
    pbx.play(story.events)
    call_id = all_until(listener, EventKind.ANSWERED)[-1].call_id
    channel = next(event["DestChannel"] for event in story.events if event["Event"] == "AgentConnect")
    line.transfer(call_id, "+44 20 7946 0123")
    assert pbx.wait_for_action("BlindTransfer")["Exten"] == "+442079460123"
    line.transfer(call_id, SECOND, is_attended=True)
    asked = pbx.wait_for_action("Atxfer")
    assert (asked["Channel"], asked["Exten"], asked["Context"]) == (channel, SECOND, "agents")
    line.pause(True, "lunch")
    asked = pbx.wait_for_action("QueuePause")
    assert (asked["Interface"], asked["Paused"], asked["Reason"]) == (AGENT, "true", "lunch")
    line.dial("020 7946 0123")
    asked = pbx.wait_for_action("Originate")
    assert (asked["Channel"], asked["Exten"], asked["Async"]) == (AGENT, "02079460123", "true")
    line.hang_up(call_id)
    assert pbx.wait_for_action("Hangup")["Channel"] == channel


def test_our_own_hang_up_is_not_the_callers(line: AmiSource, listener: Listener, pbx: FakePbx) -> None:
    story = Story().join().ring().answer().wait(2)
    pbx.play(story.events)
    events = all_until(listener, EventKind.ANSWERED)
    line.hang_up(events[-1].call_id)
    pbx.wait_for_action("Hangup")
    told = len(story.events)
    pbx.play(story.end_by_action().events[told:])
    [call] = calls_of([*events, *all_until(listener, EventKind.ENDED)]).values()
    assert (call.end_reason, call.ended_by) == (EndReason.ANSWERED, EndedBy.AGENT)


def test_our_own_refusal_is_not_a_missed_call(line: AmiSource, listener: Listener, pbx: FakePbx) -> None:
    story = Story().join().ring()
    pbx.play(story.events)
    line.reject(listener.event(EventKind.OFFERED).call_id)
    pbx.wait_for_action("Hangup")
    told = len(story.events)
    pbx.play(story.time_out().events[told:])
    assert listener.event(EventKind.RING_STOPPED).end_reason is EndReason.REJECTED


def test_what_the_pbx_refuses_is_said(line: AmiSource, listener: Listener, pbx: FakePbx) -> None:
    pbx.mood.refusals["Originate"] = "Extension does not exist."
    line.dial("4711")
    status = listener.status(SourceState.READY)
    assert "refused" in status.sentence and "Extension does not exist." in status.sentence
    for number in ("", "abc", "12\r\nAction: Command"):
        line.dial(number)
    assert "no number" in listener.status(SourceState.READY).sentence
    assert len(pbx.actions("Originate")) == 1


def test_a_capability_is_there_if_the_account_may_ask_for_it(listener: Listener, pbx: FakePbx) -> None:
    pbx.mood.granted = ("Hangup", "BlindTransfer")
    with started(settings(pbx.port), listener) as source:
        assert "not connected" in source.hindrance(Capability.TRANSFER)
        listener.status(SourceState.READY)
        assert source.capabilities == {Capability.HANG_UP, Capability.REJECT, Capability.TRANSFER}
        assert source.hindrance(Capability.TRANSFER) == ""
        assert "lift the handset" in source.hindrance(Capability.ANSWER)
        assert "at the telephone" in source.hindrance(Capability.HOLD)
        assert "Originate" in source.hindrance(Capability.DIAL)
    assert source.capabilities == frozenset()


@pytest.mark.usefixtures("line")
def test_only_the_classes_that_are_needed_are_listened_to(pbx: FakePbx) -> None:
    asked = pbx.wait_for_action("Login")
    assert (asked["AuthType"], asked["Events"]) == ("MD5", "call,agent")
    assert "gehe1m" not in str(pbx.asked)


def test_calls_that_are_there_at_the_start_are_taken_over(listener: Listener, pbx: FakePbx) -> None:
    caller = {"Channel": "PJSIP/trunk-0000002f", "ChannelStateDesc": "Up", "CallerIDNum": "+442079460100"}
    caller |= {"Uniqueid": "1795445482.81", "Linkedid": "1795445482.81", "Duration": "00:01:03"}
    agent = {"Channel": "PJSIP/1001-00000030", "ChannelStateDesc": "Up", "CallerIDNum": "1001", "Duration": "00:01:02"}
    agent |= {"Uniqueid": "1795445482.82", "Linkedid": "1795445482.81"}
    pbx.mood.channels = [{**caller, "Application": "Queue", "ApplicationData": "support,tT,,,120"}, agent]
    with started(settings(pbx.port), listener):
        [call] = calls_of(all_until(listener, EventKind.ANSWERED)).values()
    assert (call.state, call.queue, call.agent) == (CallState.CONNECTED, "support", AGENT)


@pytest.mark.usefixtures("line")
def test_a_call_that_the_agent_dials_is_its_own(listener: Listener, pbx: FakePbx) -> None:
    pbx.play(dialled_by_agent())
    [call] = calls_of(all_until(listener, EventKind.ENDED)).values()
    assert (call.is_outgoing, call.end_reason) == (True, EndReason.ANSWERED)


def test_a_clock_that_is_wrong_is_corrected(listener: Listener, pbx: FakePbx) -> None:
    pbx.mood.clock_ahead_s = 3600
    with started(settings(pbx.port), listener):
        listener.status(SourceState.READY)
        pbx.play(Story(began_s=round(time.time() + 3600)).join().ring().events)
        offered = listener.event(EventKind.OFFERED)
    assert abs(offered.at.timestamp() - time.time()) < 30


def test_members_of_the_queues_are_read_at_the_start(pbx: FakePbx, listener: Listener) -> None:
    pbx.mood.members = [member("1001", paused="1", reason="Lunch")]
    with started(settings(pbx.port), listener) as source:
        listener.status(SourceState.READY)
        [known] = source._session.exchange.members.values()
    assert (known.interface, known.name, known.pause_reason) == (AGENT, "Agent One", "Lunch")


def test_two_lines_at_one_pbx() -> None:
    with running_pbx() as pbx:
        one, other = Listener(), Listener()
        with started(settings(pbx.port), one), started(settings(pbx.port, interface="PJSIP/1002"), other):
            for listener in (one, other):
                listener.status(SourceState.READY)
            pbx.play(Story().join().ring("1002").events)
            assert other.event(EventKind.OFFERED).agent == "PJSIP/1002"
            assert one.events.empty()
