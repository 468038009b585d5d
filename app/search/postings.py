"""In which answers a word stands, and how strongly: by word number, one list after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.search.arrays import Bytes, Floats, Ints, inserted, ragged

_LENGTH_OF_A_BODY = 100  # words in the mean; in longer ones each word counts less, as in BM25
_K1, _B = 1.2, 0.75
_LEVELS = 15
_MOST_UNITS = 15
_BODY_AFTER_HEAD = 0.7  # what a word in the body adds where the title, a variant or a keyword has it


def body_level(count: int, length: int) -> int:
    """BM25's share for a word that stands `count` times in a body of `length` words, 0 to 15."""
    if not count:
        return 0
    return max(1, round(_LEVELS * count / (count + _K1 * (1 - _B + _B * length / _LENGTH_OF_A_BODY))))


def impact(unit_count: int, level: int) -> int:
    """One byte: how many of title, variants and keywords have the word, and its level in the body."""
    return min(unit_count, _MOST_UNITS) << 4 | level


_BYTE = np.arange(256)
_HEAD_SHARE = np.where(_BYTE >> 4 > 0, 1.0, np.where(_BYTE & 15 > 0, 0.5, 0.0)).astype(np.float32)
_LOG_OF_MOST = float(np.log1p(_MOST_UNITS))
_BODY_LEVEL = ((_BYTE & 15) / _LEVELS).astype(np.float32)


def body_shares(mean_length: float) -> Floats:
    """By impact: BM25's share where bodies have so many words in the mean, 0 to 1.

    Levels are kept for bodies of 100 words in the mean. Where all are longer, a word in one of them says no less.
    """
    longer = 1 - _B + _B * mean_length / _LENGTH_OF_A_BODY
    shares = _BODY_LEVEL * longer / (_BODY_LEVEL * longer + 1 - _BODY_LEVEL)
    return np.where(_BYTE >> 4 > 0, _BODY_AFTER_HEAD * shares, shares).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Strengths:
    """How strongly some words stand in each of `slots`, 0 to 1, by the one that fits best."""

    slots: Ints
    in_head: Floats  # half for the body alone
    often: Floats  # in how many of the title, the variants and the keywords
    in_body: Floats  # less if in the head, too

    @classmethod
    def joined(cls, parts: Sequence["Strengths"]) -> "Strengths":
        """Of different answers, in order."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))

    def moved(self, by: int) -> "Strengths":
        return replace(self, slots=self.slots + by)


@dataclass(frozen=True, slots=True)
class Postings:
    starts: Ints  # (words + 1,)
    slots: Ints  # the answers' slots
    impacts: Bytes

    @classmethod
    def empty(cls) -> "Postings":
        return cls(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint8))

    @property
    def word_count(self) -> int:
        return len(self.starts) - 1

    def entries(self) -> tuple[Ints, Ints, Bytes]:
        """Words, slots, impacts."""
        return np.repeat(np.arange(self.word_count), np.diff(self.starts)), self.slots, self.impacts

    def strengths(self, words: Ints, weights: Floats, slot_count: int, bodies: Floats) -> Strengths:
        """Where these words stand, each of which counts as much as its weight says; `bodies` are shares by impact."""
        is_known = words < self.word_count
        words, weights = words[is_known], weights[is_known]
        places, owners = ragged(self.starts[words], self.starts[words + 1])
        slots, impacts, weights = self.slots[places], self.impacts[places], weights[owners]
        head, body = np.zeros((2, slot_count), np.float32)
        np.maximum.at(head, slots, weights * _HEAD_SHARE[impacts])
        np.maximum.at(body, slots, weights * bodies[impacts])
        counts = np.bincount(slots, weights * (impacts >> 4), slot_count)
        found = np.flatnonzero(head)
        often = np.minimum(1.0, np.log1p(counts[found]) / _LOG_OF_MOST).astype(np.float32)
        return Strengths(found, head[found], often, body[found])

    def with_entries(self, words: Ints, slots: Ints, impacts: Bytes, word_count: int) -> "Postings":
        """These entries added; each (word, slot) is new."""
        order = np.argsort(words, kind="stable")
        words, slots, impacts = words[order], slots[order], impacts[order]
        grown = np.concatenate([self.starts, np.full(word_count + 1 - len(self.starts), self.starts[-1])])
        added = np.concatenate([[0], np.cumsum(np.bincount(words, minlength=word_count))])
        if not len(self.slots):
            return Postings(added.astype(np.int64), slots.astype(np.int32), impacts.astype(np.uint8))
        ends = grown[words + 1]
        return Postings(grown + added, inserted(self.slots, ends, slots), inserted(self.impacts, ends, impacts))
