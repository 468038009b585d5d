"""What the tests of the window share: one font, one scheme, English, the whole program."""

import gc
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, SignalInstance
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import SignalBlocker

from app.db import engine
from tests.patience import LIMIT_MS
from tests.ui.console import Centre, Console, console, make_centre
from tests.zones import local_zone
from ui import main as program
from ui import theme
from ui.language import choose_language

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The platform without a screen warns of what it cannot do for windows and menus; nothing depends on that."""
    for item in items:
        if HERE in item.path.parents:
            lacks = "This plugin does not support (propagateSizeHints|raise|grabbing)"
            item.add_marker(pytest.mark.qt_log_ignore(lacks, extend=True))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Iterator[Any]:
    """Collect between the tests, as the program collects on its UI thread only.

    A collection in a worker, or while Qt goes through all widgets, destroys windows of tests that are over under its
    hands, and the process dies.
    """
    full_collections = gc.get_stats()[2]["collections"]
    gc.disable()
    try:
        return (yield)
    finally:
        gc.unfreeze()
        is_old = gc.get_stats()[2]["collections"] > full_collections  # what is left of a test that collected by itself
        gc.collect(2 if is_old else 1)
        gc.enable()


class PatientBot(QtBot):
    """Waits a minute for what the program does in a moment; by itself it gives up after five seconds."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = LIMIT_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: SignalInstance, *, timeout: int = LIMIT_MS, **chosen: Any) -> SignalBlocker:
        return super().waitSignal(signal, timeout=timeout, **chosen)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """In the place of that of pytest-qt."""
    assert qapp
    return PatientBot(request)


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    """The same look for each test, whatever the one before has chosen."""
    choose_language(qapp, "en")
    if qapp.font().family() != "DejaVu Sans":
        qapp.setFont(QFont("DejaVu Sans"))
    if theme.colours().is_dark or theme.font_px() != theme.BASE_FONT_PX or not qapp.styleSheet():
        theme.apply(qapp, theme.Scheme.LIGHT)
    yield
    choose_language(qapp, "en")


@pytest.fixture
def midday() -> Iterator[None]:
    """Noon by the clock of this computer, so that what happened minutes ago is of today, whenever the test runs."""
    with local_zone(f"MIDDAY{datetime.now(UTC).hour - 12:+}"):  # POSIX counts westwards
        yield


@pytest.fixture
def call_centre(sqlite_url: str) -> Iterator[Centre]:
    """People, customers and answers in a database of their own."""
    made = make_centre(sqlite_url)
    yield made
    made.database.close()


@pytest.fixture
def open_console(call_centre: Centre, tmp_path: Path) -> Iterator[Callable[..., Console]]:
    """Opens a console; with what `console` takes by name."""
    with ExitStack() as stack:
        yield lambda **chosen: stack.enter_context(console(call_centre, tmp_path / "desk", **chosen))


@pytest.fixture
def agent(open_console: Callable[..., Console]) -> Console:
    """The console of a first-level agent, who is available."""
    return open_console()


@pytest.fixture
def open_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., program.Console]]:
    """The program as `firstline` opens it, without its event loop."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    opened: list[program.Console] = []

    def open_with(url: str = "", login: str = "ada", demo: str | None = None) -> program.Console:
        folder = tmp_path / "desk"
        options = Namespace(demo=demo, database=url, login=login, folder=folder, size=(1280, 800))
        made = program.Console(options)
        opened.append(made)
        made.open()
        return made

    yield open_with
    for one in opened:
        one.close()
        one.window.close()
        one.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
