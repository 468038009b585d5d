"""The short form of the board under load: every update is shown, soon, and the board says when it shows none."""

from pathlib import Path

import pytest

from tests.faults.board_load import run
from tests.postgres import PostgresMissing, start_own

DESKS, SECONDS = 10, 8.0


def test_a_board_follows_desks_of_other_processes_through_a_cut_link(tmp_path: Path) -> None:
    try:
        server = start_own(tmp_path, settings=("max_connections=200",))
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    with server:
        found = run(server, tmp_path, desks=DESKS, seconds=SECONDS)
    assert found.update_count > DESKS  # on a busy machine desks take most of the time to open
    assert found.faults == [], str(found)
