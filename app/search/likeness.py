"""How alike two short texts are, and by which words: codes such as E-47 count most, then rare words, then letters.

For known problems and the radar, where a handful of texts is compared; the answers have an index of their own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import log

from app.search.forms import stems
from app.search.letters import trigrams
from app.search.text import fold, query_words

ALIKE = 0.5  # from which on two texts are about the same
EVIDENCE = 1.5  # weight of the shared words below which nothing is offered: one code, or two words that say something

_CODE = re.compile(r"\b(?:[a-z]{1,3}[-_]?\d{1,5}|0x[0-9a-f]{2,8})\b")
_CODE_WEIGHT = 3.0
_NEARLY = 0.7  # what a word counts that is only spelt alike
_LETTERS_ALIKE = 0.62  # Dice coefficient of trigrams: a typing error, a compound that has the word
_LEAST = 0.15  # what the most common word counts
_OTHER_PRODUCT = 0.7
_SAME_PRODUCT_NEEDS = 0.6  # so much of the evidence is enough where the product is the same
_OTHER_CODE = 0.5  # both name a code, and none is the same: another fault with the same words
_FEW = 30  # texts below which nothing is known about how common a word is


@dataclass(frozen=True, slots=True)
class Features:
    """What a text is compared by: codes without their hyphens, and the stem of each other word with the word itself."""

    codes: frozenset[str]
    words: Mapping[str, str]
    product: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """From 0 to 1, and the words that make it, as they stand in the first text, the weightiest first."""

    score: float
    words: tuple[str, ...] = ()
    is_same_product: bool = False


@dataclass(frozen=True, slots=True)
class Commonness:
    """How often words occur in the centre's own cases: "internet" says little where everybody rings about it."""

    counts: Mapping[str, int] = field(default_factory=dict)
    text_count: int = 0

    @classmethod
    def of(cls, texts: Iterable[Features]) -> "Commonness":
        counts: Counter[str] = Counter()
        text_count = 0
        for text in texts:
            counts.update((*text.codes, *text.words))
            text_count += 1
        return cls(counts, text_count)

    def weight(self, word: str) -> float:
        """1 for a word that is new, less the more common it is (inverse document frequency, scaled)."""
        if self.text_count < _FEW:
            return 1.0
        seen = self.counts.get(word, 0)
        return max(_LEAST, log((self.text_count + 1) / (seen + 1)) / log(self.text_count + 1))


NOTHING_KNOWN = Commonness()


@lru_cache(maxsize=20_000)
def features(text: str, product: str = "") -> Features:
    """
    Args:
        product: the code of the product the text is about; as a word of the text it says nothing.
    """
    folded, own = fold(text), fold(product)
    found = {match.group(0) for match in _CODE.finditer(folded)} - {own}
    codes = frozenset(code.replace("-", "").replace("_", "") for code in found)
    plain = (word for word in query_words(text) if not any(sign.isdigit() for sign in word))
    words: dict[str, str] = {}
    for word in plain:
        if len(word) > 1 and word not in own.split("-"):
            words.setdefault(min(stems(word)), word)
    return Features(codes, words, product)


def likeness(one: Features, other: Features, common: Commonness = NOTHING_KNOWN) -> Likeness:
    """Of two texts of the same kind: the share of all their words that they have in common (weighted Dice)."""
    shared, found = _shared(one, other, common)
    whole = _weight(one, common) + _weight(other, common)
    return _judged(one, other, 2 * shared / whole if whole else 0.0, found)


def likeness_to_problem(text: Features, problem: Features, common: Commonness = NOTHING_KNOWN) -> Likeness:
    """Of a case with a problem, whose text is longer: what they share of the shorter one (weighted overlap).

    0 where too little is shared to say anything.
    """
    shared, found = _shared(text, problem, common)
    shorter = min(_weight(text, common), _weight(problem, common))
    is_same = bool(text.product) and text.product == problem.product
    is_enough = shared >= EVIDENCE * (_SAME_PRODUCT_NEEDS if is_same else 1.0)
    return _judged(text, problem, shared / shorter if shorter and is_enough else 0.0, found)


def _judged(one: Features, other: Features, score: float, found: list[tuple[float, str]]) -> Likeness:
    is_same = bool(one.product) and one.product == other.product
    if one.product and other.product and not is_same:
        score *= _OTHER_PRODUCT
    if one.codes and other.codes and not one.codes & other.codes:
        score *= _OTHER_CODE
    words = tuple(word for _, word in sorted(found, key=lambda pair: -pair[0]))
    return Likeness(min(1.0, score), words, is_same)


def _shared(one: Features, other: Features, common: Commonness) -> tuple[float, list[tuple[float, str]]]:
    """The weight of what they share, and the shared words of the first one with theirs."""
    found = [(_CODE_WEIGHT * common.weight(code), code.upper()) for code in sorted(one.codes & other.codes)]
    left = {stem: word for stem, word in other.words.items() if stem not in one.words}
    for stem, word in one.words.items():
        if stem in other.words:
            found.append((common.weight(stem), word))
        elif near := _nearest(word, left):
            left.pop(near)
            found.append((_NEARLY * common.weight(stem), word))
    return sum(weight for weight, _ in found), found


def _nearest(word: str, others: Mapping[str, str]) -> str:
    """The stem of the word that is spelt nearly so; empty when none is."""
    own = frozenset(trigrams(word))
    best, found = _LETTERS_ALIKE, ""
    for stem, other in others.items():
        theirs = frozenset(trigrams(other))
        alike = 2 * len(own & theirs) / (len(own) + len(theirs))
        if alike >= best:
            best, found = alike, stem
    return found


def _weight(text: Features, common: Commonness) -> float:
    return sum(_CODE_WEIGHT * common.weight(code) for code in text.codes) + sum(map(common.weight, text.words))
