"""In which answers a word stands, and how strongly: by word number, one list after the other."""

from dataclasses import dataclass

import numpy as np

from app.search.arrays import Bytes, Floats, Ints, ragged

_LENGTH_OF_A_BODY = 100  # words; longer ones count less for each word, as in BM25 with k1 = 1.2 and b = 0.75
_K1, _B = 1.2, 0.75
_LEVELS = 15
TITLE, OTHER_HEAD, BODY_ALONE = 2, 1, 0


def body_level(count: int, length: int) -> int:
    """BM25's share for a word that stands `count` times in a body of `length` words, 0 to 15."""
    if not count:
        return 0
    return max(1, round(_LEVELS * count / (count + _K1 * (1 - _B + _B * length / _LENGTH_OF_A_BODY))))


def impact(place: int, level: int) -> int:
    """One byte: where in the head the word stands, and its level in the body."""
    return place << 4 | level


def head_share() -> Floats:
    """By impact: what a word counts for where it stands; half for the body alone."""
    byte = np.arange(256)
    return np.where(byte >> 4 > BODY_ALONE, 1.0, np.where(byte & 15 > 0, 0.5, 0.0)).astype(np.float32)


def body_share() -> Floats:
    """By impact: BM25's share of the body."""
    return ((np.arange(256) & 15) / _LEVELS).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Postings:
    starts: Ints  # (words + 1,)
    slots: Ints  # the answers' slots
    impacts: Bytes

    @classmethod
    def empty(cls) -> "Postings":
        return cls(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint8))

    def places(self, words: Ints) -> tuple[Ints, Ints]:
        """The places of these words' entries, and which of the words each belongs to."""
        return ragged(self.starts[words], self.starts[words + 1])

    def with_entries(self, words: Ints, slots: Ints, impacts: Ints, word_count: int) -> "Postings":
        """These entries added; each (word, slot) is new."""
        order = np.argsort(words, kind="stable")
        words, slots, impacts = words[order], slots[order], impacts[order]
        grown = np.concatenate([self.starts, np.full(word_count + 1 - len(self.starts), self.starts[-1])])
        added = np.concatenate([[0], np.cumsum(np.bincount(words, minlength=word_count))])
        if not len(self.slots):
            return Postings(added.astype(np.int64), slots.astype(np.int32), impacts.astype(np.uint8))
        ends = grown[words + 1]
        return Postings(grown + added, np.insert(self.slots, ends, slots), np.insert(self.impacts, ends, impacts))
