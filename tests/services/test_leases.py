"""The cases of a desk that died go back to their queues, exactly once, and nobody else's do."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.engine import Database
from app.domain.cases import CaseEvent, CaseState, Level
from app.domain.commands import ReturnCase, SolveCase
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.domain.people import Person
from app.domain.topics import Topic
from app.services.case_lists import CaseLists
from app.services.cases import Cases
from app.services.leases import Leases
from tests import people
from tests.builders import Seeded, at, claim, escalation, seed
from tests.patience import LIMIT_S

SPAN = timedelta(minutes=15)

DESK_TO_BE_KILLED = """
import sys, time
from datetime import timedelta
from uuid import UUID
from app.db.engine import Database
from app.services.leases import Leases
print(Leases(Database(sys.argv[1]), UUID(sys.argv[2]), timedelta(seconds=2)).renew(), flush=True)
time.sleep(600)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """The small centre on PostgreSQL; each of its people is signed in as themselves."""

    seeded: Seeded
    keeper: Database  # a superuser's
    databases: dict[UUID, Database]
    urls: dict[UUID, str]

    def leases(self, person: Person, span: timedelta = SPAN) -> Leases:
        return Leases(self.databases[person.id], person.id, span)

    def cases(self, person: Person) -> Cases:
        return Cases(self.databases[person.id])

    def lists(self, person: Person) -> CaseLists:
        return CaseLists(self.databases[person.id])

    def claimed(self) -> UUID:
        """A case that the expert has, whose desk lives."""
        case_id = self.cases(self.seeded.agent).escalate(escalation(self.seeded.agent))
        assert self.cases(self.seeded.expert).claim_next(claim(self.seeded.expert, told_at=at(60))) == case_id
        assert case_id
        assert self.leases(self.seeded.expert).renew()
        return case_id

    def run_out(self, person: Person) -> None:
        """As if the lease's time had passed."""
        with self.keeper.write() as session:
            session.execute(
                text("UPDATE lease SET until = now() - interval '1 s' WHERE person_id = :id"), {"id": person.id}
            )

    def lease_count(self) -> int:
        with self.keeper.read() as session:
            return session.scalar(text("SELECT count(*) FROM lease")) or 0


@pytest.fixture
def centre(postgres_url: str) -> Iterator[Centre]:
    keeper = Database(postgres_url)
    seeded = seed(keeper)
    everybody = (seeded.agent, seeded.expert, seeded.lead)
    urls = {one.id: people.sign_in(postgres_url, one.login) for one in everybody}
    databases = {id_: Database(url) for id_, url in urls.items()}
    yield Centre(seeded=seeded, keeper=keeper, databases=databases, urls=urls)
    for database in (keeper, *databases.values()):
        database.close()
    people.forget(postgres_url, *(one.login for one in everybody))


def _solve(case_id: UUID, by: Person) -> SolveCase:
    return SolveCase(id=new_id(), by=by.id, at=at(900), case_id=case_id, solution="Firmware 7.2")


def test_who_has_no_case_has_no_lease(centre: Centre) -> None:
    for one in (centre.seeded.agent, centre.seeded.expert):
        assert not centre.leases(one).renew()
        assert centre.leases(one).hand_back() is None
    assert centre.lease_count() == 0


def test_the_case_of_a_dead_desk_waits_again(centre: Centre) -> None:
    case_id, seeded = centre.claimed(), centre.seeded
    centre.run_out(seeded.expert)
    assert centre.leases(seeded.lead).hand_back() is None
    assert [line.id for line in centre.lists(seeded.lead).queue(Level.SECOND)] == [case_id]
    file = centre.lists(seeded.lead).file(case_id)
    assert (file.summary.state, file.summary.level, file.summary.owner_name) == (CaseState.WAITING, Level.SECOND, "")
    assert (file.timeline[-1].event, file.timeline[-1].person_name) == (CaseEvent.LAPSED, seeded.expert.name)
    with centre.keeper.read() as session:
        told = session.execute(text("SELECT topic, subject_id FROM change ORDER BY id DESC LIMIT 1")).one()
    assert tuple(told) == (Topic.CASES, case_id)
    assert centre.lease_count() == 0
    assert centre.cases(seeded.lead).claim_next(claim(seeded.lead)) == case_id


def test_a_living_desk_keeps_its_cases_and_says_how_long(centre: Centre) -> None:
    case_id, seeded = centre.claimed(), centre.seeded
    left = centre.leases(seeded.lead).hand_back()
    assert left is not None
    assert SPAN - timedelta(minutes=1) < left <= SPAN
    assert centre.lists(seeded.expert).file(case_id).summary.owner_name == seeded.expert.name


def test_a_desk_that_says_so_late_lives_all_the_same(centre: Centre) -> None:
    case_id, seeded = centre.claimed(), centre.seeded
    centre.run_out(seeded.expert)
    assert centre.leases(seeded.expert).renew()
    centre.leases(seeded.lead).hand_back()
    assert [line.id for line in centre.lists(seeded.expert).owned_by(seeded.expert.id)] == [case_id]


def test_who_closed_the_desk_in_order_keeps_the_cases(centre: Centre) -> None:
    case_id, seeded = centre.claimed(), centre.seeded
    centre.leases(seeded.expert).release()
    assert centre.leases(seeded.lead).hand_back() is None
    assert [line.id for line in centre.lists(seeded.expert).owned_by(seeded.expert.id)] == [case_id]


def test_who_solved_the_last_case_needs_no_lease(centre: Centre) -> None:
    case_id, seeded = centre.claimed(), centre.seeded
    centre.cases(seeded.expert).solve(_solve(case_id, seeded.expert))
    assert not centre.leases(seeded.expert).renew()


def test_a_returned_case_of_a_dead_desk_goes_back_where_it_came_from(centre: Centre) -> None:
    case_id, seeded = centre.claimed(), centre.seeded
    back = ReturnCase(id=new_id(), by=seeded.expert.id, at=at(120), case_id=case_id, reason="Which lamp?")
    centre.cases(seeded.expert).give_back(back)
    assert centre.leases(seeded.agent).renew()
    centre.run_out(seeded.agent)
    centre.leases(seeded.lead).hand_back()
    line = centre.lists(seeded.lead).queue(Level.SECOND)[0]
    assert (line.id, line.level, line.due_at is not None) == (case_id, Level.SECOND, True)
    assert centre.cases(seeded.expert).claim_next(claim(seeded.expert)) == case_id


def test_who_comes_back_is_told_where_the_case_is(centre: Centre) -> None:
    case_id, seeded = centre.claimed(), centre.seeded
    centre.run_out(seeded.expert)
    centre.leases(seeded.lead).hand_back()
    told = r"back to its queue\. Your text is kept: claim the case again"
    with pytest.raises(NotAllowed, match=told):
        centre.cases(seeded.expert).solve(_solve(case_id, seeded.expert))
    back = ReturnCase(id=new_id(), by=seeded.expert.id, at=at(900), case_id=case_id, reason="?")
    with pytest.raises(NotAllowed, match=told):
        centre.cases(seeded.expert).give_back(back)
    centre.cases(seeded.lead).claim_next(claim(seeded.lead))
    with pytest.raises(NotAllowed, match=r"somebody else took it\. Your text is kept"):
        centre.cases(seeded.expert).solve(_solve(case_id, seeded.expert))
    with pytest.raises(NotAllowed, match=r"You do not have this case\. Claim it first"):
        centre.cases(seeded.agent).solve(_solve(case_id, seeded.agent))


def test_who_claims_it_again_goes_on(centre: Centre) -> None:
    case_id, seeded = centre.claimed(), centre.seeded
    centre.run_out(seeded.expert)
    centre.leases(seeded.lead).hand_back()
    again = claim(seeded.expert, told_at=at(4_000_000_000))  # after the line of the lapse, whose time is the server's
    assert centre.cases(seeded.expert).claim_next(again) == case_id
    assert centre.cases(seeded.expert).solve(_solve(case_id, seeded.expert)) == case_id


def test_many_desks_at_once_hand_back_each_case_once(centre: Centre) -> None:
    case_ids = {centre.claimed() for _ in range(10)}
    centre.run_out(centre.seeded.expert)
    with ThreadPoolExecutor(4) as desks:
        looks = [desks.submit(centre.leases(centre.seeded.lead).hand_back) for _ in range(8)]
        for done in looks:
            done.result(LIMIT_S)
    with centre.keeper.read() as session:
        lapses = session.scalars(text("SELECT case_id FROM timeline WHERE event = 'lapsed'")).all()
    assert sorted(lapses) == sorted(case_ids)
    assert {line.id for line in centre.lists(centre.seeded.lead).queue(Level.SECOND)} == case_ids


def test_a_desk_that_is_killed_loses_its_case(centre: Centre) -> None:
    case_id, seeded = centre.claimed(), centre.seeded
    command = [sys.executable, "-c", DESK_TO_BE_KILLED, centre.urls[seeded.expert.id], str(seeded.expert.id)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as desk:
        assert desk.stdout
        assert desk.stdout.readline() == "True\n"
        desk.send_signal(signal.SIGKILL)
    limit_s = time.monotonic() + LIMIT_S
    while not centre.lists(seeded.lead).queue(Level.SECOND):
        assert time.monotonic() < limit_s
        left = centre.leases(seeded.lead).hand_back()
        time.sleep(left.total_seconds() if left else 0.0)
    assert centre.lists(seeded.lead).queue(Level.SECOND)[0].id == case_id


def test_a_file_of_one_desk_has_no_leases(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    centre = seed(database)
    Cases(database).escalate(escalation(centre.agent))
    Cases(database).claim_next(claim(centre.expert))
    leases = Leases(database, centre.expert.id, SPAN)
    assert not leases.renew()
    assert leases.hand_back() is None
    leases.release()
    database.close()
