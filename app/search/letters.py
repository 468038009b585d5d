"""Three letters at a time: what words look like, whatever their endings, spellings and compounds.

Each answer is one vector of the trigrams within its words: the mean of its title's and its variants' vectors, so that
neither many variants nor long ones count more. Compared by the cosine with the vector of what was typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.search.arrays import Bools, Bytes, Floats, Ints, ragged

GRAM_COUNT = 40**3  # a code of 40 letters three times: fits into 16 bits
STOP_WEIGHT = 0.5
_TITLE_WEIGHT = 1.5
_LENGTH_POWER = -0.3  # a long word has many trigrams; each counts a little less
_CODES = {c: code for code, c in enumerate("_abcdefghijklmnopqrstuvwxyz0123456789")}


@lru_cache(maxsize=100_000)
def trigrams(word: str, *, is_open: bool = False) -> tuple[int, ...]:
    """The distinct trigrams of a folded word with its edges; the end of an open word is still being typed."""
    codes = [0, *(_CODES.get(c, 37 + ord(c) % 3) for c in word), *([] if is_open else [0])]
    return tuple(sorted({(a * 40 + b) * 40 + c for a, b, c in zip(codes, codes[1:], codes[2:], strict=False)}))


def word_weight(gram_count: int, *, is_stop: bool) -> float:
    """What each trigram of a word counts."""
    return (STOP_WEIGHT if is_stop else 1.0) * float(max(1, gram_count) ** _LENGTH_POWER)


@dataclass(frozen=True, slots=True)
class Letters:
    """The vectors of all answers, row by row: trigrams, and their weights as shares of the row's scale."""

    starts: Ints  # (rows + 1,) where a row begins
    grams: NDArray[np.uint16]
    weights: Bytes
    scales: Floats  # (rows,)

    @classmethod
    def empty(cls) -> "Letters":
        return cls(np.zeros(1, np.int64), np.zeros(0, np.uint16), np.zeros(0, np.uint8), np.zeros(0, np.float32))

    @classmethod
    def joined(cls, tables: Sequence["Letters"]) -> "Letters":
        """The rows of all, in order."""
        sizes = np.concatenate([np.diff(table.starts) for table in tables])
        return cls(
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            np.concatenate([table.grams for table in tables]),
            np.concatenate([table.weights for table in tables]),
            np.concatenate([table.scales for table in tables]),
        )

    def cosines(self, query: Floats, rows: Ints) -> Floats:
        """The cosine of the query's vector, (GRAM_COUNT,) of length 1, with each of these rows."""
        places, owners = ragged(self.starts[rows], self.starts[rows + 1])
        products = query[self.grams[places]] * self.weights[places]
        return (np.bincount(owners, products, minlength=len(rows)) * self.scales[rows]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Units:
    """The titles, variants and keywords of some answers as word numbers."""

    words: Ints  # of all units, one after the other
    units: Ints  # the unit of each word
    rows: Ints  # the answer of each unit, from 0
    is_title: Bools  # of each unit


def presence(units: Units, word_grams: Sequence[Ints]) -> tuple[Ints, Ints]:
    """Which trigrams stand in the heads of the answers: rows and trigrams, each pair once."""
    words = np.unique(units.rows[units.units] << 32 | units.words)
    rows, words = words >> 32, words & 0xFFFFFFFF
    pairs = np.unique(np.repeat(rows, _sizes(word_grams, words)) * GRAM_COUNT + _all(word_grams, words))
    return pairs // GRAM_COUNT, pairs % GRAM_COUNT


def vectors(units: Units, word_grams: Sequence[Ints], word_weights: Floats, idf: Floats, row_count: int) -> Letters:
    """The vectors of `row_count` answers. `word_grams` and `word_weights` are by word number, `idf` by trigram."""
    keys = np.unique(units.units << 32 | units.words)
    of_unit, words = keys >> 32, keys & 0xFFFFFFFF
    sizes = _sizes(word_grams, words)
    keys = np.repeat(of_unit, sizes) * GRAM_COUNT + _all(word_grams, words)
    pairs, values = _by_key(keys, np.repeat(word_weights[words], sizes), np.maximum)
    of_unit, grams = pairs // GRAM_COUNT, pairs % GRAM_COUNT
    values = values * idf[grams]
    lengths = np.sqrt(np.bincount(of_unit, values**2, minlength=len(units.rows)))
    shares = np.where(units.is_title, _TITLE_WEIGHT, 1.0) / np.maximum(lengths, 1e-9)
    pairs, values = _by_key(units.rows[of_unit] * GRAM_COUNT + grams, values * shares[of_unit], np.add)
    rows, grams = pairs // GRAM_COUNT, pairs % GRAM_COUNT
    lengths = np.sqrt(np.bincount(rows, values**2, minlength=row_count))
    values = values / np.maximum(lengths, 1e-9)[rows]
    tops = np.full(row_count, 1e-9)
    np.maximum.at(tops, rows, values)
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=row_count))]).astype(np.int64)
    weights = np.maximum(1, np.rint(values / tops[rows] * 255)).astype(np.uint8)
    return Letters(starts, grams.astype(np.uint16), weights, (tops / 255).astype(np.float32))


def _sizes(word_grams: Sequence[Ints], words: Ints) -> Ints:
    return np.fromiter((len(word_grams[word]) for word in words.tolist()), np.int64, len(words))


def _all(word_grams: Sequence[Ints], words: Ints) -> Ints:
    return np.concatenate([np.zeros(0, np.int64), *(word_grams[word] for word in words.tolist())])


def _by_key(keys: Ints, values: Floats, merge: np.ufunc) -> tuple[Ints, Floats]:
    """The keys once each, in order, with their values merged."""
    if not len(keys):
        return keys, values
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    firsts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return keys[firsts], merge.reduceat(values[order], firsts)
