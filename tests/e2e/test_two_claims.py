"""Two people of second level press Ctrl+L at the same time: no case is claimed twice, none is lost."""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from app.db.engine import Database
from app.services.cases import Cases
from app.services.people import People
from tests import builders
from tests.e2e.centre import Centre
from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import Seen

CASE_COUNT = 40
PEOPLE = ("henrik.vollmer", "jana.petrick")


def test_two_people_share_the_queue_without_a_case_twice(desk_of: OpenDesk, centre_url: str) -> None:
    escalate_many(centre_url)
    centre = Centre(centre_url)
    waiting, before = set(centre.waiting()), len(centre.claims())
    assert len(waiting) >= CASE_COUNT
    desks = [desk_of(login, centre_url) for login in PEOPLE]
    for desk in desks:
        desk.wait("the queue is read", lambda seen: seen["is_open"] and len(seen["queue"]) == len(waiting))

    claimed: list[list[UUID]] = [[] for _ in desks]
    for most in (1, len(waiting)):  # nobody is so late that the other one has taken them all
        ends = [desk.claim(most) for desk in desks]
        for mine, end in zip(claimed, ends, strict=True):
            mine += [UUID(case_id) for case_id in end()]

    assert sorted(claimed[0] + claimed[1]) == sorted(waiting)  # as lists: one that is there twice would be seen
    assert all(claimed), [len(each) for each in claimed]
    recorded = [case_id for case_id, _ in centre.claims()]
    assert len(recorded) == before + len(waiting)
    for login, mine, desk in zip(PEOPLE, claimed, desks, strict=True):
        assert centre.owned_by(login) >= set(mine)
        own = desk.wait("the own cases", partial(_has_own, len(centre.owned_by(login))))
        assert own["queue"] == []
        desk.close()
    assert centre.waiting() == []


def _has_own(case_count: int, seen: Seen) -> bool:
    return len(seen["own"]) == case_count and not seen["queue"]


def escalate_many(url: str) -> None:
    """Cases of an agent into second level's queue."""
    database = Database(url)
    try:
        agent = People(database).by_login("anna.berger")
        cases = Cases(database)
        for _ in range(CASE_COUNT):
            cases.escalate(builders.escalation(agent, told_at=datetime.now(UTC)))
    finally:
        database.close()
