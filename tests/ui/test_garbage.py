"""Garbage is collected between two events of the window, never in a thread or in the middle of what Qt does."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui import garbage, theme


class _OfItself(QWidget):
    """Nothing but a collection ends it."""

    def __init__(self) -> None:
        super().__init__()
        self.me = self


class _Busy(QWidget):
    """Needs much memory whenever Qt tells it of another style, and a thread does so, too."""

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            thread = threading.Thread(target=_need_memory)
            thread.start()
            thread.join()
            _need_memory()
        super().changeEvent(event)


def _need_memory() -> None:
    """Enough for Python to begin a collection of each generation, where it may."""
    kept: list[list[object]] = []
    for _ in range(200_000):
        kept.append([])


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot) -> Iterator[QWidget]:
    made = QWidget()
    qtbot.addWidget(made)
    gc.enable()
    yield made
    gc.disable()
    theme.apply(qapp, theme.Scheme.LIGHT)


def test_windows_that_are_over_live_while_qt_goes_through_all(
    window: QWidget, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were destroyed under its hands, and the process died."""
    monkeypatch.setattr(garbage, "INTERVAL_MS", 10)
    monkeypatch.setattr(garbage, "FULL_EVERY", 1)
    garbage.collect_here(window)
    busy = _Busy(window)
    over = [weakref.ref(_OfItself()) for _ in range(30)]
    for widget in (busy, *(one() for one in over)):
        assert widget is not None
        widget.ensurePolished()
    del widget
    qapp.setStyleSheet(qapp.styleSheet() + " QWidget { padding: 0 }")
    assert all(one() is not None for one in over)
    qtbot.waitUntil(lambda: all(one() is None for one in over))


def test_what_is_kept_is_looked_at_no_more(window: QWidget) -> None:
    garbage.collect_here(window)
    garbage.keep_all()
    assert gc.get_freeze_count() > 0 and not gc.isenabled()
