"""What of a day may be told where no figure may tell of fewer than five people.

The facts of a day are cut into *parts*. Each part tells of five people or more (or of nobody: calls that nobody
answered), no two parts share a fact, and every figure that is ever shown is a sum of whole parts. So whatever is added
or subtracted, of one export, of two or of all: what comes out is again made of whole parts, and tells of five or more.

The cut goes from coarse to fine, one label after the other (queue, then hour, then team). Groups that are too small are
put together; if together they are too small still, the smallest of the others joins them, for else their figures would
be the difference between the whole and the rest. What was put together has the label `WITHHELD`. Its figures are in
the totals: nothing is left out, and nothing is made up.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

SMALLEST_GROUP = 5
WITHHELD = "*"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Generic[T]):
    """Facts with the same labels, coarse to fine.

    Attributes:
        people: whose work they tell of, a set for each kind of work: each must be large enough for itself.
    """

    labels: tuple[str, ...]
    people: tuple[frozenset[UUID], ...]
    facts: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Generic[T]):
    """The items that are told as one; `labels` has `WITHHELD` where it does not say of which group."""

    labels: tuple[str, ...]
    items: tuple[Item[T], ...]


_Groups = list[tuple[str, list[Item[T]]]]


def parts(items: Iterable[Item[T]], smallest: int = SMALLEST_GROUP) -> tuple[Part[T], ...]:
    """The parts of one day; () where all of it together tells of too few people."""
    whole = sorted(items, key=lambda item: item.labels)
    if not whole or not may_be_told(whole, smallest):
        return ()
    return tuple(_cut(whole, (), smallest))


def may_be_told(items: Sequence[Item[T]], smallest: int = SMALLEST_GROUP) -> bool:
    """Whether all that they tell of is the work of enough people, or of nobody."""
    return all(not 0 < len(people) < smallest for people in _people(items))


def _cut(items: list[Item[T]], labels: tuple[str, ...], smallest: int) -> list[Part[T]]:
    place = len(labels)
    if place == len(items[0].labels):
        return [Part(labels=labels, items=tuple(items))]
    large, rest = _sorted_out(items, place, smallest)
    found: list[Part[T]] = []
    for label, members in large:
        found += _cut(members, (*labels, label), smallest)
    if rest:
        found += _cut(rest, (*labels, WITHHELD), smallest)
    return found


def _sorted_out(items: list[Item[T]], place: int, smallest: int) -> tuple[_Groups[T], list[Item[T]]]:
    """The groups that can stand alone, and what is put together of the others; the whole can, so this ends."""
    groups: dict[str, list[Item[T]]] = defaultdict(list)
    for item in items:
        groups[item.labels[place]].append(item)
    large: _Groups[T] = []
    rest: list[Item[T]] = []
    for label, members in groups.items():
        if may_be_told(members, smallest):
            large.append((label, members))
        else:
            rest += members
    large.sort(key=lambda group: _rank(*group))
    while rest and not may_be_told(rest, smallest):
        rest += large.pop()[1]
    return sorted(large, key=lambda group: group[0]), rest


def _rank(label: str, members: list[Item[T]]) -> tuple[bool, int, str]:
    """Last the smallest; first what tells of nobody, as it makes no rest any larger."""
    count = sum(map(len, _people(members)))
    return count > 0, -count, label


def _people(items: Sequence[Item[T]]) -> tuple[frozenset[UUID], ...]:
    return tuple(frozenset().union(*sets) for sets in zip(*(item.people for item in items), strict=True))
