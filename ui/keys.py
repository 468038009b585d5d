"""Presses keys as a person does, for the tour: through the window system's queue, so that shortcuts work."""

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

_STEP_MS = 10


def press(window: QWidget, keys: str) -> None:
    """A key or combination in portable spelling, e.g. "F8" or "Ctrl+Return", to whatever has the focus."""
    if QApplication.activePopupWidget() is None and not window.isActiveWindow():
        window.activateWindow()  # without a window manager a closed menu leaves no window active
        QTest.qWaitForWindowActive(window)
    combination = QKeySequence(keys)[0]  # type: ignore[index]
    QTest.keyClick(_focused(window), combination.key(), combination.keyboardModifiers())


def type_text(window: QWidget, text: str) -> None:
    """Character by character to whatever has the focus; umlauts too, which QTest cannot type."""
    for character in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = Qt.Key.Key_Return if character == "\n" else Qt.Key.Key_unknown
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, character)
            QApplication.sendEvent(_focused(window), event)


def wait_until(is_true: Callable[[], bool], limit_s: float = 60.0) -> bool:
    """Let the program run until the claim holds; False when it does not within the limit."""
    end_s = monotonic() + limit_s
    while not is_true():
        if monotonic() > end_s:
            return False
        let_run(_STEP_MS)
    return True


def let_run(milliseconds: int) -> None:
    """Let events and threads run; `QTest.qWait` would keep Python's lock, and the desk's threads would stand still."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _focused(window: QWidget) -> QWidget:
    """An open menu takes the keys, as it does on a screen."""
    return QApplication.activePopupWidget() or QApplication.focusWidget() or window
