"""The books of cases and contracts, in the database: exact money, one incident a case, what is left."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.db.engine import Database
from app.db.service_rows import BookingRow
from app.domain.bookings import Booking, BookingKind
from app.domain.cases import CaseDraft, Level
from app.domain.commands import BookOnCase
from app.domain.customers import ContractKind
from app.domain.entitlement import Ground, Plan, Verdict
from app.domain.errors import NotFound
from app.domain.ids import new_id
from app.domain.money import Money, charge
from app.domain.rules.promises import Promises
from app.domain.rules.rulebook import Rulebook
from app.services.bookings import Bookings
from app.services.cases import Cases
from app.services.customers import Customers
from tests.builders import NOW, Seeded, at, case_draft, claim, escalation, solution

BOOK = Rulebook(promises=Promises(plans={ContractKind.BASIC: Plan(incidents=1, minutes=60)}))
PRICE = charge(Money(amount=Decimal("0.1"), currency="EUR"), Decimal("19"))


def booking(kind: BookingKind, centre: Seeded, **values: object) -> Booking:
    made = Booking(id=new_id(), kind=kind, at=NOW, contract_id=centre.berg.contracts[0].id)
    return replace(made, **values)  # type: ignore[arg-type] # the names of Booking's fields


def draft(centre: Seeded, *bookings: Booking) -> CaseDraft:
    made = case_draft(product_id=centre.router.id, customer_id=centre.berg.id)
    return replace(made, contract_id=centre.berg.contracts[0].id, plan=ContractKind.BASIC, bookings=bookings)


def left(database: Database, centre: Seeded) -> tuple[int, int]:
    (customer,) = Customers(database).find(centre.berg.number)
    return customer.contracts[0].incidents_used, customer.contracts[0].minutes_used


def test_what_is_booked_comes_with_the_case_and_is_counted(database: Database, centre: Seeded) -> None:
    yes = booking(BookingKind.AGREED, centre, charge=PRICE)
    case = draft(centre, yes, booking(BookingKind.INCIDENT, centre, at=at(1)))
    Cases(database).escalate(escalation(centre.agent, case=case))
    again = escalation(centre.expert, case=replace(case, bookings=(booking(BookingKind.INCIDENT, centre),)))
    Cases(database).claim_next(claim(centre.expert))
    Cases(database).escalate(replace(again, to_level=Level.THIRD))  # its incident is booked already
    assert left(database, centre) == (1, 0)
    book = Bookings(database).of_case(case.id, BOOK)
    assert [entry.booking.kind for entry in book.entries] == [BookingKind.AGREED, BookingKind.INCIDENT]
    assert book.entries[0].booking.charge == PRICE
    assert book.entries[0].person_name == centre.agent.name
    assert (book.is_settled, book.entitlement.verdict) == (True, Verdict.COVERED)  # by the incident that it has used


def test_time_is_booked_once_and_taken_off(database: Database, centre: Seeded) -> None:
    case = draft(centre)
    Cases(database).solve_with_answer(solution(centre.agent, case=case))
    work = booking(BookingKind.WORK, centre, minutes=17, billed_minutes=20)
    command = BookOnCase(id=new_id(), by=centre.agent.id, at=at(600), case_id=case.id, booking=work)
    assert Bookings(database).book(command) == Bookings(database).book(command) == case.id
    assert left(database, centre) == (0, 20)
    assert Bookings(database).of_case(case.id, BOOK).entitlement.minutes_left == 40


def test_time_of_a_case_that_never_came_is_no_error(database: Database, centre: Seeded) -> None:
    """Its solving was taken back on the desk, or refused."""
    command = BookOnCase(
        id=new_id(), by=centre.agent.id, at=NOW, case_id=new_id(), booking=booking(BookingKind.WORK, centre)
    )
    assert Bookings(database).book(command) is None
    assert left(database, centre) == (0, 0)
    with pytest.raises(NotFound):
        Bookings(database).of_case(new_id(), BOOK)


def test_the_verdict_of_a_case_is_that_of_the_day_it_was_opened(database: Database, centre: Seeded) -> None:
    ended = centre.berg.contracts[0]
    late = draft(centre)
    late = replace(late, opened_at=NOW.replace(year=2100) + timedelta(days=1))
    Cases(database).solve_with_answer(solution(centre.agent, case=late))
    assert ended.ends_on.year == 2099
    assert Bookings(database).of_case(late.id, BOOK).entitlement.ground is Ground.ENDED


def test_money_comes_back_exactly(database: Database, centre: Seeded) -> None:
    amount = Money(amount=Decimal("123456789.05"), currency="EUR")
    case = draft(centre, booking(BookingKind.AGREED, centre, charge=charge(amount, Decimal("7.7"))))
    Cases(database).solve_with_answer(solution(centre.agent, case=case))
    with database.read() as session:
        row = session.scalars(select(BookingRow)).one()
        assert (row.net, row.tax) == (Decimal("123456789.05"), Decimal("9506172.76"))
        assert isinstance(row.net, Decimal)
