"""Both schemes are readable everywhere, and a switch reaches what is shown."""

from dataclasses import fields
from importlib.resources import files
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from ui import icons, theme
from ui.colours import DARK, LIGHT, Colours, Tone
from ui.theme import Scheme

AA = 4.5
AA_PARTS = 3.0  # edges of fields, icons
SCHEMES = pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
GROUNDS = ("surface", "raised", "sunken")
INKS = ("text", "muted", "faint", "accent", "good", "warning", "danger", "info", "p1", "p2", "p3", "p4", "p5")
PAIRS = (
    *((ink, ground) for ink in INKS for ground in GROUNDS if (ink, ground) != ("faint", "sunken")),
    ("faint", "sunken"),
    *((tone, f"{tone}_soft") for tone in ("accent", "good", "warning", "danger", "info")),
    *(("text", f"{tone}_soft") for tone in ("accent", "good", "warning", "danger", "info", "neutral")),
    ("muted", "neutral_soft"),
    ("on_accent", "accent_fill"),
    ("on_accent", "accent_fill_hover"),
    ("on_danger", "danger_fill"),
    ("on_danger", "danger_fill_hover"),
    ("on_selection", "selection"),
)


@SCHEMES
@pytest.mark.parametrize("ink,ground", PAIRS, ids=lambda name: name)
def test_text_is_readable(scheme: Colours, ink: str, ground: str) -> None:
    assert contrast(getattr(scheme, ink), getattr(scheme, ground)) >= AA


@SCHEMES
def test_edges_of_fields_and_icons_can_be_seen(scheme: Colours) -> None:
    for ground in (scheme.surface, scheme.raised):
        assert contrast(scheme.field_line, ground) >= (AA_PARTS if ground is scheme.raised else 2.7)
    for priority in range(1, 6):
        assert contrast(scheme.priority(priority), scheme.selection) >= AA_PARTS
    assert contrast(scheme.accent, scheme.selection) >= AA_PARTS


@SCHEMES
@pytest.mark.parametrize(
    "group", [QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled]
)
def test_palette_is_readable(scheme: Colours, group: QPalette.ColorGroup) -> None:
    palette, role = theme.palette(scheme), QPalette.ColorRole
    for ink, ground in (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.PlaceholderText, role.Base),
        (role.ButtonText, role.Button),
        (role.HighlightedText, role.Highlight),
        (role.ToolTipText, role.ToolTipBase),
        (role.Link, role.Base),
        (role.Link, role.Window),
        (role.LinkVisited, role.Base),
        (role.BrightText, role.Window),
    ):
        assert contrast(palette.color(group, ink), palette.color(group, ground)) >= AA, (ink, ground)


def test_each_tone_has_ink_and_ground() -> None:
    for tone in Tone:
        ink, ground = LIGHT.tone(tone)
        assert ink != ground
    assert all(isinstance(getattr(DARK, field.name), QColor) for field in fields(DARK) if field.name != "is_dark")


def test_switch_reaches_what_is_shown(qtbot: QtBot, qapp: QApplication) -> None:
    field, button = QLineEdit(), QPushButton("go")
    qtbot.addWidget(field)
    qtbot.addWidget(button)
    icons.put(button, "phone")
    field.show()
    button.show()
    before = field.grab().toImage().pixelColor(20, 4), _inked(button.icon())
    theme.apply(qapp, Scheme.DARK, 16)
    after = field.grab().toImage().pixelColor(20, 4), _inked(button.icon())
    assert before == (LIGHT.raised, LIGHT.text)
    assert after == (DARK.raised, DARK.text)
    assert field.font().pixelSize() == 16
    assert theme.row_px() == 32


def test_font_size_stays_within_bounds(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.LIGHT, 40)
    assert theme.font_px() == 18
    theme.apply(qapp, Scheme.LIGHT, 3)
    assert theme.font_px() == 11


def test_system_scheme_is_followed(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.SYSTEM)
    wants_dark = qapp.styleHints().colorScheme() == Qt.ColorScheme.Dark
    assert theme.colours() is (DARK if wants_dark else LIGHT)
    theme.apply(qapp, Scheme.LIGHT)


def test_placeholder_has_the_colour_of_the_palette(qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.setPlaceholderText("mmmmmmmmmm")
    field.show()
    image = field.grab().toImage()
    shown = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert LIGHT.muted.name() in shown


@pytest.mark.parametrize(
    "name", sorted(file.name[:-4] for file in files("resources.icons").iterdir() if file.name.endswith(".svg"))
)
def test_each_icon_draws_in_its_colour(name: str, qapp: QApplication) -> None:
    del qapp
    if "currentColor" in files("resources.icons").joinpath(f"{name}.svg").read_text(encoding="utf-8"):
        assert _inked(icons.icon(name, QColor("#ff0000"))) == QColor("#ff0000")
    assert not icons.icon(name, QColor("#ff0000")).pixmap(16).isNull()


def test_each_icon_is_used() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in Path(icons.__file__).parent.rglob("*.py"))
    names = [file.name for file in files("resources.icons").iterdir() if file.name.endswith(".svg")]
    assert [name for name in names if f'"{name[:-4]}"' not in source and f"/{name}" not in source] == []


def contrast(one: QColor, other: QColor) -> float:
    """Ratio of WCAG 2: 1 ... 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: QColor) -> float:
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _inked(icon: QIcon) -> QColor:
    """The colour of the icon's densest point."""
    image = icon.pixmap(48, 48).toImage()
    points = [image.pixelColor(x, y) for x in range(48) for y in range(48)]
    densest = max(points, key=lambda point: point.alpha())
    return QColor(densest.red(), densest.green(), densest.blue())
