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


_BYTE = np.arange(256)
_HEAD_SHARE = np.where(_BYTE >> 4 > BODY_ALONE, 1.0, np.where(_BYTE & 15 > 0, 0.5, 0.0)).astype(np.float32)
_BODY_SHARE = ((_BYTE & 15) / _LEVELS).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Postings:
    starts: Ints  # (words + 1,)
    slots: Ints  # the answers' slots
    impacts: Bytes

    @classmethod
    def empty(cls) -> "Postings":
        return cls(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint8))

    def strengths(self, words: Ints, weights: Floats, slot_count: int) -> tuple[Ints, Floats, Floats]:
        """Where these words stand: slots, how strongly there (half for the body alone), and in the body."""
        places, owners = ragged(self.starts[words], self.starts[words + 1])
        slots, impacts, weights = self.slots[places], self.impacts[places], weights[owners]
        head, body = np.zeros(slot_count, np.float32), np.zeros(slot_count, np.float32)
        np.maximum.at(head, slots, weights * _HEAD_SHARE[impacts])
        np.maximum.at(body, slots, weights * _BODY_SHARE[impacts])
        found = np.flatnonzero(head)
        return found, head[found], body[found]

    def with_entries(self, words: Ints, slots: Ints, impacts: Bytes, word_count: int) -> "Postings":
        """These entries added; each (word, slot) is new."""
        order = np.argsort(words, kind="stable")
        words, slots, impacts = words[order], slots[order], impacts[order]
        grown = np.concatenate([self.starts, np.full(word_count + 1 - len(self.starts), self.starts[-1])])
        added = np.concatenate([[0], np.cumsum(np.bincount(words, minlength=word_count))])
        if not len(self.slots):
            return Postings(added.astype(np.int64), slots.astype(np.int32), impacts.astype(np.uint8))
        ends = grown[words + 1]
        return Postings(grown + added, np.insert(self.slots, ends, slots), np.insert(self.impacts, ends, impacts))
