"""First contact resolution, and what a repeat is."""

import random
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.metrics.contacts import Contact, FirstContact, FirstContactResolution, first_contact_resolution
from app.domain.metrics.figures import Share
from app.domain.metrics.periods import Period
from tests.builders import NOW

DAY = timedelta(days=1)
WEEK = Period(start=NOW, end=NOW + 7 * DAY)
LATER = NOW + 60 * DAY


IDA, OTTO = UUID(int=1), UUID(int=2)
CASE, OTHER_CASE = UUID(int=3), UUID(int=4)


def contact(
    days: float,
    *,
    customer: UUID | None = IDA,
    category: str = "router",
    case: UUID | None = None,
    is_solved: bool = True,
    is_first_level: bool = True,
    number: int = 0,
) -> Contact:
    return Contact(
        id=UUID(int=1000 + number),
        at=NOW + days * DAY,
        customer_id=customer,
        category=category,
        case_id=case,
        is_solved=is_solved,
        is_first_level=is_first_level,
    )


def resolution(*contacts: Contact, now: datetime = LATER, formula: FirstContact = FirstContact.NET) -> Share:
    return first_contact_resolution(contacts, WEEK, now, formula=formula).share


def test_solved_at_once_and_never_heard_of_again() -> None:
    assert resolution(contact(0), contact(1, customer=OTTO, is_solved=False)) == Share(1, 2)


def test_contacts_that_first_level_cannot_solve_are_in_the_gross_figure_only() -> None:
    contacts = (contact(0), contact(1, customer=OTTO, is_first_level=False, is_solved=False))
    assert resolution(*contacts) == Share(1, 1)
    assert resolution(*contacts, formula=FirstContact.GROSS) == Share(1, 2)
    assert first_contact_resolution(contacts[1:], WEEK, LATER).share.value is None


@pytest.mark.parametrize(("days", "share"), [(6.9, Share(0, 1)), (7, Share(0, 1)), (7.001, Share(1, 1))])
def test_a_repeat_within_seven_days_undoes_it_even_after_the_period(days: float, share: Share) -> None:
    assert resolution(contact(0), contact(days, number=1, is_first_level=False)) == share


def test_the_repeat_itself_is_no_first_contact() -> None:
    assert resolution(contact(0), contact(2, number=1)) == Share(0, 2)
    assert resolution(contact(-2), contact(2, number=1)) == Share(0, 1)
    assert resolution(contact(0), contact(0, number=1)) == Share(0, 2)  # at the same moment


def test_another_matter_is_no_repeat() -> None:
    assert resolution(contact(0), contact(1, category="invoice", number=1)) == Share(2, 2)
    assert resolution(contact(0), contact(1, customer=OTTO, number=1)) == Share(2, 2)
    assert resolution(contact(0, category=""), contact(1, category="", number=1)) == Share(2, 2)


def test_the_same_case_is_a_repeat_whoever_calls_and_whatever_it_is_called() -> None:
    first = contact(0, case=CASE)
    assert resolution(first, contact(1, case=CASE, customer=OTTO, category="other", number=1)) == Share(0, 2)
    assert resolution(first, contact(1, case=CASE, customer=None, number=1)) == Share(0, 2)
    assert resolution(first, contact(1, case=OTHER_CASE, customer=None, number=1)) == Share(2, 2)


def test_it_is_provisional_until_the_window_closes() -> None:
    contacts = (contact(0), contact(1, customer=OTTO, is_solved=False))
    for days, count in [(2, 1), (7, 1), (7.01, 0)]:
        found = first_contact_resolution(contacts, WEEK, NOW + days * DAY)
        assert (found.provisional, found.is_provisional) == (count, count > 0)


CONTACTS = st.lists(
    st.builds(
        contact,
        st.integers(-8, 20).map(lambda half_days: half_days / 2),
        customer=st.sampled_from([None, IDA, OTTO]),
        category=st.sampled_from(["", "router", "invoice"]),
        case=st.sampled_from([None, CASE, OTHER_CASE]),
        is_solved=st.booleans(),
        is_first_level=st.booleans(),
        number=st.integers(0, 999),
    ),
    unique_by=lambda made: made.id,
    max_size=12,
)


def is_repeat(first: Contact, then: Contact) -> bool:
    is_about_the_same = (then.case_id is not None and then.case_id == first.case_id) or (
        then.customer_id is not None
        and then.category != ""
        and (then.customer_id, then.category) == (first.customer_id, first.category)
    )
    return first.id != then.id and is_about_the_same and abs(first.at - then.at) <= 7 * DAY


@given(CONTACTS, st.sampled_from(FirstContact), st.randoms())
def test_it_is_what_comparing_each_with_each_gives(
    contacts: list[Contact], formula: FirstContact, by: random.Random
) -> None:
    counted = [c for c in contacts if c.at in WEEK and (c.is_first_level or formula is FirstContact.GROSS)]
    solved = [c for c in counted if c.is_solved and not any(is_repeat(c, other) for other in contacts)]
    by.shuffle(contacts)
    assert resolution(*contacts, formula=formula) == Share(len(solved), len(counted))


@given(CONTACTS)
def test_the_days_make_the_week(contacts: list[Contact]) -> None:
    days = [Period(start=NOW + n * DAY, end=NOW + (n + 1) * DAY) for n in range(7)]
    found = [first_contact_resolution(contacts, day, NOW + 8 * DAY) for day in days]
    nothing = FirstContactResolution(share=Share(0, 0), provisional=0)
    assert sum(found, nothing) == first_contact_resolution(contacts, WEEK, NOW + 8 * DAY)


@given(CONTACTS, st.integers(0, 20), st.integers(0, 20))
def test_what_is_provisional_only_falls(contacts: list[Contact], one: int, other: int) -> None:
    first, then = sorted((one, other))
    known = [c for c in contacts if c.at <= NOW + first * DAY]
    earlier = first_contact_resolution(known, WEEK, NOW + first * DAY)
    later = first_contact_resolution(known, WEEK, NOW + then * DAY)
    assert (later.share, later.provisional <= earlier.provisional) == (earlier.share, True)
