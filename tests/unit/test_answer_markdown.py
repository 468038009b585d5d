"""Markdown files with scripted answers: as people write them, and as nobody should."""

from pathlib import Path

import pytest

from app.domain.answers import Answer
from tests.unit.test_answer_files import faults, markdown, reading

FRONT = "key: a\nlanguage: en\ntitle: A"
BOMB = "\n".join(
    ["a: &a [x, x]", *(f"{b}: &{b} [*{a}, *{a}, *{a}]" for a, b in zip("abcdefg", "bcdefgh", strict=True))]
)


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("Just text", 1, "between two lines “---”"),
        ("---\nkey: a\n", 1, "between two lines “---”"),
        (markdown("key: a\nlanguage: en"), 1, "“title” is missing"),
        (markdown(f"{FRONT}\nauthor: me"), 5, "no field “author”"),
        (markdown(f"{FRONT}\nbody: x"), 5, "no field “body”"),
        (markdown(f"{FRONT}\nkey: b"), 5, "“key” stands here twice"),
        (markdown("key: a\nlanguage: en\ntitle: A: B"), 4, "not valid YAML"),
        (markdown("key: a\nlanguage: en\ntitle: A\nkeywords: [a"), 5, "not valid YAML"),
        (markdown("- a\n- b"), 2, "name: value"),
        (markdown("key: a\nlanguage: en\ntitle: [A]"), 4, "must be text"),
        (markdown(f"{FRONT}\nkeywords: {{a: b}}"), 5, "must be a list"),
        (markdown(f"{FRONT}\nkeywords: [[a]]"), 5, "must be text"),
        (markdown(f"{FRONT}\nvariants: &v [x]\nkeywords: *v"), 6, "References"),
        (markdown(f"key: {'[' * 5_000}"), 2, "Lists within lists"),
        (markdown(f"{FRONT}\nkeywords: [{'k, ' * 100_000}]"), 1, "too long"),
        (markdown(FRONT, ""), 6, "text is empty"),
        (markdown(FRONT, "\nHello {you}"), 6, "no placeholder"),
        (markdown(FRONT, "One\n\n1. a\n2. b\n\nTwo\n\n1. c"), 13, "one numbered list"),
        (markdown(FRONT).encode() + b"\xe4", 7, "UTF-8"),
        (markdown(f"{FRONT}\x01"), 1, "not valid YAML"),
    ],
)
def test_a_bad_markdown_file(tmp_path: Path, content: str | bytes, line: int, reason: str) -> None:
    found = faults(tmp_path / "a.md", content)
    assert (line, True) in [(at, reason in said) for at, said in found], found


def test_a_yaml_bomb_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path / "a.md", markdown(BOMB)) == [(2, "There is no field “a”.")] or faults(
        tmp_path / "a.md", markdown(BOMB)
    )[0][1].startswith("References")


def test_markdown_as_people_write_it(tmp_path: Path) -> None:
    front = (
        "key: a\nlanguage: en\ntitle: 404\nkeywords: [0x80070005, no, 1e3, 2024-01-01]\n"
        "products:\n  - LINK-200\nvariants:"
    )
    body = "\nFirst\nand on.\n\n1) One\n   goes on\n\n2. Two\n1. Three\n\nEnd.\n\n1\\. no step"
    found = reading(tmp_path / "a.md", b"\xef\xbb\xbf" + markdown(front, body).replace("\n", "\r\n").encode())
    assert found.faults == ()
    assert found.answers == (
        Answer(
            key="a",
            language="en",
            title="404",
            keywords=("0x80070005", "no", "1e3", "2024-01-01"),
            products=("LINK-200",),
            body="First\nand on.",
            steps=("One goes on", "Two", "Three"),
            closing="End.\n\n1. no step",
        ),
    )
