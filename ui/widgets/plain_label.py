"""Labels for texts that may come from anywhere: never markup, and one that shortens itself."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QStyle, QWidget

from ui.plain_text import as_tool_tip, breakable
from ui.theme import set_kind


class PlainLabel(QLabel):
    """A label that shows exactly the characters it is given."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, kind: str = "") -> None:
        """
        Args:
            kind: a look: "title", "heading", "caption", "muted", "number", "danger", "warning", "good".
        """
        super().__init__(parent)
        self._text = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        if kind:
            self.setProperty("kind", kind)

    def set_kind(self, kind: str) -> None:
        """Another look, also after the label was shown."""
        set_kind(self, kind)

    def text(self) -> str:
        """What it was given."""
        return self._text

    def setText(self, text: str) -> None:
        """Where lines are broken, a word that is longer than a line is, too."""
        self._text = text
        super().setText(breakable(text) if self.wordWrap() else text)

    def setWordWrap(self, on: bool) -> None:
        """Break lines at spaces, and in words that are too long."""
        super().setWordWrap(on)
        self.setText(self._text)


class ElidedLabel(PlainLabel):
    """One line that ends in "…" where the room ends; the whole text is in its tool tip and for a screen reader."""

    def setText(self, text: str) -> None:
        """Line breaks become spaces."""
        super().setText(" ".join(text.split()))
        self._show_tool_tip()

    def minimumSizeHint(self) -> QSize:
        """Three characters will do."""
        return QSize(self.fontMetrics().horizontalAdvance("x" * 3), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less is hidden now."""
        super().resizeEvent(event)
        self._show_tool_tip()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        del event
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())
        painter = QPainter(self)
        alignment = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        self.style().drawItemText(
            painter, self.contentsRect(), alignment, self.palette(), self.isEnabled(), shown, self.foregroundRole()
        )

    def _show_tool_tip(self) -> None:
        is_cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
        self.setToolTip(as_tool_tip(self.text()) if is_cut else "")
