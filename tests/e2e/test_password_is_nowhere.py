"""A password that a person types: in no argument, environment, file or output of the program, and in no child of it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.db.engine import Database
from tests.builders import seed
from tests.e2e.desks import DeskProcess
from tests.people import forget, run_statement

PASSWORD = "kX9-only-in-the-head-4711"


@pytest.fixture
def address(postgres_url: str) -> Iterator[str]:
    """Where ada signs in as herself; the address names nobody."""
    with closing(Database(postgres_url)) as database:
        seed(database)
    plain = make_url(postgres_url)
    forget(postgres_url, "ada")
    run_statement(postgres_url, f"CREATE ROLE ada SUPERUSER LOGIN PASSWORD '{PASSWORD}'")
    yield f"postgresql://{plain.host}:{plain.port}/{plain.database}"
    forget(postgres_url, "ada")


def test_what_is_typed_at_the_sign_in_is_nowhere_else(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    with DeskProcess(tmp_path / "ada", "--database", address, "--login", "ada") as desk:
        desk.wait("it asks", lambda seen: "asks for a password" in str(seen["window"]))
        desk.type("wrong-" + PASSWORD)
        desk.press("Return")
        desk.wait("it says no", lambda seen: "does not accept" in str(seen["window"]))
        desk.type(PASSWORD)
        desk.press("Return")
        desk.wait("the desk is open", lambda seen: "Ada" in seen["line"])
        assert _told_by_processes(desk) > 100
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {"journal.db", "settings.toml", "output.txt"} <= {file.name for file in files}
    assert [str(file) for file in files if PASSWORD.encode() in file.read_bytes()] == []


def _told_by_processes(desk: DeskProcess) -> int:
    """How many bytes the system tells others about the process and its children; none of them is the password."""
    count = 0
    for process_id in (desk.process.pid, *desk.children().values()):
        for name in ("cmdline", "environ"):
            told = Path(f"/proc/{process_id}/{name}").read_bytes()
            assert PASSWORD.encode() not in told, name
            count += len(told)
    return count
