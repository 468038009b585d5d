"""`firstline demo --tour FOLDER` on PostgreSQL: the main job in pictures, each with its check."""

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

from tests.e2e.desks import ROOT
from tests.passwords import apart

LIMIT_S = 300.0
SIZE = (1280, 800)
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"


def test_the_tour_passes_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    pictures = tmp_path / "tour"
    address, secret = apart(postgres_url, tmp_path)
    ended = subprocess.run(
        [sys.executable, "-m", "ui.main", "demo", "--tour", str(pictures), "--database", address],
        cwd=ROOT,
        env=os.environ | secret | {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr, ended.stderr
    steps = json.loads((pictures / "tour.json").read_text(encoding="utf-8"))
    assert len(steps) >= 20
    assert [step["name"] for step in steps if not step["is_passed"]] == []
    assert sorted(step["picture"] for step in steps) == sorted(path.name for path in pictures.glob("*.png"))
    for step in steps:
        assert _size(pictures / step["picture"]) == SIZE, step["picture"]


def _size(picture: Path) -> tuple[int, int]:
    """Width and height as the file's head says; a picture of one colour alone would be much smaller than this."""
    head = picture.read_bytes()
    assert head.startswith(_PNG_HEAD), picture
    assert len(head) > 10_000, picture
    width, height = struct.unpack(">II", head[16:24])
    return width, height
