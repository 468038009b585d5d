"""All words of the answers, and which of them a typed word may mean: itself, its forms, typing errors, compounds."""

import sys
from array import array
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import OSA

from app.search.arrays import Floats, Ints
from app.search.forms import FAMILY, roots, stems
from app.search.letters import trigrams, word_weight
from app.search.results import How
from app.search.text import stop_words

LINKS = ("", "s", "n", "en", "es", "e", "er")  # what stands between the parts of a German compound
_STEM, _PART, _TYPO_IN_PREFIX = 0.95, 0.7, 0.55
_SYNONYM = 0.6
_FAMILY_SHARE = 0.6  # of what a form of the same word counts
_TYPOS = {1: 0.8, 2: 0.6}
_TYPO_OF_A_KNOWN_WORD = 0.3  # a word that answers have is seldom a typing error
_PREFIX_LEAST, _PREFIX_MOST = 0.8, 0.95
_PREFIX_COUNT = 2_000
_LAST = chr(sys.maxunicode)  # stands in no word, and comes behind all that do
_FEW = 200  # words that are put where they belong one by one
_LOOK_ALIKES = 150
_TELLING, _RESEMBLING, _RESEMBLES_FROM, _RESEMBLING_WEIGHT = 5, 10, 0.4, 0.5  # words that merely share trigrams
_PART_LENGTH = 4
_LEAST_PART = 3  # of a typed compound; shorter pieces are endings
_LONG_PART = 5  # of one whose rest no answer has
_SHORT = 6
_COMPOUND_LENGTH = range(8, 41)


Found = tuple[int, float, How]  # a word's number, its weight, and by which way it was found


@dataclass(frozen=True, slots=True)
class Near:
    """Words of the answers that a typed word may mean; `weights` are 1 for the word itself."""

    words: Ints
    weights: Floats
    hows: tuple[How, ...]

    @classmethod
    def best_of(cls, found: Iterable[Found]) -> "Near":
        """Each word once, by its likeliest way."""
        best: dict[int, tuple[float, How]] = {}
        for word, weight, how in found:
            if word not in best or best[word][0] < weight:
                best[word] = weight, how
        return cls(
            np.array(list(best), np.int64),
            np.array([weight for weight, _ in best.values()], np.float32),
            tuple(how for _, how in best.values()),
        )

    def __iter__(self) -> Iterator[Found]:
        return zip(self.words.tolist(), self.weights.tolist(), self.hows, strict=True)


class Lexicon:
    """Words by number, in the order in which they came; words are added and never taken away."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.grams: list[Ints] = []
        self.gram_weights = array("f")
        self._numbers: dict[str, int] = {}
        self._sorted: list[str] = []
        self._by_root: defaultdict[str, array[int]] = defaultdict(lambda: array("i"))
        self._by_gram: defaultdict[int, array[int]] = defaultdict(lambda: array("i"))

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self._numbers

    def number(self, word: str) -> int:
        """-1: no answer has it."""
        return self._numbers.get(word, -1)

    def numbers(self, words: Iterable[str]) -> list[int]:
        """Of words that answers have."""
        return list(map(self._numbers.__getitem__, words))

    def add(self, words: Iterable[str]) -> None:
        """Take in the words that are new."""
        fresh = [word for word in dict.fromkeys(words) if word not in self._numbers]
        for number, word in enumerate(fresh, len(self.words)):
            grams = trigrams(word)
            for root in roots(word):
                self._by_root[root].append(number)
            for gram in grams:
                self._by_gram[gram].append(number)
            self.words.append(word)
            self.grams.append(np.array(grams, np.int64))
            self.gram_weights.append(word_weight(len(grams), is_stop=word in stop_words()))
            self._numbers[word] = number

    def near(self, word: str, synonyms: Iterable[str] = (), *, is_open: bool = False) -> Near:
        """What `word` may mean. An open word is still being typed."""
        return Near.best_of(self._candidates(word, synonyms, is_open))

    def forms(self, word: str, synonyms: Iterable[str]) -> Iterator[Found]:
        """The forms of a word and of those that mean the same."""
        yield from self._forms(word, _STEM, How.STEM)
        yield from self.meant(synonyms)

    def meant(self, synonyms: Iterable[str]) -> Iterator[Found]:
        """The forms of words that mean the same as what was typed."""
        for synonym in synonyms:
            yield from self._forms(synonym, _SYNONYM, How.SYNONYM)

    def joined(self, first: str, second: str, *, is_open: bool) -> Iterator[Found]:
        """Compounds of two typed words; of an open second one also those that go on."""
        for link in LINKS:
            compound = first + link + second
            if compound in self._numbers:
                yield self._numbers[compound], 1.0, How.COMPOUND
            if is_open:
                for longer in self._starting_with(compound, _PREFIX_COUNT):
                    yield self._numbers[longer], 0.85, How.COMPOUND

    def parts(self, word: str, known: Container[str] = (), depth: int = 0) -> tuple[str, ...]:
        """The words of the answers, and those `known` otherwise, that a compound is made of; the fewest parts win.

        Empty if it is no compound.
        """
        best: tuple[str, ...] = ()
        for cut in range(_LEAST_PART, len(word) - _LEAST_PART + 1) if len(word) in _COMPOUND_LENGTH else ():
            tail = word[cut:]
            last = self._without_ending(tail, known)
            rest = (last,) if last else self.parts(tail, known, depth + 1) if depth < 2 else ()
            head = self._without_ending(word[:cut], known) if rest else ""
            if head and (not best or len(rest) + 1 < len(best)):
                best = (head, *rest)
        return best

    def known_end(self, word: str) -> tuple[str, ...]:
        """The longest word of the answers with which a compound begins or ends whose rest none of them has."""
        if len(word) in _COMPOUND_LENGTH:
            for size in range(len(word) - _LEAST_PART, _LONG_PART - 1, -1):
                head = self._without_ending(word[:size])
                if len(head) >= _LONG_PART:
                    return (head,)
                if word[-size:] in self._numbers:
                    return (word[-size:],)
        return ()

    def _without_ending(self, piece: str, known: Container[str] = ()) -> str:
        """The word that a piece of a compound is; what joins it to the next one also makes the plural."""
        for link in LINKS:
            bare = piece.removesuffix(link)
            if len(bare) >= _LEAST_PART and piece.endswith(link) and (bare in self._numbers or bare in known):
                return bare
        return ""

    def _candidates(self, word: str, synonyms: Iterable[str], is_open: bool) -> Iterator[Found]:
        number = self.number(word)
        if number >= 0:
            yield number, 1.0, How.EXACT
        yield from self.forms(word, synonyms)
        if is_open or (number < 0 and len(word) >= _PART_LENGTH):  # typed by half, or left at that: "Geschäfts-"
            for longer in self._starting_with(word, _PREFIX_COUNT):
                share = len(word) / len(longer)
                weight = _PREFIX_LEAST + (_PREFIX_MOST - _PREFIX_LEAST) * share
                yield self._numbers[longer], weight, How.PREFIX
        if len(word) >= _PART_LENGTH and not _has_digit(word):
            yield from self._look_alikes(word, number >= 0, is_open)
            if number < 0 and len(word) <= _SHORT:
                yield from self._short_typos(word)

    def _forms(self, word: str, weight: float, how: How) -> Iterator[Found]:
        """Words of the answers that have a root in common with this one."""
        for root in roots(word):
            share = _FAMILY_SHARE if root.startswith(FAMILY) else 1.0
            for number in self._by_root.get(root, ()):
                yield number, share * weight, how

    def _starting_with(self, start: str, limit: int) -> Iterator[str]:
        fresh = self.words[len(self._sorted) :]
        if len(fresh) > _FEW:
            self._sorted = sorted(self.words)
        else:
            for word in fresh:
                insort(self._sorted, word)
        begin = bisect_left(self._sorted, start)
        end = bisect_left(self._sorted, start + _LAST, begin)
        yield from (word for word in self._sorted[begin : min(end, begin + limit)] if word != start)

    def _look_alikes(self, word: str, is_known: bool, is_open: bool) -> Iterator[Found]:
        """Words that share trigrams: typing errors, and compounds with this word at one end."""
        grams = trigrams(word, is_open=True)
        hits = [np.array(self._by_gram[gram], np.int32) for gram in grams if gram in self._by_gram]
        if not hits:
            return
        shared = np.bincount(np.concatenate(hits))
        likely = np.flatnonzero(shared >= max(1, len(grams) // 3))
        if len(likely) > _LOOK_ALIKES:
            likely = likely[np.argsort(-shared[likely], kind="stable")[:_LOOK_ALIKES]]
        limit = 1 if len(word) < 7 else 2
        needles = {needle for needle in (word, *stems(word)) if len(needle) >= _PART_LENGTH}
        is_met = is_known
        for number in likely:
            near = self._look_alike(word, self.words[number], limit, is_open, needles)
            if near:
                is_met = True
                weight, how = near
                yield int(number), weight * (_TYPO_OF_A_KNOWN_WORD if is_known and how is How.TYPO else 1.0), how

        if not is_met and len(grams) >= _TELLING:
            for number in likely[np.argsort(-shared[likely], kind="stable")[:_RESEMBLING]]:
                share = 2 * shared[number] / (len(grams) + len(self.grams[number]))
                if share >= _RESEMBLES_FROM:
                    yield int(number), _RESEMBLING_WEIGHT * float(share), How.TYPO

    def _short_typos(self, word: str) -> Iterator[Found]:
        """A typing error in a short word may leave it no trigram: all words with its first letter."""
        for other in self._starting_with(word[0], len(self.words)):
            is_near = abs(len(other) - len(word)) <= 1 and OSA.distance(word, other, score_cutoff=1) <= 1
            if is_near and not _has_digit(other) and other not in stop_words():
                yield self._numbers[other], _TYPOS[1], How.TYPO

    def _look_alike(
        self, word: str, other: str, limit: int, is_open: bool, needles: set[str]
    ) -> tuple[float, How] | None:
        if word == other:
            return None
        if any(self._is_part(needle, other) for needle in needles):
            return _PART, How.COMPOUND
        if _has_digit(other) or other in stop_words():
            return None
        distance = OSA.distance(word, other, score_cutoff=limit)
        if distance <= limit:
            return _TYPOS[distance], How.TYPO
        if is_open and len(word) >= 5 and OSA.distance(word, other[: len(word)], score_cutoff=1) <= 1:
            return _TYPO_IN_PREFIX, How.TYPO
        return None

    def _is_part(self, part: str, compound: str) -> bool:
        """Whether a compound begins or ends with this word, and the rest is a word of the answers too."""
        if len(compound) < max(_COMPOUND_LENGTH.start, len(part) + 3):
            return False
        if compound.endswith(part) and self._without_ending(compound.removesuffix(part)):
            return True
        if not compound.startswith(part):
            return False
        rest = compound.removeprefix(part)
        return any(rest.startswith(link) and rest.removeprefix(link) in self._numbers for link in LINKS)


def _has_digit(word: str) -> bool:
    return any(c.isdigit() for c in word)
