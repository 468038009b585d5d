"""Help and notices between an agent's console and a supervisor's board, through their widgets."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.commands import AnyCommand, LowerHand, RaiseHand
from app.domain.errors import Unavailable
from app.domain.ids import new_id
from app.domain.people import AgentState
from app.services.commands import Commands
from tests import builders
from tests.patience import LIMIT_S
from tests.ui import supervision_rig
from tests.ui.console import Centre, Console
from ui.supervisor import SupervisorBoard

board = supervision_rig.board  # its fixture, here too


def test_help_is_asked_for_without_leaving_the_note_and_answered_in_private(
    agent: Console, board: SupervisorBoard
) -> None:
    strip = agent.shell.strips.hand
    assert strip is not None and strip.isHidden()
    agent.take_call()
    agent.note("no lamp ")
    agent.press("Ctrl+Shift+H")
    agent.write("at all")
    assert agent.screen.note.field.toPlainText() == "no lamp at all"  # the caret stayed
    assert strip.isVisible() and strip.about.text().startswith("Nora Voss")
    agent.wait(lambda: board.hands.isVisible() and board.hands.hand is not None)
    hand = board.hands.hand
    assert hand is not None and (hand.person_name, hand.about) == ("Ada", strip.about.text())
    board.hands.field.setFocus()
    QTest.keyClicks(board.hands.field, "Try the grey cable")
    QTest.keyClick(board.hands.field, Qt.Key.Key_Return)
    agent.wait(lambda: strip.lines.texts != ())
    assert strip.lines.texts[0].endswith("Try the grey cable") and strip.lines.texts[0].startswith("Cleo, ")
    assert agent.screen.note.field.hasFocus()  # it came without taking the focus
    strip.field.setFocus()
    QTest.keyClicks(strip.field, "It works")
    QTest.keyClick(strip.field, Qt.Key.Key_Return)
    agent.wait(lambda: any(text.endswith("It works") for text in board.hands.lines.texts))
    agent.press("Ctrl+Shift+H")
    assert strip.isHidden()
    agent.wait(lambda: board.hands.isHidden())


def test_what_is_typed_for_a_hand_survives_the_end_of_the_program(call_centre: Centre, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    first = Console(call_centre, call_centre.seeded.agent, folder)
    first.open()
    strip = first.shell.strips.hand
    assert strip is not None
    first.press("Ctrl+Shift+H")
    first.wait(lambda: strip.hand is not None)
    QTest.keyClicks(strip.field, "I still need")
    first.close()
    second = Console(call_centre, call_centre.seeded.agent, folder)
    second.open()
    again = second.shell.strips.hand
    assert again is not None
    second.wait(lambda: again.isVisible() and again.field.text() == "I still need")
    second.close()


def test_a_notice_reaches_the_desks_without_the_focus_and_says_who_read_it(
    agent: Console, board: SupervisorBoard
) -> None:
    agent.take_call()
    agent.note("x")
    board.tell_desks()
    panel = board.notice_panel
    assert panel.isVisible() and not board.lists.isVisible()
    QTest.keyClicks(panel.field, "Fire drill at noon")
    panel.send_button.click()  # the keys are pressed in a test with two windows of two processes
    strip = agent.shell.strips.notice
    agent.wait(strip.isVisible)
    assert strip.banner.text.endswith("Fire drill at noon") and strip.banner.text.startswith("Cleo, ")
    assert agent.screen.note.field.hasFocus()
    agent.press("Ctrl+Shift+I")
    assert strip.isHidden()
    agent.wait(lambda: [notice.seen_count for notice in panel.table.records.records] == [1])
    panel.table.step(1)
    panel.withdraw()
    agent.wait(lambda: panel.table.records.rowCount() == 0)


def test_what_the_disk_does_not_take_of_a_notice_is_still_there(
    board: SupervisorBoard, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    said: list[str] = []
    board._background.error_raised.connect(lambda error: said.append(str(error)))
    board.tell_desks()
    panel = board.notice_panel
    QTest.keyClicks(panel.field, "Fire drill at noon")

    def refuse(_: AnyCommand, **__: object) -> None:
        raise Unavailable("The disk is full.")

    monkeypatch.setattr(board._desk.outbox, "send", refuse)
    panel.send_button.click()
    qtbot.waitUntil(lambda: said == ["The disk is full."])
    assert panel.field.text() == "Fire drill at noon"


def test_a_line_for_a_hand_goes_to_nobody_else_and_goes_once(
    call_centre: Centre, board: SupervisorBoard, qtbot: QtBot
) -> None:
    """Two hands are up. What is sent is not offered again; one goes down while somebody types to it."""
    do, now = Commands(call_centre.database).apply, datetime.now(UTC)
    people = (call_centre.seeded.agent, call_centre.seeded.expert)
    first, second = (RaiseHand(id=new_id(), by=who.id, at=now, about="", call_id=None, case_id=None) for who in people)
    do(first)
    do(second)
    hands = board.hands
    qtbot.waitUntil(lambda: hands.table.records.rowCount() == 2)
    hands.table.choose(first.id)
    hands.field.setFocus()
    may_write = threading.Event()
    board._desk.lanes.journal.submit(may_write.wait, LIMIT_S)
    QTest.keyClicks(hands.field, "Try the grey cable")
    QTest.keyClick(hands.field, Qt.Key.Key_Return)
    hands.table.choose(second.id)
    hands.table.choose(first.id)
    assert hands.field.text() == ""  # the disk is slow; what is on its way is not sent again
    may_write.set()
    QTest.keyClicks(hands.field, "and then")
    do(LowerHand(id=new_id(), by=first.by, at=now, hand_id=first.id))
    qtbot.waitUntil(lambda: hands.table.records.rowCount() == 1)
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, "turn it off")
    QTest.keyClick(focused, Qt.Key.Key_Return)
    assert focused is not hands.field and hands.field.text() == ""


def test_a_dead_desks_state_is_put_right_in_two_steps(
    call_centre: Centre, board: SupervisorBoard, qtbot: QtBot
) -> None:
    builders.name_agents(call_centre.database, call_centre.seeded.lead)
    agent = builders.agent_state(call_centre.seeded.agent, AgentState.ON_CALL)
    Commands(call_centre.database).apply(agent)
    qtbot.waitUntil(lambda: board.lists.agents.records.rowCount() == 1)
    button = board.lists.sign_out
    assert not button.isEnabled()
    board.lists.agents.step(1)
    assert button.isEnabled()
    button.click()
    assert board.lists.agents.records.record(0).state is AgentState.ON_CALL  # asked first
    button.click()
    qtbot.waitUntil(lambda: board.lists.agents.records.record(0).state is AgentState.SIGNED_OUT)
    assert not button.isEnabled()
