"""The words that come with the program are written as they are read: a slip in a line would be lost without a word."""

from collections.abc import Iterator
from importlib.resources import files

import pytest

from app.search.text import words

LANGUAGES = ("de", "en")


def lines(name: str) -> Iterator[str]:
    text = files("resources.search").joinpath(name).read_text(encoding="utf-8")
    yield from (line for line in text.splitlines() if not line.startswith("#"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_group_of_synonyms_is_of_different_single_words(language: str) -> None:
    for line in lines(f"synonyms.{language}.txt"):
        group = [words(word) for word in line.split(",")]
        assert len({tuple(word) for word in group}) > 1, line
        assert all(word and len(text.split()) == 1 for word, text in zip(group, line.split(","), strict=True)), line


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_is_of_several_words_and_means_something(language: str) -> None:
    for line in lines(f"phrases.{language}.txt"):
        phrase, colon, meaning = line.partition(":")
        assert colon and len(words(phrase)) > 1 and all(len(word.split()) == 1 for word in meaning.split(",")), line
