"""Which words of an answer are marked, and which line of it is shown: where most of what was typed stands."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from app.domain.answers import Answer
from app.search.query import Query
from app.search.text import words

_EXCERPT_LENGTH = 140
_LINE_LIMIT = 100  # lines looked at, and 500 characters of each: an excerpt need not be the best of a whole book
_WHOLE = re.compile(r"[^\W_]+(?:[-.'’`´][^\W_]+)*")
_PART = re.compile(r"[^\W_]+(?:['’`´][^\W_]+)*")


def meant_words(query: Query) -> dict[str, float]:
    """The words of the answers that the typed ones may mean, and how much each says."""
    asked = [typed for typed in query.typed if not typed.is_stop] or list(query.typed)
    meant: dict[str, float] = {}
    for typed in sorted(asked, key=lambda typed: typed.weight):
        meant.update(typed.named)
    return meant


def excerpt(answer: Answer, meant: dict[str, float]) -> str:
    """The variant that says most of what was typed; if none says anything, such a line of the text, else the first."""
    text = _most_said(answer.variants, meant) or _most_said(_lines(answer), meant) or next(_lines(answer), "")
    text = " ".join(text.replace("**", "").split())
    return text if len(text) <= _EXCERPT_LENGTH else text[: _EXCERPT_LENGTH - 1] + "…"


def words_to_mark(answer: Answer, shown: str, meant: dict[str, float]) -> frozenset[str]:
    """The folded words of the title and the excerpt that were meant."""
    return frozenset(word for line in (answer.title, shown) for word in _words_of_line(line) if word in meant)


def marks(text: str, wanted: frozenset[str]) -> list[tuple[int, int]]:
    """The stretches (start, end) of `text` whose folded word is wanted; of E-47 both parts if it is as a whole."""
    stretches = []
    for whole in _WHOLE.finditer(text):
        is_wanted = "".join(words(whole[0])[:1]) in wanted
        for part in _PART.finditer(whole[0]):
            if is_wanted or "".join(words(part[0])) in wanted:
                stretches.append((whole.start() + part.start(), whole.start() + part.end()))
    return stretches


def _lines(answer: Answer) -> Iterator[str]:
    lines = (*answer.variants, *answer.body[: _LINE_LIMIT * 500].splitlines(), *answer.steps)
    return (line[:500] for line in lines[:_LINE_LIMIT])


def _most_said(lines: Iterable[str], meant: dict[str, float]) -> str:
    """Empty if no line says anything."""
    line = max(lines, key=lambda line: _said(line, meant), default="")
    return line if _said(line, meant) else ""


def _said(line: str, meant: dict[str, float]) -> float:
    return sum(map(meant.__getitem__, meant.keys() & _words_of_line(line)))


@lru_cache(maxsize=20_000)  # the same answers come again with each key stroke
def _words_of_line(line: str) -> frozenset[str]:
    return frozenset(words(line))
