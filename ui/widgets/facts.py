"""Labels and values in a grid: what is known about a customer, a case or a contract."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.theme import scaled
from ui.widgets.plain_label import PlainLabel

MISSING = "–"


class Facts(QWidget):
    """Values can be selected and copied; a value that is missing is a dash, so that its absence is seen."""

    def __init__(self, facts: Sequence[tuple[str, str | None]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[PlainLabel, PlainLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(scaled(14))
        self._grid.setVerticalSpacing(scaled(5))
        self._grid.setColumnStretch(1, 1)
        self.set_facts(facts)

    def set_facts(self, facts: Sequence[tuple[str, str | None]]) -> None:
        """Show these (label, value) pairs; rows are used again, so that nothing flickers."""
        while len(self._rows) < len(facts):
            self._add_row()
        for number, (label, value) in enumerate(self._rows):
            is_used = number < len(facts)
            label.setVisible(is_used)
            value.setVisible(is_used)
            if is_used:
                label.setText(facts[number][0])
                value.setText(facts[number][1] or MISSING)

    def value(self, label: str) -> str:
        """The value shown beside a label; KeyError when there is no such label."""
        for shown, value in self._rows:
            if shown.text() == label and not shown.isHidden():
                return value.text()
        raise KeyError(label)

    def _add_row(self) -> None:
        label, value = PlainLabel(kind="muted"), PlainLabel()
        value.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        value.setAlignment(Qt.AlignmentFlag.AlignTop)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = len(self._rows)
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignTop)
        self._rows.append((label, value))
