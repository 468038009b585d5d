"""The call on the agent's screen: how it rings, what the keys do, and what becomes of it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from app.domain.calls import CallState, EndReason, EventKind
from app.domain.ids import new_id
from app.domain.people import AgentState
from app.telephony.source import Capability
from tests.builders import LONE_NUMBER, SHARED_NUMBER
from tests.ui.console import CERTAIN, UNKNOWN, Centre, Console
from tests.ui.scripted_line import ScriptedLine
from tests.ui.seen import OpenConsole, button, candidates, card_texts
from ui.widgets.banner import Banner

# --- ringing --------------------------------------------------------------------------------------------------


def test_ringing_takes_no_focus_and_changes_no_text(agent: Console) -> None:
    agent.take_call(LONE_NUMBER)
    agent.search("router restarts")
    agent.press("Down")
    chosen = agent.screen.answers.list.currentIndex().row()
    agent.note("The lamp is r")
    agent.ring(CERTAIN)
    assert QApplication.focusWidget() is agent.screen.note.field
    agent.write("ed")
    assert agent.screen.note.field.toPlainText() == "The lamp is red" == agent.work.note
    assert agent.screen.answers.field.text() == "router restarts"
    assert agent.screen.answers.list.currentIndex().row() == chosen == 1
    agent.hang_up()
    assert QApplication.focusWidget() is agent.screen.note.field
    assert agent.work.note == "The lamp is red"


def test_ringing_while_the_search_is_typed_in(agent: Console) -> None:
    agent.press("Ctrl+K")
    agent.write("router rest")
    agent.ring(CERTAIN)
    agent.write("arts")
    assert agent.screen.answers.field.text() == "router restarts"
    assert QApplication.focusWidget() is agent.screen.answers.field


def test_escape_shrinks_the_card_and_rejects_nothing(agent: Console) -> None:
    agent.ring(CERTAIN, says="My router restarts")
    agent.press("Esc")
    texts = card_texts(agent)
    assert "Nora Voss" in texts and not any("My router" in text or "+49" in text for text in texts)
    assert agent.line.asked == [] and agent.calls.ringing is not None
    agent.press("F2")
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    assert "“My router restarts”" in card_texts(agent)  # in the conversation all of it is there again


def test_a_second_ringing_call_makes_no_second_card(agent: Console) -> None:
    first = agent.ring(CERTAIN)
    second = agent.line.ring(LONE_NUMBER)
    agent.wait(lambda: second in agent.calls._others)
    assert agent.calls.ringing is not None and agent.calls.ringing.call.id == first
    assert "Nora Voss" in card_texts(agent) and not any("99998200" in text for text in card_texts(agent))
    agent.line.end(second, EndReason.ABANDONED)
    agent.wait(lambda: len(agent.calls.missed) == 1)
    assert any(text.startswith("Missed call from +49 89 99998200 at") for text in card_texts(agent))
    assert agent.calls.ringing is not None and agent.calls.ringing.call.id == first


def test_a_second_ringing_call_comes_forward_when_the_first_gives_up(agent: Console) -> None:
    first = agent.ring(CERTAIN)
    second = agent.line.ring(LONE_NUMBER)
    agent.line.end(first, EndReason.ABANDONED)
    agent.wait(lambda: agent.calls.ringing is not None and agent.calls.ringing.call.id == second)
    agent.press("F2")
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    assert agent.work.call.id == second
    assert [call.id for call in agent.calls.missed] == [first]


def test_a_call_that_rings_during_a_conversation_leaves_the_customer_in_sight(agent: Console) -> None:
    agent.take_call(SHARED_NUMBER)
    agent.screen.customer.focus_choice()
    ringing = agent.ring(CERTAIN)
    assert candidates(agent) == [["Ida Berg, Berg Ltd", "by the number"], ["Ulf Kranz, Berg Ltd", "by the number"]]
    assert "Nora Voss rings too. Finish this call first, then answer." in card_texts(agent)
    assert button(agent, "Hang up").isVisible() and not button(agent, "Answer").isVisible()
    agent.press("Return")  # the choice is about the caller on the phone
    assert agent.work.customer is not None and agent.work.customer.name == "Ida Berg"
    agent.press("F2")
    assert agent.line.asked == ["answer"]
    agent.line.end(ringing, EndReason.ABANDONED)
    agent.wait(lambda: len(agent.calls.missed) == 1)
    assert agent.work.customer.name == "Ida Berg"
    assert not any("rings too" in text for text in card_texts(agent))


def test_answering_from_wrap_up_closes_the_call_before_with_its_note(call_centre: Centre, agent: Console) -> None:
    first = agent.take_call(CERTAIN)
    agent.note("Lamp was red")
    agent.hang_up()
    second = agent.ring(SHARED_NUMBER)
    agent.press("F2")
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    assert agent.work.call.id == second and agent.work.note == ""
    assert agent.screen.note.field.toPlainText() == ""
    assert len(candidates(agent)) == 2
    agent.wait(agent.is_delivered)
    with call_centre.database.read() as session:
        from app.db.rows import CallRow

        row = session.get_one(CallRow, first)
        assert (row.state, row.note) == (CallState.CLOSED, "Lamp was red")


def test_a_missed_call_stays_until_it_is_acknowledged(agent: Console) -> None:
    for number in (CERTAIN, LONE_NUMBER):
        call_id = agent.ring(number)
        agent.line.end(call_id, EndReason.ABANDONED)
        agent.wait(lambda: agent.calls.ringing is None)
    banner = next(b for b in agent.screen.card.findChildren(Banner) if b.isVisible())
    assert banner.text.startswith("Missed call from +49 89 99998200") and banner.text.endswith("And 1 more.")
    agent.take_call(CERTAIN)
    assert banner.isVisible()
    close = next(b for b in banner.findChildren(QToolButton) if b.accessibleName() == "Close")
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not banner.isVisible() and agent.calls.missed == ()


def test_a_rejected_call_is_not_missed(agent: Console) -> None:
    agent.ring(CERTAIN)
    QTest.mouseClick(button(agent, "Reject"), Qt.MouseButton.LeftButton)
    agent.wait(lambda: agent.calls.ringing is None)
    assert agent.line.asked == ["reject"] and agent.calls.missed == ()
    assert agent.is_agent(AgentState.AVAILABLE)


def test_late_events_of_an_ended_call_bring_no_ghost(agent: Console) -> None:
    ended = agent.take_call(CERTAIN)
    agent.hang_up()
    agent.press("F10", "4")
    agent.wait(lambda: agent.calls.work is None)
    now_ringing = agent.ring(LONE_NUMBER)
    agent.line.tell(EventKind.OFFERED, ended)
    agent.line.end(ended, EndReason.ABANDONED)
    agent.line.end(new_id(), EndReason.ABANDONED)
    agent.line.end(now_ringing, EndReason.REJECTED)
    agent.wait(lambda: agent.calls.ringing is None)
    agent.line.tell(EventKind.OFFERED, ended)
    marker = agent.ring(UNKNOWN)
    assert agent.calls.ringing is not None and agent.calls.ringing.call.id == marker
    assert agent.calls.missed == () and len(agent.calls._others) == 0


# --- the keys of the call -------------------------------------------------------------------------------------


def test_the_keys_of_a_call(agent: Console) -> None:
    agent.take_call(CERTAIN)
    assert agent.is_agent(AgentState.ON_CALL)
    agent.press("F3")
    agent.wait(lambda: agent.has_call(CallState.HELD))
    assert button(agent, "Resume").isVisible() and "On hold" in " ".join(card_texts(agent))
    agent.press("F3")
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    agent.press("F4")
    agent.wait(lambda: agent.has_call(CallState.WRAP_UP))
    agent.press("F3", "F4", "F2")  # nothing is there for them
    assert agent.line.asked == ["answer", "hold", "resume", "hang_up"]
    assert agent.is_agent(AgentState.WRAP_UP) and agent.screen.wrap_up.isVisible()


def test_what_the_line_cannot_do_is_off_and_says_so(open_console: OpenConsole) -> None:
    agent = open_console(line=ScriptedLine(frozenset({Capability.HANG_UP})))
    call_id = agent.ring(CERTAIN)
    for text in ("Answer", "Reject"):
        assert not button(agent, text).isEnabled() and button(agent, text).toolTip() == "This line cannot do that."
    agent.press("F2")
    agent.line.tell(EventKind.ANSWERED, call_id)  # taken at the telephone itself
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    assert not button(agent, "Hold").isEnabled() and button(agent, "Hold").toolTip() == "This line cannot do that."
    assert button(agent, "Hang up").isEnabled() and button(agent, "Hang up").toolTip() == ""
    agent.press("F3", "F5")
    assert agent.line.asked == []
    agent.press("F4")
    assert agent.line.asked == ["hang_up"]


def test_f5_asks_for_a_demo_call_only_where_nothing_is_on(agent: Console) -> None:
    agent.press("F5")
    agent.take_call(CERTAIN)
    agent.press("F5")
    assert agent.line.asked == ["next_call", "answer"]


# --- no windows -----------------------------------------------------------------------------------------------


def test_nothing_of_the_call_is_shown_as_a_window(agent: Console) -> None:
    shown = WindowsShown()
    QApplication.instance().installEventFilter(shown)  # type: ignore[union-attr]
    agent.take_call(SHARED_NUMBER)
    agent.press("F8", "Esc")
    agent.hang_up()
    agent.press("F10", "4")
    agent.wait(lambda: agent.calls.work is None)
    QApplication.instance().removeEventFilter(shown)  # type: ignore[union-attr]
    assert shown.names == []


class WindowsShown(QObject):
    """Notes each widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False


def test_escape_closes_the_sheet_of_keys_and_not_what_is_behind_it(agent: Console) -> None:
    """The screen behind has the same key, for the card and for what is open there."""
    agent.take_call(CERTAIN)
    agent.press("F7")
    agent.press("Ctrl+T")
    agent.press("F1")
    assert agent.window.help.isVisible()
    agent.press("Esc")
    assert agent.window.help.isHidden() and agent.screen.card.transfer.isVisible()
    agent.press("Esc")
    assert not agent.screen.card.transfer.isVisible()
