"""Synonyms and stop words: those that come with the program, and those that the editors of a centre maintain."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from rapidfuzz.distance import OSA

from app.search.forms import roots
from app.search.text import stop_words, words

_LEAST_KNOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What editors say about words; folded when it is used.

    `synonyms` maps a word to words that mean the same, in both directions; `stop_words` count little.
    """

    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stop_words: frozenset[str] = frozenset()


class Meanings:
    """Which words count little, and which mean the same, by their forms."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.stop_words = stop_words().union(words(" ".join(vocabulary.stop_words)))
        self.words: set[str] = set()  # known whether answers have them or not; short ones stand in others by chance
        self._by_letter: defaultdict[str, list[str]] = defaultdict(list)  # the first one
        self._by_root: defaultdict[str, set[str]] = defaultdict(set)
        for group in (*_shipped(), *((word, *others) for word, others in vocabulary.synonyms.items())):
            folded = {word for text in group for word in words(text)[:1]}
            self.words.update(word for word in folded if len(word) >= _LEAST_KNOWN)
            for word in folded:
                for root in roots(word):
                    self._by_root[root] |= folded - {word}
        for word in sorted(self.words):
            self._by_letter[word[0]].append(word)

    def synonyms(self, word: str) -> frozenset[str]:
        return frozenset().union(*(self._by_root.get(root, ()) for root in roots(word)))

    def corrected(self, word: str) -> Iterator[str]:
        """Words with synonyms that are one typing error away."""
        if len(word) > _LEAST_KNOWN:
            for other in self._by_letter.get(word[0], ()):
                if abs(len(other) - len(word)) <= 1 and OSA.distance(word, other, score_cutoff=1) == 1:
                    yield other


@cache
def _shipped() -> tuple[tuple[str, ...], ...]:
    """The groups of `resources/search/synonyms.*.txt`: one a line, its words between commas."""
    texts: Iterable[str] = (
        files("resources.search").joinpath(f"synonyms.{language}.txt").read_text(encoding="utf-8")
        for language in ("de", "en")
    )
    lines = (line for text in texts for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return tuple(tuple(word.strip() for word in line.split(",")) for line in lines)
