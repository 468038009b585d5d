"""The program's own line icons, drawn in the colours of the current scheme."""

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication

from ui.colours import Tone, colours

_SIZES_PX = (16, 20, 24, 32, 48)
_NAME = "icon_name"
_TONE = "icon_tone"


def icon(name: str, colour: QColor | None = None) -> QIcon:
    """The icon `resources/icons/<name>.svg` in `colour`, else in the scheme's text colour.

    A scheme chosen later does not reach an icon handed out before: use `put()` for buttons and actions.
    """
    scheme = colours()
    return _icon(name, (colour or scheme.text).name(), scheme.faint.name())


def put(target: QAbstractButton | QAction, name: str, tone: Tone | None = None) -> None:
    """Give a button or an action an icon that follows every switch of the scheme; no name takes it away."""
    target.setProperty(_NAME, name)
    target.setProperty(_TONE, tone.value if tone else "")
    _tint(target)


def paint(painter: QPainter, place: QRectF, name: str, colour: QColor) -> None:
    """Draw an icon sharply at any scale; for widgets that paint themselves."""
    _renderer(name, colour.name()).render(painter, place)


def retint(app: QApplication) -> None:
    """Draw the icons given by `put()` again; `ui.theme` calls this after a switch."""
    for widget in app.allWidgets():
        if isinstance(widget, QAbstractButton):
            _tint(widget)
        for action in widget.actions():
            _tint(action)


def _tint(target: QAbstractButton | QAction) -> None:
    name = target.property(_NAME)
    if name is None:
        return
    tone = target.property(_TONE)
    target.setIcon(icon(name, colours().tone(Tone(tone))[0] if tone else None) if name else QIcon())


@cache
def _icon(name: str, colour: str, faint: str) -> QIcon:
    made = QIcon()
    for size in _SIZES_PX:
        drawn = _render(name, colour, size)
        made.addPixmap(drawn, QIcon.Mode.Normal)
        made.addPixmap(drawn, QIcon.Mode.Selected)  # else Fusion stains it with the selection's colour
        made.addPixmap(_render(name, faint, size), QIcon.Mode.Disabled)
    return made


def _render(name: str, colour: str, size_px: int) -> QPixmap:
    drawn = QPixmap(QSize(size_px, size_px))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    _renderer(name, colour).render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return drawn


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    source = files("resources.icons").joinpath(f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))
