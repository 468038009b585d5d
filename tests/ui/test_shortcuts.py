"""The keys: none twice, none that types a character, each reaches its action from a field."""

import re
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.i18n import set_language
from ui import shortcuts
from ui.models.records import Column, RecordModel
from ui.shortcuts import Shortcut
from ui.widgets.help_sheet import HelpSheet
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable

KEYS = [(shortcut, key) for shortcut in Shortcut for key in shortcut.keys]
ALLOWED = re.compile(r"(?!.*Alt\+)(?!.*, )(Ctrl\+(Shift\+)?.+|(Shift\+)?(F([1-9]|1[0-2])|Esc))")


def test_no_key_twice_and_all_allowed() -> None:
    assert [(one, other) for one, other in combinations(KEYS, 2) if _portable(one[1]) == _portable(other[1])] == []
    assert [key for _, key in KEYS if not _is_allowed(key)] == []


@pytest.mark.parametrize("key", ["A", "Alt+1", "Ctrl+Alt+K", "Alt+F4", "Shift+A", "Ctrl+K, Ctrl+B", "", "1"])
def test_keys_that_type_or_belong_to_the_desktop(key: str) -> None:
    assert not _is_allowed(key)


@pytest.mark.parametrize("shortcut,key", KEYS, ids=lambda value: str(value))
@pytest.mark.parametrize("field_type", [QLineEdit, QPlainTextEdit, RecordTable])
def test_key_reaches_its_action_from_any_field(
    shortcut: Shortcut, key: str, field_type: type[QWidget], qtbot: QtBot
) -> None:
    window, field = QWidget(), _field(field_type)
    QVBoxLayout(window).addWidget(field)
    qtbot.addWidget(window)
    heard: list[int] = []
    if shortcut is Shortcut.TAKE_HIT:
        shortcuts.install_hits(window, heard.append)
    else:
        shortcuts.install(window, {shortcut: lambda: heard.append(0)})
    window.show()
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keySequence(window.windowHandle(), QKeySequence(key))
    assert heard == [int(key[-1]) - 1 if shortcut is Shortcut.TAKE_HIT else 0]


def test_hits_are_not_bound_by_install(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    with pytest.raises(ValueError, match="install_hits"):
        shortcuts.install(window, {Shortcut.TAKE_HIT: window.close})


def test_sheet_has_every_key() -> None:
    rows = [row for section in shortcuts.sheet() for row in section.rows]
    assert len(rows) == len(Shortcut)
    assert ("F8", "Escalate") in rows


def test_sheet_texts_come_from_the_catalogue() -> None:
    set_language("xx")
    for section in shortcuts.sheet():
        assert all(text.startswith("⟦") for text in (section.title, *(text for _, text in section.rows)))


def test_help_sheet_opens_closes_and_gives_the_focus_back(qtbot: QtBot) -> None:
    window, field = QWidget(), QLineEdit()
    QVBoxLayout(window).addWidget(field)
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    sheet = HelpSheet(window)
    sheet.toggle()
    assert sheet.isVisible()
    assert sheet.size() == window.size()
    assert "Escalate" in {label.text() for label in sheet.findChildren(PlainLabel)}
    window.resize(1000, 700)
    assert sheet.size() == window.size()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isHidden()
    assert field.hasFocus()
    sheet.toggle()
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert sheet.isHidden()


def _field(field_type: type[QWidget]) -> QWidget:
    if field_type is RecordTable:
        return RecordTable(RecordModel([Column(title=str, text=str)]))
    return field_type()


def _is_allowed(key: str) -> bool:
    """One combination that types no character on any keyboard: no Ctrl+Alt, no bare or Alt letters and digits."""
    return ALLOWED.fullmatch(_portable(key)) is not None


def _portable(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
