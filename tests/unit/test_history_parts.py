"""What may be told of a day: whatever is cut, added or subtracted, it tells of five people or of nobody."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.history.parts import SMALLEST_GROUP, WITHHELD, Item, Part, may_be_told, parts

PEOPLE = [UUID(int=n + 1) for n in range(14)]
LABELS = st.tuples(st.sampled_from("ABC"), st.sampled_from(["08", "09"]), st.sampled_from(["", "x", "y"]))
FACTS = st.lists(st.tuples(LABELS, st.none() | st.sampled_from(PEOPLE)), max_size=60)


def items_of(facts: Sequence[tuple[tuple[str, ...], UUID | None]]) -> list[Item[int]]:
    """One item for each combination of labels; its facts are their number."""
    found: dict[tuple[str, ...], tuple[frozenset[UUID], int]] = {}
    for labels, person in facts:
        people, count = found.get(labels, (frozenset(), 0))
        found[labels] = people | ({person} if person else frozenset()), count + 1
    return [Item(labels=labels, people=(people,), facts=count) for labels, (people, count) in found.items()]


def people_of(part: Part[int]) -> frozenset[UUID]:
    return frozenset().union(*(item.people[0] for item in part.items))


@given(FACTS)
def test_each_part_tells_of_enough_people_or_of_nobody(facts: list[tuple[tuple[str, ...], UUID | None]]) -> None:
    for part in parts(items_of(facts)):
        assert not 0 < len(people_of(part)) < SMALLEST_GROUP


@given(FACTS)
def test_nothing_is_lost_and_nothing_is_told_twice(facts: list[tuple[tuple[str, ...], UUID | None]]) -> None:
    items = items_of(facts)
    found = parts(items)
    if not may_be_told(items) or not items:
        assert found == ()
        return
    assert Counter(item.labels for part in found for item in part.items) == Counter(item.labels for item in items)
    assert len({part.labels for part in found}) == len(found)


@given(FACTS)
def test_a_label_that_is_told_is_that_of_all_its_facts(facts: list[tuple[tuple[str, ...], UUID | None]]) -> None:
    for part in parts(items_of(facts)):
        for place, label in enumerate(part.labels):
            if label != WITHHELD:
                assert {item.labels[place] for item in part.items} == {label}


@given(FACTS)
def test_no_sum_less_another_sum_tells_of_too_few(facts: list[tuple[tuple[str, ...], UUID | None]]) -> None:
    """All sums by one label, with or without another one; each pair in which one is within the other."""
    found = parts(items_of(facts))
    sums = [frozenset(range(len(found)))]
    for places in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2)):
        keys = {tuple(part.labels[place] for place in places) for part in found}
        sums += [
            frozenset(i for i, part in enumerate(found) if tuple(part.labels[place] for place in places) == key)
            for key in keys
        ]
    for one, other in combinations(sums, 2):
        left = one ^ other if one < other or other < one else frozenset()
        people = frozenset().union(*(people_of(found[i]) for i in left))
        assert not 0 < len(people) < SMALLEST_GROUP


def test_the_smallest_of_the_others_joins_what_is_too_small() -> None:
    facts = [(("A", "08", "x"), person) for person in PEOPLE[:6]]
    facts += [(("B", "08", "x"), person) for person in PEOPLE[6:11]]
    facts += [(("C", "08", "x"), PEOPLE[11])]
    found = {part.labels for part in parts(items_of(facts))}
    assert found == {("A", "08", "x"), (WITHHELD, "08", "x")}  # B's figures would give C's away


def test_each_kind_of_work_must_be_that_of_enough() -> None:
    first, second = frozenset(PEOPLE[:6]), frozenset(PEOPLE[6:8])
    assert may_be_told([Item(labels=("A",), people=(first, frozenset()), facts=0)])
    assert not may_be_told([Item(labels=("A",), people=(first, second), facts=0)])
