"""The call on the agent's screen: who rings, what the keys do, and what the agent's state becomes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QToolButton, QWidget

from app.domain.calls import CallState, EndReason, EventKind, NumberKind
from app.domain.customers import MatchSource
from app.domain.ids import new_id
from app.domain.people import AgentState, PauseCode
from app.services.commands import Commands
from app.telephony.source import Capability
from tests import builders
from tests.builders import LONE_NUMBER, SHARED_NUMBER
from tests.ui.console import CERTAIN, NEAR_CERTAIN, UNKNOWN, Centre, Console, ScriptedLine, days_ago
from ui.widgets.banner import Banner
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable

OpenConsole = Callable[..., Console]


def card_texts(agent: Console) -> list[str]:
    """What can be read on the card."""
    labels = agent.screen.card.findChildren(PlainLabel)
    return [label.text() for label in labels if label.isVisible() and label.text()]


def button(agent: Console, text: str) -> QPushButton:
    return next(b for b in agent.screen.card.findChildren(QPushButton) if b.text() == text)


def picker(agent: Console) -> RecordTable:  # type: ignore[type-arg]
    return agent.child(RecordTable, "Who may be calling")


def candidates(agent: Console) -> list[list[str]]:
    """The rows of the list of those who may be calling."""
    model = picker(agent).records
    return [[model.data(model.index(row, column)) for column in (0, 1)] for row in range(model.rowCount())]


# --- who rings ------------------------------------------------------------------------------------------------


def test_a_certain_caller_stands_on_the_card_with_contract_and_history(call_centre: Centre, agent: Console) -> None:
    centre = call_centre
    do = Commands(centre.database).apply
    for days in (1, 3, 20):
        past = builders.call(CallState.CLOSED, queued_at=days_ago(days))
        do(builders.record_call(past, centre.seeded.expert, told_at=days_ago(days), customer_id=centre.voss.id))
    draft = builders.case_draft("Printer is offline", customer_id=centre.voss.id, product_id=centre.seeded.printer.id)
    do(builders.escalation(centre.seeded.expert, case=draft, told_at=datetime.now(UTC)))
    agent.ring(CERTAIN, says="My router restarts")
    texts = card_texts(agent)
    assert "Nora Voss" in texts
    assert "Voss Ltd · +49 30 23125201 · Router" in texts
    assert "„My router restarts“" in texts
    assert "Call number 3 in 7 days\n1 open case" in texts
    assert not picker(agent).isVisible()
    contracts = agent.child(RecordTable, "Products and contracts").records
    rows = [[contracts.data(contracts.index(row, column)) for column in (0, 1)] for row in range(2)]
    assert rows == [["Link 7", "31 Dec 2099"], ["Print 2", "expired"]]
    agent.press("F2")
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    assert agent.work.contract is not None and agent.work.contract.number == "V-2001"  # the only one in force
    shown = [label.text() for label in agent.screen.customer.findChildren(PlainLabel) if label.isVisible()]
    assert f"Open cases\n{draft.number}  Printer is offline" in shown


def test_two_customers_with_one_number_are_asked_about_and_return_takes_one(agent: Console) -> None:
    agent.take_call(SHARED_NUMBER)
    assert not agent.work.customer
    assert card_texts(agent)[2] == "Who is calling?"
    assert "2 customers may be calling: please ask." in card_texts(agent)
    assert candidates(agent) == [["Ida Berg, Berg Ltd", "by the number"], ["Ulf Kranz, Berg Ltd", "by the number"]]
    assert picker(agent).current() is None
    picker(agent).setFocus()
    agent.press("Down", "Down", "Return")
    assert agent.work.customer is not None and agent.work.customer.name == "Ulf Kranz"
    agent.wait(lambda: agent.desk.journal.kept_work()[0].customer == agent.work.customer)


@pytest.mark.parametrize(
    ("raw", "name", "source", "why"),
    [
        (NEAR_CERTAIN, "", MatchSource.SWITCHBOARD, "maybe: same switchboard"),
        (UNKNOWN, "Nora Voss", MatchSource.NAME, "maybe: same name"),
        ("anonymous", "nora voss", MatchSource.NAME, "maybe: same name"),
    ],
)
def test_a_guess_is_a_maybe_with_its_source(agent: Console, raw: str, name: str, source: MatchSource, why: str) -> None:
    agent.take_call(raw, name)
    assert [match.source for match in agent.calls.matches] == [source]
    assert not agent.work.customer
    assert candidates(agent) == [["Nora Voss, Voss Ltd", why]]
    assert "1 customer may be calling: please ask." in card_texts(agent)
    agent.screen.customer.focus_choice()
    agent.press("Return")
    assert agent.work.customer is not None and agent.work.customer.name == "Nora Voss"


@pytest.mark.parametrize(
    ("raw", "kind", "shown"),
    [
        (UNKNOWN, NumberKind.PUBLIC, "+49 1515 0000001 · Router"),
        ("anonymous", NumberKind.WITHHELD, "Number withheld · Router"),
        ("", NumberKind.UNKNOWN, "Number unknown · Router"),
        ("102", NumberKind.INTERNAL, "Extension 102 · Router"),
    ],
)
def test_a_caller_nobody_knows_is_searched_for_by_name(agent: Console, raw: str, kind: NumberKind, shown: str) -> None:
    agent.take_call(raw)
    assert agent.work.call.caller.kind is kind
    assert "Unknown caller" in card_texts(agent) and shown in card_texts(agent)
    assert candidates(agent) == []
    agent.child(QLineEdit, "Find customer").setFocus()
    agent.write("meyer")
    agent.wait(lambda: candidates(agent) == [["Zoe Meyer, Meyer & Co", "K-300"]])
    picker(agent).setFocus()
    agent.press("Down", "Return")
    assert agent.work.customer is not None and agent.work.customer.name == "Zoe Meyer"


@pytest.mark.parametrize(
    "name",
    [
        "<b>Bold</b><img src='http://127.0.0.1:1/x.png'><h1>big</h1>",
        "A\x00B\x07C\x1b[31m red\r\nnext line",
        "evil\u202eexe.gpj\u2066",
        "x" * 10_000,
        "many words " * 1_000,
        "**bold** [link](http://127.0.0.1:1/)",
    ],
    ids=["html", "control", "right-to-left", "long word", "long text", "markdown"],
)
def test_an_absurd_caller_id_is_plain_text_and_breaks_nothing(agent: Console, name: str) -> None:
    before = agent.window.size()
    agent.take_call(name, name)
    who = card_texts(agent)[2].replace("\u200b", "")
    expected = agent.work.who
    assert who == (expected if len(expected) <= 160 else expected[:159] + "…")
    assert all(c.isprintable() for c in who)
    for label in agent.screen.card.findChildren(PlainLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    agent.wait(lambda: agent.window.size() == before)
    card = agent.screen.card
    for label in (label for label in card.findChildren(PlainLabel) if label.isVisible()):
        assert label.width() <= card.width() and label.minimumSizeHint().width() <= card.width()
        assert label.mapTo(card, QPoint(0, label.height())).y() <= card.height()
        assert label.height() >= label.heightForWidth(label.width())
    assert card.height() < 400 and agent.screen.note.field.height() > 60
    assert button(agent, "Hang up").isVisible() and button(agent, "Hang up").height() >= 24


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
    assert "„My router restarts“" in card_texts(agent)  # in the conversation all of it is there again


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


def test_candidates_of_the_next_call_stay_when_the_wrap_up_ends(agent: Console) -> None:
    agent.take_call(LONE_NUMBER)
    agent.hang_up()
    agent.ring(SHARED_NUMBER)
    agent.press("F10", "4")
    agent.wait(lambda: agent.calls.work is None)
    assert len(candidates(agent)) == 2
    agent.press("F2")
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    assert len(candidates(agent)) == 2 and agent.work.customer is None


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


def test_what_was_found_for_a_call_that_is_gone_is_dropped(agent: Console) -> None:
    gone = agent.ring(SHARED_NUMBER)
    matches = agent.calls.matches
    assert agent.calls.ringing
    gone_call = agent.calls.ringing.call
    agent.line.end(gone, EndReason.ABANDONED)
    agent.wait(lambda: agent.calls.ringing is None)
    agent.take_call(UNKNOWN)
    agent.calls._who.take(gone_call, matches)
    assert agent.calls.matches == () and candidates(agent) == [] and agent.work.customer is None


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


# --- the agent's state ----------------------------------------------------------------------------------------


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


def test_the_same_number_with_another_name_is_another_call(agent: Console) -> None:
    agent.take_call(CERTAIN, "Somebody Else")
    assert agent.work.who == "Nora Voss"
    assert replace(agent.work.call.caller, display_name="").normal == CERTAIN
