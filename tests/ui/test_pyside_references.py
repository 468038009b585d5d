"""PySide6 6.12.0 loses references to True and None on Python 3.11, then aborts; this notices it in time."""

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

ROUNDS = 300
SLACK = 60  # other threads and caches come and go


class Sender(QObject):
    told = Signal(bool)
    named = Signal(object)


def test_emits_and_calls_keep_references(qtbot: QtBot) -> None:
    sender, label = Sender(), QLabel()
    qtbot.addWidget(label)
    heard: list[int] = []
    sender.told.connect(lambda value: heard.append(int(value)))
    sender.named.connect(lambda value: heard.append(0 if value is None else 1))
    before = sys.getrefcount(True), sys.getrefcount(None)
    for number in range(ROUNDS):
        sender.told.emit(True)
        sender.named.emit(None)
        label.setText(str(number))
        label.setEnabled(True)
    after = sys.getrefcount(True), sys.getrefcount(None)
    assert len(heard) == 2 * ROUNDS
    assert all(abs(now - then) < SLACK for now, then in zip(after, before, strict=True)), (before, after)
