"""Scripted answers: their ids and how they are filled for the caller."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.answers import PLACEHOLDERS, Piece, answer_id, fill, unknown_placeholders
from tests.builders import answer


def _text(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def test_placeholders_are_filled_and_named() -> None:
    assert fill("Hello {customer.name}!", {"customer.name": "Ida Berg"}) == (
        Piece(text="Hello "),
        Piece(text="Ida Berg", placeholder="customer.name"),
        Piece(text="!"),
    )


@pytest.mark.parametrize("values", [{}, {"customer.name": ""}])
def test_what_is_not_known_stays_visible(values: dict[str, str]) -> None:
    assert fill("{customer.name}", values) == (
        Piece(text="{customer.name}", placeholder="customer.name", is_missing=True),
    )


@pytest.mark.parametrize("text", ["", "{}", "{", "}", "a } b { c", "{a\nb}", "{" + "x" * 61 + "}"])
def test_other_braces_are_text(text: str) -> None:
    assert [piece.placeholder for piece in fill(text, {})] == [""] * len(fill(text, {}))
    assert _text(fill(text, {})) == text


@pytest.mark.parametrize("value", ["<b>bold</b>", "&amp;", "{agent.name}", "{0.__class__}"])
def test_a_value_is_text_whatever_stands_in_it(value: str) -> None:
    assert _text(fill("Hello {customer.name}", {"customer.name": value, "agent.name": "Ada"})) == f"Hello {value}"


def test_html_in_an_answer_stays_text() -> None:
    assert fill("<script>alert(1)</script>", {}) == (Piece(text="<script>alert(1)</script>"),)


@given(st.text(), st.dictionaries(st.sampled_from(sorted(PLACEHOLDERS)), st.text(max_size=5)))
def test_no_text_is_lost(text: str, values: dict[str, str]) -> None:
    pieces = fill(text, values)
    again = "".join(f"{{{piece.placeholder}}}" if piece.placeholder else piece.text for piece in pieces)
    assert again == text
    assert all(piece.text for piece in pieces)


def test_unknown_placeholders_are_named_in_order() -> None:
    assert unknown_placeholders("{customer.nam} {today} {x} {customer.name}") == ("customer.nam", "x")


def test_all_versions_of_an_answer_have_one_id_and_each_language_its_own() -> None:
    assert answer(version=1).id == answer(version=9, title="Other").id == answer_id("link-restart", "en")
    assert answer(language="de").id != answer(language="en").id


def test_the_id_is_the_same_on_each_desk() -> None:
    assert str(answer_id("link-restart", "en")) == "881edcac-f38c-59ac-b2d0-1ab59c35e0e2"
