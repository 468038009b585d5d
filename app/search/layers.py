"""What is searched about some answers, in one piece. A corpus has two, so that one answer more moves few others."""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from app.search.arrays import Floats, Ints, inserted
from app.search.letters import Letters
from app.search.lexicon import Near
from app.search.openings import Openings
from app.search.postings import Postings, Strengths

_BEGINNING = 12  # words by which a title or variant is known


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Hashes of the first words of each title and variant, ascending, and in which answer of the layer it stands."""

    hashes: Ints
    rows: Ints

    @classmethod
    def empty(cls) -> "Beginnings":
        return cls(np.zeros(0, np.uint32), np.zeros(0, np.int32))

    def with_entries(self, hashes: Ints, rows: Ints) -> "Beginnings":
        order = np.argsort(hashes, kind="stable")
        places = np.searchsorted(self.hashes, hashes[order], side="right")
        return Beginnings(inserted(self.hashes, places, hashes[order]), inserted(self.rows, places, rows[order]))

    def of(self, typed: Sequence[str]) -> Ints:
        """Answers with a title or variant that begins with exactly these words; one word alone has to be all of it."""
        key = np.uint32(_hash(typed[:_BEGINNING]))
        begin, end = np.searchsorted(self.hashes, key), np.searchsorted(self.hashes, key, side="right")
        return self.rows[begin:end]


def beginnings_of(unit: Sequence[str]) -> list[int]:
    """The hashes by which a title or variant is found."""
    return [_hash(unit[:end]) for end in range(min(2, len(unit)), min(_BEGINNING, len(unit)) + 1)]


@dataclass(frozen=True, slots=True)
class Layer:
    """Answers in neighbouring slots. Inside, they are counted from 0; outside, from the layer's first slot."""

    first_slot: int
    postings: Postings
    letters: Letters
    beginnings: Beginnings
    openings: Openings

    @classmethod
    def empty(cls, first_slot: int = 0) -> "Layer":
        return cls(first_slot, Postings.empty(), Letters.empty(), Beginnings.empty(), Openings.empty())

    @property
    def slot_count(self) -> int:
        return len(self.letters.scales)

    @property
    def end(self) -> int:
        """The first slot behind it."""
        return self.first_slot + self.slot_count

    def followed_by(self, other: "Layer") -> "Layer":
        """Both in one; the other's slots come next."""
        words, rows, impacts = other.postings.entries()
        word_count = max(self.postings.word_count, other.postings.word_count)
        return Layer(
            self.first_slot,
            self.postings.with_entries(words, rows + self.slot_count, impacts, word_count),
            Letters.joined([self.letters, other.letters]),
            self.beginnings.with_entries(other.beginnings.hashes, other.beginnings.rows + self.slot_count),
            Openings.joined([self.openings, other.openings]),
        )

    def strengths(self, words: Ints, weights: Floats, bodies: Floats) -> Strengths:
        found = self.postings.strengths(words, weights, self.slot_count, bodies)
        return found.moved(self.first_slot)

    def cosines(self, query: Floats, slots: Ints) -> Floats:
        return self.letters.cosines(query, slots - self.first_slot)

    def opening_shares(self, typed: Sequence[tuple[Near, float]], slots: Ints) -> Floats:
        return self.openings.shares(typed, slots - self.first_slot)

    def slots_beginning(self, typed: Sequence[str]) -> Ints:
        return self.beginnings.of(typed) + self.first_slot


def _hash(unit: Sequence[str]) -> int:
    return crc32(" ".join(unit).encode("utf-8", "replace"))
