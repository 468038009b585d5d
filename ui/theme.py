"""The look of the window: Fusion, one of two palettes of our own, and a small style sheet made from it."""

from enum import StrEnum

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from ui import icons, style_sheet
from ui.colours import DARK, LIGHT, Colours, Tone, choose, colours

__all__ = ["Colours", "Scheme", "Tone", "apply", "colours", "font_px", "palette", "row_px", "scaled", "set_kind"]

BASE_FONT_PX = 13
SMALLEST_FONT_PX = 11
LARGEST_FONT_PX = 18
ROW_PX = 26

_ROLE = QPalette.ColorRole
_font_px = BASE_FONT_PX


class Scheme(StrEnum):
    """What the person chooses; SYSTEM follows the desktop, also while the program runs."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


def apply(app: QApplication, scheme: Scheme, font_px: int = BASE_FONT_PX) -> None:
    """Dress the whole program, at start or while it runs; the font's family stays the one `app` has.

    Args:
        font_px: clamped to 11 ... 18; all other lengths follow it.
    """
    global _font_px
    _font_px = max(SMALLEST_FONT_PX, min(LARGEST_FONT_PX, font_px))
    _follower(app).scheme = scheme
    _tell_platform(scheme)
    _dress(app, scheme)


def font_px() -> int:
    """Height of the program's font now."""
    return _font_px


def scaled(length_px: int) -> int:
    """A length meant for the 13 px font, at the font chosen."""
    return round(length_px * _font_px / BASE_FONT_PX)


def row_px() -> int:
    """Height of a row in every list."""
    return scaled(ROW_PX)


def set_kind(widget: QWidget, kind: str, name: str = "kind") -> None:
    """Set the property that the style sheet chooses by (`kind` or another), also after the widget was shown."""
    if widget.property(name) == kind:
        return
    widget.setProperty(name, kind)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def palette(scheme: Colours) -> QPalette:
    """Qt's palette of a scheme; Fusion's own fails AA for selection, placeholder and link."""
    made = QPalette()
    for role, colour in {
        _ROLE.Window: scheme.surface,
        _ROLE.WindowText: scheme.text,
        _ROLE.Base: scheme.raised,
        _ROLE.AlternateBase: scheme.surface,
        _ROLE.Text: scheme.text,
        _ROLE.PlaceholderText: scheme.muted,
        _ROLE.Button: scheme.raised,
        _ROLE.ButtonText: scheme.text,
        _ROLE.BrightText: scheme.danger,
        _ROLE.ToolTipBase: scheme.text,
        _ROLE.ToolTipText: scheme.raised,
        _ROLE.Highlight: scheme.selection,
        _ROLE.HighlightedText: scheme.on_selection,
        _ROLE.Accent: scheme.accent,
        _ROLE.Link: scheme.accent,
        _ROLE.LinkVisited: scheme.accent,
        _ROLE.Light: scheme.raised,
        _ROLE.Midlight: scheme.sunken,
        _ROLE.Mid: scheme.line,
        _ROLE.Dark: scheme.field_line,
        _ROLE.Shadow: scheme.line,
    }.items():
        made.setColor(role, colour)
    for role in (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText, _ROLE.PlaceholderText, _ROLE.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, role, scheme.faint)
    made.setColor(QPalette.ColorGroup.Disabled, _ROLE.Base, scheme.surface)
    made.setColor(QPalette.ColorGroup.Disabled, _ROLE.Button, scheme.surface)
    made.setColor(QPalette.ColorGroup.Disabled, _ROLE.Highlight, scheme.sunken)
    return made


class _Follower(QObject):
    """Dresses the program again when the desktop changes its scheme."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("theme_follower")
        self.scheme = Scheme.SYSTEM
        self._app = app
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    def _on_scheme_changed(self) -> None:
        if self.scheme is Scheme.SYSTEM:
            _dress(self._app, self.scheme)


def _follower(app: QApplication) -> _Follower:
    return app.findChild(_Follower, "theme_follower") or _Follower(app)


def _tell_platform(scheme: Scheme) -> None:
    """Window frames and the platform's own dialogs follow this; on some platforms nothing does."""
    hints = QGuiApplication.styleHints()
    if scheme is Scheme.SYSTEM:
        hints.unsetColorScheme()
    else:
        hints.setColorScheme(Qt.ColorScheme.Dark if scheme is Scheme.DARK else Qt.ColorScheme.Light)


def _dress(app: QApplication, scheme: Scheme) -> None:
    wants_dark = scheme is Scheme.DARK
    if scheme is Scheme.SYSTEM:
        wants_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    choose(DARK if wants_dark else LIGHT)
    if app.property("is_dressed") is None:  # a new style object would make every widget polish twice
        app.setStyle("Fusion")
        app.setProperty("is_dressed", True)
    font = QFont(app.font())
    font.setPixelSize(_font_px)
    app.setFont(font)
    app.setPalette(palette(colours()))
    app.setStyleSheet(style_sheet.make(colours(), _font_px))
    icons.retint(app)
