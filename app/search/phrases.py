"""Several words that mean together what none of them says alone: how much: price; passed away: died."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from app.search.forms import roots
from app.search.text import words


@dataclass(frozen=True, slots=True)
class _Phrase:
    roots: tuple[frozenset[str], ...]  # of each of its words
    meaning: tuple[str, ...]


def phrases(sequence: Sequence[str]) -> Iterator[tuple[Sequence[str], tuple[str, ...]]]:
    """The phrases in a row of folded words: their words as they stand there, and words that say the same."""
    known, forms = _known(), [roots(word) for word in sequence]
    for start, first in enumerate(forms):
        for phrase in {id(one): one for root in first for one in known.get(root, ())}.values():
            here = forms[start : start + len(phrase.roots)]
            if len(here) == len(phrase.roots) and not any(map(frozenset.isdisjoint, here, phrase.roots)):
                yield sequence[start : start + len(here)], phrase.meaning


@cache
def _known() -> dict[str, tuple[_Phrase, ...]]:
    """Those of `resources/search/phrases.*.txt` by each root of their first word."""
    found: defaultdict[str, list[_Phrase]] = defaultdict(list)
    for language in ("de", "en"):
        text = files("resources.search").joinpath(f"phrases.{language}.txt").read_text(encoding="utf-8")
        for line in (line for line in text.splitlines() if line and not line.startswith("#")):
            phrase, _, meaning = line.partition(":")
            one = _Phrase(tuple(map(roots, words(phrase))), tuple(words(meaning)))
            for root in one.roots[0]:
                found[root].append(one)
    return {root: tuple(those) for root, those in found.items()}
