"""What was written between an agent and the supervisors, newest last."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.notices import HandLine
from app.i18n import tr
from ui.labels import clock_text
from ui.theme import scaled
from ui.widgets.plain_label import PlainLabel

_SHOWN = 4  # the latest; help is a short talk


class HandLines(QWidget):
    """The latest lines, as plain text."""

    def __init__(self, me: UUID) -> None:
        super().__init__()
        self._me = me
        self._labels = tuple(PlainLabel() for _ in range(_SHOWN))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(2))
        for label in self._labels:
            label.setWordWrap(True)
            label.hide()
            column.addWidget(label)
        self.hide()

    @property
    def texts(self) -> tuple[str, ...]:
        """What is shown."""
        return tuple(label.text() for label in self._labels if not label.isHidden())

    def show_lines(self, lines: Sequence[HandLine]) -> None:
        """Show the latest of these."""
        shown = lines[-_SHOWN:]
        for number, label in enumerate(self._labels):
            label.setVisible(number < len(shown))
            if number < len(shown):
                line = shown[number]
                name = tr("You") if line.by == self._me else line.by_name
                label.setText(tr("{name}, {time}: {text}", name=name, time=clock_text(line.at), text=line.text))
        self.setVisible(bool(shown))
