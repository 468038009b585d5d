"""A number that an agent attaches to a customer, on both databases."""

from uuid import UUID

from app.db.engine import Database
from app.domain.commands import AttachNumber
from app.domain.customers import MatchSource
from app.domain.ids import new_id
from app.services.commands import Commands
from app.services.customers import Customers
from tests.builders import NOW, Seeded, caller, customer
from tests.seeding import add_customer

NEW = "+493023125177"


def _command(centre: Seeded, customer_id: UUID) -> AttachNumber:
    return AttachNumber(id=new_id(), by=centre.agent.id, at=NOW, customer_id=customer_id, normal=NEW)


def test_who_calls_from_it_next_is_found_by_it(database: Database, centre: Seeded) -> None:
    made = customer("Nora Voss", number="K-400", phones=())
    with database.write() as session:
        add_customer(session, made)
    command = _command(centre, made.id)
    for _ in range(2):  # a repeated command is the same one
        assert Commands(database).apply(command) == made.id
    Commands(database).apply(_command(centre, made.id))  # and a second one changes nothing
    (match,) = Customers(database).matches(caller(NEW))
    assert (match.customer.name, match.source) == ("Nora Voss", MatchSource.NUMBER)
    assert [(phone.normal, phone.shown) for phone in match.customer.phones] == [(NEW, "+49 30 23125177")]


def test_a_number_of_two_customers_is_a_ranked_list(database: Database, centre: Seeded) -> None:
    both = [
        customer(name, number=number, phones=()) for name, number in (("Nora Voss", "K-400"), ("Jan Voss", "K-401"))
    ]
    with database.write() as session:
        for one in both:
            add_customer(session, one)
    for one in both:
        Commands(database).apply(_command(centre, one.id))
    assert [match.customer.name for match in Customers(database).matches(caller(NEW))] == ["Jan Voss", "Nora Voss"]
