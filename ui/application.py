"""Qt's application in our look and language."""

import argparse

from PySide6.QtWidgets import QApplication

from app.i18n import language
from ui import theme
from ui.language import choose_language
from ui.theme import Scheme


def make_application(options: argparse.Namespace) -> QApplication:
    """Qt's application in our look."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["firstline"])
    app.setApplicationName("Firstline")
    app.setDesktopFileName("firstline")
    choose_language(app, options.language or language())
    theme.apply(app, Scheme(options.theme), options.font)
    return app


def running() -> QApplication:
    """That of this process."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
