"""Each text that a person reads is a literal in `tr()`, and each has its German."""

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from app.i18n import catalogue

ROOT = Path(__file__).parents[2]
TEXT_COUNT = {"tr": 1, "plural": 2}  # the literals each takes; in `plural` they follow the count
DEFINITION = ROOT / "app/i18n.py"


@dataclass(frozen=True)
class Text:
    """A text of the program: where it stands, and the names of the values that the call gives it."""

    where: str
    text: str
    values: frozenset[str]
    gives_names: bool  # False: `**values`, which nobody can check here


def test_each_text_is_a_literal() -> None:
    assert [where for where, text in _arguments() if text is None] == []


def test_the_walk_finds_texts_in_the_application_and_in_the_window() -> None:
    folders = {text.where.split("/")[0] for text in _texts()}
    assert folders == {"app", "ui"}


def test_each_text_has_its_german() -> None:
    missing = {text.text: text.where for text in _texts() if text.text not in catalogue("de")}
    assert [f"{where}: {text}" for text, where in missing.items()] == []


def test_each_german_text_is_used() -> None:
    assert sorted(set(catalogue("de")) - {text.text for text in _texts()}) == []


def test_a_translation_has_the_placeholders_of_its_text() -> None:
    differing = [text for text, said in catalogue("de").items() if _placeholders(text) != _placeholders(said)]
    assert differing == []


def test_each_call_gives_the_values_of_its_text() -> None:
    wrong = [text.where for text in _texts() if text.gives_names and _placeholders(text.text) != text.values]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ('tr("a")', 0),
        ('tr("a" "b", x=1)', 0),
        ('plural(n, "one", "many")', 0),
        ('tr(f"a {b}")', 1),
        ("tr(name)", 1),
        ('tr("a" if b else "c")', 1),
        ("tr()", 1),
        ('plural(n, one, "many")', 1),
        ("i18n.tr(name)", 1),
        ('tr("")', 1),
    ],
)
def test_the_walk_sees_what_is_no_literal(source: str, count: int) -> None:
    assert [text for _, text, _ in _calls(ast.parse(source))].count(None) == count


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@cache
def _texts() -> tuple[Text, ...]:
    return tuple(
        Text(f"{path}:{line}", text, *_values(name, call))
        for path, tree in _trees()
        for line, text, (name, call) in _calls(tree)
        if text is not None
    )


def _arguments() -> Iterator[tuple[str, str | None]]:
    for path, tree in _trees():
        for line, text, _ in _calls(tree):
            yield f"{path}:{line}", text


@cache
def _trees() -> tuple[tuple[str, ast.Module], ...]:
    paths = sorted(path for folder in ("app", "ui") for path in (ROOT / folder).rglob("*.py") if path != DEFINITION)
    return tuple((str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def _calls(tree: ast.AST) -> Iterator[tuple[int, str | None, tuple[str, ast.Call]]]:
    """Line and text of each argument of `tr` and `plural`; None for what is no literal."""
    for node in ast.walk(tree):
        name = _called(node)
        if isinstance(node, ast.Call) and name in TEXT_COUNT:
            first = TEXT_COUNT[name] - 1
            arguments = node.args[first : first + TEXT_COUNT[name]]
            texts = [_literal(argument) for argument in arguments]
            for text in texts + [None] * (TEXT_COUNT[name] - len(texts)):
                yield node.lineno, text, (name, node)


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value else None


def _values(name: str, call: ast.Call) -> tuple[frozenset[str], bool]:
    names = {keyword.arg for keyword in call.keywords if keyword.arg}
    gives_names = all(keyword.arg for keyword in call.keywords) and name == "tr" and bool(names)
    return frozenset(names), gives_names
