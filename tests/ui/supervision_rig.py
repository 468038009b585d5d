"""A supervisor's board beside the consoles of agents, on one database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.fakes import station
from tests.ui.console import Centre
from ui.supervisor import SupervisorBoard


@contextmanager
def board_of(centre: Centre, folder: Path) -> Iterator[SupervisorBoard]:
    """The board of Cleo, on a desk of her own."""
    with station(centre.url, centre.seeded.lead, folder) as opened:
        board = SupervisorBoard(opened.context)
        board.resize(1280, 800)
        board.show()
        yield board
        board.hide()
        board.deleteLater()


@pytest.fixture
def board(call_centre: Centre, tmp_path: Path, qtbot: QtBot) -> Iterator[SupervisorBoard]:
    with board_of(call_centre, tmp_path / "lead") as made:
        qtbot.waitUntil(lambda: made.is_showing_data)
        yield made
