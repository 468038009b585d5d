"""Words as the editors of a centre maintain them: which mean the same, and which say little."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

_NAMESPACE = UUID("8d0f6a31-7c55-5c0e-8e0b-6a4f2d9b1c77")


class WordKind(StrEnum):
    """What the words of a group are to the search."""

    SYNONYMS = "synonyms"  # each finds what the others find
    STOP_WORDS = "stop_words"  # they count little


@dataclass(frozen=True, slots=True, kw_only=True)
class WordGroup:
    """Some words of one kind, as they were typed."""

    kind: WordKind
    words: tuple[str, ...]

    @property
    def id(self) -> UUID:
        """Of the content: a group with other words is another group."""
        return uuid5(_NAMESPACE, "\n".join((self.kind, *self.words)))


def synonyms_of(groups: Iterable[WordGroup]) -> dict[str, tuple[str, ...]]:
    """Each word with the others of its groups.

    >>> synonyms_of([WordGroup(kind=WordKind.SYNONYMS, words=("wlan", "wifi"))])
    {'wlan': ('wifi',), 'wifi': ('wlan',)}
    """
    found: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for word in group.words if group.kind is WordKind.SYNONYMS else ():
            others = (other for other in group.words if other != word)
            found[word] = tuple(dict.fromkeys((*found.get(word, ()), *others)))
    return found


def stop_words_of(groups: Iterable[WordGroup]) -> frozenset[str]:
    return frozenset(word for group in groups if group.kind is WordKind.STOP_WORDS for word in group.words)
