"""What the search is told and what it tells: signals, the state of the index, and why a hit stands where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.answers import Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """What the index on this desk holds. While it builds, the answers of before are still searched."""

    answer_count: int = 0
    is_building: bool = False
    progress: float = 1.0  # share of the building that is done, 0 to 1
    version: int = 0  # grows with each change that searches see
    ready_at: datetime | None = None  # when the answers that are searched became so; None: never
    is_kept: bool = True  # False: the folder cannot be written to, so the answers are lost with the program's end


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What is known beside the words. `popularity`: how often an answer solved cases lately, decayed, 0 to 1."""

    popularity: Mapping[UUID, float] = field(default_factory=dict)
    in_force: frozenset[UUID] = frozenset()  # known problems: on top when they match


class How(StrEnum):
    """By which way a typed word met a word of an answer."""

    EXACT = "exact"
    PREFIX = "prefix"
    STEM = "stem"
    TYPO = "typo"
    COMPOUND = "compound"
    SYNONYM = "synonym"


class Part(StrEnum):
    """What a score is made of; the parts of a hit add up to its score."""

    WORDS = "words"
    OFTEN = "often"
    LETTERS = "letters"
    BODY = "body"
    OPENING = "opening"
    EXACTNESS = "exactness"
    LANGUAGE = "language"
    PRODUCT = "product"
    POPULARITY = "popularity"
    IN_FORCE = "in force"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordMatch:
    """A typed word and the answer's word that it met, both folded; `weight` is 1 for the word itself."""

    typed: str
    found: str
    how: How
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedHit:
    """A hit, its score by parts, and the words that brought it."""

    hit: Hit
    parts: Mapping[Part, float]
    matches: tuple[WordMatch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why the hits of a search stand where they stand. `words` are the folded words that were looked for."""

    text: str
    words: tuple[str, ...]
    hits: tuple[ExplainedHit, ...]
