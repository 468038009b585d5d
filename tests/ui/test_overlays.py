"""What lies over the window: toasts, which cover nothing that can be used, and the sheet of keys."""

from functools import partial

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QListWidget,
    QPushButton,
    QStackedWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui import note_window
from tests.ui.note_window import note
from ui.widgets.help_sheet import HelpSheet
from ui.widgets.key_cap import KeyCap
from ui.widgets.plain_label import ElidedLabel
from ui.widgets.toast import Toast, show_toast

window = note_window.window  # its fixture, here too


def test_toast_stays_inside_and_leaves_the_focus(window: QWidget) -> None:
    first = show_toast(window, "copied", seconds=60)
    taken: list[str] = []
    second = show_toast(
        window, "sent", undo=lambda: taken.append("undo"), expired=lambda: taken.append("expired"), seconds=60
    )
    assert first.geometry().bottom() < second.geometry().top()
    assert window.rect().contains(second.geometry())
    undo = second.findChild(QPushButton)
    assert isinstance(undo, QPushButton)
    assert undo.text() == "Undo (60)"
    window.grab()
    QTest.mouseClick(second, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert note(window).hasFocus()
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert taken == ["undo"]
    assert note(window).hasFocus()
    assert not first.can_undo
    first.take_back()


def test_toast_follows_the_corner(window: QWidget) -> None:
    toast = show_toast(window, "copied")
    window.resize(600, 400)  # without a screen this takes the activity from the window, so it is a test of its own
    QCoreApplication.processEvents()
    assert window.rect().contains(toast.geometry())
    assert toast.geometry().right() > 560


def test_a_toast_covers_no_control(qtbot: QtBot) -> None:
    """With buttons in the corner and along the edge, a list above them, and no place but upon the list."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 500)
    rows = QListWidget(window)
    rows.setGeometry(0, 60, 900, 390)
    buttons = [QPushButton(f"button {n}", window) for n in range(3)]
    for place, button in enumerate(buttons):
        button.setGeometry(place * 300 + 20, 455, 260, 40)
    window.show()
    toasts = [show_toast(window, text, seconds=60) for text in ("copied", "sent")]
    QCoreApplication.processEvents()
    for toast in toasts:
        assert window.rect().contains(toast.geometry())
        assert not any(toast.geometry().intersects(button.geometry()) for button in buttons)
    assert not toasts[0].geometry().intersects(toasts[1].geometry())
    buttons[2].hide()
    window.resize(900, 501)
    QCoreApplication.processEvents()
    assert toasts[1].geometry().bottom() > buttons[2].geometry().top()  # the corner is free, so it goes there


def test_a_toast_makes_room_for_what_comes_under_it(qtbot: QtBot) -> None:
    """Another screen, whose buttons are where the toast has its place."""
    window = QStackedWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    button = QPushButton("send", other := QWidget())
    button.setGeometry(500, 600, 390, 90)
    for page in (QWidget(), other):
        window.addWidget(page)
    window.show()
    toast = show_toast(window, "copied", seconds=600)
    toast.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)  # as Qt leaves it when it was made under the mouse and moved
    assert toast.geometry().intersects(button.geometry())
    window.setCurrentWidget(other)
    qtbot.waitUntil(lambda: not toast.geometry().intersects(button.geometry()))
    assert window.rect().contains(toast.geometry())
    place = toast.pos()
    window.setCurrentIndex(0)
    qtbot.wait(600)
    assert toast.pos() == place  # it covered nothing, so nobody's eyes had to follow it


def test_a_toast_stands_below_the_last_row_and_not_on_the_chosen_one(qtbot: QtBot) -> None:
    """A list fills the window: what is under its rows is free, and when all is rows the chosen one is."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 500)
    rows = QListWidget(window)
    rows.setGeometry(0, 0, 900, 500)
    rows.addItems([f"row {n}" for n in range(3)])
    window.show()
    toast = show_toast(window, "copied", seconds=600)
    last = rows.visualItemRect(rows.item(2))
    assert toast.geometry().top() > last.bottom()

    rows.addItems([f"row {n}" for n in range(3, 100)])
    rows.scrollToBottom()
    rows.setCurrentRow(98)
    window.activateWindow()
    rows.setFocus()
    qtbot.waitUntil(rows.hasFocus)
    chosen = rows.visualItemRect(rows.item(98))
    qtbot.waitUntil(lambda: not toast.geometry().intersects(chosen))
    assert window.rect().contains(toast.geometry())


def test_a_toast_gives_way_to_who_points_at_a_row(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """One with something to click on itself stays."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 500)
    rows = QListWidget(window)
    rows.setGeometry(0, 0, 900, 500)
    rows.addItems([f"row {n}" for n in range(100)])
    window.show()
    for undo, gives_way in ((None, True), (lambda: None, False)):
        toast = show_toast(window, "copied", undo=undo, seconds=600)
        place = toast.geometry()
        pointer = window.mapToGlobal(place.center())
        monkeypatch.setattr(QCursor, "pos", partial(QPoint, pointer))
        at = QPointF(pointer)
        QCoreApplication.sendEvent(toast, QEnterEvent(at, at, at))
        assert toast.geometry().contains(place.center()) != gives_way
        toast.hide()


def test_no_more_toasts_than_can_be_read(window: QWidget) -> None:
    """What can be taken back stays for its time."""
    sent = show_toast(window, "sent", undo=lambda: None, seconds=600)
    toasts = [show_toast(window, f"copied {n}", seconds=600) for n in range(5)]
    assert [toast.text for toast in toasts if toast.isVisible()] == ["copied 2", "copied 3", "copied 4"]
    assert sent.isVisible() and sent.can_undo


def test_toast_expires_and_goes(window: QWidget, qtbot: QtBot) -> None:
    taken: list[str] = []
    toast = show_toast(
        window, "sent", undo=lambda: taken.append("undo"), expired=lambda: taken.append("expired"), seconds=0.1
    )
    qtbot.waitUntil(lambda: taken == ["expired"])
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(toast)
    assert window.findChildren(Toast) == []


def test_the_sheet_of_keys_shows_all_of_them_in_a_low_window(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1100, 700)
    window.show()
    keys = HelpSheet(window)
    keys.open()
    QCoreApplication.processEvents()
    caps = window.findChildren(KeyCap)
    lowest = max(caps, key=lambda cap: cap.mapTo(window, QPoint(0, 0)).y())
    assert lowest.visibleRegion().isEmpty()
    QTest.keyClick(keys, Qt.Key.Key_End)
    assert not lowest.visibleRegion().isEmpty()
    assert all(0 <= cap.mapTo(window, QPoint(0, 0)).x() < 1100 for cap in caps)
    QTest.keyClick(keys, Qt.Key.Key_Escape)
    assert keys.isHidden()


def test_no_row_of_the_sheet_of_keys_is_cut_off(window: QWidget, qtbot: QtBot) -> None:
    """Not even the longest, beside the bar of a window that is too low for all."""
    window.resize(1900, 700)
    keys = HelpSheet(window)
    keys.open()
    rows = keys.findChildren(ElidedLabel)
    assert rows
    qtbot.waitUntil(lambda: [row.text() for row in rows if row.toolTip()] == [])
