"""A desk behind the gateway with a softphone: real calls from sipp, the queue's facts through PostgreSQL."""

import time
from collections.abc import Iterator

import pytest

from app.db.engine import Database
from app.domain.calls import EventKind
from app.services.lines import Lines
from app.telephony.ami.visits import call_id_of
from app.telephony.joined import JoinedSource
from app.telephony.shared import SharedSource
from app.telephony.sip import SipAudio, SipSettings, SipSource
from app.telephony.sip.lines import call_id_of as sip_id_of
from app.telephony.source import Capability, SourceState
from tests import people
from tests.patience import LIMIT_S
from tests.telephony.ami.lines import all_until
from tests.telephony.ami.stories import Story
from tests.telephony.gateway.site import Site
from tests.telephony.listening import Listener
from tests.telephony.sipp import place_call, sipp_missing

CALLER = "+493023125123"


class Line:
    """Ada's line and its parts."""

    def __init__(self, site: Site, listener: Listener) -> None:
        who = site.centre.agent
        database = Database(people.as_login(site.url, who.login))
        site.stack.callback(database.close)
        self.softphone = SipSource(SipSettings(account="sip:agent@127.0.0.1", audio=SipAudio.NONE))
        self.joined = JoinedSource(SharedSource(Lines(database, who.id), who.id), self.softphone)
        self.joined._limit_s = LIMIT_S
        self.joined.start(listener.events.put, listener.statuses.put)
        site.stack.callback(self.joined.stop)
        while listener.statuses.get(timeout=LIMIT_S).state is not SourceState.READY or self.softphone.sip_port is None:
            pass


@pytest.fixture
def line(centre_site: Site, listener: Listener) -> Iterator[Line]:
    if reason := sipp_missing():
        pytest.skip(reason)
    centre_site.pbx.mood.granted = ("QueuePause", "Hangup", "Atxfer")
    centre_site.start_gateway()
    centre_site.until_ready()
    yield Line(centre_site, listener)


def test_one_call_with_the_facts_of_both(centre_site: Site, line: Line, listener: Listener) -> None:
    pbx = centre_site.pbx
    assert line.joined.name == "shared+sip"
    assert {Capability.ANSWER, Capability.HOLD, Capability.PAUSE, Capability.CONSULT} <= line.joined.capabilities
    assert line.softphone.sip_port
    with place_call(line.softphone.sip_port, CALLER, scenario="passed_on") as call:
        told = Story(num=CALLER, began_s=time.time() - 30).join().wait(29).ring()
        channel = next(event["DestChannel"] for event in told.events if event["Event"] == "DialBegin")
        pbx.mood.call_ids[channel] = call.sip_call_id
        pbx.play(told.events)
        offered = listener.event(EventKind.OFFERED)
        assert (offered.call_id, offered.queue, offered.source) == (call_id_of(told.linked_id), "support", "shared")
        assert listener.event(EventKind.OFFERED).call_id == offered.call_id  # the softphone's
        line.joined.answer(offered.call_id)
        answered = all_until(listener, EventKind.ANSWERED)[-1]
        before = len(told.events)
        pbx.play(told.answer().events[before:])
        centre_site.until("SELECT state FROM call", lambda rows: rows == [("connected",)])
        line.joined.hold(offered.call_id)
        held = all_until(listener, EventKind.HELD)[-1]
        line.joined.transfer(offered.call_id, "2000", is_attended=True)  # the gateway can
        assert pbx.wait_for_action("Atxfer")["Channel"] == channel
        line.joined.resume(offered.call_id)
        all_until(listener, EventKind.RESUMED)
        line.joined.transfer(offered.call_id, "2000")  # the gateway may not: the softphone does
        ended = all_until(listener, EventKind.ENDED)[-1]
        assert call.wait() == 0 and "Refer-To: sip:2000@127.0.0.1" in call.messages()
    assert {answered.call_id, held.call_id, ended.call_id} == {offered.call_id}
    assert centre_site.rows("SELECT count(*) FROM call") == [(1,)]


def test_a_call_that_the_gateway_does_not_know_is_the_softphones(line: Line, listener: Listener) -> None:
    line.joined._limit_s = 0.5
    assert line.softphone.sip_port
    with place_call(line.softphone.sip_port, CALLER) as call:
        offered = listener.event(EventKind.OFFERED)
        assert (offered.call_id, offered.source) == (sip_id_of(call.sip_call_id), "sip")
        call.cancel()
        assert listener.event(EventKind.ENDED).call_id == offered.call_id
