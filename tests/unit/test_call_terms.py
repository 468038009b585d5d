"""What a call's customer may have, their yes, and what is booked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.bookings import BookingKind
from app.domain.call_terms import (
    agreed,
    bookings,
    call_time_booking,
    entitlement_of,
    goodwill,
    is_settled,
    time_booking,
    with_entitlement,
)
from app.domain.customers import ContractKind
from app.domain.entitlement import Entitlement, Ground, Plan, Price, Terms, Unit, Verdict
from app.domain.money import Money
from app.domain.work import CallWork, Outcome, with_product
from tests import builders
from tests.builders import NOW

INCIDENT = Price(net=Money(amount=Decimal("49.00"), currency="EUR"), tax_percent=Decimal(19))
MINUTE = replace(INCIDENT, unit=Unit.MINUTE, step_min=5, minimum_min=15, contract=ContractKind.BUSINESS)
TERMS = Terms(
    plans={ContractKind.BASIC: Plan(incidents=2), ContractKind.BUSINESS: Plan(minutes=60)}, prices=(INCIDENT, MINUTE)
)
LATER = NOW + timedelta(minutes=10)


def working(kind: ContractKind = ContractKind.BASIC, *, incidents_used: int = 0, minutes_used: int = 0) -> CallWork:
    """A call that began now, about the only contract of its customer."""
    owned = replace(builders.contract(), kind=kind, incidents_used=incidents_used, minutes_used=minutes_used)
    answered = replace(builders.call(), answered_at=NOW)
    work = builders.call_work(answered, customer=builders.customer(contracts=(owned,)))
    return replace(work, contract_id=owned.id)


def told(work: CallWork) -> tuple[CallWork, Entitlement]:
    found = entitlement_of(work, TERMS)
    assert found is not None
    return with_entitlement(work, found), found


def test_nothing_is_known_before_a_contract_or_product_is() -> None:
    work = replace(working(), contract_id=None)
    assert entitlement_of(work, TERMS) is None
    product = builders.product("link-7", "Link 7")
    found = entitlement_of(with_product(work, product), TERMS)
    assert found is not None
    assert (found.verdict, found.ground) == (Verdict.CHARGEABLE, Ground.NO_CONTRACT)


def test_what_was_told_at_the_beginning_holds_to_the_end_of_the_call() -> None:
    """The contract ends at midnight, in the middle of the call; and meanwhile the price list is another one."""
    midnight = datetime.combine(date(2026, 3, 3), datetime.min.time()).astimezone(UTC)
    work = working()
    owned = replace(work.customer.contracts[0], ends_on=date(2026, 3, 2)) if work.customer else builders.contract()
    work = replace(work, customer=builders.customer(contracts=(owned,)), contract_id=owned.id)
    work = replace(work, call=replace(work.call, answered_at=midnight - timedelta(minutes=5)))
    work, found = told(work)
    assert found.verdict is Verdict.COVERED
    assert entitlement_of(work, replace(TERMS, plans={ContractKind.BASIC: Plan(incidents=0)})) == found
    next_call = replace(work, entitlement=None, call=replace(work.call, answered_at=midnight + timedelta(minutes=5)))
    after = entitlement_of(next_call, TERMS)
    assert after is not None
    assert after.verdict is Verdict.CHARGEABLE


def test_chargeable_work_begins_with_a_yes_or_as_goodwill_and_both_are_booked() -> None:
    work, found = told(working(incidents_used=2))
    assert not is_settled(work, found)
    assert bookings(work, found, LATER) == ()
    yes = agreed(found, work.contract_id, LATER)
    assert is_settled(replace(work, consent=yes), found)
    assert bookings(replace(work, consent=yes), found, LATER) == (yes,)
    assert (yes.kind, str(yes.charge.gross.amount) if yes.charge else "") == (BookingKind.AGREED, "58.31")
    given = goodwill(work.contract_id, "called three times", LATER)
    assert bookings(replace(work, consent=given), found, LATER) == (given,)


def test_the_yes_to_one_price_is_none_to_another() -> None:
    work, found = told(working(incidents_used=2))
    work = replace(work, consent=agreed(found, work.contract_id, LATER))
    other, found = told(with_product(replace(work, contract_id=None), builders.product("print-2", "Print 2")))
    assert found.verdict is Verdict.CHARGEABLE
    assert other.consent is None
    assert not is_settled(other, found)


def test_a_covered_case_takes_an_incident_where_they_are_counted() -> None:
    work, found = told(working())
    (booking,) = bookings(work, found, LATER)
    assert (booking.kind, booking.contract_id) == (BookingKind.INCIDENT, work.contract_id)
    work, found = told(working(ContractKind.PREMIUM))
    assert bookings(work, found, LATER) == ()


@pytest.mark.parametrize(
    ("kind", "used", "minutes", "billed", "gross"),
    [
        (ContractKind.BUSINESS, 0, 17, 20, None),  # off the contract's minutes, rounded as the price list does
        (ContractKind.BUSINESS, 59, 17, 20, None),  # begun under the contract, finished under it
        (ContractKind.BUSINESS, 60, 17, 20, "1166.20"),  # used up: 20 minutes at 49.00 and tax
        (ContractKind.PREMIUM, 0, 17, 0, None),  # nothing is counted, but it is written down
    ],
)
def test_time_worked_is_rounded_and_counted_as_set(
    kind: ContractKind, used: int, minutes: int, billed: int, gross: str | None
) -> None:
    work, found = told(working(kind, minutes_used=used))
    booking = time_booking(minutes, found, work.contract_id, MINUTE, LATER, is_given=False)
    assert (booking.minutes, booking.billed_minutes) == (minutes, billed)
    assert (str(booking.charge.gross.amount) if booking.charge else None) == gross
    given = time_booking(minutes, found, work.contract_id, MINUTE, LATER, is_given=True)
    assert (given.minutes, given.billed_minutes, given.charge) == (minutes, 0, None)


def test_the_conversation_is_booked_in_whole_minutes() -> None:
    work, found = told(working(ContractKind.BUSINESS))
    ended_at = NOW + timedelta(minutes=16, seconds=1)
    work = replace(work, outcome=Outcome.SOLVED, call=replace(work.call, ended_at=ended_at))
    booking = call_time_booking(work, found, TERMS, LATER)
    assert booking is not None
    assert (booking.minutes, booking.billed_minutes) == (17, 20)
    nobody = replace(work, call=replace(work.call, answered_at=None))
    assert call_time_booking(nobody, found, TERMS, LATER) is None
