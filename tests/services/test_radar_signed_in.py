"""The radar and the solving of a problem as people who are signed in to PostgreSQL as themselves."""

from datetime import timedelta

import pytest

from app.db.engine import Database
from app.domain.cases import CaseState
from app.domain.commands import MoveProblem, PromiseSolvedCallBacks, SolveProblem
from app.domain.ids import new_id
from app.domain.problems import ProblemState
from app.services.case_lists import CaseLists
from app.services.problem_lists import ProblemLists
from app.services.problems import Problems
from app.services.radar import Radar
from tests import people
from tests.builders import seed
from tests.services.test_radar import NOW, OUTAGE, Floor


@pytest.mark.parametrize("looks", ["expert", "lead"])
def test_raised_confirmed_solved_and_promised_in_ones_own_name(postgres_url: str, looks: str) -> None:
    keeper = Database(postgres_url)
    centre = seed(keeper)
    expert = Database(people.sign_in(postgres_url, centre.expert.login))
    looking = expert if looks == "expert" else Database(people.sign_in(postgres_url, centre.lead.login))
    try:
        floor = Floor(keeper, centre)
        ids = [floor.escalate(title, minute) for minute, title in enumerate(OUTAGE)]
        radar = Radar(looking, getattr(centre, looks).id)
        assert radar.take_turn() and not radar.take_turn()
        raised = radar.look(NOW + timedelta(minutes=5))
        assert raised is not None
        by = centre.expert.id
        problems = Problems(expert)
        problems.move(MoveProblem(id=new_id(), by=by, at=NOW, problem_id=raised, to=ProblemState.CONFIRMED))
        assert ProblemLists(expert).one(raised).case_count == 3
        problems.solve(SolveProblem(id=new_id(), by=by, at=NOW, problem_id=raised, solution="7.3", seen_at=NOW))
        assert {CaseLists(keeper).file(one).summary.state for one in ids} == {CaseState.SOLVED}
        ProblemLists(expert).to_call_back(raised)
        problems.promise(PromiseSolvedCallBacks(id=new_id(), by=by, at=NOW, problem_id=raised, due_at=NOW))
    finally:
        for database in {keeper, expert, looking}:
            database.close()
        people.forget(postgres_url, centre.expert.login, centre.lead.login)
