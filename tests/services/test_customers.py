"""Who may be calling: all of them, ranked, with everything the card shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.db.engine import Database
from app.domain.calls import CallerNumber, NumberKind
from app.domain.customers import CallerMatch, MatchSource
from app.services.callers import MATCH_LIMIT
from app.services.calls import Calls
from app.services.cases import Cases
from app.services.customers import Customers
from tests.builders import (
    LONE_NUMBER,
    SHARED_NUMBER,
    Seeded,
    call,
    caller,
    case_draft,
    customer,
    escalation,
    record_call,
    solution,
)
from tests.seeding import add_customer
from tests.services.statements import statement_count


def _found(matches: tuple[CallerMatch, ...]) -> list[tuple[str, MatchSource]]:
    return [(match.customer.name, match.source) for match in matches]


def _record(database: Database, centre: Seeded, customer_id: UUID, days_ago: float) -> UUID:
    made = call(queued_at=datetime.now(UTC) - timedelta(days=days_ago))
    Calls(database).record(record_call(made, centre.agent, customer_id=customer_id))
    return made.id


def test_the_exact_number_finds_its_customer_with_all_the_card_shows(database: Database, centre: Seeded) -> None:
    (match,) = Customers(database).matches(caller(LONE_NUMBER))
    assert match == CallerMatch(customer=centre.meyer, source=MatchSource.NUMBER)


def test_a_shared_number_finds_all_who_share_it(database: Database, centre: Seeded) -> None:
    matches = Customers(database).matches(caller(SHARED_NUMBER))
    assert [match.customer for match in matches] == [centre.berg, centre.kranz]
    assert {match.source for match in matches} == {MatchSource.NUMBER}


def test_another_extension_is_found_by_the_switchboard(database: Database, centre: Seeded) -> None:
    near = SHARED_NUMBER[:-2] + "77"
    assert _found(Customers(database).matches(caller(near))) == [
        (centre.berg.name, MatchSource.SWITCHBOARD),
        (centre.kranz.name, MatchSource.SWITCHBOARD),
    ]


def test_a_number_of_other_length_or_stem_is_nobodys(database: Database, centre: Seeded) -> None:
    assert [phone.normal for phone in centre.berg.phones] == [SHARED_NUMBER]
    for near in (SHARED_NUMBER + "7", SHARED_NUMBER[:-1], SHARED_NUMBER[:-3] + "777"):
        assert Customers(database).matches(caller(near)) == ()


def test_a_private_neighbour_is_no_extension(database: Database, centre: Seeded) -> None:
    private = replace(customer("Home", number="K-901", phones=("+493023129001",)), company="")
    with database.write() as session:
        add_customer(session, private)
    assert centre.berg.company
    assert Customers(database).matches(caller("+493023129077")) == ()


def test_an_extension_has_no_switchboard(database: Database, centre: Seeded) -> None:
    inside = customer("Desk", number="K-900", phones=("1234",))
    assert inside != centre.meyer
    with database.write() as session:
        add_customer(session, inside)
    number = CallerNumber(raw="1299", kind=NumberKind.INTERNAL, normal="1299")
    assert Customers(database).matches(number) == ()


def test_a_name_finds_when_no_number_does(database: Database, centre: Seeded) -> None:
    matches = Customers(database).matches
    for name in ("Ida Berg", "ida berg", "IDA BERG"):
        assert _found(matches(caller(None, display_name=name))) == [(centre.berg.name, MatchSource.NAME)]
    by_number = matches(caller(LONE_NUMBER, display_name=centre.berg.name))
    assert _found(by_number) == [(centre.meyer.name, MatchSource.NUMBER)]


def test_a_withheld_number_without_a_name_finds_nobody(database: Database, centre: Seeded) -> None:
    assert centre.berg.phones
    assert Customers(database).matches(caller(None)) == ()


def test_signs_of_a_pattern_are_no_pattern(database: Database, centre: Seeded) -> None:
    assert centre.berg.phones
    for normal in ("+%", "+49_023125100", "%", "+493023125%00"):
        assert Customers(database).matches(caller(normal)) == ()


def test_calls_of_seven_days_are_counted_without_this_one(database: Database, centre: Seeded) -> None:
    for days_ago in (0.5, 6.9, 7.1, 30):
        _record(database, centre, centre.berg.id, days_ago)
    _record(database, centre, centre.meyer.id, 1)
    this = _record(database, centre, centre.berg.id, 0)
    matches = Customers(database).matches(caller(SHARED_NUMBER), except_call=this)
    assert {m.customer.name: m.customer.calls_in_7_days for m in matches} == {"Ida Berg": 2, "Ulf Kranz": 0}


def test_open_cases_stand_on_the_card_and_solved_ones_do_not(database: Database, centre: Seeded) -> None:
    waiting = escalation(centre.agent, case=case_draft("Lamp red", customer_id=centre.kranz.id))
    Cases(database).escalate(waiting)
    Cases(database).solve_with_answer(solution(centre.agent, case=case_draft(customer_id=centre.berg.id)))
    first, second = Customers(database).matches(caller(SHARED_NUMBER))
    assert (first.customer.name, second.customer.name) == (centre.kranz.name, centre.berg.name)
    assert [(c.id, c.number, c.title, c.level) for c in first.customer.open_cases] == [
        (waiting.case.id, waiting.case.number, "Lamp red", 2)
    ]
    assert second.customer.open_cases == ()


def test_a_lookup_takes_as_many_statements_for_many_as_for_one(database: Database, centre: Seeded) -> None:
    customers = Customers(database)
    one = statement_count(database, lambda: customers.matches(caller(LONE_NUMBER)))
    with database.write() as session:
        for n in range(MATCH_LIMIT + 10):
            add_customer(session, customer(f"Customer {n:02}", number=f"K-5{n:02}", phones=("+4930231250001",)))
    found = customers.matches(caller("+4930231250001"))
    assert len(found) == MATCH_LIMIT
    assert statement_count(database, lambda: customers.matches(caller("+4930231250001"))) == one
    assert one <= 7 + database.is_sqlite
    assert centre.meyer not in (match.customer for match in found)


WORDS = {
    "berg": ["Ida Berg", "Ulf Kranz"],
    "  Ida ": ["Ida Berg"],
    "K-3": ["Zoe Meyer"],
    "k-100": ["Ida Berg"],
    "& co": ["Zoe Meyer"],
    "%": [],
    "_": [],
    "": [],
    "   ": [],
    "' OR 1=1": [],
}


def test_words_find_customers(database: Database, centre: Seeded) -> None:
    """Ulf Kranz works at Berg Ltd."""
    assert centre.kranz.company == "Berg Ltd"
    customers = Customers(database)
    assert {words: [found.name for found in customers.find(words)] for words in WORDS} == WORDS


def test_products_by_name(database: Database, centre: Seeded) -> None:
    assert Customers(database).products() == (centre.router, centre.printer)


def test_a_customer_is_found_by_the_serial_number_of_what_they_have(database: Database, centre: Seeded) -> None:
    found = Customers(database).find("sn-v-1001")
    assert [customer.id for customer in found] == [centre.berg.id]
    assert Customers(database).find("sn-v-100") == ()
