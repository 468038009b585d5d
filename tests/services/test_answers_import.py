"""Answers from a file into the shared database: all of it or nothing."""

import json
from pathlib import Path

import pytest

from app.adapters import answer_files
from app.cli import answers as cli
from app.db.engine import Database
from app.domain.answers import Answer, Audience
from app.domain.errors import NotAllowed
from app.services.answers import Answers
from tests.builders import seed

ALL = frozenset(Audience)
FIRST = Answer(key="link-a", language="en", title="A", body="Old", products=("link-7",), steps=("Look.",))
SECOND = Answer(key="link-b", language="en", title="B", body="Same", audience=Audience.SECOND)


@pytest.fixture
def url(database: Database, command_url: str) -> str:
    """A database with two products and two published answers."""
    seed(database)
    Answers(database).publish([FIRST, SECOND])
    return command_url


def content(database: Database) -> dict[str, tuple[str, int]]:
    return {answer.key: (answer.body, answer.version) for answer in Answers(database).published(ALL)}


def written(path: Path, *entries: dict[str, object]) -> Path:
    path.write_text(json.dumps([{"language": "en", "title": "T", "body": "New", **entry} for entry in entries]))
    return path


def test_a_dry_run_counts_and_writes_nothing(
    url: str, database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(database)
    path = tmp_path / "a.json"
    same: dict[str, object] = {"key": "link-b", "title": "B", "body": "Same \r\n", "audience": "second"}
    written(path, {"key": "link-a"}, same, {"key": "link-c"}, {"key": "link-d"})
    cli.import_answers(path, url, apply=False)
    said = capsys.readouterr().out
    assert "2 new, 1 changed, 1 unchanged." in said
    assert "--apply" in said
    assert content(database) == before


def test_what_is_applied_is_published_as_the_next_version(
    url: str, database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "a.json", {"key": "link-a"}, {"key": "link-c", "products": ["print-2"]})
    cli.import_answers(path, url, apply=True)
    assert "2 answers were published." in capsys.readouterr().out
    assert content(database) == {"link-a": ("New", 2), "link-b": ("Same", 1), "link-c": ("New", 1)}
    cli.import_answers(path, url, apply=True)
    assert "0 answers were published." in capsys.readouterr().out
    assert content(database)["link-a"] == ("New", 2)


@pytest.mark.parametrize("apply", [False, True])
def test_one_fault_and_nothing_is_imported(
    url: str, database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str], apply: bool
) -> None:
    before = content(database)
    good: list[dict[str, object]] = [{"key": f"link-{n}"} for n in range(300)]
    path = written(tmp_path / "a.json", *good, {"key": "x", "products": ["no"]})
    with pytest.raises(NotAllowed, match="There is 1 fault, so nothing is written"):
        cli.import_answers(path, url, apply=apply)
    said = capsys.readouterr().out
    assert f"{path}:1: There is no product “no”." in said
    assert "300 new" in said
    assert content(database) == before


@pytest.mark.parametrize("name", ["a.csv", "a.json", "folder"])
def test_what_is_exported_changes_nothing_when_imported(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    cli.export_answers(tmp_path / name, url, None, is_replacing=False)
    assert answer_files.read(tmp_path / name).answers == (FIRST, SECOND)
    cli.import_answers(tmp_path / name, url, apply=False)
    assert "0 new, 0 changed, 2 unchanged." in capsys.readouterr().out


def test_a_file_that_is_there_is_replaced_only_when_asked(url: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("mine")
    with pytest.raises(NotAllowed, match="--replace"):
        cli.export_answers(path, url, None, is_replacing=False)
    assert path.read_text() == "mine"
    cli.export_answers(path, url, None, is_replacing=True)
    assert len(answer_files.read(path).answers) == 2


def test_the_format_can_be_said(url: str, tmp_path: Path) -> None:
    cli.export_answers(tmp_path / "a.txt", url, cli.Format.JSON, is_replacing=False)
    assert len(json.loads((tmp_path / "a.txt").read_text())) == 2
