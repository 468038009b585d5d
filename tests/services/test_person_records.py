"""What is stored about a person, and what a look at their figures leaves; on PostgreSQL as people who sign in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.db.engine import Database
from app.domain.errors import NotAllowed
from app.domain.history.requests import Days
from app.domain.people import Person, Role
from app.services.person_records import PersonRecords, columns_of_people
from tests import builders, people, seeding
from tests.services.past import make_past

TODAY = datetime.now(UTC).date()
DAYS = Days(first=TODAY - timedelta(days=1), last=TODAY, zone=ZoneInfo("UTC"))
PURPOSE = "the talk of this quarter"
LOGINS = ("hist.agent", "hist.lead")


@dataclass(frozen=True, slots=True)
class Both:
    """An agent with two answered calls, a supervisor, and the database as each of them sees it."""

    agent: Person
    lead: Person
    of_agent: PersonRecords
    of_lead: PersonRecords


@pytest.fixture
def both(database_url: str) -> Iterator[Both]:
    owner = Database(database_url)
    past = make_past(owner, 5)
    with owner.write() as session:
        seeding.add_team(session, team := builders.team("Side"))
        agent = builders.person(LOGINS[0], team=team)
        lead = builders.person(LOGINS[1], team=team, roles=frozenset({Role.SUPERVISOR}))
        for one in (agent, lead):
            seeding.add_person(session, one)
        for minutes in (60, 90):
            past.add_call(session, datetime.now(UTC) - timedelta(minutes=minutes), agent.id)
    if owner.is_sqlite:
        yield Both(agent, lead, PersonRecords(owner), PersonRecords(owner))
        owner.close()
        return
    opened = [Database(people.sign_in(database_url, login)) for login in LOGINS]
    yield Both(agent, lead, PersonRecords(opened[0]), PersonRecords(opened[1]))
    for database in (*opened, owner):
        database.close()
    people.forget(database_url, *LOGINS)


def test_a_person_sees_how_much_is_stored(both: Both) -> None:
    stored = {thing.what: thing for thing in both.of_agent.stored_about(both.agent)}
    assert (stored["call.agent_id"].count, stored["case_file.opened_by"].count) == (2, 0)
    assert set(stored) == {str(column) for column in columns_of_people()}
    first, last = stored["call.agent_id"].first_at, stored["call.agent_id"].last_at
    assert first and last and last - first > timedelta(minutes=29)


def test_a_look_gives_figures_and_is_seen_by_the_person(both: Both) -> None:
    assert both.of_agent.looks_at(both.agent) == ()
    tally = both.of_lead.figures_of(both.agent.id, DAYS, PURPOSE, both.lead)
    assert (tally.calls.answered, tally.handle_times.handled) == (2, 2)
    [look] = both.of_agent.looks_at(both.agent)
    assert (look.by_name, look.purpose, look.first, look.last) == (both.lead.name, PURPOSE, DAYS.first, DAYS.last)


@pytest.mark.parametrize("purpose", ["", "curious", "   because    "])
def test_a_look_needs_a_purpose(both: Both, purpose: str) -> None:
    with pytest.raises(NotAllowed, match="Say what for"):
        both.of_lead.figures_of(both.agent.id, DAYS, purpose, both.lead)
    assert both.of_agent.looks_at(both.agent) == ()


def test_who_is_no_supervisor_may_not_look(both: Both) -> None:
    with pytest.raises(NotAllowed, match="Only supervisors"):
        both.of_agent.figures_of(both.lead.id, DAYS, PURPOSE, both.agent)


def test_a_look_that_fails_leaves_nothing_and_shows_nothing(both: Both) -> None:
    nobody = Days(first=date(2020, 1, 1), last=date(2020, 1, 2), zone=ZoneInfo("UTC"))
    assert both.of_lead.figures_of(both.agent.id, nobody, PURPOSE, both.lead).calls.answered == 0
    assert len(both.of_agent.looks_at(both.agent)) == 1  # a look at nothing is a look
