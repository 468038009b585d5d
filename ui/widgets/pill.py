"""A state in one glance: icon, word and colour."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import icons
from ui.theme import Tone, colours, scaled
from ui.widgets.plain_label import PlainLabel


class Pill(PlainLabel):
    """A rounded word on its soft ground; it is a label, so a screen reader says the word."""

    def __init__(
        self, text: str = "", tone: Tone = Tone.NEUTRAL, icon_name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._tone = tone
        self._icon_name = icon_name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def tone(self) -> Tone:
        """The tone shown."""
        return self._tone

    def set_state(self, text: str, tone: Tone, icon_name: str = "") -> None:
        """Show another state."""
        self._tone = tone
        self._icon_name = icon_name
        self.setText(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its content."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2 * self._padding()
        return QSize(width + (self._icon_px() + scaled(5) if self._icon_name else 0), scaled(22))

    def minimumSizeHint(self) -> QSize:
        """It never shrinks: half a state is none."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, icon, word."""
        del event
        line, ground = colours().tone(self._tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(self.rect(), self.height() / 2, self.height() / 2)
        left = self._padding()
        if self._icon_name:
            size = self._icon_px()
            icons.paint(painter, QRectF(left, (self.height() - size) / 2, size, size), self._icon_name, line)
            left += size + scaled(5)
        painter.setPen(line)
        place = self.rect().adjusted(left, 0, -self._padding(), 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())

    def _padding(self) -> int:
        return scaled(9)

    def _icon_px(self) -> int:
        return scaled(14)
