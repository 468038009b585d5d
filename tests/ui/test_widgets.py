"""The small widgets: what they show, say and never do."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QTextLayout
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.i18n import set_language
from tests.ui import note_window
from tests.ui.note_window import note
from ui.plain_text import in_one_line
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.busy import Busy
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.facts import Facts
from ui.widgets.key_button import KeyButton
from ui.widgets.pill import Pill
from ui.widgets.plain_label import ElidedLabel, PlainLabel
from ui.widgets.scrolled_column import ScrolledColumn

window = note_window.window  # its fixture, here too

MARKUP = "<b>Müller</b> & Söhne"


def add(window: QWidget, widget: QWidget) -> None:
    layout = window.layout()
    assert layout is not None
    layout.addWidget(widget)


def test_plain_label_shows_markup_as_it_is(qtbot: QtBot) -> None:
    label = PlainLabel(MARKUP, kind="title")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == MARKUP
    label.set_kind("muted")
    assert label.property("kind") == "muted"


def test_a_word_longer_than_its_line_is_broken_and_none_is_changed(qtbot: QtBot) -> None:
    word = "Grundstücksverwaltungsgesellschaftsvorstandsassistenz"
    label = PlainLabel(f"{MARKUP} {word}")
    label.setWordWrap(True)
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() < label.fontMetrics().horizontalAdvance(word) * 0.6
    assert label.text() == f"{MARKUP} {word}"
    label.setText(word)
    assert label.minimumSizeHint().width() < label.fontMetrics().horizontalAdvance(word) * 0.6
    assert label.text() == word


def test_a_number_beside_a_name_in_hebrew_is_read_as_it_is() -> None:
    name, number = "יעל כהן", "+49 30 23125302"
    line = in_one_line(name, number, "", "Router")
    assert line == f"\u2068{name}\u2069 · {number} · Router"
    assert in_one_line("Büro Süd", number) == f"Büro Süd · {number}"
    layout = QTextLayout(line, QApplication.font())
    layout.beginLayout()
    drawn = layout.createLine()
    layout.endLayout()
    places = [drawn.cursorToX(line.index(part))[0] for part in ("+49", "30", "23125302", "Router")]  # type: ignore[index]
    assert places == sorted(places)


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


def test_a_column_without_room_scrolls_and_squeezes_nothing(qtbot: QtBot) -> None:
    texts = [PlainLabel(f"{number} " + "many words of a customer " * 8) for number in range(6)]
    for text in texts:
        text.setWordWrap(True)
    column = ScrolledColumn(300, tuple(texts))
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    layout.addWidget(column)
    layout.addWidget(PlainLabel("the rest"), 1)
    window.resize(330, 250)
    window.show()
    qtbot.waitUntil(lambda: column.verticalScrollBar().maximum() > 0)
    assert all(text.height() >= text.heightForWidth(text.width()) for text in texts)
    for text in texts[1:]:
        text.hide()
    qtbot.waitUntil(lambda: column.verticalScrollBar().maximum() == 0 and column.viewport().width() == column.width())
    assert column.height() == column.sizeHint().height()
    before_px = column.height()
    texts[1].show()
    qtbot.waitUntil(lambda: column.height() > before_px)
    assert column.viewport().width() == column.width()  # no bar is left from when there was no room yet
