"""A button that shows the key that does the same."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from app.i18n import tr
from ui import icons
from ui.shortcuts import key_text
from ui.theme import colours, scaled, set_kind


class KeyButton(QPushButton):
    """Icon, text and a small key cap at the right. The key itself is bound by `ui.shortcuts`, not here."""

    def __init__(
        self,
        text: str,
        key: str = "",
        *,
        kind: str = "secondary",
        icon_name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """
        Args:
            key: in portable spelling, e.g. "F8" or "Ctrl+Return"; shown in the person's language.
            kind: "primary", "secondary", "ghost" or "danger".
        """
        super().__init__(text, parent)
        self._key = key
        self._icon_name = icon_name
        self.setProperty("kind", kind)
        self._describe()

    def set_icon(self, icon_name: str) -> None:
        """Show another icon."""
        self._icon_name = icon_name
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: str) -> None:
        """Another look, also after the button was shown."""
        set_kind(self, kind)

    def sizeHint(self) -> QSize:
        """Room for all three parts."""
        text = self.fontMetrics().horizontalAdvance(self._shown_text())
        width = text + 2 * scaled(12) + self._icon_room() + self._cap_room()
        return QSize(width, max(super().sizeHint().height(), scaled(26)))

    def minimumSizeHint(self) -> QSize:
        """A button with half a text is none."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._describe()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style draws the button, this the parts upon it."""
        del event
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self._ink()
        content = self._icon_room() + self.fontMetrics().horizontalAdvance(self._shown_text())
        room = self.width() - self._cap_room()
        left = max(scaled(12), (room - content) // 2)
        if self._icon_name:
            size = scaled(16)
            icons.paint(painter, QRectF(left, (self.height() - size) / 2, size, size), self._icon_name, ink)
        painter.setPen(ink)
        place = self.rect().adjusted(left + self._icon_room(), 0, 0, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._shown_text())
        if self._key:
            self._paint_cap(painter, ink)

    def _paint_cap(self, painter: QPainter, ink: QColor) -> None:
        font = self._cap_font()
        width = self._cap_room() - scaled(10)
        height = scaled(17)
        cap = QRectF(self.width() - width - scaled(8), (self.height() - height) / 2, width, height)
        edge = QColor(ink)
        edge.setAlphaF(0.45)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(ink)
        painter.setFont(font)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key_text(self._key))

    def _ink(self) -> QColor:
        scheme = colours()
        if not self.isEnabled():
            return scheme.faint
        inks = {"primary": scheme.on_accent, "danger": scheme.on_danger, "ghost": scheme.accent}
        return inks.get(str(self.property("kind")), scheme.accent if self.isChecked() else scheme.text)

    def _shown_text(self) -> str:
        return self.text().replace("&", "")

    def _icon_room(self) -> int:
        return scaled(16) + scaled(6) if self._icon_name else 0

    def _cap_room(self) -> int:
        if not self._key:
            return 0
        return QFontMetrics(self._cap_font()).horizontalAdvance(key_text(self._key)) + scaled(10) + scaled(10)

    def _cap_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(scaled(11))
        font.setBold(False)
        return font

    def _describe(self) -> None:
        self.setAccessibleDescription(tr("Key: {key}", key=key_text(self._key)) if self._key else "")
