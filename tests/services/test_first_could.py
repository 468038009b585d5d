"""Second level says that first level could have: kept with the answer, counted, and told to whose case it was."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from app.db.engine import Database
from app.domain.commands import NoteFirstCould, ReturnCase, SolveCase
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.domain.messages import MessageKind
from app.domain.metrics.periods import Period
from app.domain.passing_down import FirstCould
from app.services.answers import Answers
from app.services.case_lists import CaseLists
from app.services.commands import Commands
from app.services.messages import Messages
from app.services.roll_up_cases import cases_of
from tests import people
from tests.builders import NOW, answer, seed
from tests.conftest import ExpectedLog
from tests.services.floor import Floor

LAMP, CABLE = answer("lamp", title="Lamp is red"), answer("cable", title="Check the cable")
DAY = Period(start=NOW - timedelta(hours=1), end=NOW + timedelta(hours=12))


@pytest.fixture
def solved(floor: Floor) -> UUID:
    """A case that the expert has solved."""
    Answers(floor.database).publish([LAMP, CABLE])
    case_id = floor.claimed()
    floor.do(SolveCase, floor.centre.expert, case_id=case_id, solution="The lamp")
    return case_id


@pytest.fixture
def postgres_floor(postgres_url: str) -> Iterator[Floor]:
    database = Database(postgres_url)
    yield Floor(database, seed(database))
    database.close()


def test_it_is_kept_changed_and_taken_back(floor: Floor, solved: UUID) -> None:
    expert = floor.centre.expert
    for named in (LAMP, CABLE, None):
        floor.do(NoteFirstCould, expert, case_id=solved, answer_id=named.id if named else None)
        said = FirstCould(answer_id=named.id, title=named.title, by_name=expert.name) if named else None
        assert floor.file(solved).first_could == said


def test_whose_case_it_was_is_told_once_for_each_answer(floor: Floor, solved: UUID) -> None:
    for named in (LAMP, LAMP, CABLE):
        floor.do(NoteFirstCould, floor.centre.expert, case_id=solved, answer_id=named.id)
    told = [one for one in Messages(floor.database).of(floor.centre.agent.id) if one.kind is MessageKind.FIRST_COULD]
    assert sorted(one.title for one in told) == ["Check the cable", "Lamp is red"]
    assert {(one.case_id, one.case_number) for one in told} == {(solved, floor.file(solved).summary.number)}
    assert Messages(floor.database).of(floor.centre.expert.id) == ()


def test_a_case_of_first_level_could_not_have_stayed_there(floor: Floor) -> None:
    case_id = floor.claimed()
    floor.do(ReturnCase, floor.centre.expert, case_id=case_id, reason="Ask for the number")
    with pytest.raises(NotAllowed, match="at first level"):
        floor.do(NoteFirstCould, floor.centre.expert, case_id=case_id, answer_id=LAMP.id)


def test_it_is_in_the_sums_of_the_day(floor: Floor, solved: UUID) -> None:
    assert _needless(floor.database) == (1, 0)
    floor.do(NoteFirstCould, floor.centre.expert, case_id=solved, answer_id=LAMP.id)
    assert _needless(floor.database) == (1, 1)


def test_signed_in_as_oneself(postgres_floor: Floor, postgres_url: str, expected_log: ExpectedLog) -> None:
    """Who sees the case reads it, who sums up the past counts it, and first level does not say it."""
    floor, url = postgres_floor, postgres_url
    expected_log("InsufficientPrivilege")  # of the agent
    Answers(floor.database).publish([LAMP, CABLE])
    case_id = floor.claimed()
    floor.do(SolveCase, floor.centre.expert, case_id=case_id, solution="The lamp")
    logins = [floor.centre.expert.login, floor.centre.agent.login]
    opened = [Database(people.sign_in(url, login)) for login in logins]
    opened.append(Database(people.service(url, "could_history", "firstline_history")))
    expert, agent, history = opened
    try:
        head = {"case_id": case_id, "at": floor.file(case_id).timeline[-1].at}
        said = NoteFirstCould(id=new_id(), by=floor.centre.expert.id, answer_id=LAMP.id, **head)  # type: ignore[arg-type]
        Commands(expert).apply(said)
        for database in (expert, agent):
            could = CaseLists(database).file(case_id).first_could
            assert could is not None and could.title == LAMP.title
        kinds = {one.kind for one in Messages(agent).of(floor.centre.agent.id)}
        assert kinds == {MessageKind.CASE_SOLVED, MessageKind.FIRST_COULD}
        assert _needless(history) == (1, 1)
        with pytest.raises(NotAllowed):
            Commands(agent).apply(replace(said, id=new_id(), by=floor.centre.agent.id, answer_id=CABLE.id))
    finally:
        for database in opened:
            database.close()
        people.forget(url, *logins, "could_history")


def _needless(database: Database) -> tuple[int, int]:
    """Cases that second level solved, and of these those that first level could have."""
    with database.read() as session:
        sums = [one.cases for one in cases_of(session, DAY).values()]
    return sum(one.solved_by_second for one in sums), sum(one.solved_by_second_needlessly for one in sums)
