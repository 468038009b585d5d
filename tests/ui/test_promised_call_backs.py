"""A call-back promised in wrap-up, with key presses: when, to which number, and that it is said when it is due."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.db.line_rows import CallBackRow
from app.domain.calls import Disposition
from app.domain.people import AgentRules
from tests.builders import at_tomorrow
from tests.ui.console import CERTAIN, Centre, Console
from ui.agent.wrap_up_bar import WrapUpBar
from ui.call_backs import CallBackScreen
from ui.widgets.toast import Toast

OpenConsole = Callable[..., Console]


def promised(centre: Centre) -> list[CallBackRow]:
    with centre.database.read() as session:
        return list(session.scalars(select(CallBackRow).order_by(CallBackRow.made_at)))


@pytest.fixture
def bar(agent: Console) -> WrapUpBar:
    """Wrap-up with the choice of a call-back open: F10, then the digit of "Call back"."""
    agent.take_call(CERTAIN)
    agent.note("about the bill")
    agent.hang_up()
    agent.press("F10", "3")
    bar = agent.screen.wrap_up
    assert bar.call_back.is_open and bar.call_back.when.hasFocus()
    return bar


def wait_for_one(agent: Console, centre: Centre) -> CallBackRow:
    agent.wait(lambda: agent.calls.work is None and agent.is_delivered())
    (one,) = promised(centre)
    assert one.note == "about the bill"
    return one


def test_in_an_hour_with_one_more_key(call_centre: Centre, agent: Console, bar: WrapUpBar) -> None:
    assert bar.call_back._says.text().endswith("+49 30 23125201")
    agent.press("1")
    one = wait_for_one(agent, call_centre)
    assert (one.number, one.person_id, one.name) == (CERTAIN, agent.desk.person.id, "Nora Voss")
    assert timedelta(minutes=50) < one.due_at - datetime.now(UTC) <= timedelta(hours=1)
    assert agent.screen.answers.field.hasFocus()


@pytest.mark.usefixtures("bar")
def test_return_takes_what_the_arrows_chose(call_centre: Centre, agent: Console) -> None:
    before = datetime.now()
    agent.press("Right", "Right", "Right", "Left", "Return")  # past "this afternoon", which may be over
    one = wait_for_one(agent, call_centre)
    assert one.due_at in {at_tomorrow(now, 9, 0) for now in (before, datetime.now())}


def test_a_typed_time_and_another_number(call_centre: Centre, agent: Console, bar: WrapUpBar) -> None:
    agent.press("4")
    assert bar.call_back.time.hasFocus()
    agent.write("soon")
    agent.press("Return")
    assert bar.call_back.is_open and "A time to come" in bar.call_back._says.text()
    agent.press("Backspace", "Backspace", "Backspace", "Backspace")
    agent.write("+20")
    agent.press("Shift+Tab", "Shift+Tab")
    assert bar.call_back.number.hasFocus()
    bar.call_back.number.selectAll()
    agent.write("030/23125 177")
    assert bar.call_back._says.text().endswith("+49 30 23125177")
    agent.press("Return")
    one = wait_for_one(agent, call_centre)
    assert one.number == "+493023125177"
    assert timedelta(minutes=10) < one.due_at - datetime.now(UTC) <= timedelta(minutes=20)


def test_without_a_number_the_focus_is_where_it_is_missing(call_centre: Centre, agent: Console) -> None:
    agent.take_call("anonymous")
    agent.note("about the bill")
    agent.hang_up()
    agent.press("F10", "3")
    row = agent.screen.wrap_up.call_back
    assert row.number.hasFocus() and "Which number" in row._says.text()
    agent.press("Return")
    assert row.is_open and promised(call_centre) == []
    agent.write("020 7946")
    agent.write("x")
    agent.press("Return")
    assert row.is_open
    agent.press("Backspace", "Return")
    assert wait_for_one(agent, call_centre).number == "0207946"  # no number of this region: the PBX decides


def test_escape_takes_it_back(call_centre: Centre, agent: Console, bar: WrapUpBar) -> None:
    agent.press("Escape")
    assert not bar.call_back.is_open and bar.row.hasFocus() and agent.work.call_back is None
    agent.press("4")
    agent.wait(lambda: agent.calls.work is None and agent.is_delivered())
    assert promised(call_centre) == []


def test_what_was_chosen_survives_another_language(agent: Console, bar: WrapUpBar) -> None:
    agent.press("4")
    agent.write("morgen 8")
    assert bar.isVisible()
    agent.shell.switch_language()
    row = agent.screen.wrap_up.call_back
    assert (row.is_open, row.time.text(), row.time.hasFocus()) == (True, "morgen 8", True)
    agent.shell.switch_language()


def test_wrap_up_that_ends_by_itself_keeps_the_promise(call_centre: Centre, open_console: OpenConsole) -> None:
    agent = open_console(rules=AgentRules(wrap_up_limit=timedelta(minutes=10)))
    agent.take_call(CERTAIN)
    agent.note("about the bill")
    agent.hang_up()
    agent.press("F10", "3")
    agent.calls._wrap_up_limit._timer.start(100)
    one = wait_for_one(agent, call_centre)
    assert one.number == CERTAIN


def test_what_is_due_stands_at_the_screens_name_and_is_said_once(agent: Console, call_centre: Centre) -> None:
    agent.take_call(CERTAIN)
    agent.hang_up()
    agent.calls.wrap_up(Disposition.CALL_BACK)
    screen = agent.shell.screens.widget(1)
    assert isinstance(screen, CallBackScreen)
    agent.wait(lambda: len(screen.table.records.records) == 1)
    tab = agent.shell.line._tabs[1]
    assert tab.text() == "Call-backs"
    screen._now = lambda: datetime.now(UTC) + timedelta(hours=2)
    screen._tick()
    assert tab.text() == "Call-backs · 1"
    screen._tick()
    said = [toast.text for toast in agent.window.findChildren(Toast)]
    assert said.count("Call back now: Nora Voss (Ctrl+Shift+R)") == 1
    assert len(promised(call_centre)) == 1
