"""The fault campaign in its short form; the long one is `python -m tests.faults.campaign`."""

from pathlib import Path

import pytest

from tests.faults.campaign import run
from tests.faults.shift import Plan
from tests.programs import ProgramMissing

PLAN = Plan(desks=12, kills=40, escalations=400, full_disks=1, limit_s=480, most_late_losses=5)


def test_nothing_is_lost_or_done_twice_whatever_dies(tmp_path: Path) -> None:
    try:
        outcome = run(PLAN, tmp_path, server_stops=2, network_faults=16)
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    print(outcome.table())
    assert not outcome.findings, outcome.table()
    assert int(outcome.figures["commits whose answer was lost"]) > 0
