"""What the modules that take pictures share: `python -m tests.ui.show_… FOLDER --language de --scheme dark`."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from ui import theme
from ui.language import choose_language
from ui.theme import Scheme


def picture_options() -> argparse.ArgumentParser:
    """Where the pictures go, and what the program looks like in them; a module may add its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", default="de")
    parser.add_argument("--scheme", default="light", choices=[scheme.value for scheme in Scheme])
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--font", default="DejaVu Sans")
    parser.add_argument("--font-px", type=int, default=theme.BASE_FONT_PX)
    return parser


def prepared(options: argparse.Namespace) -> QApplication:
    """The application in this look."""
    app = QApplication([])
    app.setFont(QFont(options.font))
    choose_language(app, options.language)
    theme.apply(app, Scheme(options.scheme), options.font_px)
    return app


def size_of(options: argparse.Namespace) -> tuple[int, int]:
    width, height = map(int, options.size.split("x"))
    return width, height


def picture_path(options: argparse.Namespace, name: str) -> Path:
    return Path(options.folder) / f"{name}-{options.language}-{options.scheme}.png"


def save(widget: QWidget, options: argparse.Namespace, name: str) -> None:
    save_as(widget, picture_path(options, name))


def save_as(widget: QWidget, path: Path) -> None:
    """The folder is made; Qt itself says nothing when it cannot write."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not widget.grab().save(str(path)):
        raise OSError(f"{path} cannot be written")


def save_with_menus(
    window: QWidget, menus: Iterable[tuple[QPoint, QMenu]], options: argparse.Namespace, name: str
) -> None:
    """A menu is a window of its own, so each is painted where it stands in the window."""
    picture = window.grab()
    painter = QPainter(picture)
    for place, menu in menus:
        painter.drawPixmap(place, menu.grab())
    painter.end()
    path = picture_path(options, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not picture.save(str(path)):
        raise OSError(f"{path} cannot be written")
