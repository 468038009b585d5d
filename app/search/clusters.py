"""Finds what is asked by many at once: facts that are alike, more of them than on other days."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.domain.radar import Cluster, Fact, RadarSettings, customer_count, is_surprise
from app.search.likeness import ALIKE, Commonness, Features, features, likeness
from app.search.text import words

_TOKEN = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")
_MOST_LINES = 6  # of the symptoms
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Usual:
    """What came on the days before, and in how many hours anything came."""

    texts: tuple[Features, ...] = ()
    hour_count: int = 0

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> "Usual":
        known = tuple(facts)
        hours = {fact.at.replace(minute=0, second=0, microsecond=0) for fact in known}
        return cls(tuple(features_of(fact) for fact in known), len(hours))

    def expected(self, like: Features, window: timedelta, common: Commonness) -> float:
        """How many like this come in such a time on other days."""
        if not self.hour_count:
            return 0.0
        alike = sum(likeness(like, other, common).score >= ALIKE for other in self.texts if _meet(like, other))
        return alike / self.hour_count * (window / _HOUR)


def features_of(fact: Fact) -> Features:
    return features(fact.text, fact.product)


def find_cluster(facts: Sequence[Fact], usual: Usual, settings: RadarSettings, common: Commonness) -> Cluster | None:
    """The largest group that is alike, of so many customers, and more than usual; None when there is none.

    A group is a fact with all that are like it: never a chain of which the ends have nothing in common.
    """
    known = [features_of(fact) for fact in facts]
    groups = sorted(_groups(known, common), key=lambda group: (-len(group), group))
    for group in groups:
        members = [facts[place] for place in group]
        count = customer_count(members)
        if settings.case_count and count >= settings.case_count:
            expected = usual.expected(known[group[0]], settings.window, common)
            if is_surprise(count, expected):
                return _cluster(members, [known[place] for place in group])
    return None


def _groups(known: Sequence[Features], common: Commonness) -> list[tuple[int, ...]]:
    """For each fact its place and those of all that are like it; only what shares a word is compared."""
    having: dict[str, list[int]] = defaultdict(list)
    alike: dict[int, set[int]] = {place: set() for place in range(len(known))}
    for place, one in enumerate(known):
        others = {other for word in (*one.codes, *one.words) for other in having[word]}
        for other in others:
            if likeness(one, known[other], common).score >= ALIKE:
                alike[place].add(other)
                alike[other].add(place)
        for word in (*one.codes, *one.words):
            having[word].append(place)
    return [(place, *sorted(others)) for place, others in alike.items() if others]


def _meet(one: Features, other: Features) -> bool:
    return not one.codes.isdisjoint(other.codes) or not one.words.keys().isdisjoint(other.words.keys())


def _cluster(facts: Sequence[Fact], known: Sequence[Features]) -> Cluster:
    """Only words that two of different customers used are shown."""
    counts = Counter(word for one in known for word in {*one.codes, *one.words})
    shared = {word for word, count in counts.items() if count > 1}
    own = frozenset().union(*(fact.own for fact in facts))
    lines = [_shown(text, fact.product, shared, own) for fact in facts for text in fact.texts]
    lines = [line for line in dict.fromkeys(lines) if line]
    return Cluster(
        facts=tuple(facts),
        title=max(lines[:3], key=lambda line: len(line.split()), default=""),
        symptoms=tuple(lines[:_MOST_LINES]),
    )


def _shown(text: str, product: str, shared: set[str], own: frozenset[str]) -> str:
    """The words of a text that others have, too, as they were typed."""
    kept: list[str] = []
    for token in _TOKEN.findall(text):
        found = features(token, product)
        if shared.intersection((*found.codes, *found.words)) and own.isdisjoint(words(token)):
            kept.append(token)
    return " ".join(dict.fromkeys(kept))
