"""The program as it is started: what is imported before the first paint, exit codes, and the tour."""

import json
import os
import subprocess
import sys
from pathlib import Path

from app.db.engine import Database
from app.db.rows import PersonRow
from app.domain.people import Role
from app.services import demo_centre
from tests.ui.console import days_ago

ROOT = Path(__file__).parents[2]
LATE = ("sqlalchemy", "psycopg", "keyring", "alembic", "phonenumbers", "typer", "app.bootstrap", "ui.shell")

_FIRST_SHOW = f"""
import sys
from ui import main
options = main._parse(["demo"], main._settings())
app = main.make_application(options)
console = main.Console(options)
console.window.show()
app.processEvents()
assert console.window.isVisible()
print([name for name in {LATE!r} if name in sys.modules])
"""


def run(*arguments: str, platform: str | None = "offscreen", code: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        environment.pop(name, None)
    if platform:
        environment["QT_QPA_PLATFORM"] = platform
    command = ["-c", code] if code else ["-m", "ui.main", *arguments]
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def test_nothing_heavy_is_imported_before_the_window_stands() -> None:
    ended = run(code=_FIRST_SHOW)
    assert (ended.stdout, ended.returncode) == ("[]\n", 0), ended.stderr


def test_without_a_screen_there_is_a_sentence() -> None:
    ended = run("demo", platform=None)
    assert ended.returncode == 2
    assert ended.stderr.startswith("There is no screen here. Start Firstline on a desktop,")
    german = run("demo", "--language", "de", platform=None)
    assert german.returncode == 2 and german.stderr.startswith("Hier gibt es keinen Bildschirm")


def test_a_tour_without_the_demo_is_a_wrong_command_line(tmp_path: Path) -> None:
    ended = run("--tour", str(tmp_path))
    assert ended.returncode == 2 and "firstline demo --tour FOLDER" in ended.stderr


def test_a_wrong_size_is_a_wrong_command_line(tmp_path: Path) -> None:
    ended = run("demo", "--size", "wide", "--tour", str(tmp_path / "tour"))
    assert ended.returncode == 2 and "Traceback" not in ended.stderr


def test_the_tour_passes_and_leaves_pictures(tmp_path: Path) -> None:
    ended = run("demo", "--tour", str(tmp_path / "tour"), "--language", "en", "--theme", "light")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    steps = json.loads((tmp_path / "tour/tour.json").read_text(encoding="utf-8"))
    assert len(steps) > 20 and all(step["is_passed"] for step in steps)
    for step in steps:
        assert (tmp_path / "tour" / step["picture"]).stat().st_size > 10_000


def test_the_tour_fails_where_the_demo_person_may_not_do_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'demo.db'}"
    database = Database(url)
    from app.db import schema

    schema.upgrade(database)
    demo_centre.create(database, now=days_ago(0))
    with database.write() as session:
        person = session.query(PersonRow).filter_by(login=demo_centre.LOGIN).one()
        person.roles = [str(Role.SECOND_LEVEL)]  # no calls for this one
    database.close()
    arguments = ["demo", "--tour", str(tmp_path / "tour"), "--database", url]
    impatient = "import sys, ui.main, ui.tour.driver; ui.tour.driver.STEP_LIMIT_S = 1; "
    ended = run(code=f"{impatient}sys.exit(ui.main.main({arguments!r}))")
    assert ended.returncode == 1
    steps = json.loads((tmp_path / "tour/tour.json").read_text(encoding="utf-8"))
    assert not steps[-1]["is_passed"] and "FAILED" in ended.stdout


def test_a_tour_that_cannot_begin_says_why(tmp_path: Path) -> None:
    (tmp_path / "damaged.db").write_bytes(b"no database at all " * 500)
    ended = run("demo", "--tour", str(tmp_path / "tour"), "--database", f"sqlite:///{tmp_path / 'damaged.db'}")
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    assert "The database file is damaged or is no database." in ended.stderr
