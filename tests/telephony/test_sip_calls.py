"""Real calls: sipp rings a real baresip over loopback."""

import os
import re
import signal
from uuid import uuid4

import pytest

from app.domain.calls import CallEvent, EndedBy, EndReason, EventKind, NumberKind
from app.telephony.sip import SipAudio, SipSettings, SipSource, source
from app.telephony.sip.lines import call_id_of
from app.telephony.source import SourceState
from tests.patience import LIMIT_S
from tests.telephony.listening import Listener, children
from tests.telephony.sipp import SippCall, answering, place_call, sipp_missing

BERLIN = "+493023125123"


def test_a_call_is_answered_held_resumed_and_hung_up(softphone: SipSource, listener: Listener) -> None:
    with place_call(port_of(softphone), BERLIN, "Erika Muster") as call:
        offered = listener.event(EventKind.OFFERED)
        assert offered.caller
        assert (offered.caller.normal, offered.caller.kind) == (BERLIN, NumberKind.PUBLIC)
        assert offered.caller.display_name == "Erika Muster"
        assert offered.call_id == call_id_of(call.sip_call_id)
        softphone.answer(offered.call_id)
        answered = listener.event(EventKind.ANSWERED)
        softphone.hold(offered.call_id)
        held = listener.event(EventKind.HELD)
        softphone.resume(offered.call_id)
        resumed = listener.event(EventKind.RESUMED)
        softphone.hang_up(offered.call_id)
        ended = listener.event(EventKind.ENDED)
        assert ended.end_reason is EndReason.ANSWERED
        assert call.wait() == 0
        assert len(_requests(call, "INVITE", "a=sendonly")) == 1
    events = [offered, answered, held, resumed, ended]
    assert {event.call_id for event in events} == {offered.call_id}
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert offered.at.utcoffset() is not None


def test_a_caller_is_passed_on_by_refer(softphone: SipSource, listener: Listener) -> None:
    with place_call(port_of(softphone), BERLIN, scenario="passed_on") as call:
        call_id = listener.event(EventKind.OFFERED).call_id
        softphone.transfer(call_id, "2000")  # it still rings: nothing
        softphone.answer(call_id)
        listener.event(EventKind.ANSWERED)
        softphone.transfer(call_id, "no number")
        assert "no number" in listener.status(SourceState.READY).sentence
        softphone.transfer(call_id, "020 7946-0123")
        ended = listener.event(EventKind.ENDED)
        assert (ended.end_reason, ended.ended_by) == (EndReason.ANSWERED, EndedBy.TRANSFER)
        assert call.wait() == 0
        assert len(_requests(call, "REFER", "Refer-To: sip:02079460123@127.0.0.1")) == 1


def test_a_transfer_that_comes_to_nothing_is_said_and_the_caller_stays(
    softphone: SipSource, listener: Listener
) -> None:
    with place_call(port_of(softphone), BERLIN, scenario="not_passed_on") as call:
        call_id = listener.event(EventKind.OFFERED).call_id
        softphone.answer(call_id)
        listener.event(EventKind.ANSWERED)
        softphone.transfer(call_id, "2000")
        assert "still here" in listener.status(SourceState.READY).sentence
        softphone.hang_up(call_id)
        assert listener.event(EventKind.ENDED).ended_by is None
        assert call.wait() == 0


@pytest.mark.parametrize(
    ("scenario", "reason"),
    [("uas", EndReason.ANSWERED), ("busy", EndReason.REJECTED), ("nowhere", EndReason.FAILED)],
)
def test_a_number_is_dialled(listener: Listener, scenario: str, reason: EndReason) -> None:
    if missing := sipp_missing():
        pytest.skip(missing)
    with answering(scenario) as port:
        phone = SipSource(SipSettings(account=f"sip:agent@127.0.0.1:{port}", audio=SipAudio.NONE))
        phone.start(listener.events.put, listener.statuses.put)
        try:
            listener.status(SourceState.STARTING)
            listener.status(SourceState.READY)
            phone.dial("+49 30 23125-199")
            offered = listener.event(EventKind.OFFERED)
            assert offered.is_outgoing and offered.caller and offered.caller.normal == "+493023125199"
            if reason is EndReason.ANSWERED:
                listener.event(EventKind.ANSWERED)
                phone.hang_up(offered.call_id)
            assert listener.event(EventKind.ENDED).end_reason is reason
        finally:
            phone.stop()


def test_the_caller_hangs_up(softphone: SipSource, listener: Listener) -> None:
    with place_call(port_of(softphone), BERLIN) as call:
        call_id = listener.event(EventKind.OFFERED).call_id
        softphone.answer(call_id)
        listener.event(EventKind.ANSWERED)
        call.hang_up()
        assert listener.event(EventKind.ENDED).end_reason is EndReason.ANSWERED
        assert call.wait() == 0


def test_the_caller_hangs_up_on_hold(softphone: SipSource, listener: Listener) -> None:
    with place_call(port_of(softphone), BERLIN) as call:
        call_id = listener.event(EventKind.OFFERED).call_id
        softphone.answer(call_id)
        listener.event(EventKind.ANSWERED)
        softphone.hold(call_id)
        listener.event(EventKind.HELD)
        call.hang_up()
        assert listener.event(EventKind.ENDED).end_reason is EndReason.ANSWERED
        assert call.wait() == 0


def test_the_caller_gives_up(softphone: SipSource, listener: Listener) -> None:
    with place_call(port_of(softphone), BERLIN) as call:
        listener.event(EventKind.OFFERED)
        call.cancel()
        assert listener.event(EventKind.ENDED).end_reason is EndReason.ABANDONED
        assert call.wait() == 0


@pytest.mark.parametrize("command", ["reject", "hang_up"])
def test_a_call_is_rejected(softphone: SipSource, listener: Listener, command: str) -> None:
    with place_call(port_of(softphone), BERLIN, scenario="refused") as call:
        offered = listener.event(EventKind.OFFERED)
        getattr(softphone, command)(offered.call_id)
        assert listener.event(EventKind.ENDED).end_reason is EndReason.REJECTED
        assert call.wait() == 0
        assert "SIP/2.0 486" in call.messages()


def test_a_withheld_number(softphone: SipSource, listener: Listener) -> None:
    with place_call(port_of(softphone), "anonymous", "Anonymous", host="anonymous.invalid"):
        caller = listener.event(EventKind.OFFERED).caller
        assert caller
        assert (caller.kind, caller.normal, caller.display_name) == (NumberKind.WITHHELD, None, "")


@pytest.mark.parametrize(
    ("number", "name", "shown"),
    [
        ("1001", "Neben/stelle", "Neben/stelle"),
        ("%2B493023125123", "Jürgen ☎ 吉田", "Jürgen ☎ 吉田"),
        ("robert%27);drop", 'R "Bobby" \\Tables\\', 'R "Bobby" \\Tables\\'),
        ("9" * 1500, "N" * 1500, "N" * 200),
        ("+49\u202e30", "\x01\x1b[2J{}},1:x,", "[2J{}},1:x,"),
    ],
)
def test_an_absurd_caller_rings_like_any_other(
    softphone: SipSource, listener: Listener, number: str, name: str, shown: str
) -> None:
    with place_call(port_of(softphone), number, name, scenario="refused") as call:
        offered = listener.event(EventKind.OFFERED)
        assert offered.caller
        assert offered.caller.display_name == shown
        assert len(offered.caller.raw) <= 200
        softphone.reject(offered.call_id)
        assert listener.event(EventKind.ENDED).end_reason is EndReason.REJECTED
        assert call.wait() == 0


def test_a_second_call_is_busy_and_leaves_the_first_alone(softphone: SipSource, listener: Listener) -> None:
    with place_call(port_of(softphone), BERLIN) as first:
        call_id = listener.event(EventKind.OFFERED).call_id
        softphone.answer(call_id)
        listener.event(EventKind.ANSWERED)
        with place_call(port_of(softphone), "1002", scenario="refused") as second:
            assert second.wait() == 0
        softphone.hang_up(call_id)
        assert listener.event(EventKind.ENDED).call_id == call_id
        assert first.wait() == 0


def test_a_command_out_of_place_changes_nothing(softphone: SipSource, listener: Listener) -> None:
    with place_call(port_of(softphone), BERLIN) as call:
        call_id = listener.event(EventKind.OFFERED).call_id
        softphone.hold(call_id)
        softphone.resume(call_id)
        softphone.hang_up(uuid4())
        softphone.answer(call_id)
        softphone.answer(call_id)
        listener.event(EventKind.ANSWERED)
        softphone.reject(call_id)
        softphone.answer(call_id)
        softphone.hold(call_id)
        softphone.hold(call_id)
        listener.event(EventKind.HELD)
        softphone.resume(call_id)
        listener.event(EventKind.RESUMED)
        call.hang_up()
        assert listener.event(EventKind.ENDED).end_reason is EndReason.ANSWERED
        softphone.hang_up(call_id)
        assert call.wait() == 0
    assert listener.events.empty()


def test_stop_hangs_up(softphone: SipSource, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_LEAVE_LIMIT_S", LIMIT_S)
    with place_call(port_of(softphone), BERLIN) as call:
        call_id = listener.event(EventKind.OFFERED).call_id
        softphone.answer(call_id)
        listener.event(EventKind.ANSWERED)
        softphone.stop()
        assert listener.event(EventKind.ENDED).end_reason is EndReason.ANSWERED
        listener.status(SourceState.STOPPED)
        assert call.wait() == 0
    softphone.hang_up(call_id)  # late: the source is gone, and says nothing


def test_a_killed_softphone_comes_back(softphone: SipSource, listener: Listener) -> None:
    with place_call(port_of(softphone), BERLIN):
        call_id = listener.event(EventKind.OFFERED).call_id
        softphone.answer(call_id)
        listener.event(EventKind.ANSWERED)
        [pid] = [pid for pid, name in children() if name == "baresip"]
        os.kill(pid, signal.SIGKILL)
        ended = listener.event(EventKind.ENDED)
        assert (ended.call_id, ended.end_reason) == (call_id, EndReason.UNKNOWN)
        assert "started again" in listener.status(SourceState.LOST).sentence
        listener.status(SourceState.READY)
    with place_call(port_of(softphone), BERLIN) as call:
        call_id = listener.event(EventKind.OFFERED).call_id
        softphone.answer(call_id)
        listener.event(EventKind.ANSWERED)
        softphone.hang_up(call_id)
        assert listener.event(EventKind.ENDED).end_reason is EndReason.ANSWERED
        assert call.wait() == 0


def test_a_receiver_that_fails_does_not_end_the_call(caplog: pytest.LogCaptureFixture) -> None:
    if reason := sipp_missing():
        pytest.skip(reason)
    listener = Listener()

    def fail_at_first(event: CallEvent) -> None:
        listener.events.put(event)
        if event.kind is EventKind.OFFERED:
            raise ValueError("a mistake of the receiver")

    phone = SipSource(SipSettings(account="sip:agent@127.0.0.1", audio=SipAudio.NONE))
    phone.start(fail_at_first, listener.statuses.put)
    try:
        listener.status(SourceState.STARTING)
        listener.status(SourceState.READY)
        with place_call(port_of(phone), BERLIN) as call:
            call_id = listener.event(EventKind.OFFERED).call_id
            phone.answer(call_id)
            listener.event(EventKind.ANSWERED)
            phone.hang_up(call_id)
            assert listener.event(EventKind.ENDED).end_reason is EndReason.ANSWERED
            assert call.wait() == 0
    finally:
        phone.stop()
    assert [record.getMessage() for record in caplog.records] == ["a receiver of the line's news failed"]
    assert BERLIN not in caplog.text


def _requests(call: SippCall, method: str, line: str) -> set[str]:
    """The numbers of those with this line; one that a busy machine was slow to answer is sent again, as it was."""
    messages = re.split(r"^-{10,} ", call.messages(), flags=re.MULTILINE)
    return {
        found[1]
        for one in messages
        if line in one and (found := re.search(rf"^CSeq: (\d+) {method}", one, re.MULTILINE))
    }


def port_of(softphone: SipSource) -> int:
    assert softphone.sip_port is not None
    return softphone.sip_port
