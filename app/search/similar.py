"""Short texts that say nearly the same, put together: by the groups of three letters that their words share."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from app.search.text import query_words

ALIKE = 0.5  # Dice coefficient of the letter groups, from which on two texts belong together


def grouped(texts: Iterable[str]) -> list[list[str]]:
    """Groups of similar texts. Give the most important first: each group is told by its first text.

    >>> grouped(["passwort vergessen", "drucker", "vergessenes pasword", "druckers"])
    [['passwort vergessen', 'vergessenes pasword'], ['drucker', 'druckers']]
    """
    groups: list[list[str]] = []
    letters: list[frozenset[str]] = []  # of the first text of each group
    having: dict[str, list[int]] = defaultdict(list)
    for text in texts:
        own = _letter_groups(text)
        shared = Counter(number for three in own for number in having[three])
        best = max(shared, key=lambda n: (_dice(shared[n], own, letters[n]), -n), default=None)
        if best is not None and _dice(shared[best], own, letters[best]) >= ALIKE:
            groups[best].append(text)
            continue
        for three in own:
            having[three].append(len(groups))
        groups.append([text])
        letters.append(own)
    return groups


def likeness(one: str, other: str) -> float:
    """From 0, no word in common, to 1, the same words."""
    a, b = _letter_groups(one), _letter_groups(other)
    return _dice(len(a & b), a, b) if a and b else 0.0


def _dice(shared_count: int, one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * shared_count / (len(one) + len(other))


def _letter_groups(text: str) -> frozenset[str]:
    padded = (f" {word} " for word in query_words(text))
    return frozenset(word[i : i + 3] for word in padded for i in range(len(word) - 2))
