"""How texts are chosen and filled."""

import tomllib
from collections import Counter
from importlib.resources import files

import pytest

from app.i18n import LANGUAGES, PSEUDO, catalogue, language, plural, set_language, tr

TRANSLATED = [code for code in LANGUAGES if code != "en"]


def _tables(code: str) -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = tomllib.loads(
        files("resources.translations").joinpath(f"{code}.toml").read_text(encoding="utf-8")
    )
    return tables


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_text_stands_in_two_tables(code: str) -> None:
    counts = Counter(text for table in _tables(code).values() for text in table)
    assert [text for text, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_catalogue_holds_texts_of_all_tables(code: str) -> None:
    assert catalogue(code) == {text: said for table in _tables(code).values() for text, said in table.items()}
    assert all(isinstance(said, str) and said.strip() for said in catalogue(code).values())


def test_english_needs_no_catalogue() -> None:
    assert catalogue("en") == {}


def test_a_language_without_its_file_is_a_loud_mistake() -> None:
    with pytest.raises(FileNotFoundError, match=r"qq\.toml"):
        catalogue("qq")


def test_values_are_filled_in_by_name() -> None:
    assert tr("{count} of {total}", total=5, count=2) == "2 of 5"


def test_braces_without_values_stay() -> None:
    assert tr("Write {customer.name} here") == "Write {customer.name} here"


@pytest.mark.parametrize("value", ["{x}", "{}", "a{b"])
def test_braces_in_a_value_are_text(value: str) -> None:
    assert tr("Call from {who}", who=value) == f"Call from {value}"


@pytest.mark.parametrize(("count", "expected"), [(0, "0 calls"), (1, "1 call"), (2, "2 calls")])
def test_one_is_singular(count: int, expected: str) -> None:
    assert plural(count, "{n} call", "{n} calls") == expected


def test_the_pseudo_language_marks_what_came_through_here() -> None:
    set_language(PSEUDO)
    assert tr("Call from {who}", who="Ida") == "⟦Call from Ida⟧"
    assert plural(2, "{n} call", "{n} calls") == "⟦2 calls⟧"


@pytest.mark.parametrize("code", ["fr", "", "DE"])
def test_an_unknown_language_becomes_english(code: str) -> None:
    set_language(code)
    assert language() == "en"
    assert tr("Save") == "Save"
