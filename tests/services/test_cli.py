"""The command line `firstline-admin`, as a person meets it: sentences, exit codes, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import cli, i18n, settings
from app.cli.common import DATABASE_VARIABLE
from app.db import schema
from app.db.engine import Database
from app.services.people import People
from app.settings import Settings


class Run:
    """What one command said."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        self.code = ended.value.code or 0
        self.out, self.err = capsys.readouterr()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'shared.db'}"


def test_a_database_is_made_checked_and_filled(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    steps = [
        (("database", "check"), 1, "There is no database file"),
        (("database", "upgrade"), 1, "There is no database file"),
        (("database", "create"), 0, "The tables are made."),
        (("database", "create"), 1, "has tables already"),
        (("database", "upgrade"), 0, "up to date"),
        (("database", "check"), 0, "up to date"),
        (("demo", "create"), 0, "Sign in as “demo”"),
        (("demo", "create"), 1, "There are people in this database already"),
    ]
    for command, code, sentence in steps:
        run = Run(capsys, *command, "--database", url)
        assert (run.code, sentence in (run.err if code else run.out)) == (code, True), run.out + run.err
        assert (run.out if code else run.err) == ""


def test_checking_makes_no_file(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Run(capsys, "database", "check", "--database", url)
    Run(capsys, "database", "upgrade", "--database", url)
    assert not (tmp_path / "shared.db").exists()


def test_the_demo_centre_on_both_databases(
    database: Database, command_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Run(capsys, "demo", "create", "--database", command_url).code == 0
    assert People(database).by_login("demo").name == "Mara Lindner"


def test_an_older_database_is_upgraded(
    database: Database, command_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    schema.downgrade(database, "base")
    assert "no tables yet" in Run(capsys, "database", "check", "--database", command_url).err
    assert "no tables yet" in Run(capsys, "database", "upgrade", "--database", command_url).err
    assert Run(capsys, "database", "create", "--database", command_url).code == 0
    schema.check(database)


def test_where_the_address_comes_from(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Which database? Give --database" in Run(capsys, "database", "check").err
    settings.save(Settings(database=f"sqlite:///{tmp_path / 'from-settings.db'}"))
    assert "from-settings.db" in Run(capsys, "database", "check").err
    monkeypatch.setenv(DATABASE_VARIABLE, f"sqlite:///{tmp_path / 'from-environment.db'}")
    assert "from-environment.db" in Run(capsys, "database", "check").err
    assert "shared.db" in Run(capsys, "database", "check", "--database", url).err


def test_the_demo_goes_only_where_it_is_told_to(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, url)
    assert Run(capsys, "demo", "create").code == 2


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://anna:hunter2@127.0.0.1:1/x",
        "postgresql://127.0.0.1:1/x?password=hunter2&user=anna",
        "mysql://anna:hunter2@127.0.0.1/x",
        "anna:hunter2@127.0.0.1",
    ],
)
def test_a_password_is_never_printed(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "database", "check", "--database", address)
    assert run.code == 1
    assert "tells a password" in run.err or not address.startswith("postgresql")
    assert "hunter2" not in run.out + run.err
    assert len(run.err.splitlines()) == 1


def test_faults_are_listed_and_nothing_is_written(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Run(capsys, "database", "create", "--database", url)
    path = tmp_path / "odd [red] name.csv"
    path.write_text("key,language,title,body\na,en,A,B\nB,fr,,x\n")
    run = Run(capsys, "answers", "import", str(path), "--database", url, "--apply")
    assert run.code == 1
    assert run.err == "There are 3 faults, so nothing is written. Correct them and try again.\n"
    lines = run.out.splitlines()
    assert [line.startswith(f"{path}:3: ") for line in lines] == [True, True, True, False]
    assert lines[3] == "1 new, 0 changed, 0 unchanged."


def test_everything_is_in_the_persons_language(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    i18n.set_language("en")
    assert "Administer Firstline" in Run(capsys, "--help").out
    Run(capsys, "--language", "de", "database", "check", "--database", url)
    assert i18n.language() == "de"
    Run(capsys, "--language=en", "database", "check", "--database", url)
    assert i18n.language() == "en"
    assert Run(capsys, "--language", "fr", "database", "check").code == 2


@pytest.mark.parametrize("command", [(), ("answers",), ("database",), ("demo",)])
def test_a_command_without_more_says_what_there_is(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run(capsys, *command)
    assert run.code == 2
    assert "Usage: firstline-admin" in run.out + run.err


def test_the_program_itself(tmp_path: Path, url: str) -> None:
    def said(*arguments: str) -> subprocess.CompletedProcess[str]:
        program = "import sys; from app.cli import main; main(sys.argv[1:])"
        environment = os.environ | {"NO_COLOR": "1"}
        return subprocess.run(
            [sys.executable, "-c", program, *arguments], capture_output=True, text=True, env=environment, check=False
        )

    assert said("demo", "create", "--database", url).returncode == 0
    path = tmp_path / "answers.csv"
    exported = said("answers", "export", str(path), "--database", url)
    assert (exported.returncode, exported.stderr) == (0, "")
    damaged = path.read_text(encoding="utf-8").replace("LINK-200", "LINK-2")
    path.write_text(damaged, encoding="utf-8")
    refused = said("answers", "import", str(path), "--database", url)
    assert refused.returncode == 1
    assert f"{path}:" in refused.stdout
    assert "Traceback" not in refused.stderr + refused.stdout
    assert "database:" not in said("database", "check", "--database", "postgresql://127.0.0.1:1/x").stderr
