"""A failover under the desks' hands, in its short form; the long one is `python -m tests.faults.failover`."""

from pathlib import Path

import pytest

from tests.faults.failover import KINDS, run
from tests.faults.shift import Plan
from tests.programs import ProgramMissing

PLAN = Plan(desks=6, kills=8, escalations=60, limit_s=480, most_late_losses=2)
TTL_S = 8  # what a cluster in use has is 30; this test shall not take so long


def test_a_failover_loses_nothing(tmp_path: Path) -> None:
    try:
        outcome = run(PLAN, tmp_path, rounds=1, ttl_s=TTL_S)
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    print(outcome.table())
    assert not outcome.findings, outcome.table()
    assert [outcome.figures[kind] for kind in KINDS] == ["1", "1", "1"]
