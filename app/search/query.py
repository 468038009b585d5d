"""What was typed, as the search looks for it: each word with all that it may mean, and the letters of all."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.search.arrays import Floats
from app.search.corpus import Corpus
from app.search.forms import separated
from app.search.letters import GRAM_COUNT, trigrams, word_weight
from app.search.lexicon import Found, Near
from app.search.openings import PLACES
from app.search.phrases import phrases
from app.search.postings import Strengths
from app.search.results import How
from app.search.text import ASKING, words
from app.search.vocabulary import Meanings

TEXT_LIMIT = 2_000  # characters; more is a text pasted by mistake
WORD_LIMIT = 32
STOP_WEIGHT = 0.3  # of a stop word's rarity
_PLAIN_STOP_WEIGHT, _ASKING_WEIGHT = 0.2, 0.5  # where rarity does not count
_ORDERED_STOP_WEIGHT = 0.5  # where their order counts
_JOINED_LENGTH = 3
_ERROR_SHARE = 0.8  # of what the word without its typing error means
_REMEMBERED = 200  # words
_SURE_AFTER = 30  # trigrams: fewer say less about the language
_NAMED = 0.5  # of the best meaning; others are too far to be marked
_STRONG = 0.15  # meanings so near to the best one decide how rare a typed word is


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A typed word and where it stands."""

    word: str
    is_open: bool  # the last one, still being typed
    is_stop: bool
    near: Near
    weight: float  # how much it says: how rare it is among the answers, less for a stop word
    found: Strengths
    named: Mapping[str, float]  # the words it may mean, and how much each says

    @property
    def plain_weight(self) -> float:
        """How much it says, however rare it is."""
        if not self.is_stop:
            return 1.0
        return _ASKING_WEIGHT if self.word in ASKING else _PLAIN_STOP_WEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    sequence: tuple[str, ...]  # all words in order
    complete: tuple[str, ...]  # without the last one while it is being typed
    typed: tuple[Typed, ...]  # each once, and parts of compounds
    letters: Floats  # (GRAM_COUNT,), of length 1 unless it is empty
    language_leaning: Floats  # by language: -1 sure not, 0 unknown, 1 sure

    @property
    def weight(self) -> float:
        return max(1e-6, sum(typed.weight for typed in self.typed))

    @property
    def in_order(self) -> tuple[tuple[Near, float], ...]:
        """For each of the first words what it may mean, and its share of them all: half as much for a stop word."""
        typed = {one.word: one for one in reversed(self.typed)}
        found = [typed[word] for word in self.sequence[:PLACES] if word in typed]
        shares = [_ORDERED_STOP_WEIGHT if one.is_stop else 1.0 for one in found]
        return tuple((one.near, share / sum(shares)) for one, share in zip(found, shares, strict=True))

    @property
    def plain_weight(self) -> float:
        return max(1e-6, sum(typed.plain_weight for typed in self.typed))


def read_query(text: str, corpus: Corpus, meanings: Meanings) -> Query:
    text = text[:TEXT_LIMIT]
    sequence = tuple(words(text))[: WORD_LIMIT * 2]
    distinct = list(dict.fromkeys(sequence))[:WORD_LIMIT]
    is_open = bool(distinct) and text[-1:].isalnum() and sequence[-1] == distinct[-1]
    typed = [
        _looked_up(word, corpus, meanings, is_open=is_open and sequence[-1] in word[-len(sequence[-1]) :])
        for word in distinct
    ]
    parts = [part for one in typed for part in _parts(one, corpus, meanings)]
    whole = _with_wholes(_with_compounds(typed, corpus), text, sequence, corpus, meanings)
    return Query(
        sequence=sequence,
        complete=sequence[:-1] if is_open and len(sequence) > 2 else sequence,
        typed=(*whole, *parts),
        letters=_letters(typed, corpus),
        language_leaning=_leaning(typed, corpus),
    )


def _looked_up(word: str, corpus: Corpus, meanings: Meanings, *, is_open: bool) -> Typed:
    def look_up() -> Typed:
        is_stop = word in meanings.stop_words
        near = corpus.lexicon.near(word, () if is_stop else meanings.synonyms(word), is_open=is_open)
        if not len(near.words) and not is_stop:
            near = Near.best_of(_meant_by_error(word, corpus, meanings))
        return _placed(word, near, corpus, is_open=is_open, is_stop=is_stop)

    return _remembered((word, is_open, meanings), look_up, corpus)


def _meant_by_error(word: str, corpus: Corpus, meanings: Meanings) -> Iterator[Found]:
    """What answers say in other words than the one that was mistyped."""
    for other in meanings.corrected(word):
        for number, weight, how in corpus.lexicon.forms(other, meanings.synonyms(other)):
            yield number, _ERROR_SHARE * weight, how


def _remembered(key: object, look_up: Callable[[], Typed], corpus: Corpus) -> Typed:
    """From memory if it was looked up before: with each key stroke only the last word is new."""
    known = corpus.memory.get(key)
    if not isinstance(known, Typed):
        known = look_up()
        if len(corpus.memory) >= _REMEMBERED:
            corpus.memory.clear()
        corpus.memory[key] = known
    return known


def _placed(word: str, near: Near, corpus: Corpus, *, is_open: bool, is_stop: bool) -> Typed:
    weight = _weight(near, corpus) * (STOP_WEIGHT if is_stop else 1.0)
    least = near.weights.max(initial=0.0) * _NAMED
    return Typed(
        word=word,
        is_open=is_open,
        is_stop=is_stop,
        near=near,
        weight=weight,
        found=corpus.strengths(near.words, near.weights),
        named={corpus.lexicon.words[number]: share * weight for number, share, _ in near if share >= least},
    )


def _with_compounds(typed: list[Typed], corpus: Corpus) -> list[Typed]:
    """Neighbours that answers write as one word both mean that word."""
    found = list(typed)
    for place, (first, second) in enumerate(pairwise(typed)):
        if min(len(first.word), len(second.word)) >= _JOINED_LENGTH:
            joined = tuple(corpus.lexicon.joined(first.word, second.word, is_open=second.is_open))
            for here in (place, place + 1) if joined else ():
                found[here] = _widened(found[here], joined, corpus)
    return found


def _with_wholes(
    typed: list[Typed], text: str, sequence: Sequence[str], corpus: Corpus, meanings: Meanings
) -> list[Typed]:
    """A verb whose prefix stands behind it also means both together, and a phrase what its words say together."""
    more: defaultdict[str, list[Found]] = defaultdict(list)
    for word, prefix in separated(text):
        more[word] += corpus.lexicon.forms(prefix + word, meanings.synonyms(prefix + word))
    for phrase, meaning in phrases(sequence):
        telling = [word for word in phrase if word not in meanings.stop_words] or phrase
        more[telling[-1]] += corpus.lexicon.meant(meaning)
    return [_widened(one, more[one.word], corpus) if more[one.word] else one for one in typed]


def _widened(one: Typed, found: Sequence[Found], corpus: Corpus) -> Typed:
    """It means these words, too."""

    def widen() -> Typed:
        near = Near.best_of((*one.near, *found))
        return _placed(one.word, near, corpus, is_open=one.is_open, is_stop=one.is_stop)

    return _remembered((one.word, one.near.words.tobytes(), one.is_open, one.is_stop, *found), widen, corpus)


def _parts(one: Typed, corpus: Corpus, meanings: Meanings) -> Iterator[Typed]:
    """Of a compound that is unknown in all its forms."""
    is_form = one.word in meanings.words or How.STEM in one.near.hows
    if one.word not in corpus.lexicon and not is_form:
        for part in corpus.lexicon.parts(one.word, meanings.words) or corpus.lexicon.known_end(one.word):
            yield _looked_up(part, corpus, meanings, is_open=False)


def _weight(near: Near, corpus: Corpus) -> float:
    if not len(near.words):
        return corpus.idf(0) / 2
    strong = near.words[near.weights >= near.weights.max() - _STRONG]
    return max(0.1, corpus.idf(min(int(corpus.answer_counts[strong].sum()), corpus.alive_count)))


def _letters(typed: list[Typed], corpus: Corpus) -> Floats:
    vector = np.zeros(GRAM_COUNT, np.float32)
    for one in typed:
        grams = list(trigrams(one.word, is_open=one.is_open))
        vector[grams] = np.maximum(vector[grams], word_weight(len(grams), is_stop=one.is_stop))
    vector *= corpus.gram_idf()
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


def _leaning(typed: list[Typed], corpus: Corpus) -> Floats:
    """How much the trigrams are those of each language of the answers, learnt from the answers."""
    if len(corpus.languages) < 2:
        return np.zeros(len(corpus.languages), np.float32)
    grams = [gram for one in typed for gram in trigrams(one.word, is_open=one.is_open)]
    if not grams:
        return np.zeros(len(corpus.languages), np.float32)
    counts = corpus.gram_counts[:, grams] + 0.5
    shares = np.log(counts / (corpus.gram_counts.sum(axis=1, keepdims=True) + 0.5 * GRAM_COUNT)).mean(axis=1)
    others = np.array([np.delete(shares, number).max() for number in range(len(shares))])
    leaning: Floats = np.tanh(2 * (shares - others) * min(1.0, len(grams) / _SURE_AFTER)).astype(np.float32)
    return leaning
