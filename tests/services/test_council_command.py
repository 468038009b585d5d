"""The works-council mode as a command of a desk: once, by administrators, and told to all who show it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.db.engine import Database
from app.db.rows import ChangeRow
from app.domain.commands import ChangeCouncilMode
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.domain.people import Person, Role
from app.domain.topics import Topic
from app.services.commands import Commands
from app.services.works_council import WorksCouncil
from tests import builders, people, seeding
from tests.builders import Seeded
from tests.conftest import ExpectedLog

REASON = "works agreement of 2 March"


def _off(by: Person, reason: str = REASON, *, minutes_ago: float = 0) -> ChangeCouncilMode:
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return ChangeCouncilMode(id=new_id(), by=by.id, at=at, is_on=False, reason=reason)


@pytest.fixture
def admin(database: Database, centre: Seeded) -> Person:
    made = builders.person("council.admin", team=centre.office, roles=frozenset({Role.ADMINISTRATOR}))
    with database.write() as session:
        seeding.add_person(session, made)
    return made


def test_it_is_done_once_and_told(database: Database, admin: Person) -> None:
    command = _off(admin, minutes_ago=90)  # a desk was long without a connection
    assert Commands(database).apply(command) == Commands(database).apply(command)
    [change] = WorksCouncil(database).changes()
    assert (change.is_on, change.by_name, change.reason) == (False, admin.name, REASON)
    assert change.at and change.at > command.at + timedelta(minutes=80)  # it holds since it was known
    with database.read() as session:
        assert Topic.RULES in set(session.scalars(select(ChangeRow.topic)))
    with pytest.raises(NotAllowed, match="It is so already"):
        Commands(database).apply(_off(admin))


def test_who_is_no_administrator_and_who_gives_no_reason_is_refused(
    database: Database, centre: Seeded, admin: Person
) -> None:
    for command in (_off(centre.lead), _off(centre.agent), _off(admin, "  because  ")):
        with pytest.raises(NotAllowed):
            Commands(database).apply(command)
    assert WorksCouncil(database).mode().is_on


def test_who_signs_in_as_an_administrator_may(postgres_url: str, expected_log: ExpectedLog) -> None:
    expected_log("InsufficientPrivilege")
    owner = Database(postgres_url)
    seeded = builders.seed(owner)
    made = [
        builders.person("council.a", team=seeded.office, roles=frozenset({Role.ADMINISTRATOR})),
        builders.person("council.s", team=seeded.office, roles=frozenset({Role.SUPERVISOR})),
    ]
    with owner.write() as session:
        for one in made:
            seeding.add_person(session, one)
    admin, lead = (Database(people.sign_in(postgres_url, one.login)) for one in made)
    with pytest.raises(NotAllowed):
        Commands(lead).apply(_off(made[0]))  # in another's name
    Commands(admin).apply(_off(made[0]))
    assert not WorksCouncil(lead).mode().is_on
    for database in (admin, lead, owner):
        database.close()
    people.forget(postgres_url, *(one.login for one in made))
