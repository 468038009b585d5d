"""What the tests of the window share: one font, one scheme, English."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from app.i18n import set_language
from ui import theme

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The platform without a screen warns that it cannot pass size hints on; nothing depends on that."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True))


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    """The same look for each test, whatever the one before has chosen."""
    set_language("en")
    if qapp.font().family() != "DejaVu Sans":
        qapp.setFont(QFont("DejaVu Sans"))
    if theme.colours().is_dark or theme.font_px() != theme.BASE_FONT_PX or not qapp.styleSheet():
        theme.apply(qapp, theme.Scheme.LIGHT)
    yield
    set_language("en")
