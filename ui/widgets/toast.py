"""A short confirmation low in the window, where it covers no control, if wanted with "Undo" and its time."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.i18n import tr
from ui import icons
from ui.theme import Tone, colours, scaled
from ui.widgets.announce import announce
from ui.widgets.banner import TONE_ICONS
from ui.widgets.plain_label import PlainLabel
from ui.widgets.toast_room import Room

SECONDS = 5
_MOST = 3  # at once, besides those that can be taken back
_STEP_MS = 50
_LOOK_MS = 500  # so soon it makes room for what came under it: another screen, a panel that opened
_MARGIN_PX = 16
_GAP_PX = 8


def show_toast(
    window: QWidget,
    text: str,
    *,
    tone: Tone = Tone.GOOD,
    undo: Callable[[], None] | None = None,
    expired: Callable[[], None] | None = None,
    seconds: float = SECONDS,
) -> "Toast":
    """Show a toast inside `window`, above those that are still there; it deletes itself.

    Args:
        undo: called when the person takes it back; then `expired` is not called.
        expired: called when the time is over and nothing was taken back.
    """
    toast = Toast(window, text, tone, can_undo=undo is not None, seconds=seconds)
    if undo:
        toast.undone.connect(undo)
    if expired:
        toast.expired.connect(expired)
    for old in _shown(window)[: -_MOST + 1]:
        if not old.can_undo:
            old.expire()
    toast.start()
    return toast


class Toast(QFrame):
    """A child of the window, not a window: it cannot take the focus, not even when it is clicked."""

    undone = Signal()
    expired = Signal()

    def __init__(self, window: QWidget, text: str, tone: Tone, *, can_undo: bool, seconds: float) -> None:
        super().__init__(window)
        self._tone = tone
        self._total_ms = round(seconds * 1000)
        self._left_ms = self._total_ms
        self._can_undo = can_undo
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._on_step)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._label = PlainLabel(text)
        self._label.setWordWrap(len(text) > 60)
        self._undo = QPushButton()
        self._undo.setProperty("kind", "ghost")
        self._undo.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._undo.setVisible(can_undo)
        self._undo.clicked.connect(self.take_back)
        self._lay_out()
        window.installEventFilter(self)

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._label.text()

    @property
    def can_undo(self) -> bool:
        """There is something to take back, and time left."""
        return self._can_undo and self._left_ms > 0

    def start(self) -> None:
        """Show it and let the time run."""
        self._show_seconds()
        self.show()
        self.raise_()
        _arrange(self._host())
        QTimer.singleShot(0, self, self._settle)
        self._timer.start()
        announce(self, self.text)

    def _settle(self) -> None:
        """What was done may have moved the controls."""
        if self._left_ms > 0:
            _arrange(self._host())

    def take_back(self) -> None:
        """What the button does; a shortcut may call it for the newest toast."""
        if self.can_undo:
            self._end()
            self.undone.emit()

    def expire(self) -> None:
        """Its time is over, or others are newer."""
        self._end()
        self.expired.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the place when the window changes its size."""
        if event.type() == QEvent.Type.Resize:
            _arrange(self._host())
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Who points at a row does not find the toast there."""
        super().enterEvent(event)
        if not self._can_undo:
            _make_room(self._host())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and edge, icon, and the time left as a line at the bottom."""
        del event
        scheme = colours()
        line = scheme.tone(self._tone)[0]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(scheme.field_line, 1))
        painter.setBrush(scheme.raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        size = scaled(18)
        icons.paint(painter, QRectF(scaled(14), (self.height() - size) / 2, size, size), TONE_ICONS[self._tone], line)
        if self._can_undo:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(line)
            room = self.width() - 2 * 8
            painter.drawRoundedRect(QRectF(8, self.height() - 4, room * self._left_ms / self._total_ms, 2), 1, 1)

    def _host(self) -> QWidget:
        window = self.parentWidget()
        assert window is not None  # given at birth
        return window

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(scaled(42), scaled(8), scaled(10), scaled(8))
        layout.setSpacing(scaled(12))
        layout.addWidget(self._label, 1)
        layout.addWidget(self._undo)

    def _on_step(self) -> None:
        self._left_ms -= _STEP_MS
        if self._left_ms <= 0:
            self.expire()
            return
        if self._can_undo:
            self._show_seconds()
            self.update(0, self.height() - 5, self.width(), 5)
        if self._left_ms % _LOOK_MS == 0 and not self._is_aimed_at():
            _make_room(self._host())

    def _is_aimed_at(self) -> bool:
        """Who aims at "Undo" finds it where it was. `underMouse` is still true of what was moved away from there."""
        return self._can_undo and self.rect().contains(self.mapFromGlobal(QCursor.pos()))

    def _show_seconds(self) -> None:
        text = tr("Undo ({seconds})", seconds=-(-self._left_ms // 1000))
        if self._undo.text() != text:
            self._undo.setText(text)

    def _end(self) -> None:
        self._timer.stop()
        self._left_ms = 0
        self.hide()
        window = self._host()
        window.removeEventFilter(self)
        _arrange(window)
        self.deleteLater()


def _make_room(window: QWidget) -> None:
    """Arrange them anew if one covers what can be used; else each stays where it was read."""
    room = _room(window)
    if any(not room.is_free(toast.geometry(), goes_to_pointer=toast.can_undo) for toast in _shown(window)):
        _arrange(window)


def _arrange(window: QWidget) -> None:
    """The newest lowest, each above the one that came after it, and none upon anything that can be used."""
    room = _room(window)
    lowest = window.height() - scaled(_MARGIN_PX)
    for toast in reversed(_shown(window)):
        most = QSize(max(120, window.width() - 2 * scaled(_MARGIN_PX)), window.height())
        toast.resize(toast.sizeHint().boundedTo(most))
        toast.move(room.place(toast.size(), lowest, goes_to_pointer=toast.can_undo))
        lowest = toast.y() - scaled(_GAP_PX)


def _room(window: QWidget) -> Room:
    return Room(window, margin=scaled(_MARGIN_PX), gap=scaled(_GAP_PX), outside_of=Toast)


def _shown(window: QWidget) -> list[Toast]:
    """Oldest first."""
    toasts = window.findChildren(Toast, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return [toast for toast in toasts if not toast.isHidden()]
