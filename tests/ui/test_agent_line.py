"""What the agent does with the line: transfer, dial, pauses, calls that ring elsewhere, wrap-up that ends by itself."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.db.rows import PhoneRow
from app.domain.calls import CallState, Disposition, EndReason, EventKind
from app.domain.ids import new_id
from app.domain.people import AgentRules, AgentState, PauseCode
from app.telephony.numbers import normalise
from app.telephony.source import Capability, SourceState
from tests.ui.console import CERTAIN, UNKNOWN, Centre, Console
from tests.ui.scripted_line import ScriptedLine
from tests.ui.seen import button, card_texts, recorded
from ui.widgets.pill import Pill

OpenConsole = Callable[..., Console]
SECOND_LEVEL = "2000"


# --- transfer and dial ----------------------------------------------------------------------------------------


def test_a_call_is_passed_on_with_keys(agent: Console) -> None:
    agent.take_call()
    agent.note("Needs a specialist")
    agent.press("Ctrl+T")
    agent.write("20 00")
    agent.press("Return")
    agent.wait(lambda: agent.has_call(CallState.WRAP_UP))
    assert agent.line.asked[-1] == "transfer 20 00"
    assert agent.screen.note.field.hasFocus()  # the agent types on
    assert agent.work.note == "Needs a specialist"


def test_the_agent_may_ask_there_first(agent: Console) -> None:
    agent.take_call()
    agent.press("Ctrl+T")
    agent.write(SECOND_LEVEL)
    button(agent, "Ask there first").click()
    agent.wait(lambda: agent.has_call(CallState.CONSULTING))
    assert agent.line.asked[-1] == f"consult {SECOND_LEVEL}"
    assert not button(agent, "Hold").isVisible()
    agent.press("F4")
    agent.wait(lambda: agent.has_call(CallState.WRAP_UP))


def test_escape_leaves_the_number_and_does_nothing(agent: Console) -> None:
    agent.take_call()
    agent.press("Ctrl+T")
    agent.write(SECOND_LEVEL)
    agent.press("Esc")
    assert not agent.screen.card.transfer.isVisible() and agent.has_call(CallState.CONNECTED)
    agent.press("Ctrl+T")
    assert agent.screen.card.transfer.field.text() == ""
    agent.press("Return")
    agent.write("no number")
    agent.press("Return")
    assert agent.line.asked == ["answer"]


def test_what_the_line_cannot_do_is_read_on_the_card(open_console: OpenConsole) -> None:
    line = ScriptedLine(frozenset(Capability) - {Capability.TRANSFER, Capability.CONSULT, Capability.HOLD})
    agent = open_console(line=line)
    agent.take_call()
    assert card_texts(agent).count("This line cannot do that.") == 1
    assert not button(agent, "Transfer").isEnabled()
    agent.press("Ctrl+T")
    assert not agent.screen.card.transfer.field.isEnabled()
    agent.press("Return")
    assert line.asked == ["answer"]


def test_a_call_that_the_agent_dials(agent: Console) -> None:
    agent.press("Ctrl+T")
    agent.write("+49 30 23125-177")
    agent.press("Return")
    assert agent.line.asked == ["dial +49 30 23125-177"]
    call_id, callee = new_id(), normalise("+4930231251 77")
    agent.line.tell(EventKind.OFFERED, call_id, caller=callee, is_outgoing=True)
    agent.wait(lambda: agent.calls.ringing is not None)
    assert "Calling" in [one.text() for one in agent.screen.card.findChildren(Pill)]
    assert not button(agent, "Answer").isVisible()
    agent.line.tell(EventKind.ENDED, call_id, end_reason=EndReason.MISSED)
    agent.wait(lambda: agent.calls.ringing is None)
    assert agent.calls.missed == () and agent.is_agent(AgentState.AVAILABLE)


# --- calls that ring here and elsewhere -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "state", "code"),
    [
        (AgentRules(), AgentState.AVAILABLE, None),
        (AgentRules(pauses_after_missed=True), AgentState.PAUSED, PauseCode.MISSED_CALL),
    ],
)
def test_a_call_that_rings_out_here_goes_and_stays_told(
    open_console: OpenConsole, rules: AgentRules, state: AgentState, code: PauseCode | None
) -> None:
    agent = open_console(rules=rules)
    call_id = agent.ring()
    agent.line.tell(EventKind.RING_STOPPED, call_id, end_reason=EndReason.MISSED)
    agent.wait(lambda: agent.calls.ringing is None)
    assert (agent.calls.presence.agent.state, agent.calls.presence.agent.pause_code) == (state, code)
    assert any(text.startswith("Missed call from") for text in card_texts(agent))
    assert agent.line.is_paused == (code is not None)


def test_the_same_caller_rings_again_on_the_same_card(call_centre: Centre, agent: Console) -> None:
    call_id = agent.ring()
    agent.line.tell(EventKind.RING_STOPPED, call_id, end_reason=EndReason.REJECTED)
    agent.wait(lambda: agent.calls.ringing is None)
    agent.line.tell(EventKind.OFFERED, call_id)
    agent.wait(lambda: agent.calls.ringing is not None)
    agent.press("F2")
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    assert agent.work.call.id == call_id and agent.calls.missed == ()
    agent.wait(agent.is_delivered)
    assert recorded(call_centre, call_id).state is CallState.CONNECTED


def test_a_call_that_another_telephone_takes_is_recorded_to_its_end(call_centre: Centre, agent: Console) -> None:
    call_id = agent.ring()
    agent.line.tell(EventKind.RING_STOPPED, call_id)
    agent.line.tell(EventKind.ANSWERED, call_id, agent="PJSIP/1002")
    agent.line.tell(EventKind.ENDED, call_id, end_reason=EndReason.ANSWERED)
    agent.wait(lambda: agent.calls.ringing is None and call_id not in agent.calls._others)
    assert agent.calls.missed == () and agent.is_agent(AgentState.AVAILABLE)
    agent.wait(agent.is_delivered)
    row = recorded(call_centre, call_id)
    assert (row.state, row.end_reason) == (CallState.CLOSED, EndReason.ANSWERED)


def test_who_waits_stands_in_the_state_line(agent: Console) -> None:
    since = datetime.now(UTC) - timedelta(seconds=61)
    agent.line.report(SourceState.READY, waiting_count=3, waiting_since=since)
    agent.wait(lambda: agent.shell.line._waiting.isVisible())
    assert agent.shell.line._waiting.text() == "3 callers wait"
    assert agent.shell.line._waiting_time.text().startswith("01:")
    agent.line.report(SourceState.READY)
    agent.wait(lambda: not agent.shell.line._waiting.isVisible())


def test_the_line_is_told_why_it_is_paused(agent: Console) -> None:
    agent.press("F6", "3")
    agent.wait(lambda: agent.line.is_paused)
    assert agent.line.pause_reason == "lunch"


# --- wrap-up that ends by itself ------------------------------------------------------------------------------


def test_wrap_up_ends_by_itself_with_a_result_of_its_own(call_centre: Centre, open_console: OpenConsole) -> None:
    agent = open_console(rules=AgentRules(wrap_up_limit=timedelta(seconds=1)))
    call_id = agent.take_call()
    agent.note("Was cut off")
    agent.press("F4")
    agent.wait(lambda: agent.calls.work is None and agent.is_delivered())
    row = recorded(call_centre, call_id)
    assert (row.state, row.disposition, row.note) == (CallState.CLOSED, Disposition.TIMED_OUT, "Was cut off")
    assert agent.screen.answers.field.hasFocus()
    assert agent.is_agent(AgentState.AVAILABLE)


def test_it_does_not_end_under_typing_hands(open_console: OpenConsole) -> None:
    agent = open_console(rules=AgentRules(wrap_up_limit=timedelta(seconds=9)))
    agent.take_call()
    agent.hang_up()
    agent.note("x")
    assert agent.calls._wrap_up_limit._timer.remainingTime() > 10_000
    assert agent.screen.wrap_up._limit.text() == "ends by itself after 00:09"


# --- numbers --------------------------------------------------------------------------------------------------


def test_an_unknown_number_becomes_the_customers_while_talking(call_centre: Centre, agent: Console) -> None:
    agent.take_call(UNKNOWN)
    agent.calls.choose_customer(call_centre.voss)
    key = agent.screen.customer._attach
    assert key.isVisible()
    agent.press("Ctrl+M")
    assert not key.isVisible()
    agent.wait(agent.is_delivered)
    with call_centre.database.read() as session:
        phones = session.scalars(select(PhoneRow).where(PhoneRow.customer_id == call_centre.voss.id)).all()
    assert sorted(phone.normal for phone in phones) == sorted([CERTAIN, UNKNOWN])
    agent.press("Ctrl+M")  # again: nothing more
    agent.hang_up()
    agent.calls.wrap_up(Disposition.INFORMATION)
    agent.ring(UNKNOWN)
    assert agent.calls.ringing and agent.calls.ringing.customer and agent.calls.ringing.customer.name == "Nora Voss"


def test_a_withheld_number_is_nobodys(call_centre: Centre, agent: Console) -> None:
    agent.take_call("anonymous")
    agent.calls.choose_customer(call_centre.voss)
    assert not agent.screen.customer._attach.isVisible()
