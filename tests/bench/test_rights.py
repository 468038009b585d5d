"""The price of row policies: the services as a person who is signed in, against the same as superuser, in turn."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from app.db.engine import Database
from app.domain.cases import Level
from app.services.case_lists import CaseLists
from app.services.cases import Cases
from app.services.customers import Customers
from tests import people
from tests.bench.measure import Line, Times, compared
from tests.builders import Seeded, caller, claim, escalation, seed

CASE_COUNT = 100_000  # a third of them wait
CUSTOMER_COUNT = 100_000
ROUNDS = 60

# Customers with a number and a contract each; cases of both teams, at three levels, in all states.
_CUSTOMERS = """
INSERT INTO customer SELECT md5('c' || n)::uuid, 'M-' || n, 'Customer ' || n, '', 'Berlin', 'de'
    FROM generate_series(1, {n}) n;
INSERT INTO phone SELECT md5('p' || n)::uuid, md5('c' || n)::uuid, 'office', 'x', '+4930231' || n
    FROM generate_series(1, {n}) n;
INSERT INTO contract SELECT md5('v' || n)::uuid, 'M-' || n, md5('c' || n)::uuid,
    (ARRAY['{router}', '{printer}'])[1 + n % 2]::uuid, 'basic', '', '2020-01-01', '2099-12-31'
    FROM generate_series(1, {n}) n;
"""
_CASES = """
INSERT INTO case_file (id, number, title, state, level, priority, due_at, opened_at, level_since, opened_by, owner_id,
    team_id, customer_id)
SELECT md5('f' || n)::uuid, 'M-' || n, 'Case ' || n, state, CASE state WHEN 'open' THEN 1 ELSE 2 + n % 2 END, 1 + n % 5,
    now() + n * interval '1 second', now(), now(), '{agent}', CASE WHEN state <> 'waiting' THEN '{agent}'::uuid END,
    (ARRAY['{network}', '{office}'])[1 + n % 2]::uuid, md5('c' || 1 + n % {customers})::uuid
FROM (SELECT n, CASE WHEN n % 3 = 0 THEN 'waiting' WHEN n % 2000 = 1 THEN 'open' ELSE 'solved' END AS state
    FROM generate_series(1, {n}) n) AS made;
ANALYZE;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The same centre, as superuser and as people."""

    centre: Seeded
    keeper: Database
    agent: Database
    expert: Database
    lead: Database


@pytest.fixture
def sides(postgres_url: str) -> Iterator[Sides]:
    keeper = Database(postgres_url)
    centre = seed(keeper)
    with people.superuser(postgres_url) as connection:
        ids = {"router": centre.router.id, "printer": centre.printer.id, "agent": centre.agent.id}
        teams = {"network": centre.network.id, "office": centre.office.id}
        connection.execute(_CUSTOMERS.format(n=CUSTOMER_COUNT, **ids))
        connection.execute(_CASES.format(n=CASE_COUNT, customers=CUSTOMER_COUNT, **ids, **teams))
    own = {one: Database(people.sign_in(postgres_url, one.login)) for one in (centre.agent, centre.expert, centre.lead)}
    yield Sides(centre=centre, keeper=keeper, agent=own[centre.agent], expert=own[centre.expert], lead=own[centre.lead])
    for database in (keeper, *own.values()):
        database.close()
    people.forget(postgres_url, *(one.login for one in own))


def test_the_price_of_policies(sides: Sides, report: list[Line]) -> None:
    centre, second, office = sides.centre, Level.SECOND, sides.centre.agent
    cases = {database: Cases(database) for database in (sides.keeper, sides.agent, sides.expert)}  # as a desk, for long
    works: list[tuple[str, Database, Callable[[Database], object]]] = [
        ("escalate", sides.agent, lambda database: cases[database].escalate(escalation(office))),
        ("claim", sides.expert, lambda database: cases[database].claim_next(claim(centre.expert))),
        ("first page of a queue", sides.expert, lambda database: CaseLists(database).queue(second)),
        ("first page, as supervisor", sides.lead, lambda database: CaseLists(database).queue(second)),
        ("own cases", sides.agent, lambda database: CaseLists(database).owned_by(office.id)),
        ("look up a caller", sides.agent, lambda database: Customers(database).matches(caller("+4930231500"))),
        ("look up a new caller", sides.agent, _new_caller()),
    ]
    for name, own, work in works:
        theirs, ours = Times(), Times()
        for _ in range(ROUNDS):
            with theirs.one():
                work(sides.keeper)
            with ours.one():
                work(own)
        report.append(compared(f"{name}, with policies", ours, "as superuser", theirs))


def _new_caller() -> Callable[[Database], object]:
    """Each time somebody else, so that each look-up is noted."""
    numbers = iter(range(1_000, 100_000))
    return lambda database: Customers(database).matches(caller(f"+4930231{next(numbers)}"))
