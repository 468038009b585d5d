"""Alerts on the boards and behind other screens: seen once for all, one sound for many, and what is switched off."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.domain.alerts import Alert, AlertKey, AlertRule, ServiceHours
from app.domain.board_figures import Measure
from app.domain.cases import Level, Urgency
from app.domain.ids import new_id
from app.services.commands import Commands
from tests import builders
from tests.fakes import WrittenNotifier
from tests.ui import supervision_rig
from tests.ui.console import Centre, Console
from tests.ui.supervision_rig import board_of
from ui.supervisor import SupervisorBoard
from ui.supervisor.alert_bell import REST_S, AlertBell
from ui.switches import DEFAULT_SWITCHES, kept_switches

board = supervision_rig.board  # its fixture, here too

OpenConsole = Callable[..., Console]


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
    with board_of(call_centre, tmp_path / "other") as other:
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
