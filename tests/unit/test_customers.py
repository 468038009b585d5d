"""Who may be calling: the order of several, and when there is no doubt."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from app.domain.customers import CallerMatch, Customer, MatchSource, OpenCase, ranked, sure_match
from app.domain.ids import new_id
from tests.builders import NOW, contract, customer


def _match(of: Customer, source: MatchSource = MatchSource.NUMBER) -> CallerMatch:
    return CallerMatch(customer=of, source=source)


def _with_open_case(of: Customer) -> Customer:
    return replace(of, open_cases=(OpenCase(id=new_id(), number="A", title="Lamp", level=2, opened_at=NOW),))


EXPECTED = [
    _match(_with_open_case(customer("Zoe"))),
    _match(replace(customer("Yves"), calls_in_7_days=3)),
    _match(replace(customer("Xaver"), calls_in_7_days=1)),
    _match(customer("Anna")),
    _match(customer("Bert")),
    _match(_with_open_case(customer("Carl")), MatchSource.SWITCHBOARD),
    _match(customer("Dora"), MatchSource.NAME),
]


@pytest.mark.parametrize("shift", range(len(EXPECTED)))
def test_source_then_open_case_then_recent_calls_then_name(shift: int) -> None:
    assert ranked(EXPECTED[shift:] + EXPECTED[:shift]) == tuple(EXPECTED)


def test_a_customer_found_twice_stands_once_with_the_better_source() -> None:
    twice = customer()
    for order in permutations([_match(twice, source) for source in MatchSource]):
        assert ranked(list(order)) == (_match(twice),)


def test_one_customer_of_the_number_is_sure() -> None:
    sure = _match(customer())
    assert sure_match((sure, _match(customer("Other"), MatchSource.NAME))) == sure


@pytest.mark.parametrize(
    "matches",
    [
        (),
        (_match(customer("A")), _match(customer("B"))),
        (_match(customer(), MatchSource.SWITCHBOARD),),
        (_match(customer(), MatchSource.NAME),),
    ],
)
def test_anything_else_is_for_a_person_to_decide(matches: tuple[CallerMatch, ...]) -> None:
    assert sure_match(matches) is None


@pytest.mark.parametrize(
    ("day", "is_in_force"),
    [
        (date(2023, 12, 31), False),
        (date(2024, 1, 1), True),
        (date(2025, 6, 30), True),
        (date(2025, 7, 1), False),
    ],
)
def test_a_contract_is_in_force_on_its_first_and_last_day(day: date, is_in_force: bool) -> None:
    assert contract(ends_on=date(2025, 6, 30)).is_in_force(day) is is_in_force
