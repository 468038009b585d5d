"""README and `resources/docs` hold to the program: what they name is there. So do the maps of packages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.core import TyperCommand, TyperGroup

from app import cli
from app.cli.common import DATABASE_VARIABLE
from app.settings import FILE_VARIABLE, FOLDER_VARIABLE, Settings
from ui.shortcuts import Shortcut

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "resources" / "docs").glob("*.md")))
CODE = re.compile(r"^```\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
KEY = re.compile(r"\b(?:Ctrl\+(?:Shift\+)?|Shift\+)(?:Return|Tab|F\d+|[A-Z])\b|\bF(?:1[0-2]|[1-9])\b")
FOLDERS = ("app/", "ui/", "resources/", "tests/")


@pytest.fixture(scope="module")
def commands() -> Mapping[str, TyperCommand]:
    """By the words that lead to it: "database check"."""
    return dict(_commands(typer.main.get_command(cli.commands())))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_are_there_with_their_options(page: Path, commands: Mapping[str, TyperCommand]) -> None:
    wrong = []
    for line in _code_lines(page):
        for words in re.findall(r"firstline-admin ([^#`]+)", line):
            if not words.startswith("-") and not re.match(r"(\w+ )?…", words) and not _is_right(words, commands):
                wrong.append(line)
    assert wrong == []


def test_the_administrators_page_lists_every_command(commands: Mapping[str, TyperCommand]) -> None:
    text = (ROOT / "resources" / "docs" / "administration.md").read_text(encoding="utf-8")
    table = text.split("| `firstline-admin …` |")[1].split("\n\n")[0]
    absent = [
        name
        for name in commands
        if name.split()[-1] not in re.findall(r"[a-z-]+", _row_of(table, name.split()[0]))
        and not name.startswith("answers vocabulary")  # it has import and export of its own
    ]
    assert absent == []


def test_the_readme_lists_every_setting_and_no_other() -> None:
    section = _section("Configuration")
    rows = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == {field.name for field in fields(Settings)}
    assert set(re.findall(r"FIRSTLINE_\w+", section)) == {FILE_VARIABLE, FOLDER_VARIABLE, DATABASE_VARIABLE}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_keys_are_those_of_the_program(page: Path) -> None:
    known = {key for shortcut in Shortcut for key in shortcut.keys}
    assert set(KEY.findall(page.read_text(encoding="utf-8"))) - known == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_and_links_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {word for line in _code_lines(page) for word in line.split() if word.startswith(FOLDERS)}
    absent = [name for name in named if not any(ROOT.glob(name.rstrip("/,")))]
    links = re.findall(r"\]\(([^)#]+)", text)
    assert absent + [link for link in links if not (page.parent / link).exists()] == []


def test_the_readme_leads_to_every_page() -> None:
    text = PAGES[0].read_text(encoding="utf-8")
    assert [page.name for page in PAGES[1:] if f"(resources/docs/{page.name})" not in text] == []


@pytest.mark.parametrize("package", ["app/db", "app/domain", "app/services", "ui"])
def test_the_map_of_a_package_names_each_of_its_modules(package: str) -> None:
    """`__init__` says what is where: names or patterns, then two blanks and what they are about."""
    text = (ROOT / package / "__init__.py").read_text(encoding="utf-8")
    rows = [line[4:].split("  ")[0] for line in text.splitlines() if re.match(r" {4}\S", line)]
    named = [name for row in rows for name in row.replace(",", "").split()]
    modules = [path.stem for path in (ROOT / package).iterdir() if re.fullmatch(r"[a-z]\w*(\.py)?", path.name)]
    assert [module for module in modules if not any(fnmatch(module, name) for name in named)] == []
    assert [name for name in named if not any(fnmatch(module, name) for module in modules)] == []


def _commands(command: Any, *path: str) -> Iterator[tuple[str, TyperCommand]]:
    if isinstance(command, TyperGroup):
        for name, part in command.commands.items():
            yield from _commands(part, *path, name)
    else:
        yield " ".join(path), command


def _is_right(words: str, commands: Mapping[str, TyperCommand]) -> bool:
    """Whether they begin with a command, and all options behind it are its own."""
    name = max((name for name in commands if re.match(rf"{re.escape(name)}(?!\S)", words)), key=len, default=None)
    if name is None:
        return False
    own = {spelling for option in commands[name].params for spelling in option.opts}
    return set(re.findall(r"(?<!\S)--[a-z-]+", words)) <= own


def _code_lines(page: Path) -> Iterator[str]:
    for block, span in CODE.findall(page.read_text(encoding="utf-8")):
        yield from (block or span).splitlines()


def _section(title: str) -> str:
    return PAGES[0].read_text(encoding="utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]


def _row_of(table: str, group: str) -> str:
    return next((row for row in table.splitlines() if re.search(rf"`{group}\b", row)), "")
