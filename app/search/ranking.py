"""Puts the answers in order: found by their words, then compared by words, letters, body, language and what is known.

Each part is a share of what a perfect answer would get, 0 to 1, times a weight; the weights were tuned on public
collections of customers' questions and hold for short and long ones alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.search.arrays import Floats, Ints
from app.search.corpus import Corpus
from app.search.query import Query
from app.search.results import Part

CANDIDATES = 300
_WEIGHTS = {
    Part.WORDS: 0.45,
    Part.OFTEN: 1.1,
    Part.BODY: 0.8,
    Part.LETTERS: 0.9,
    Part.LANGUAGE: 0.3,
    Part.OPENING: 0.25,
    Part.EXACTNESS: 0.4,
    Part.PRODUCT: 0.15,
    Part.POPULARITY: 0.06,
    Part.IN_FORCE: 2.0,  # above all else
}
_CALL_LANGUAGE = 0.5  # the language of the call counts half as much as words that are surely of one language
_FEW_WORDS = 5  # of a question; the more there are, the less their order adds
_SURELY_MEANT = 4  # words after the first
_MATCHES_FROM = 1 / 3  # share of the words from which a known problem is meant
_PLACES = 5  # that are looked at first
_LEAST_SHARE = 0.25  # of the best score; less is noise


@dataclass(frozen=True, slots=True)
class Ranked:
    """Answers, best first: their slots, scores, and the parts that add up to each score."""

    slots: Ints
    scores: Floats
    parts: Mapping[Part, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known beside the words, by slot: shares from 0 to 1, and yes or no."""

    language: str
    products: Ints  # slots of answers for the caller's products
    popularity: Mapping[int, float]
    in_force: frozenset[int]


def rank(corpus: Corpus, query: Query, known: Known, limit: int) -> Ranked:
    """The answers that fit best, at most `limit`."""
    (words, often, body), slots, is_filled = _by_words(corpus, query)
    parts = {
        Part.WORDS: words,
        Part.OFTEN: often,
        Part.BODY: body,
        Part.LETTERS: corpus.cosines(query.letters, slots),
        Part.LANGUAGE: _languages(corpus, query, known)[corpus.language_of[slots]],
        Part.OPENING: _opening(corpus, query, slots),
        Part.EXACTNESS: _exactness(corpus, query, slots),
        Part.PRODUCT: np.isin(slots, known.products),
        Part.POPULARITY: np.array([known.popularity.get(slot, 0.0) for slot in slots.tolist()]),
        Part.IN_FORCE: np.isin(slots, list(known.in_force)) & (words + body >= _MATCHES_FROM),
    }
    weighed = {part: _WEIGHTS[part] * shares for part, shares in parts.items()}
    scores = np.sum(list(weighed.values()), axis=0)
    order = np.lexsort((slots, -scores))[:limit]
    met = scores - weighed[Part.OPENING]  # the order of words brings no hit that their meaning does not
    found = met - weighed[Part.IN_FORCE]  # what is put on top makes nothing else noise
    is_first = np.arange(len(order)) < (_PLACES if is_filled else 0)
    order = order[is_first | (met[order] >= _LEAST_SHARE * found.max(initial=0.0))]
    return Ranked(slots[order], scores[order], {part: shares[order] for part, shares in weighed.items()})


def _by_words(corpus: Corpus, query: Query) -> tuple[Floats, Ints, bool]:
    """The candidates' shares of words, of variants and of body; their slots; and whether others fill the first places.

    A candidate has one of the words that say something. If these are few, answers with the same stop words follow:
    people begin alike when they ask for the same. Where no word says anything to any answer, nothing is found.
    """
    shares = np.zeros((3, corpus.slot_count), np.float32)
    head, often, body = shares
    is_found = np.zeros(corpus.slot_count, np.bool_)
    only_stops = all(typed.is_stop or (typed.is_open and not len(typed.found.slots)) for typed in query.typed)
    total, plain_total = query.weight, query.plain_weight
    for typed in query.typed:
        found = typed.found
        head[found.slots] += typed.weight / total * found.in_head
        often[found.slots] += typed.plain_weight / plain_total * found.often
        body[found.slots] += typed.weight / total * found.in_body
        if only_stops or not typed.is_stop:
            is_found[found.slots] = True
    weights = np.array([_WEIGHTS[part] for part in (Part.WORDS, Part.OFTEN, Part.BODY)], np.float32)
    says_something = is_found & corpus.is_alive
    is_filled = 0 < np.count_nonzero(says_something) < _PLACES
    slots = _best(weights @ shares * (corpus.is_alive if is_filled else says_something), CANDIDATES)
    return shares[:, slots], slots, bool(is_filled)


def _opening(corpus: Corpus, query: Query, slots: Ints) -> Floats:
    """How far a title or variant goes on word by word as typed: settles what few words leave open."""
    share = min(1.0, _FEW_WORDS / max(1, len(query.sequence))) ** 2
    return share * corpus.opening_shares(query.in_order, slots)


def _exactness(corpus: Corpus, query: Query, slots: Ints) -> Floats:
    """Whether a title or variant begins as typed; the longer the beginning, the less it is chance."""
    share = min(1.0, max(1, len(query.complete) - 1) / _SURELY_MEANT)
    return share * np.isin(slots, corpus.slots_beginning(query.complete))


def _languages(corpus: Corpus, query: Query, known: Known) -> Floats:
    """By language: what the typed words look like, and the language of the call."""
    return query.language_leaning + _CALL_LANGUAGE * np.array([it == known.language for it in corpus.languages])


def _best(scores: Floats, count: int) -> Ints:
    """The slots with the highest scores above zero, at most `count`, in their order."""
    if count >= len(scores):
        return np.flatnonzero(scores)
    least = max(np.partition(scores, -count)[-count], np.finfo(np.float32).tiny)
    above, level = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
    return np.sort(np.concatenate([above, level[: count - len(above)]]))
