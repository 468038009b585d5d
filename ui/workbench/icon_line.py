"""A line of text with a small icon before it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui import icons
from ui.theme import colours, scaled
from ui.widgets.plain_label import PlainLabel

_ICON_PX = 14


class IconLine(QWidget):
    """Wraps its text; the icon stays at the first line. What can be done with the line stands at its end."""

    def __init__(self, icon_name: str, text: str, *, indent: int = 0, button: QWidget | None = None) -> None:
        super().__init__()
        self._icon_name = icon_name
        self._left = scaled(20) * indent
        self._top = 0
        label = PlainLabel(text)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(self._left + scaled(_ICON_PX + 6), 0, 0, 0)
        layout.addWidget(label, 1, Qt.AlignmentFlag.AlignTop)
        if button:  # the first line stands beside its middle
            self._top = max(0, (button.sizeHint().height() - self.fontMetrics().height()) // 2)
            label.setContentsMargins(0, self._top, 0, 0)
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The icon, in the colour of the scheme."""
        del event
        size = scaled(_ICON_PX)
        top = self._top + (self.fontMetrics().height() - size) / 2
        icons.paint(QPainter(self), QRectF(self._left, top, size, size), self._icon_name, colours().muted)
