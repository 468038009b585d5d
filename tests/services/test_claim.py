"""A waiting case is claimed by exactly one person, the most urgent first."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import select

from app.db.engine import Database
from app.db.rows import CaseRow, TimelineRow
from app.domain.cases import CaseEvent, CaseState, Level, Urgency
from app.domain.commands import ReturnCase, SolveCase
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.people import Person
from app.services.case_lists import CaseLists
from app.services.cases import Cases
from tests.builders import Seeded, at, case_draft, claim, escalation, person
from tests.patience import LIMIT_S
from tests.seeding import add_person

CLAIMER_COUNT = 20
CASE_COUNT = 40


def _escalated(database: Database, centre: Seeded, *, seconds: float = 0, urgency: Urgency = Urgency.NORMAL) -> UUID:
    command = escalation(centre.agent, told_at=at(seconds), urgency=urgency)
    Cases(database).escalate(command)
    return command.case.id


def _solve(case_id: UUID, by: Person) -> SolveCase:
    return SolveCase(id=new_id(), by=by.id, at=at(900), case_id=case_id, solution="Firmware 7.2")


def _return(case_id: UUID, by: Person) -> ReturnCase:
    return ReturnCase(id=new_id(), by=by.id, at=at(900), case_id=case_id, reason="Ask for the serial")


def _people(database: Database, centre: Seeded) -> list[Person]:
    people = [person(f"expert-{n}", team=centre.network) for n in range(CLAIMER_COUNT)]
    with database.write() as session:
        for one in people:
            add_person(session, one)
    return people


def _claim_all(url: str, by: Person, begin: threading.Barrier) -> list[UUID]:
    """What a console of its own claims until nothing waits."""
    database, claimed = Database(url), []
    try:
        begin.wait(LIMIT_S)
        while (case_id := Cases(database).claim_next(claim(by))) is not None:
            claimed.append(case_id)
    finally:
        database.close()
    return claimed


def test_in_a_race_each_case_is_claimed_once(database: Database, database_url: str, centre: Seeded) -> None:
    people = _people(database, centre)
    waiting = {_escalated(database, centre) for _ in range(CASE_COUNT)}
    begin = threading.Barrier(CLAIMER_COUNT)
    with ThreadPoolExecutor(CLAIMER_COUNT) as consoles:
        runs = [consoles.submit(_claim_all, database_url, one, begin) for one in people]
        by_person = {one.id: run.result(LIMIT_S) for one, run in zip(people, runs, strict=True)}
    claimed = Counter(case_id for case_ids in by_person.values() for case_id in case_ids)
    assert set(claimed) == waiting
    assert set(claimed.values()) == {1}
    with database.read() as session:
        owners = {row.id: row.owner_id for row in session.execute(select(CaseRow.id, CaseRow.owner_id))}
        claims = session.scalars(select(TimelineRow.case_id).where(TimelineRow.event == CaseEvent.CLAIMED)).all()
    assert owners == {case_id: owner for owner, case_ids in by_person.items() for case_id in case_ids}
    assert sorted(claims) == sorted(waiting)


def test_the_most_urgent_is_claimed_first_then_the_one_due_first(database: Database, centre: Seeded) -> None:
    low = _escalated(database, centre, urgency=Urgency.LOW)
    later = _escalated(database, centre, seconds=60)
    sooner = _escalated(database, centre, seconds=30)
    high = _escalated(database, centre, seconds=90, urgency=Urgency.HIGH)
    assert [line.id for line in CaseLists(database).queue(Level.SECOND)] == [high, sooner, later, low]
    claimed = [Cases(database).claim_next(claim(centre.expert)) for _ in range(5)]
    assert claimed == [high, sooner, later, low, None]


def test_a_claim_makes_the_case_its_owners(database: Database, centre: Seeded) -> None:
    case_id = _escalated(database, centre)
    assert Cases(database).claim_next(claim(centre.expert, told_at=at(60))) == case_id
    file = CaseLists(database).file(case_id)
    assert (file.summary.state, file.summary.owner_name) == (CaseState.CLAIMED, centre.expert.name)
    assert [line.id for line in CaseLists(database).owned_by(centre.expert.id)] == [case_id]
    entry = file.timeline[-1]
    assert (entry.event, entry.person_name, entry.at) == (CaseEvent.CLAIMED, centre.expert.name, at(60))


def test_a_repeated_claim_gives_the_same_case(database: Database, centre: Seeded) -> None:
    for _ in range(2):
        _escalated(database, centre)
    command = claim(centre.expert)
    assert Cases(database).claim_next(command) == Cases(database).claim_next(command) is not None
    assert len(CaseLists(database).owned_by(centre.expert.id)) == 1


def test_a_claim_of_nothing_stays_nothing_when_repeated(database: Database, centre: Seeded) -> None:
    command = claim(centre.expert)
    assert Cases(database).claim_next(command) is None
    _escalated(database, centre)
    assert Cases(database).claim_next(command) is None
    assert Cases(database).claim_next(claim(centre.expert)) is not None


def test_a_level_has_its_own_queue(database: Database, centre: Seeded) -> None:
    _escalated(database, centre)
    assert Cases(database).claim_next(claim(centre.expert, Level.THIRD)) is None


def test_the_owner_solves_it(database: Database, centre: Seeded) -> None:
    case_id = _escalated(database, centre)
    Cases(database).claim_next(claim(centre.expert))
    assert Cases(database).solve(_solve(case_id, centre.expert)) == case_id
    file = CaseLists(database).file(case_id)
    assert file.summary.state is CaseState.SOLVED
    assert (file.timeline[-1].event, file.timeline[-1].text) == (CaseEvent.SOLVED, "Firmware 7.2")
    assert CaseLists(database).owned_by(centre.expert.id) == ()
    with pytest.raises(NotAllowed, match="solved already"):
        Cases(database).solve(_solve(case_id, centre.expert))


def test_a_returned_case_is_with_its_opener_at_first_level(database: Database, centre: Seeded) -> None:
    case_id = _escalated(database, centre)
    Cases(database).claim_next(claim(centre.expert))
    Cases(database).give_back(_return(case_id, centre.expert))
    file = CaseLists(database).file(case_id)
    assert (file.summary.state, file.summary.level) == (CaseState.OPEN, Level.FIRST)
    assert (file.summary.owner_name, file.summary.due_at) == (centre.agent.name, None)
    assert (file.timeline[-1].event, file.timeline[-1].text) == (CaseEvent.RETURNED, "Ask for the serial")
    assert [line.id for line in CaseLists(database).owned_by(centre.agent.id)] == [case_id]
    assert Cases(database).claim_next(claim(centre.lead)) is None


def test_a_returned_case_is_escalated_again(database: Database, centre: Seeded) -> None:
    command = escalation(centre.agent)
    cases = Cases(database)
    cases.escalate(command)
    cases.claim_next(claim(centre.expert))
    cases.give_back(_return(command.case.id, centre.expert))
    cases.escalate(escalation(centre.agent, case=command.case, note="Serial is 4711", told_at=at(1_000)))
    assert cases.claim_next(claim(centre.lead)) == command.case.id
    hand_over = CaseLists(database).file(command.case.id).hand_over
    assert hand_over is not None
    assert hand_over.note == "Serial is 4711"


@pytest.mark.parametrize("is_claimed", [True, False])
def test_only_the_owner_solves_or_returns(database: Database, centre: Seeded, is_claimed: bool) -> None:
    case_id, cases = _escalated(database, centre), Cases(database)
    if is_claimed:
        cases.claim_next(claim(centre.expert))
    for stranger in (centre.lead, centre.agent):
        with pytest.raises(NotAllowed, match=r"You do not have this case\. Claim it first"):
            cases.solve(_solve(case_id, stranger))
        with pytest.raises(NotAllowed, match=r"You do not have this case\. Claim it first"):
            cases.give_back(_return(case_id, stranger))


def test_what_is_still_at_first_level_cannot_be_returned(database: Database, centre: Seeded) -> None:
    case_id, cases = _escalated(database, centre), Cases(database)
    cases.claim_next(claim(centre.expert))
    cases.give_back(_return(case_id, centre.expert))
    with pytest.raises(NotAllowed, match="Open it again"):
        cases.give_back(_return(case_id, centre.agent))


def test_a_case_that_is_not_there(database: Database, centre: Seeded) -> None:
    with pytest.raises(NotFound, match="not there any more"):
        Cases(database).solve(_solve(case_draft().id, centre.expert))
