"""The answers as the search sees them: words, where they stand, trigrams, languages. In memory, one slot an answer."""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.answers import Answer
from app.search.arrays import Bytes, Floats, Ints, Progress, in_silence
from app.search.layers import Beginnings, Layer, beginnings_of
from app.search.letters import GRAM_COUNT, Letters, Units, presence, vectors
from app.search.lexicon import Lexicon, Near
from app.search.openings import Openings
from app.search.postings import Postings, Strengths, body_level, body_shares, impact
from app.search.text import words as read_words

_CHUNK = 100
_LONGEST_BODY = 1_000  # words; a book among the answers does not make all others short ones
_LATEST = 2_000  # answers that wait in a layer of their own until they go to the others
_SHARE_OF_READING = 0.7  # of the time that building takes


class Corpus:
    """Not safe for threads: its owner locks. Answers are only added; one that is taken out leaves a dead slot."""

    def __init__(self) -> None:
        self.lexicon = Lexicon()
        self.most = self.latest = Layer.empty()  # few are added to few: the latest, now and then, to the others
        self.is_alive = np.zeros(0, np.bool_)
        self.languages: list[str] = []  # by number
        self.language_of = np.zeros(0, np.int64)  # by slot
        self.body_lengths = np.zeros(0, np.int64)  # by slot, in words, the longest cut
        self.answer_counts = np.zeros(0, np.int32)  # by word: in how many answers it stands
        self.gram_counts = np.zeros((0, GRAM_COUNT), np.int32)  # by language and trigram: in how many heads
        self.memory: dict[object, object] = {}  # what queries looked up, until the answers change

    @property
    def slot_count(self) -> int:
        return len(self.is_alive)

    @property
    def alive_count(self) -> int:
        return int(np.count_nonzero(self.is_alive))

    def add(self, answers: Sequence[Answer], on_progress: Progress = in_silence) -> None:
        """Take these answers into the next slots, in order; between chunks `on_progress` hears the share done."""
        self.memory.clear()
        chunks: list[_Chunk] = []
        for begin in range(0, len(answers), _CHUNK):
            chunks.append(_read(answers[begin : begin + _CHUNK], begin, self.lexicon))
            on_progress(_SHARE_OF_READING * min(1.0, (begin + _CHUNK) / len(answers)))
        if chunks:
            self._take(answers, chunks, on_progress)

    def remove(self, slot: int, answer: Answer) -> None:
        """The slot is dead from now on; `answer` is what was in it."""
        self.memory.clear()
        chunk = _read([answer], 0, self.lexicon)
        self.is_alive[slot] = False
        self.answer_counts[chunk.words] -= 1
        grams = presence(chunk.units, self.lexicon.grams)[1]
        self.gram_counts[self.language_of[slot], grams] -= 1

    def gram_idf(self) -> Floats:
        """BM25's weight of each trigram."""
        known = self.memory.get("gram idf")
        if not isinstance(known, np.ndarray):
            counts = self.gram_counts.sum(axis=0)
            known = np.log1p((self.alive_count - counts + 0.5).clip(0.5) / (counts + 0.5)).astype(np.float32)
            self.memory["gram idf"] = known
        return known

    def idf(self, answer_count: float) -> float:
        """BM25's weight of something that stands in so many answers."""
        return float(np.log1p(max(0.5, self.alive_count - answer_count + 0.5) / (answer_count + 0.5)))

    def strengths(self, words: Ints, weights: Floats) -> Strengths:
        """Where these words stand, each of which counts as much as its weight says."""
        bodies = self._body_shares()
        return Strengths.joined([layer.strengths(words, weights, bodies) for layer in self._layers()])

    def cosines(self, query: Floats, slots: Ints) -> Floats:
        """How much the letters of these answers, in ascending order, are those of the query's vector."""
        cut = np.searchsorted(slots, self.latest.first_slot)
        return np.concatenate([self.most.cosines(query, slots[:cut]), self.latest.cosines(query, slots[cut:])])

    def opening_shares(self, typed: Sequence[tuple[Near, float]], slots: Ints) -> Floats:
        """How far these answers, in ascending order, have a title or variant that goes on word by word as typed."""
        cut = np.searchsorted(slots, self.latest.first_slot)
        parts = self.most.opening_shares(typed, slots[:cut]), self.latest.opening_shares(typed, slots[cut:])
        return np.concatenate(parts)

    def slots_beginning(self, typed: Sequence[str]) -> Ints:
        """Answers with a title or variant that begins with exactly these words; one word alone has to be all of it."""
        return np.concatenate([layer.slots_beginning(typed) for layer in self._layers()])

    def whole(self) -> Layer:
        """All answers in one layer."""
        if not self.most.slot_count or not self.latest.slot_count:
            return self.latest if self.latest.slot_count else self.most
        return self.most.followed_by(self.latest)

    def become(self, layer: Layer) -> None:
        """This layer holds all answers."""
        self.most, self.latest = layer, Layer.empty(layer.end)

    def _body_shares(self) -> Floats:
        """What a word in a body counts, by impact."""
        known = self.memory.get("body shares")
        if not isinstance(known, np.ndarray):
            lengths = self.body_lengths[self.is_alive & (self.body_lengths > 0)]
            known = self.memory["body shares"] = body_shares(float(lengths.mean()) if len(lengths) else 0.0)
        return known

    def _layers(self) -> list[Layer]:
        return [self.most, self.latest] if self.latest.slot_count else [self.most]

    def _take(self, answers: Sequence[Answer], chunks: "list[_Chunk]", on_progress: Progress) -> None:
        self.languages += sorted({answer.language for answer in answers}.difference(self.languages))
        numbers = np.array([self.languages.index(answer.language) for answer in answers], np.int64)
        self.language_of = np.concatenate([self.language_of, numbers])
        self.is_alive = np.concatenate([self.is_alive, np.ones(len(answers), np.bool_)])
        self.body_lengths = np.concatenate([self.body_lengths, *(chunk.body_lengths for chunk in chunks)])
        words = np.concatenate([chunk.words for chunk in chunks])
        counts = np.bincount(words, minlength=len(self.lexicon)).astype(np.int32)
        counts[: len(self.answer_counts)] += self.answer_counts
        self.answer_counts = counts
        added = Layer(
            self.latest.end,
            Postings.empty().with_entries(
                words,
                np.concatenate([chunk.rows for chunk in chunks]),
                np.concatenate([chunk.impacts for chunk in chunks]),
                len(self.lexicon),
            ),
            self._letters(chunks, on_progress),
            Beginnings.empty().with_entries(
                np.concatenate([chunk.beginnings for chunk in chunks]),
                np.concatenate([chunk.beginning_rows for chunk in chunks]),
            ),
            Openings.joined([Openings.of(chunk.units, chunk.answer_count) for chunk in chunks]),
        )
        self.latest = self.latest.followed_by(added) if self.latest.slot_count else added
        if self.latest.slot_count > _LATEST or not self.most.slot_count:
            self.become(self.whole())

    def _letters(self, chunks: "list[_Chunk]", on_progress: Progress) -> Letters:
        more = len(self.languages) - len(self.gram_counts)
        self.gram_counts = np.concatenate([self.gram_counts, np.zeros((more, GRAM_COUNT), np.int32)])
        first = self.latest.end
        for chunk in chunks:
            rows, grams = presence(chunk.units, self.lexicon.grams)
            np.add.at(self.gram_counts, (self.language_of[rows + first], grams), 1)
            first += chunk.answer_count
            on_progress(_SHARE_OF_READING)
        self.memory.clear()
        idf, weights = self.gram_idf(), np.array(self.lexicon.gram_weights)
        tables = []
        for done, chunk in enumerate(chunks, start=1):
            tables.append(vectors(chunk.units, self.lexicon.grams, weights, idf, chunk.answer_count))
            on_progress(_SHARE_OF_READING + (1 - _SHARE_OF_READING) * done / len(chunks))
        return Letters.joined(tables)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    """What some answers in neighbouring slots add."""

    answer_count: int
    words: Ints  # with `rows` and `impacts`: each word of each answer once
    rows: Ints  # from 0, the first answer of all that are added
    impacts: Bytes
    body_lengths: Ints  # words, by answer
    units: Units
    beginnings: Ints
    beginning_rows: Ints


def _read(answers: Sequence[Answer], first_row: int, lexicon: Lexicon) -> _Chunk:
    entries = array("q"), array("q"), array("q")
    unit_words, unit_numbers, unit_rows = array("q"), array("q"), array("q")
    is_title: list[bool] = []
    hashes, hash_rows, body_lengths = array("q"), array("q"), array("q")
    for row, answer in enumerate(answers):
        title, others, body = read_words(answer.title), _others(answer), _body(answer)
        lexicon.add([*title, *(word for unit in others for word in unit), *body])
        for unit in (title, *others):
            unit_words.extend(lexicon.numbers(unit))
            unit_numbers.extend([len(unit_rows)] * len(unit))
            unit_rows.append(row)
            is_title.append(unit is title)
            beginnings = beginnings_of(unit)
            hashes.extend(beginnings)
            hash_rows.extend([first_row + row] * len(beginnings))
        body_lengths.append(min(len(body), _LONGEST_BODY))
        impacts = _impacts(title, others, body)
        entries[0].extend(lexicon.numbers(impacts))
        entries[1].extend([first_row + row] * len(impacts))
        entries[2].extend(impacts.values())
    return _Chunk(
        answer_count=len(answers),
        words=np.array(entries[0], np.int32),
        rows=np.array(entries[1], np.int32),
        impacts=np.array(entries[2], np.uint8),
        body_lengths=np.array(body_lengths, np.int64),
        units=Units(
            np.array(unit_words, np.int64),
            np.array(unit_numbers, np.int64),
            np.array(unit_rows, np.int64),
            np.array(is_title, np.bool_),
        ),
        beginnings=np.array(hashes, np.uint32),
        beginning_rows=np.array(hash_rows, np.int32),
    )


def words_of(answer: Answer) -> frozenset[str]:
    """All folded words of an answer."""
    return frozenset(read_words(answer.title)).union(*_others(answer), _body(answer))


def _others(answer: Answer) -> list[list[str]]:
    """The variants, each by itself, and all keywords together."""
    units = [read_words(variant) for variant in answer.variants]
    keywords = read_words(" ".join(answer.keywords))
    return [*units, keywords] if keywords else units


def _body(answer: Answer) -> list[str]:
    return read_words("\n".join((answer.body, *answer.steps, answer.closing)))


def _impacts(title: list[str], others: list[list[str]], body: list[str]) -> dict[str, int]:
    """The byte of each word of an answer."""
    units = Counter(word for unit in (title, *others) for word in set(unit))
    counts = Counter(body)
    levels = {count: body_level(count, len(body)) for count in {0, *counts.values()}}
    return {word: impact(units[word], levels[counts[word]]) for word in units | counts}
