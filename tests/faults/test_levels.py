"""Many people between the levels in the short form; the long one is `python -m tests.faults.levels`."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_case_is_lost_doubled_or_with_two() -> None:
    """In a process of its own, because it forks."""
    command = [sys.executable, "-m", "tests.faults.levels", "--processes", "11", "--steps", "40"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "escalated" in done.stdout and "deaths" in done.stdout
