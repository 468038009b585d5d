"""The small widgets: what they show, say and never do."""

import subprocess
import sys

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QListWidget,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.i18n import set_language
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.busy import Busy
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.facts import Facts
from ui.widgets.help_sheet import HelpSheet
from ui.widgets.key_button import KeyButton
from ui.widgets.key_cap import KeyCap
from ui.widgets.pill import Pill
from ui.widgets.plain_label import ElidedLabel, PlainLabel
from ui.widgets.toast import Toast, show_toast

MARKUP = "<b>Müller</b> & Söhne"


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """A window with a field that has the focus, as a note has it while somebody types."""
    made, field = QWidget(), QLineEdit()
    QVBoxLayout(made).addWidget(field)
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    made.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    return made


def add(window: QWidget, widget: QWidget) -> None:
    layout = window.layout()
    assert layout is not None
    layout.addWidget(widget)


def note(window: QWidget) -> QLineEdit:
    field = window.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    return field


def test_plain_label_shows_markup_as_it_is(qtbot: QtBot) -> None:
    label = PlainLabel(MARKUP, kind="title")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == MARKUP
    label.set_kind("muted")
    assert label.property("kind") == "muted"


def test_elided_label_has_its_whole_text_in_the_tool_tip(qtbot: QtBot) -> None:
    label = ElidedLabel(f"{MARKUP}\n{'lang ' * 40}")
    qtbot.addWidget(label)
    label.resize(120, 20)
    label.show()
    label.grab()
    assert label.text().startswith(f"{MARKUP} lang")
    assert "&lt;b&gt;Müller" in label.toolTip()
    label.setText("kurz")
    assert label.toolTip() == ""
    assert label.minimumSizeHint().width() < 60


def test_banner_leaves_the_focus_in_the_note(window: QWidget, qtbot: QtBot) -> None:
    banner = Banner(is_closable=True)
    add(window, banner)
    assert banner.isHidden()
    tries: list[int] = []
    banner.show_message(Tone.DANGER, MARKUP, action_text="Try again", action=lambda: tries.append(1))
    action, close = banner.findChild(QPushButton), banner.findChild(QToolButton)
    assert isinstance(action, QPushButton)
    assert isinstance(close, QToolButton)
    QTest.mouseClick(action, Qt.MouseButton.LeftButton)
    assert tries == [1]
    assert note(window).hasFocus()
    assert (banner.text, banner.tone) == (MARKUP, Tone.DANGER)
    banner.grab()
    banner.show_message(Tone.GOOD, "back")
    assert action.isHidden()
    with qtbot.waitSignal(banner.closed):
        QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert banner.isHidden()
    assert note(window).hasFocus()


def test_toast_stays_inside_and_leaves_the_focus(window: QWidget) -> None:
    first = show_toast(window, "copied")
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
    assert toast.geometry().intersects(button.geometry())
    window.setCurrentWidget(other)
    qtbot.waitUntil(lambda: not toast.geometry().intersects(button.geometry()))
    assert window.rect().contains(toast.geometry())
    place = toast.pos()
    window.setCurrentIndex(0)
    qtbot.wait(600)
    assert toast.pos() == place  # it covered nothing, so nobody's eyes had to follow it


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


def test_toast_expires_and_goes(window: QWidget, qtbot: QtBot) -> None:
    taken: list[str] = []
    toast = show_toast(
        window, "sent", undo=lambda: taken.append("undo"), expired=lambda: taken.append("expired"), seconds=0.1
    )
    qtbot.waitUntil(lambda: taken == ["expired"])
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(toast)
    assert window.findChildren(Toast) == []


def test_pill_is_a_label_with_a_word(qtbot: QtBot) -> None:
    pill = Pill("Available", Tone.GOOD, "check")
    qtbot.addWidget(pill)
    narrow = pill.sizeHint()
    pill.set_state("After-call work", Tone.WARNING, "clock")
    assert pill.sizeHint().width() > narrow.width()
    assert (pill.text(), pill.tone) == ("After-call work", Tone.WARNING)
    pill.grab()


def test_key_button_says_its_key(qtbot: QtBot) -> None:
    button = KeyButton("Escalate", "F8", kind="primary", icon_name="escalate")
    plain = KeyButton("Escalate")
    qtbot.addWidget(button)
    qtbot.addWidget(plain)
    assert button.accessibleDescription() == "Key: F8"
    assert plain.accessibleDescription() == ""
    assert button.sizeHint().width() > plain.sizeHint().width() + 30
    button.set_icon("")
    button.set_kind("danger")
    button.setEnabled(False)
    button.grab()
    set_language("xx")
    QApplication.sendEvent(button, QEvent(QEvent.Type.LanguageChange))
    assert button.accessibleDescription().startswith("⟦")
    with qtbot.waitSignal(plain.clicked):
        QTest.mouseClick(plain, Qt.MouseButton.LeftButton)


def test_card_has_title_header_and_body(qtbot: QtBot) -> None:
    card = Card("Customer")
    qtbot.addWidget(card)
    card.body.addWidget(QLineEdit())
    card.header.addWidget(QPushButton("Copy"))
    card.set_title("")
    card.show()
    assert card.title == ""


def test_empty_state_says_why(qtbot: QtBot) -> None:
    empty = EmptyState("headset", "No call", "It will appear here.")
    qtbot.addWidget(empty)
    empty.set_state("search", "Nothing found")
    empty.show()
    empty.grab()
    shown = [label.text() for label in empty.findChildren(PlainLabel) if label.isVisible()]
    assert shown == ["Nothing found"]


def test_busy_comes_late_and_lets_the_mouse_through(window: QWidget, qtbot: QtBot) -> None:
    busy = Busy(window, delay_ms=1)
    busy.start()
    busy.start()
    assert busy.isHidden()
    qtbot.waitUntil(busy.isVisible)
    assert busy.size() == window.size()
    assert busy.accessibleName() == "Loading …"
    window.resize(500, 300)
    assert busy.size() == window.size()
    busy.grab()
    assert note(window).hasFocus()
    busy.stop()
    assert busy.isHidden()


def test_busy_never_appears_for_quick_answers(window: QWidget, qtbot: QtBot) -> None:
    busy = Busy(window, delay_ms=20)
    busy.start()
    busy.stop()
    later = Busy(window, delay_ms=60)
    later.start()
    qtbot.waitUntil(later.isVisible)
    assert busy.isHidden()


def test_facts_show_a_dash_for_what_is_missing(qtbot: QtBot) -> None:
    facts = Facts([("Customer", MARKUP), ("Mail", None), ("Since", "2031")])
    qtbot.addWidget(facts)
    facts.show()
    assert facts.value("Customer") == MARKUP
    assert facts.value("Mail") == "–"
    facts.set_facts([("Customer", "Erika")])
    assert facts.value("Customer") == "Erika"
    with pytest.raises(KeyError):
        facts.value("Since")
    values = [label for label in facts.findChildren(PlainLabel) if label.text() == "Erika"]
    assert values[0].textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse


def test_icon_only_controls_have_names(window: QWidget) -> None:
    add(window, Banner(is_closable=True))
    for button in window.findChildren(QAbstractButton):
        if not button.text() and not button.isHidden():
            assert button.accessibleName()


def test_importing_the_look_loads_no_database() -> None:
    modules = (
        "ui.theme ui.background ui.refresh ui.shortcuts ui.widgets.record_table ui.widgets.help_sheet ui.widgets.toast"
    )
    code = (
        f"import importlib, sys\nfor name in {modules.split()!r}: importlib.import_module(name)\n"
        "print([name for name in ('sqlalchemy', 'psycopg', 'keyring') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
