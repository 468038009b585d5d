"""A quiet placeholder for what is still being read; it comes late, so that quick answers never flicker."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.i18n import tr
from ui.theme import colours, row_px, scaled

DELAY_MS = 150
_WIDTHS = (0.62, 0.86, 0.74, 0.5)  # of the room; lines of text, seen from afar


class Busy(QWidget):
    """Covers `target` with grey lines from 150 ms after `start()` until `stop()`; takes no mouse and no focus."""

    def __init__(self, target: QWidget, delay_ms: int = DELAY_MS) -> None:
        super().__init__(target)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(delay_ms)
        self._timer.timeout.connect(self._on_late)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        target.installEventFilter(self)
        self.hide()

    def start(self) -> None:
        """Something is being read; a second call changes nothing."""
        if not self._timer.isActive() and self.isHidden():
            self._timer.start()

    def stop(self) -> None:
        """It is there, or will not come."""
        self._timer.stop()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the size of the target."""
        if event.type() == QEvent.Type.Resize:
            self._cover()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and lines."""
        del event
        scheme = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(scheme.raised)
        painter.drawRoundedRect(self.rect(), 8, 8)
        painter.setBrush(scheme.sunken)
        edge, thickness = scaled(12), scaled(10)
        for number, width in enumerate(_WIDTHS):
            top = edge + number * row_px()
            if top + thickness <= self.height():
                painter.drawRoundedRect(edge, top, int((self.width() - 2 * edge) * width), thickness, 5, 5)

    def _on_late(self) -> None:
        self.setAccessibleName(tr("Loading …"))
        self._cover()
        self.raise_()
        self.show()

    def _cover(self) -> None:
        target = self.parentWidget()
        if target is not None:
            self.resize(target.size())
