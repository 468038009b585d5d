"""The first words of each title and variant, in order: people begin alike when they ask for the same."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.search.arrays import Floats, Ints, ragged
from app.search.letters import Units
from app.search.lexicon import Near

PLACES = 8  # words of a text whose order is known


@dataclass(frozen=True, slots=True)
class Openings:
    words: Ints  # (texts, PLACES) word numbers; -1 behind the end of a text
    firsts: Ints  # (answers + 1,) the first text of each answer

    @classmethod
    def empty(cls) -> "Openings":
        return cls(np.zeros((0, PLACES), np.int32), np.zeros(1, np.int64))

    @classmethod
    def of(cls, units: Units, row_count: int) -> "Openings":
        """Of the titles and variants of so many answers."""
        sizes = np.bincount(units.units, minlength=len(units.rows))
        places = np.arange(len(units.words)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        is_first = places < PLACES
        words = np.full((len(units.rows), PLACES), -1, np.int32)
        words[units.units[is_first], places[is_first]] = units.words[is_first]
        return cls(words, np.searchsorted(units.rows, np.arange(row_count + 1)).astype(np.int64))

    @classmethod
    def joined(cls, tables: Sequence["Openings"]) -> "Openings":
        """The answers of all, in order."""
        counts = np.concatenate([np.diff(table.firsts) for table in tables])
        firsts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return cls(np.concatenate([table.words for table in tables]), firsts)

    def shares(self, typed: Sequence[tuple[Near, float]], rows: Ints) -> Floats:
        """How much of what was typed stands at the same place in the text of each answer that has most of it.

        `typed` has for each of the first words, at most PLACES, what it may mean, and its share of them all.
        """
        texts, owners = ragged(self.firsts[rows], self.firsts[rows + 1])
        met = np.zeros(len(texts), np.float32)
        for place, (near, share) in enumerate(typed):
            if len(near.words):
                met += share * _met(near, self.words[texts, place])
        best = np.zeros(len(rows), np.float32)
        np.maximum.at(best, owners, met)
        return best


def _met(near: Near, words: Ints) -> Floats:
    """The weight of each word among the meanings, 0 if it is none."""
    order = np.argsort(near.words)
    known = near.words[order]
    places = np.minimum(np.searchsorted(known, words), len(known) - 1)
    return np.where(known[places] == words, near.weights[order][places], 0.0)
