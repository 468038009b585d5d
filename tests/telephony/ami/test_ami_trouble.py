"""What goes wrong on a desk's line to a PBX is said once and mended by itself."""

import queue
import socket
import threading
import time

import pytest

from app.domain.calls import EndReason, EventKind
from app.domain.errors import Unavailable
from app.telephony.ami import client
from app.telephony.source import SourceState
from tests.conftest import ExpectedLog
from tests.patience import LIMIT_S
from tests.telephony.ami.conftest import settings
from tests.telephony.ami.fake_pbx import FakePbx
from tests.telephony.ami.lines import all_until, hurry, started
from tests.telephony.ami.stories import Story, member
from tests.telephony.listening import Listener


def test_a_pbx_that_is_lost_in_mid_call_comes_back_with_or_without_it(
    listener: Listener, pbx: FakePbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
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
    while (status := listener.statuses.get(timeout=LIMIT_S)).state is not state:
        pass
    return status.sentence


def test_a_pbx_that_starts_is_asked_until_it_knows_its_queues(
    listener: Listener, pbx: FakePbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    pbx.mood.starting_answers = 3
    with started(settings(pbx.port), listener):
        assert "is starting" in listener.status(SourceState.STARTING).sentence
        listener.status(SourceState.READY)
    pbx.wait_for_action("QueueStatus", 4)
    assert (len(pbx.actions("QueueStatus")), pbx.login_count) == (4, 1)


def test_rights_that_are_missing_are_named(listener: Listener, pbx: FakePbx, monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)
    pbx.mood.refusals["CoreShowChannels"] = "Permission denied"
    with started(settings(pbx.port), listener):
        assert "write=call,agent,reporting" in listener.status(SourceState.STARTING).sentence


def test_a_wrong_password_is_said_once_and_not_tried_again(
    listener: Listener, pbx: FakePbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
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
    hurry(monkeypatch)
    monkeypatch.setattr(client, "PING_PAUSE_S", 0.1)
    monkeypatch.setattr(client, "PING_LIMIT_S", 0.2)
    with started(settings(pbx.port), listener):
        _until(listener, SourceState.READY)
        pbx.mood.is_frozen = True
        assert "cannot be reached" in _until(listener, SourceState.LOST)
        pbx.mood.is_frozen = False
        _until(listener, SourceState.READY)


def test_a_pbx_that_is_too_busy_to_answer_is_not_taken_for_frozen(
    listener: Listener, pbx: FakePbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    monkeypatch.setattr(client, "PING_PAUSE_S", 0.1)
    monkeypatch.setattr(client, "PING_LIMIT_S", 2.0)  # longer than a busy machine keeps the events back
    monkeypatch.setattr(client, "OWN_DELAY_S", 2.0)  # and after it stood still altogether
    with started(settings(pbx.port), listener):
        listener.status(SourceState.READY)
        pbx.mood.is_frozen = True
        for number in range(80):  # events all the time, for longer than that, and no answer to any ping
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
    hurry(monkeypatch)
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
def test_a_telephone_that_is_not_there_is_said_until_it_is_back(listener: Listener, pbx: FakePbx) -> None:
    pbx.play([{"Event": "QueueMemberStatus", **member("1001", status=5)}])
    assert "PJSIP/1001 is not signed in" in listener.status(SourceState.READY).sentence
    pbx.play([{"Event": "QueueMemberStatus", **member("1001", status=1)}])
    assert listener.status(SourceState.READY).sentence == ""


def test_a_telephone_that_no_queue_knows_is_said(listener: Listener, pbx: FakePbx) -> None:
    with started(settings(pbx.port, interface="PJSIP/1009"), listener):
        assert "No queue" in listener.status(SourceState.READY).sentence


def test_stopping_waits_for_no_answer(listener: Listener, pbx: FakePbx, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was under way fails with a sentence, and no thread is left, however long the PBX would think."""
    monkeypatch.setattr(client, "REPLY_LIMIT_S", 10 * LIMIT_S)
    pbx.mood.unanswered = frozenset({"Originate", "Getvar"})
    found: queue.Queue[str] = queue.Queue()
    with started(settings(pbx.port), listener) as source:
        listener.status(SourceState.READY)
        pbx.play(Story().join().ring().events)
        source.dial("4711")
        source.ask_sip_call_id(listener.event(EventKind.OFFERED).call_id, found.put)
        pbx.wait_for_action("Originate")
        pbx.wait_for_action("Getvar")
    assert "closed before the telephone system answered" in _until(listener, SourceState.STOPPED)
    assert found.get(timeout=LIMIT_S) == ""
    assert [thread.name for thread in threading.enumerate() if thread.name == "ami"] == []
