"""What stands where there is nothing to show: why, and what to do."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui import icons
from ui.theme import colours, scaled
from ui.widgets.plain_label import PlainLabel


class EmptyState(QWidget):
    """Icon, sentence and a quieter hint, in the middle of the room there is."""

    def __init__(self, icon_name: str, text: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = _Picture(icon_name)
        self._text = PlainLabel(text, kind="heading")
        self._hint = PlainLabel(hint, kind="muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(24), scaled(16), scaled(24), scaled(16))
        layout.setSpacing(scaled(6))
        layout.addStretch(1)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._text, self._hint):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        layout.addStretch(1)
        self._hint.setVisible(bool(hint))

    def set_state(self, icon_name: str, text: str, hint: str = "") -> None:
        """Another reason for the emptiness."""
        self._picture.icon_name = icon_name
        self._picture.update()
        self._text.setText(text)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))


class _Picture(QWidget):
    """The icon in a soft disc."""

    def __init__(self, icon_name: str) -> None:
        super().__init__()
        self.icon_name = icon_name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(scaled(52), scaled(52))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        scheme = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(scheme.accent_soft)
        painter.drawEllipse(self.rect())
        size = scaled(24)
        edge = (self.width() - size) / 2
        icons.paint(painter, QRectF(edge, edge, size, size), self.icon_name, scheme.accent)
