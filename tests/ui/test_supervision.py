"""Help, notices and alerts between an agent's console and a supervisor's board, through their widgets."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.domain.alerts import Alert, AlertKey, AlertRule, ServiceHours
from app.domain.board_figures import Measure
from app.domain.cases import Level, Urgency
from app.domain.commands import AnyCommand, LowerHand, RaiseHand
from app.domain.errors import Unavailable
from app.domain.ids import new_id
from app.domain.people import AgentState
from app.services.commands import Commands
from tests import builders
from tests.fakes import WrittenNotifier, station
from tests.patience import LIMIT_S
from tests.ui.console import Centre, Console
from ui.supervisor import SupervisorBoard
from ui.supervisor.alert_bell import REST_S, AlertBell
from ui.switches import DEFAULT_SWITCHES, kept_switches

OpenConsole = Callable[..., Console]


@contextmanager
def _board_of(centre: Centre, folder: Path) -> Iterator[SupervisorBoard]:
    """The board of Cleo, on a desk of her own."""
    with station(centre.url, centre.seeded.lead, folder) as opened:
        board = SupervisorBoard(opened.context)
        board.resize(1280, 800)
        board.show()
        yield board
        board.hide()
        board.deleteLater()


@pytest.fixture
def board(call_centre: Centre, tmp_path: Path, qtbot: QtBot) -> Iterator[SupervisorBoard]:
    with _board_of(call_centre, tmp_path / "lead") as made:
        qtbot.waitUntil(lambda: made.is_showing_data)
        yield made


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


def _rule() -> AlertRule:
    return AlertRule(
        key=AlertKey(measure=Measure.CASES_OVERDUE, level=Level.SECOND),
        raise_at=Fraction(1),
        clear_at=Fraction(0),
        hold=timedelta(0),
        hours=ServiceHours(zone=ZoneInfo("UTC")),
    )


def test_an_alert_is_seen_once_for_all_boards(
    call_centre: Centre, board: SupervisorBoard, tmp_path: Path, qtbot: QtBot
) -> None:
    board._desk.supervision.alerts.rules.put(_rule())
    told_at = datetime.now(UTC) - timedelta(days=2)
    Commands(call_centre.database).apply(
        builders.escalation(call_centre.seeded.agent, urgency=Urgency.HIGH, told_at=told_at)
    )
    qtbot.waitUntil(lambda: board.alert_strip.isVisible())
    assert "Overdue cases · Second level: 1, since" in board.alert_strip.banner.text
    with _board_of(call_centre, tmp_path / "other") as other:
        qtbot.waitUntil(lambda: other.alert_strip.banner.isVisible())
        assert [alert.id for alert in other.alert_strip.shown] == [alert.id for alert in board.alert_strip.shown]
        board.alert_strip.see()
        assert board.alert_strip.banner.isHidden()
        qtbot.waitUntil(lambda: other.alert_strip.banner.isHidden())
        qtbot.waitUntil(lambda: "seen by Cleo" in other.alert_strip.quiet.text())


def _alert(minute: int, *, seen: str = "") -> Alert:
    at = builders.NOW + timedelta(minutes=minute)
    key = AlertKey(measure=Measure.LONGEST_WAIT)
    return Alert(id=new_id(), key=key, raised_at=at, value=Fraction(90), seen_by=seen, seen_at=at if seen else None)


def test_many_alerts_at_once_make_one_sound(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    beeps: list[float] = []
    clock = [0.0]
    bell = AlertBell(window, WrittenNotifier(), lambda: beeps.append(clock[0]), lambda: clock[0])
    old = _alert(0)
    bell.follow([old])  # it was there when the board opened
    first = [_alert(minute) for minute in range(5)]
    bell.follow([old, *first])
    clock[0] = 1.0
    more = [_alert(minute) for minute in range(3)]
    bell.follow([*first, *more])
    assert beeps == [0.0]
    clock[0] = REST_S
    bell.follow([*first, *more])  # those that came meanwhile, together
    bell.follow([*first, *more])
    assert beeps == [0.0, REST_S]
    clock[0] = 3 * REST_S
    bell.follow([*first, *more, _alert(9, seen="Cleo")])
    bell.follow([replace(_alert(9), ended_at=builders.NOW)])
    assert beeps == [0.0, REST_S]


def test_an_alert_is_told_on_other_screens_and_what_is_switched_off_is_quiet(qtbot: QtBot) -> None:
    window, notifier = QWidget(), WrittenNotifier()
    qtbot.addWidget(window)
    beeps: list[None] = []
    bell = AlertBell(window, notifier, lambda: beeps.append(None), lambda: 0.0)
    bell.switches = replace(DEFAULT_SWITCHES, alert_sound=False)
    bell.follow([])
    bell.follow([_alert(1)])  # the board is behind another screen
    assert beeps == [] and [text.split(":")[0] for text in notifier.warned] == ["An alert"]
    assert "Longest wait now: 01:30" in notifier.warned[0]
    window.show()
    bell = AlertBell(window, notifier, lambda: beeps.append(None), lambda: 0.0)
    bell.follow([])
    bell.follow([_alert(2)])
    assert len(beeps) == 1 == len(notifier.warned)  # the board says it itself


def test_alerts_are_followed_behind_another_screen(
    call_centre: Centre, open_console: OpenConsole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.supervisor.screen._HIDDEN_MS", 200)
    lead = open_console(person=call_centre.seeded.lead)
    board = lead.shell.board
    assert board is not None and not board.isVisible()  # she works on cases
    lead.desk.supervision.alerts.rules.put(_rule())
    told_at = datetime.now(UTC) - timedelta(days=2)
    command = builders.escalation(call_centre.seeded.agent, urgency=Urgency.HIGH, told_at=told_at)
    Commands(call_centre.database).apply(command)
    notice = lead.window._warning
    lead.wait(lambda: notice.isVisible() and "Overdue cases · Second level: 1" in notice.text)
    assert not board.isVisible()


def test_a_supervisor_switches_the_sound_off_in_the_menu_and_finds_it_so_again(
    call_centre: Centre, open_console: OpenConsole
) -> None:
    lead = open_console(person=call_centre.seeded.lead)
    lead.shell.line.open_person_menu()
    menu = lead.shell.line.findChild(QMenu)
    assert isinstance(menu, QMenu)
    groups = {action.text(): action.menu() for action in menu.actions() if action.menu()}
    assert list(groups) == ["When an alert comes"]  # she takes no calls
    switches = groups["When an alert comes"]
    assert isinstance(switches, QMenu)
    sound = next(action for action in switches.actions() if action.text() == "Sound")
    assert sound.isChecked()
    sound.trigger()
    board = lead.shell.board
    assert board is not None and not board.bell.switches.alert_sound and board.bell.switches.alert_taskbar
    lead.wait(lambda: not kept_switches().alert_sound)
    lead.shell.switch_language()  # all screens are made anew
    assert lead.shell.board is not None and not lead.shell.board.bell.switches.alert_sound


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
