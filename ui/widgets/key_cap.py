"""A key as it looks on the keyboard."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import colours, scaled
from ui.widgets.plain_label import PlainLabel


class KeyCap(PlainLabel):
    """A small label with the edge of a key; `text` is the key in the person's language."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """At least square."""
        height = scaled(20)
        return QSize(max(height, self.fontMetrics().horizontalAdvance(self.text()) + scaled(12)), height)

    def minimumSizeHint(self) -> QSize:
        """It never shrinks."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Edge with a heavier foot, key."""
        del event
        scheme = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(scheme.line, 1))
        painter.setBrush(scheme.sunken)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(scheme.text)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
