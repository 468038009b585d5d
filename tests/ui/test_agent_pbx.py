"""The whole way: a PBX's bytes, the desk's line, the card, the agent's keys, and the actions that the PBX gets."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.calls import CallState, EndedBy, EndReason
from app.domain.people import AgentState, PauseCode
from app.telephony.ami import AmiSource
from app.telephony.source import SourceState
from tests.telephony.ami.conftest import AGENT, settings
from tests.telephony.ami.fake_pbx import FakePbx, running_pbx
from tests.telephony.ami.stories import SECOND, Story
from tests.ui.console import CERTAIN, Centre, Console
from tests.ui.seen import card_texts, recorded
from ui.keys import let_run, wait_until
from ui.widgets.toast import Toast


@pytest.fixture
def pbx() -> Iterator[FakePbx]:
    with running_pbx() as running:
        yield running


@pytest.fixture
def agent(call_centre: Centre, tmp_path: Path, pbx: FakePbx) -> Iterator[Console]:
    line = AmiSource(settings(pbx.port))
    console = Console(call_centre, call_centre.seeded.agent, tmp_path / "desk", line)  # type: ignore[arg-type]
    try:
        console.open()
        console.wait(lambda: _line_is(console, SourceState.READY))
        yield console
    finally:
        console.close()


def _line_is(console: Console, state: SourceState) -> bool:
    return console.shell._line_status is not None and console.shell._line_status.state is state


def test_a_call_from_the_queue_to_the_transfer(call_centre: Centre, agent: Console, pbx: FakePbx) -> None:
    assert pbx.wait_for_action("QueuePause")["Paused"] == "false"  # signed in, and available
    story = Story(num=CERTAIN, name="N. Voss").join().wait(30).ring()
    pbx.play(story.events)
    agent.wait(lambda: "Nora Voss" in card_texts(agent))
    assert "The telephone system cannot answer for you: lift the handset." in card_texts(agent)
    told = len(story.events)
    pbx.play(story.answer().events[told:])
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    call_id = agent.work.call.id
    agent.note("Wants the second level")
    agent.press("Ctrl+T")
    agent.write(SECOND)
    agent.press("Return")
    assert pbx.wait_for_action("BlindTransfer")["Exten"] == SECOND
    told = len(story.events)
    pbx.play(story.wait(60).blind_transfer().events[told:])
    agent.wait(lambda: agent.has_call(CallState.WRAP_UP))
    asked = pbx.wait_for(lambda fake: [one for one in fake.actions("QueuePause") if one["Reason"] == "wrap_up"])
    assert asked[-1]["Paused"] == "true"
    agent.press("F10", "3", "1")
    agent.wait(lambda: agent.calls.work is None and agent.is_delivered())
    row = recorded(call_centre, call_id)
    assert (row.state, row.end_reason, row.ended_by) == (CallState.CLOSED, EndReason.ANSWERED, EndedBy.TRANSFER)
    assert row.answered_at is not None and 29 < (row.answered_at - row.queued_at).total_seconds() < 31
    assert (row.queue, row.note, row.customer_id) == ("support", "Wants the second level", call_centre.voss.id)


def test_a_pbx_that_started_anew_in_mid_call_loses_no_record(call_centre: Centre, agent: Console, pbx: FakePbx) -> None:
    pbx.play(Story(num=CERTAIN).join().ring().answer().events)
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    call_id = agent.work.call.id
    agent.note("Still speaking")
    pbx.drop()  # and nothing of before is there when it is back
    agent.wait(lambda: agent.has_call(CallState.WRAP_UP))
    assert agent.work.note == "Still speaking" and agent.is_agent(AgentState.WRAP_UP)
    agent.press("F10", "6")
    agent.wait(lambda: agent.calls.work is None and agent.is_delivered())
    row = recorded(call_centre, call_id)
    assert (row.end_reason, row.note) == (EndReason.UNKNOWN, "Still speaking")


def test_a_wrong_password_is_a_banner_and_the_desk_goes_on(agent: Console, pbx: FakePbx) -> None:
    pbx.mood.password = "another"
    pbx.drop()
    agent.wait(lambda: _line_is(agent, SourceState.LOST) and "password" in agent.shell._line_status.sentence)  # type: ignore[union-attr]
    agent.search("router")
    assert agent.screen.answers.shown_text == "router"
    logins = pbx.login_count
    agent.press("F6", "2")
    agent.wait(lambda: agent.is_agent(AgentState.PAUSED))
    assert pbx.login_count == logins


def test_who_was_asked_has_the_customer_on_the_card_after_the_transfer(agent: Console, pbx: FakePbx) -> None:
    story = Story(num=CERTAIN, name="N. Voss").join().ring("1002").answer("1002").wait(9).consult("1002", whom="1001")
    pbx.play(story.events)
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    assert "Extension 1002" in card_texts(agent) and agent.work.customer is None
    agent.note("Asked by 1002")
    told = len(story.events)
    pbx.play(story.wait(5).attended_transfer("1002").events[told:])
    agent.wait(lambda: "Nora Voss" in card_texts(agent))
    assert agent.work.note == "Asked by 1002" and agent.work.call.caller.normal == CERTAIN


def test_who_is_only_rung_in_a_transfer_sees_the_customer_while_it_rings(agent: Console, pbx: FakePbx) -> None:
    story = Story(num=CERTAIN, name="N. Voss").join().ring("1002").answer("1002").wait(9).consult("1002", whom="1001")
    answer = story.events.pop()  # the agent who asks does not wait for it
    pbx.play(story.events)
    agent.wait(lambda: "Extension 1002" in card_texts(agent))
    told = len(story.events)
    pbx.play(story.attended_transfer("1002").events[told:])
    agent.wait(lambda: "Nora Voss" in card_texts(agent))
    assert agent.calls.ringing is not None
    pbx.play([answer])
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    assert agent.work.call.caller.normal == CERTAIN and agent.work.customer


# --- a supervisor at the PBX ---


def agents_state(agent: Console) -> tuple[AgentState, PauseCode | None]:
    return agent.calls.presence.agent.state, agent.calls.presence.agent.pause_code


def settled(pbx: FakePbx, count: int) -> None:
    """So often was a pause asked for, and no more."""
    assert wait_until(lambda: len(pbx.actions("QueuePause")) >= count)
    let_run(1_200)
    assert len(pbx.actions("QueuePause")) == count


def test_a_pause_at_the_pbx_is_one_at_the_desk(agent: Console, pbx: FakePbx) -> None:
    settled(pbx, 1)
    pbx.play(pbx.set_pause(AGENT, True, "Lunch"))
    agent.wait(lambda: agents_state(agent) == (AgentState.PAUSED, PauseCode.LUNCH))
    pbx.play(pbx.set_pause(AGENT, True, "Talk to Tom"))
    agent.wait(lambda: agents_state(agent) == (AgentState.PAUSED, PauseCode.OUTSIDE))
    assert [t.text for t in agent.window.findChildren(Toast)][-1].endswith("“Talk to Tom”.")
    pbx.play(pbx.set_pause(AGENT, False))
    agent.wait(lambda: agents_state(agent) == (AgentState.AVAILABLE, None))
    settled(pbx, 1)
    agent.press("F6", "2")  # and the other way round
    settled(pbx, 2)
    assert (pbx.mood.members[0]["Paused"], pbx.mood.members[0]["PausedReason"]) == ("1", "break")
    assert agents_state(agent) == (AgentState.PAUSED, PauseCode.BREAK)


def test_in_a_call_a_pause_at_the_pbx_waits(agent: Console, pbx: FakePbx) -> None:
    story = Story(num=CERTAIN).join().ring().answer()
    pbx.play(story.events)
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    settled(pbx, 2)  # available, on a call
    pbx.play(pbx.set_pause(AGENT, True, "Talk to Tom"))
    agent.wait(lambda: agent.shell.line._next.text() == "next: Paused · By the telephone system")
    assert agent.is_agent(AgentState.ON_CALL)
    told = len(story.events)
    pbx.play(story.end().events[told:])
    agent.wait(lambda: agent.has_call(CallState.WRAP_UP))
    agent.press("F10", "4")
    agent.wait(lambda: agents_state(agent) == (AgentState.PAUSED, PauseCode.OUTSIDE))
    settled(pbx, 4)  # wrap-up, paused
    assert pbx.mood.members[0]["PausedReason"] == "Talk to Tom"


def test_who_is_let_go_at_the_pbx_in_a_call_is_free_after_it(agent: Console, pbx: FakePbx) -> None:
    agent.press("F6", "3")
    settled(pbx, 2)
    pbx.play(Story(num=CERTAIN).join().ring().answer().events)
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    settled(pbx, 3)
    pbx.play(pbx.set_pause(AGENT, False))
    settled(pbx, 4)  # no call may ring beside this one
    assert pbx.mood.members[0]["PausedReason"] == "on_call"
    assert agent.is_agent(AgentState.ON_CALL) and agent.shell.line._next.text() == ""
