"""Wrap-up: a digit finishes it, wherever the focus is, unless something is typed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.calls import CallState, Disposition
from tests.builders import LONE_NUMBER
from tests.ui.console import CERTAIN, RESTART, Centre, Console
from tests.ui.seen import focused, in_wrap_up, is_finished, recorded
from ui.widgets.record_table import RecordTable


def test_a_digit_finishes_where_nothing_is_typed(call_centre: Centre, agent: Console) -> None:
    call_id = in_wrap_up(agent, "Lamp was red")
    agent.screen.note.escalate.setFocus()
    agent.press("4")
    agent.wait(lambda: is_finished(agent) and agent.is_delivered())
    row = recorded(call_centre, call_id)
    assert (row.state, row.disposition, row.note) == (CallState.CLOSED, Disposition.INFORMATION, "Lamp was red")
    assert row.case_id is None and row.customer_id == call_centre.voss.id
    agent.wait(lambda: agent.desk.journal.kept_work() == ())


@pytest.mark.parametrize("where", ["table", "box", "answer"])
def test_a_digit_finishes_from_lists_boxes_and_texts_that_are_read(agent: Console, where: str) -> None:
    agent.take_call(CERTAIN)
    agent.read(RESTART, "restart")
    agent.hang_up()
    parts = {
        "table": agent.child(RecordTable, "Products and contracts"),
        "box": agent.screen.reading.solved,
        "answer": agent.screen.reading._body,
    }
    parts[where].setFocus()
    QTest.keyClick(parts[where], Qt.Key.Key_5, Qt.KeyboardModifier.KeypadModifier)
    agent.wait(lambda: is_finished(agent))


def test_digits_in_the_note_and_the_search_stay_text(agent: Console) -> None:
    in_wrap_up(agent)
    agent.press("F7", "4", "2")
    agent.press("Ctrl+K", "1", "7")
    assert agent.work.note == "42" and agent.screen.answers.field.text() == "17"
    assert agent.has_call(CallState.WRAP_UP)


def test_f10_then_a_digit(call_centre: Centre, agent: Console) -> None:
    call_id = in_wrap_up(agent, "n")
    agent.press("F10", "5")
    agent.wait(lambda: is_finished(agent) and agent.is_delivered())
    assert recorded(call_centre, call_id).disposition is Disposition.WRONG_NUMBER
    assert focused() is agent.screen.answers.field


@pytest.mark.parametrize("last", ["F10", "Return"])
def test_f10_and_once_more_takes_what_is_suggested(call_centre: Centre, agent: Console, last: str) -> None:
    agent.take_call(CERTAIN)
    agent.read(RESTART, "restart")
    agent.press("F9")
    call_id, case_id = agent.work.call.id, agent.work.case_id
    agent.hang_up()
    agent.press("F10")
    assert agent.has_call(CallState.WRAP_UP)
    agent.press(last)
    agent.wait(lambda: is_finished(agent) and agent.is_delivered())
    row = recorded(call_centre, call_id)
    assert (row.disposition, row.case_id) == (Disposition.SOLVED, case_id)


def test_without_a_suggestion_f10_twice_waits(agent: Console) -> None:
    in_wrap_up(agent)
    agent.press("F10", "F10", "Return")
    assert agent.has_call(CallState.WRAP_UP)
    agent.press("Right", "Right")
    assert agent.has_call(CallState.WRAP_UP) and agent.screen.wrap_up.row.value is Disposition.ESCALATED
    agent.ring(LONE_NUMBER)  # news leave the choice alone
    assert agent.screen.wrap_up.row.value is Disposition.ESCALATED
    agent.press("Return")
    agent.wait(lambda: agent.calls.work is None)


def test_outside_of_wrap_up_digits_do_nothing(agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.screen.note.escalate.setFocus()
    agent.press("1", "F10", "1")
    assert agent.has_call(CallState.CONNECTED)
