"""Sound, tray and taskbar of a call that rings: each by its own switch, and never the focus."""

import tomllib
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QMenu

from app import settings
from tests.patience import LIMIT_MS
from tests.ui.console import Centre, Console
from ui import ring_alerts
from ui.ring_alerts import RingAlerts
from ui.switches import DEFAULT_SWITCHES, Group, add_switches

OpenConsole = Callable[..., Console]


def sounds(alerts: RingAlerts) -> bool:
    return alerts.is_sounding


def test_the_bell_sounds_until_the_call_is_taken(
    call_centre: Centre, open_console: OpenConsole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ring_alerts, "BEEP_MS", 10 * LIMIT_MS)  # not again before it is taken, on any machine
    agent = open_console(person=call_centre.seeded.agent)
    beeps: list[None] = []
    alerts = RingAlerts(agent.window, agent.shell.calls, lambda: beeps.append(None))
    focused = agent.window.focusWidget()
    agent.ring()
    agent.wait(lambda: agent.shell.calls.ringing is not None)
    assert len(beeps) == 1 and sounds(alerts) and agent.window.focusWidget() is focused
    agent.press("F2")
    agent.wait(lambda: agent.shell.calls.is_talking)
    assert not sounds(alerts) and len(beeps) == 1


def test_a_desk_without_sound_and_with_a_small_card(call_centre: Centre, open_console: OpenConsole) -> None:
    agent = open_console(person=call_centre.seeded.agent)
    beeps: list[None] = []
    alerts = RingAlerts(agent.window, agent.shell.calls, lambda: beeps.append(None))
    alerts.use(replace(DEFAULT_SWITCHES, ring_sound=False, ring_card=False))
    agent.ring()
    agent.wait(lambda: agent.shell.calls.ringing is not None)
    assert beeps == [] and not sounds(alerts)
    assert agent.screen.card._number.isHidden() and not agent.screen.card._who.isHidden()
    alerts.use(DEFAULT_SWITCHES)  # while it rings
    assert sounds(alerts) and not agent.screen.card._number.isHidden()


@pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)  # the platform without a screen has no tray
def test_the_systems_message_has_a_picture_and_so_has_the_window(
    call_centre: Centre, open_console: OpenConsole
) -> None:
    agent = open_console(person=call_centre.seeded.agent)
    alerts = agent.shell._alerts
    alerts._show_in_tray()  # as where the system has a tray
    tray = alerts._tray
    assert tray and tray.isVisible() and not tray.icon().isNull()
    assert not agent.window.windowIcon().isNull()
    alerts._stop()
    assert not tray.isVisible()


def test_the_menu_switches_one_thing_and_it_is_kept(call_centre: Centre, open_console: OpenConsole) -> None:
    agent = open_console(person=call_centre.seeded.agent)
    menu = QMenu()
    add_switches(menu, Group.RING, DEFAULT_SWITCHES, agent.shell.line.switched.emit)
    sound = next(action for action in menu.actions() if action.text() == "Sound")
    assert sound.isChecked()
    sound.trigger()
    assert agent.shell._alerts.switches == replace(DEFAULT_SWITCHES, ring_sound=False)
    agent.wait(lambda: settings.file().exists())
    agent.wait(lambda: tomllib.loads(settings.file().read_text()).get("ring_sound") is False)
