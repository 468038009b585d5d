"""A desk's line to a PBX: what rings here is told, and what goes wrong is said once and mended by itself."""

import queue
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.domain.calls import CallEvent, CallState, EndedBy, EndReason, EventKind
from app.domain.errors import Unavailable
from app.telephony import loop
from app.telephony.ami import AmiSettings, AmiSource, client, session
from app.telephony.source import Capability, SourceState
from tests.conftest import ExpectedLog
from tests.telephony.ami.conftest import AGENT, settings
from tests.telephony.ami.fake_pbx import FakePbx, running_pbx
from tests.telephony.ami.stories import SECOND, STORIES, Story, dialled_by_agent, member
from tests.telephony.ami.test_meaning import calls_of
from tests.telephony.listening import Listener


@contextmanager
def started(chosen: AmiSettings, listener: Listener) -> Iterator[AmiSource]:
    source = AmiSource(chosen)
    source.start(listener.events.put, listener.statuses.put)
    listener.status(SourceState.STARTING)
    try:
        yield source
    finally:
        source.stop()


def all_until(listener: Listener, kind: EventKind) -> list[CallEvent]:
    events = [listener.events.get(timeout=15)]
    while events[-1].kind is not kind:
        events.append(listener.events.get(timeout=15))
    return events


def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses of a twentieth, so that a test need not wait for them."""
    monkeypatch.setattr(loop, "SHORTEST_PAUSE_S", 0.02)
    monkeypatch.setattr(loop, "LONGEST_PAUSE_S", 0.1)
    monkeypatch.setattr(session, "STOCK_PAUSE_S", 0.05)


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


def test_a_pbx_that_is_lost_in_mid_call_comes_back_with_or_without_it(
    listener: Listener, pbx: FakePbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    _quick(monkeypatch)
    with started(settings(pbx.port), listener):
        listener.status(SourceState.READY)
        story = Story().join().ring().answer()
        pbx.play(story.events)
        call_id = all_until(listener, EventKind.ANSWERED)[-1].call_id
        own = next(event for event in story.events if event["Event"] == "Newstate")
        pbx.mood.channels = [own]
        pbx.drop()
        _until(listener, SourceState.LOST)
        _until(listener, SourceState.READY)
        pbx.mood.channels = []  # started anew: nothing of before is there
        pbx.drop()
        ended = listener.event(EventKind.ENDED)
    assert (ended.call_id, ended.end_reason) == (call_id, EndReason.UNKNOWN)


def _until(listener: Listener, state: SourceState) -> str:
    while (status := listener.statuses.get(timeout=15)).state is not state:
        pass
    return status.sentence


def test_a_pbx_that_starts_is_asked_until_it_knows_its_queues(
    listener: Listener, pbx: FakePbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    _quick(monkeypatch)
    pbx.mood.starting_answers = 3
    with started(settings(pbx.port), listener):
        assert "is starting" in listener.status(SourceState.STARTING).sentence
        listener.status(SourceState.READY)
    assert (len(pbx.actions("QueueStatus")), pbx.login_count) == (4, 1)


def test_rights_that_are_missing_are_named(listener: Listener, pbx: FakePbx, monkeypatch: pytest.MonkeyPatch) -> None:
    _quick(monkeypatch)
    pbx.mood.refusals["CoreShowChannels"] = "Permission denied"
    with started(settings(pbx.port), listener):
        assert "write=call,agent,reporting" in listener.status(SourceState.STARTING).sentence


def test_a_wrong_password_is_said_once_and_not_tried_again(
    listener: Listener, pbx: FakePbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    _quick(monkeypatch)
    pbx.mood.password = "another"
    with started(settings(pbx.port), listener):
        sentence = listener.status(SourceState.LOST).sentence
        assert "does not accept “desk”" in sentence and "gehe1m" not in sentence
        with pytest.raises(queue.Empty):
            listener.statuses.get(timeout=1.0)
    assert (pbx.login_count, pbx.connection_count) == (1, 1)


@pytest.mark.parametrize("password", [None, ""])
def test_no_stored_password_is_said_with_the_command(listener: Listener, pbx: FakePbx, password: str | None) -> None:
    with started(settings(pbx.port, password=lambda: password), listener):
        assert "firstline-admin secret set ami:desk@127.0.0.1" in listener.status(SourceState.LOST).sentence
    assert pbx.connection_count == 0


def test_a_keyring_that_fails_is_said_in_its_own_words(listener: Listener, pbx: FakePbx) -> None:
    def locked() -> str:
        raise Unavailable("The keyring is locked.")

    with started(settings(pbx.port, password=locked), listener):
        assert listener.status(SourceState.LOST).sentence == "The keyring is locked."


def test_a_pbx_that_freezes_is_found_by_asking(
    listener: Listener, pbx: FakePbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    _quick(monkeypatch)
    monkeypatch.setattr(client, "PING_PAUSE_S", 0.1)
    monkeypatch.setattr(client, "PING_LIMIT_S", 0.2)
    with started(settings(pbx.port), listener):
        listener.status(SourceState.READY)
        pbx.mood.is_frozen = True
        assert "cannot be reached" in _until(listener, SourceState.LOST)
        pbx.mood.is_frozen = False
        _until(listener, SourceState.READY)


def test_a_pbx_that_is_too_busy_to_answer_is_not_taken_for_frozen(
    listener: Listener, pbx: FakePbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    _quick(monkeypatch)
    monkeypatch.setattr(client, "PING_PAUSE_S", 0.1)
    monkeypatch.setattr(client, "PING_LIMIT_S", 0.4)
    with started(settings(pbx.port), listener):
        listener.status(SourceState.READY)
        pbx.mood.is_frozen = True
        for number in range(40):  # events all the time, and no answer to any ping
            pbx.play(Story(100 + number).dial("1002").events)
            time.sleep(0.05)
        assert pbx.connection_count == 1 and listener.statuses.empty()
        assert "cannot be reached" in _until(listener, SourceState.LOST)


def test_nobody_at_the_address(listener: Listener) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with started(settings(taken.getsockname()[1]), listener):
            assert "cannot be reached" in listener.status(SourceState.LOST).sentence


def test_a_pause_chosen_while_the_pbx_is_away_is_told_when_it_is_back(
    listener: Listener, pbx: FakePbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    _quick(monkeypatch)
    with started(settings(pbx.port), listener) as source:
        source.pause(True, "lunch")
        assert pbx.wait_for_action("QueuePause")["Reason"] == "lunch"
        _until(listener, SourceState.READY)
        pbx.drop()
        assert pbx.wait_for_action("QueuePause", 2)["Paused"] == "true"


@pytest.mark.parametrize("piece", [1, 7, 1000])
@pytest.mark.usefixtures("line")
def test_half_written_messages_are_waited_for(listener: Listener, pbx: FakePbx, piece: int) -> None:
    pbx.send(Story(name="Zoë Müller").join().ring().bytes(), piece=piece)
    offered = listener.event(EventKind.OFFERED)
    assert offered.caller and offered.caller.display_name == "Zoë Müller"


@pytest.mark.usefixtures("line")
def test_garbage_and_a_line_of_10_mb_are_survived_with_a_note(
    listener: Listener, pbx: FakePbx, expected_log: ExpectedLog
) -> None:
    expected_log("too long")
    pbx.send(bytes(range(256)) * 64 + b"\r\n\r\n" + b"Event: X\r\nKey: " + b"x" * 10_000_000 + b"\r\n\r\n")
    pbx.play(Story().join().ring().events)
    listener.event(EventKind.OFFERED)


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


@pytest.mark.usefixtures("line")
def test_a_telephone_that_is_not_there_is_said_until_it_is_back(listener: Listener, pbx: FakePbx) -> None:
    pbx.play([{"Event": "QueueMemberStatus", **member("1001", status=5)}])
    assert "PJSIP/1001 is not signed in" in listener.status(SourceState.READY).sentence
    pbx.play([{"Event": "QueueMemberStatus", **member("1001", status=1)}])
    assert listener.status(SourceState.READY).sentence == ""


def test_a_telephone_that_no_queue_knows_is_said(listener: Listener, pbx: FakePbx) -> None:
    with started(settings(pbx.port, interface="PJSIP/1009"), listener):
        assert "No queue" in listener.status(SourceState.READY).sentence
