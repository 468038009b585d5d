"""A strip across the window: something is the matter, and what can be done about it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from app.i18n import tr
from ui import icons
from ui.theme import Tone, colours, scaled
from ui.widgets.announce import announce
from ui.widgets.plain_label import PlainLabel

TONE_ICONS = {
    Tone.NEUTRAL: "info",
    Tone.ACCENT: "info",
    Tone.INFO: "info",
    Tone.GOOD: "check",
    Tone.WARNING: "warning",
    Tone.DANGER: "warning",
}

_BAR_PX = 4


class Banner(QFrame):
    """Icon, sentence and at most one action; hidden until there is something to say. Never takes the focus."""

    closed = Signal()
    """The person closed it."""

    def __init__(self, parent: QWidget | None = None, *, is_closable: bool = False) -> None:
        super().__init__(parent)
        self._tone = Tone.INFO
        self._icon_name = "info"
        self._act: Callable[[], None] | None = None
        self._sentence = PlainLabel()
        self._sentence.setWordWrap(True)
        self._sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._action = QPushButton()
        self._action.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the caret where it is
        self._action.hide()
        self._action.clicked.connect(self._on_action)
        self._close = QToolButton(self)
        self._close.setProperty("kind", "ghost")
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.setVisible(is_closable)
        self._close.clicked.connect(self._on_close)
        icons.put(self._close, "close")
        self._lay_out()
        self.retranslate()
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._sentence.text()

    @property
    def tone(self) -> Tone:
        """The tone shown."""
        return self._tone

    def show_message(
        self,
        tone: Tone,
        text: str,
        *,
        action_text: str = "",
        action: Callable[[], None] | None = None,
        icon_name: str = "",
    ) -> None:
        """Show a sentence in place of the one before; a screen reader says it once, not at each new age of the data.

        Args:
            action: called by the button; the banner stays until `hide()`.
            icon_name: another icon than the tone's.
        """
        is_news = self.isHidden() or tone is not self._tone
        self._tone = tone
        self._icon_name = icon_name or TONE_ICONS[tone]
        self._sentence.setText(text)
        self._act = action
        self._action.setText(action_text)
        self._action.setVisible(bool(action_text))
        self.setMinimumHeight(scaled(34))
        self.show()
        self.update()
        if is_news:
            announce(self, text)

    def retranslate(self) -> None:
        """The banner's own texts in the current language."""
        self._close.setAccessibleName(tr("Close"))
        self._close.setToolTip(tr("Close"))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, bar at the left, icon."""
        del event
        line, ground = colours().tone(self._tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(self.rect(), 6, 6)
        painter.setClipRect(0, 0, _BAR_PX, self.height())
        painter.setBrush(line)
        painter.drawRoundedRect(0, 0, 4 * _BAR_PX, self.height(), 6, 6)
        painter.setClipping(False)
        size = scaled(16)
        icons.paint(painter, QRectF(scaled(14), (self.height() - size) / 2, size, size), self._icon_name, line)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(scaled(38), scaled(4), scaled(6), scaled(4))
        layout.setSpacing(scaled(10))
        layout.addWidget(self._sentence, 1)
        layout.addWidget(self._action)
        layout.addWidget(self._close)

    def _on_action(self) -> None:
        if self._act:
            self._act()

    def _on_close(self) -> None:
        self.hide()
        self.closed.emit()
