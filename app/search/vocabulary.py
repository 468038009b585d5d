"""Synonyms and stop words: those that come with the program, and those that the editors of a centre maintain."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What editors say about words; folded when it is used.

    `synonyms` maps a word to words that mean the same, in both directions; `stop_words` count little.
    """

    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stop_words: frozenset[str] = frozenset()
