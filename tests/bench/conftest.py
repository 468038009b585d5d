"""The measurements: they print a table and judge nothing. Only collected when named: `sh tests/run tests/bench`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.bootstrap import Desk, open_demo
from app.telephony.demo import Pace
from tests.bench.measure import HEADS, RATE_HEADS, Line, Rate, table, without_collector
from ui import theme
from ui.background import Background
from ui.bridge import Bridge

HERE = Path(__file__).parent
QUIET = Pace(mean_gap_s=1e6, shortest_gap_s=1e6, patience_s=1e6)  # nobody calls by himself

_lines = pytest.StashKey[list[Line]]()
_rates = pytest.StashKey[list[Rate]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.bench)
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := config.stash.get(_lines, []):
        terminalreporter.section("measured")
        terminalreporter.write_line(table(HEADS, lines))
    if rates := config.stash.get(_rates, []):
        terminalreporter.section("rates")
        terminalreporter.write_line(table(RATE_HEADS, rates))


@pytest.fixture
def report(request: pytest.FixtureRequest) -> list[Line]:
    """The lines of the table, which is printed at the end."""
    return request.config.stash.setdefault(_lines, [])


@pytest.fixture
def rates(request: pytest.FixtureRequest) -> list[Rate]:
    """The lines of the table of rates."""
    return request.config.stash.setdefault(_rates, [])


@pytest.fixture(autouse=True)
def quiet_collector() -> Iterator[None]:
    with without_collector():
        yield


@pytest.fixture
def background(qapp: QApplication) -> Background:
    theme.apply(qapp, theme.Scheme.LIGHT)
    return Background()


@pytest.fixture
def bridge(background: Background) -> Bridge:
    return Bridge(background)


@pytest.fixture
def demo_desk(tmp_path: Path, bridge: Bridge) -> Iterator[Desk]:
    """The demo centre, started, with its answers in the index."""
    desk = open_demo(tmp_path / "desk", pace=QUIET)
    desk.start(bridge)
    desk.refresh_answers()
    yield desk
    desk.stop()
