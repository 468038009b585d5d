"""Finds texts that never came through the translation."""

import html
import re
from collections.abc import Iterable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QTableView, QWidget

_INNERMOST = re.compile("⟦[^⟦⟧]*⟧")
_NO_WORD = re.compile(r"[\W\d_]*")


def unwrapped(window: QWidget, data: Iterable[str]) -> list[str]:
    """What a person can read or hear in a window and is neither wrapped by the pseudo language nor `data`."""
    return sorted({text for text in _texts(window) if not _is_fine(text, sorted(data, key=len, reverse=True))})


def _is_fine(text: str, data: list[str]) -> bool:
    left = html.unescape(re.sub("</?qt>", "", text))
    while (without := _INNERMOST.sub("", left)) != left:
        left = without
    for known in data:
        left = left.replace(known, "")
    return _NO_WORD.fullmatch(left) is not None


def _texts(window: QWidget) -> Iterator[str]:
    for widget in (window, *window.findChildren(QWidget)):
        if widget.objectName().startswith(("qt_", "ScrollLeft", "ScrollRight")):  # Qt's own, and its own words
            continue
        yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        if isinstance(widget, QLineEdit | QPlainTextEdit):
            yield widget.placeholderText()
        if isinstance(widget, QTableView):
            yield from _table_texts(widget)


def _table_texts(table: QTableView) -> Iterator[str]:
    model = table.model()
    for column in range(model.columnCount()):
        yield str(model.headerData(column, Qt.Orientation.Horizontal))
        for row in range(model.rowCount()):
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                yield str(model.data(model.index(row, column), role) or "")
