"""The agent's state: it goes with the call, and pauses are chosen by key."""

import pytest
from PySide6.QtWidgets import QApplication, QMenu

from app.domain.people import AgentState, PauseCode
from tests.ui.console import CERTAIN, Centre, Console
from tests.ui.seen import OpenConsole
from ui.widgets.plain_label import PlainLabel


def test_the_state_goes_with_the_call_and_back(agent: Console) -> None:
    seen: list[AgentState] = []
    agent.calls.presence.changed.connect(lambda now: seen.append(now.state))
    agent.take_call(CERTAIN)
    agent.hang_up()
    agent.press("F10", "4")
    agent.wait(lambda: agent.is_agent(AgentState.AVAILABLE))
    assert seen == [AgentState.RINGING, AgentState.ON_CALL, AgentState.WRAP_UP, AgentState.AVAILABLE]
    assert agent.line.is_paused is False


def choose_state(agent: Console, *keys: str) -> None:
    """F6, then keys in the menu."""
    agent.press("F6")
    agent.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    agent.press(*keys)
    agent.wait(lambda: QApplication.activePopupWidget() is None)


@pytest.mark.parametrize(
    ("keys", "code", "text"),
    [
        (("Down", "Down", "Return"), PauseCode.BREAK, "Paused · Break"),
        (("3",), PauseCode.LUNCH, "Paused · Lunch"),
        (("6",), PauseCode.TECHNICAL, "Paused · Technical fault"),
    ],
)
def test_pause_codes_are_chosen_by_key(agent: Console, keys: tuple[str, ...], code: PauseCode, text: str) -> None:
    choose_state(agent, *keys)
    agent.wait(lambda: agent.is_agent(AgentState.PAUSED))
    assert agent.calls.presence.agent.pause_code is code
    assert agent.shell.line.state_button.text() == text
    assert agent.line.is_paused
    choose_state(agent, "1")
    agent.wait(lambda: agent.is_agent(AgentState.AVAILABLE))
    assert not agent.line.is_paused


def test_escape_leaves_the_menu_and_the_state(agent: Console) -> None:
    choose_state(agent, "Down", "Esc")
    assert agent.is_agent(AgentState.AVAILABLE)


def test_a_pause_chosen_in_a_call_comes_after_wrap_up(agent: Console) -> None:
    agent.take_call(CERTAIN)
    choose_state(agent, "4")
    assert agent.is_agent(AgentState.ON_CALL)
    shown = [label.text() for label in agent.shell.line.findChildren(PlainLabel)]
    assert "next: Paused · Meeting" in shown
    agent.hang_up()
    assert agent.is_agent(AgentState.WRAP_UP)
    agent.press("F10", "4")
    agent.wait(lambda: agent.is_agent(AgentState.PAUSED))
    assert agent.calls.presence.agent.pause_code is PauseCode.MEETING
    shown = [label.text() for label in agent.shell.line.findChildren(PlainLabel)]
    assert not any(text.startswith("next:") for text in shown)


def test_a_paused_agent_is_paused_again_after_a_call(agent: Console) -> None:
    choose_state(agent, "3")
    agent.take_call(CERTAIN)
    agent.hang_up()
    agent.press("F10", "4")
    agent.wait(lambda: agent.is_agent(AgentState.PAUSED))
    assert agent.calls.presence.agent.pause_code is PauseCode.LUNCH


def test_the_board_sees_the_state_and_the_end_of_it(call_centre: Centre, open_console: OpenConsole) -> None:
    agent = open_console()
    agent.take_call(CERTAIN)
    agent.wait(agent.is_delivered)
    assert state_of(call_centre) is AgentState.ON_CALL


def state_of(centre: Centre) -> AgentState:
    from app.db.rows import AgentRow

    with centre.database.read() as session:
        return session.get_one(AgentRow, centre.seeded.agent.id).state
