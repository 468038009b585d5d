"""A pause at the PBX that somebody else made reaches the desk; the echo of our own does not come back."""

import threading

import pytest

from app.telephony.ami import AmiSource
from app.telephony.source import OutsidePause, SourceState
from tests.patience import LIMIT_S
from tests.telephony.ami.conftest import AGENT
from tests.telephony.ami.fake_pbx import FakePbx
from tests.telephony.ami.stories import member
from tests.telephony.listening import Listener


def outside(listener: Listener) -> OutsidePause:
    while (status := listener.statuses.get(timeout=LIMIT_S)).pause is None:
        pass
    return status.pause


def test_somebody_pauses_the_telephone_and_lets_it_go(line: AmiSource, listener: Listener, pbx: FakePbx) -> None:
    line.pause(False)
    pbx.wait_for_action("QueuePause")
    pbx.play(pbx.set_pause("PJSIP/1002", True, "Lunch"))  # not this one's
    pbx.play(pbx.set_pause(AGENT, True, "Meeting with Tom"))
    paused = outside(listener)
    assert (paused.is_paused, paused.reason) == (True, "Meeting with Tom")
    pbx.play(pbx.set_pause(AGENT, False))
    while (ended := outside(listener)) == paused:
        pass
    assert not ended.is_paused
    assert len(pbx.actions("QueuePause")) == 1  # nothing is answered with an action


@pytest.mark.parametrize("tells_first", [False, True])
def test_our_own_pauses_never_come_back(line: AmiSource, listener: Listener, pbx: FakePbx, tells_first: bool) -> None:
    pbx.mood.tells_first = tells_first
    for is_paused, reason in ((False, ""), (True, "on_call"), (True, "wrap_up"), (False, ""), (True, "lunch")):
        line.pause(is_paused, reason)
    pbx.wait_for_action("QueuePause", 5)
    threading.Event().wait(1.2)  # longer than it takes to settle
    pbx.play(pbx.set_pause(AGENT, False))
    assert not outside(listener).is_paused
    assert listener.statuses.empty()


def test_one_queue_of_two_is_no_pause(line: AmiSource, listener: Listener, pbx: FakePbx) -> None:
    pbx.mood.members.append({**member("1001"), "Queue": "sales"})
    line.pause(False)
    pbx.wait_for_action("QueuePause")
    first, second = pbx.set_pause(AGENT, True, "Quiet")
    pbx.play([first])
    threading.Event().wait(1.2)
    assert listener.statuses.empty()
    pbx.play([second])
    assert outside(listener).reason == "Quiet"


def test_a_refused_pause_is_said_and_leaves_the_desk_alone(line: AmiSource, listener: Listener, pbx: FakePbx) -> None:
    pbx.mood.refusals["QueuePause"] = "Interface not found"
    line.pause(True, "lunch")
    assert "Interface not found" in listener.status(SourceState.READY).sentence
    threading.Event().wait(1.2)
    assert listener.statuses.empty()
