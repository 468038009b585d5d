"""Times that run: how long they are written, one timer for all, and rest where nobody looks."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.builders import NOW
from ui.widgets.elapsed import Elapsed, duration_text


@pytest.mark.parametrize(
    "seconds,text",
    [(-5, "00:00"), (0, "00:00"), (59.9, "00:59"), (61, "01:01"), (3600, "1:00:00"), (90061, "25:01:01")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def test_elapsed_counts_while_it_is_seen(qtbot: QtBot) -> None:
    times = [NOW]
    label = Elapsed(NOW - timedelta(seconds=7), now=lambda: times[-1])
    qtbot.addWidget(label)
    assert label.text() == "00:07"
    label.show()
    times.append(NOW + timedelta(seconds=60))
    qtbot.waitUntil(lambda: label.text() == "01:07")
    label.set_since(times[-1])
    assert label.text() == "00:00"
    label.set_since(None)
    assert label.text() == "–"
    assert not label.is_running


def test_all_elapsed_share_one_timer_that_rests(qtbot: QtBot, qapp: QApplication) -> None:
    labels = [Elapsed(NOW) for _ in range(5)]
    for label in labels:
        qtbot.addWidget(label)
        label.show()
    clocks = [child for child in qapp.children() if child.objectName() == "elapsed_clock"]
    assert len(clocks) == 1
    timer = clocks[0].children()[0]
    assert timer.property("active")
    for label in labels:
        label.hide()
    qtbot.waitUntil(lambda: not timer.property("active"))
