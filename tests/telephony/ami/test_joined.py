"""PBX and softphone as one line: real calls from sipp to baresip, with the PBX's events of the same calls."""

from collections.abc import Iterator

import pytest

from app.domain.calls import CallEvent, EndedBy, EndReason, EventKind
from app.telephony.ami import AmiSource
from app.telephony.ami.visits import call_id_of
from app.telephony.joined import JOIN_LIMIT_S, JoinedSource
from app.telephony.sip import SipAudio, SipSettings, SipSource
from app.telephony.sip.lines import call_id_of as sip_id_of
from app.telephony.source import Capability, SourceState
from tests.patience import LIMIT_S, wait_for
from tests.telephony.ami.conftest import settings
from tests.telephony.ami.fake_pbx import FakePbx
from tests.telephony.ami.lines import all_until
from tests.telephony.ami.stories import Story, dialled_by_agent
from tests.telephony.listening import Listener
from tests.telephony.sipp import SippCall, place_call, sipp_missing

CALLER = "+493023125123"


class Line:
    """The joined line and its parts."""

    def __init__(self, port: int) -> None:
        self.softphone = SipSource(SipSettings(account="sip:agent@127.0.0.1", audio=SipAudio.NONE))
        self.joined = JoinedSource(AmiSource(settings(port)), self.softphone)
        self.joined._limit_s = LIMIT_S  # as long as a slow machine needs

    def rings(self, scenario: str = "call") -> SippCall:
        assert self.softphone.sip_port
        return place_call(self.softphone.sip_port, CALLER, scenario=scenario)


@pytest.fixture
def both(pbx: FakePbx, listener: Listener) -> Iterator[Line]:
    if reason := sipp_missing():
        pytest.skip(reason)
    line = Line(pbx.port)
    line.joined.start(listener.events.put, listener.statuses.put)
    try:
        while listener.statuses.get(timeout=LIMIT_S).state is not SourceState.READY or line.softphone.sip_port is None:
            pass
        yield line
    finally:
        line.joined.stop()


def _story(pbx: FakePbx, call: SippCall, story: Story | None = None) -> Story:
    """The PBX's side of this call, which knows the softphone's id of it."""
    story = (story or Story(num=CALLER).join().wait(30)).ring()
    channel = next(event["DestChannel"] for event in reversed(story.events) if event["Event"] == "DialBegin")
    pbx.mood.call_ids[channel] = call.sip_call_id
    return story


def _ids(events: list[CallEvent]) -> set[object]:
    return {event.call_id for event in events}


def test_one_call_with_the_facts_of_both(both: Line, listener: Listener, pbx: FakePbx) -> None:
    with both.rings() as call:
        story = _story(pbx, call)
        pbx.play(story.events)
        offered = listener.event(EventKind.OFFERED)
        assert offered.call_id == call_id_of(story.linked_id)
        assert offered.queue == "support"
        assert offered.waiting_since
        assert (offered.at - offered.waiting_since).total_seconds() == pytest.approx(30, abs=1)
        assert listener.event(EventKind.OFFERED).call_id == offered.call_id  # now the softphone has it too
        both.joined.answer(offered.call_id)
        answered = all_until(listener, EventKind.ANSWERED)
        both.joined.hold(offered.call_id)
        held = listener.event(EventKind.HELD)
        pbx.play(story.answer().hold().events[6:])  # the same hold, as the PBX sees it
        both.joined.resume(offered.call_id)
        resumed = all_until(listener, EventKind.RESUMED)
        assert [event.kind for event in resumed].count(EventKind.HELD) == 0
        both.joined.hang_up(offered.call_id)
        ended = all_until(listener, EventKind.ENDED)
        assert call.wait() == 0
        assert _ids([offered, *answered, held, *resumed, *ended]) == {offered.call_id}
        assert pbx.actions("Hangup") == []


def test_a_transfer_goes_to_the_pbx(both: Line, listener: Listener, pbx: FakePbx) -> None:
    with both.rings() as call:
        story = _story(pbx, call).wait(1).answer()
        pbx.play(story.events)
        call_id = listener.event(EventKind.OFFERED).call_id
        both.joined.transfer(call_id, "2000")
        assert pbx.wait_for_action("BlindTransfer")["Channel"].startswith("PJSIP/1001-")


def test_a_pbx_that_tells_late_finds_the_call_under_way(both: Line, listener: Listener, pbx: FakePbx) -> None:
    both.joined._limit_s = JOIN_LIMIT_S
    with both.rings() as call:
        alone = listener.event(EventKind.OFFERED)
        assert alone.call_id == sip_id_of(call.sip_call_id)
        pbx.play(_story(pbx, call).events)
        late = listener.event(EventKind.OFFERED)
        assert (late.call_id, late.queue) == (alone.call_id, "support")


def test_a_time_out_of_the_pbx_is_no_caller_who_gave_up(both: Line, listener: Listener, pbx: FakePbx) -> None:
    with both.rings() as call:
        story = _story(pbx, call)
        pbx.play(story.events)
        first = listener.event(EventKind.OFFERED)
        assert listener.event(EventKind.OFFERED).call_id == first.call_id
        told = len(story.events)
        call.cancel()
        call.wait()
        pbx.play(story.wait(12).time_out().events[told:])
        stopped = all_until(listener, EventKind.RING_STOPPED)
        assert stopped[-1].end_reason is EndReason.MISSED
        assert EventKind.ENDED not in {event.kind for event in stopped}
    told = len(story.events)
    with both.rings() as again:  # the same caller, in the queue all the time
        pbx.play(_story(pbx, again, story.wait(1)).events[told:])
        assert listener.event(EventKind.OFFERED).call_id == first.call_id


def test_what_the_pbx_may_not_do_the_softphone_does(both: Line, listener: Listener, pbx: FakePbx) -> None:
    pbx.mood.granted = ("QueuePause", "Hangup")
    pbx.drop()
    while Capability.PAUSE not in both.joined.capabilities or Capability.CONSULT in both.joined.capabilities:
        listener.statuses.get(timeout=LIMIT_S)
    with both.rings("passed_on") as call:
        pbx.play(_story(pbx, call).events)
        offered = listener.event(EventKind.OFFERED)
        assert listener.event(EventKind.OFFERED).call_id == offered.call_id
        both.joined.answer(offered.call_id)
        all_until(listener, EventKind.ANSWERED)
        both.joined.transfer(offered.call_id, "2000")
        ended = all_until(listener, EventKind.ENDED)[-1]
        assert (ended.call_id, ended.ended_by) == (offered.call_id, EndedBy.TRANSFER)
        assert call.wait() == 0 and "Refer-To: sip:2000@127.0.0.1" in call.messages()
    assert pbx.actions("BlindTransfer") == []


def test_dialling_by_the_pbx_lifts_the_softphone_by_itself(both: Line, listener: Listener, pbx: FakePbx) -> None:
    both.joined.dial("+44 20 7946 0999")
    assert pbx.wait_for_action("Originate")["Exten"] == "+442079460999"
    with both.rings() as call:  # the PBX rings the agent first
        events = dialled_by_agent()
        pbx.mood.call_ids[events[0]["DestChannel"]] = call.sip_call_id
        pbx.play(events[:2])
        offered = listener.event(EventKind.OFFERED)
        assert offered.is_outgoing and offered.caller
        wait_for(lambda: "ACK sip:agent" in call.messages())  # nobody pressed a key
        pbx.play(events[2:])
        told = [offered, *all_until(listener, EventKind.ENDED)]
    assert _ids(told) == {offered.call_id}
    assert [event.kind for event in told].count(EventKind.ANSWERED) == 1  # that of whom the agent called


def test_without_the_pbx_the_softphone_goes_on(both: Line, listener: Listener, pbx: FakePbx) -> None:
    pbx.mood.password = "changed"  # so that it does not come back
    pbx.drop()
    while (status := listener.statuses.get(timeout=LIMIT_S)).state is not SourceState.LOST or not status.sentence:
        pass
    assert both.joined.capabilities == both.softphone.capabilities
    assert "not connected" in both.joined.hindrance(Capability.CONSULT)
    with both.rings() as call:
        offered = listener.event(EventKind.OFFERED)
        call.cancel()
        ended = listener.event(EventKind.ENDED)
        assert (ended.call_id, ended.end_reason) == (offered.call_id, EndReason.ABANDONED)
