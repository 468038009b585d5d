"""Known problems: made, written, confirmed, attached, adapted."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from app.db.engine import Database
from app.domain.cases import CaseEvent, CaseState
from app.domain.commands import (
    AdaptWorkaround,
    DetachCase,
    EditProblem,
)
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.people import Person
from app.domain.problems import Link, Problem, ProblemState, ProblemWords
from tests.builders import Seeded, at, claim, solution
from tests.services.problem_floor import WORDS, ProblemFloor, attaching, making, moving, solving


@pytest.fixture
def floor(database: Database, centre: Seeded) -> ProblemFloor:
    return ProblemFloor(database, centre)


def test_the_database_counts_the_numbers_also_when_many_make_one_at_once(floor: ProblemFloor) -> None:
    commands = [making(floor.centre.expert) for _ in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(floor.problems.make, commands))
    assert floor.problems.make(commands[0]) == commands[0].problem_id  # asked again, it makes none
    numbers = sorted(line.problem.number for line in floor.lists.all())
    assert len(set(numbers)) == len(numbers) == 12 and numbers[0] >= 1


def test_a_problem_says_who_did_what(floor: ProblemFloor) -> None:
    problem = floor.make(is_confirmed=False)
    assert (problem.words, problem.state, problem.revision) == (WORDS, ProblemState.CANDIDATE, 1)
    assert (problem.made_by, problem.made_at, problem.name) == (floor.centre.expert.name, at(10), f"P-{problem.number}")
    assert floor.lists.in_force() == ()
    floor.problems.move(moving(floor.centre.lead, problem.id, ProblemState.CONFIRMED))
    (confirmed,) = floor.lists.in_force()
    assert (confirmed.state_by, confirmed.state_since) == (floor.centre.lead.name, at(500))


def test_who_edits_what_somebody_else_changed_is_told_so(floor: ProblemFloor) -> None:
    problem, lead = floor.make(), floor.centre.lead
    edit = EditProblem(id=new_id(), by=lead.id, at=at(20), problem_id=problem.id,
                       words=replace(WORDS, cause="A watchdog"), revision=1)  # fmt: skip
    assert floor.problems.edit(edit) == floor.problems.edit(edit) == problem.id
    assert floor.lists.one(problem.id).problem.words.cause == "A watchdog"
    late = replace(edit, id=new_id(), by=floor.centre.expert.id, words=replace(WORDS, cause="Mine"))
    with pytest.raises(NotAllowed, match=f"{lead.name} has changed"):
        floor.problems.edit(late)
    assert floor.lists.one(problem.id).problem.words.cause == "A watchdog"


def test_what_follows_refused_words_overwrites_nobody(floor: ProblemFloor) -> None:
    """The second of two that were sent at once named the revision that the first should have made."""
    problem, lead, expert = floor.make(), floor.centre.lead, floor.centre.expert

    def edit(by: Person, cause: str, revision: int, follows: EditProblem | None = None) -> EditProblem:
        return EditProblem(id=new_id(), by=by.id, at=at(20), problem_id=problem.id, revision=revision,
                           words=replace(WORDS, cause=cause), follows=follows.id if follows else None)  # fmt: skip

    first = edit(expert, "Mine", 1)
    floor.problems.edit(edit(lead, "Heat", 1))
    with pytest.raises(NotAllowed, match=f"{lead.name} has changed"):
        floor.problems.edit(first)
    with pytest.raises(NotAllowed, match="What you saved before was not taken"):
        floor.problems.edit(edit(expert, "Mine!", 2, first))
    assert floor.lists.one(problem.id).problem.words.cause == "Heat"
    seen = edit(expert, "Heat, mine", 2)
    for command in (seen, edit(expert, "Heat, mine!", 3, seen)):
        floor.problems.edit(command)
    assert floor.lists.one(problem.id).problem.words.cause == "Heat, mine!"


def test_moves_that_are_none_are_refused_with_a_sentence(floor: ProblemFloor) -> None:
    problem, expert = floor.make(is_confirmed=False), floor.centre.expert
    with pytest.raises(NotAllowed, match="it is a candidate now"):
        floor.problems.solve(solving(expert, problem.id))
    with pytest.raises(NotAllowed, match="Write the reason first"):
        floor.problems.move(moving(expert, problem.id, ProblemState.REJECTED))
    floor.problems.move(moving(expert, problem.id, ProblemState.REJECTED, "A power cut in the street"))
    assert floor.lists.one(problem.id).problem.said == "A power cut in the street"
    with pytest.raises(NotAllowed, match="it is dismissed now"):
        floor.problems.move(moving(expert, problem.id, ProblemState.CONFIRMED))
    with pytest.raises(NotFound):
        floor.problems.move(moving(expert, new_id(), ProblemState.REJECTED, "x"))
    blank = floor.make(ProblemWords(title="Something"), is_confirmed=False)
    with pytest.raises(NotAllowed, match="what customers say"):
        floor.problems.move(moving(expert, blank.id, ProblemState.CONFIRMED))


def test_attached_once_detached_and_attached_to_another(floor: ProblemFloor) -> None:
    first, second, case_id = floor.make(), floor.make(), floor.escalate()
    attach = attaching(floor.centre.expert, first.id, case_id)
    assert floor.problems.attach(attach) == floor.problems.attach(attach) == case_id
    found = floor.lists.of_case(case_id)
    assert found and (found.problem.id, found.link, found.by_name) == (
        first.id,
        Link.ATTACHED,
        floor.centre.expert.name,
    )
    with pytest.raises(NotAllowed, match=f"attached to {first.name} already"):
        floor.problems.attach(attaching(floor.centre.expert, second.id, case_id))
    detach = DetachCase(id=new_id(), by=floor.centre.lead.id, at=at(450), problem_id=first.id, case_id=case_id)
    assert floor.problems.detach(detach) == case_id and floor.lists.of_case(case_id) is None
    with pytest.raises(NotAllowed, match="not one of this known problem"):
        floor.problems.detach(replace(detach, id=new_id()))
    floor.problems.attach(replace(attaching(floor.centre.expert, second.id, case_id), at=at(470)))
    assert floor.events(case_id)[2:] == [CaseEvent.ATTACHED, CaseEvent.DETACHED, CaseEvent.ATTACHED]
    assert [(one.id, one.link) for one in floor.lists.cases(second.id)] == [(case_id, Link.ATTACHED)]
    assert (floor.lists.one(second.id).case_count, floor.lists.one(first.id).case_count) == (1, 0)


def test_two_at_once_attach_a_case_to_one_problem_only(floor: ProblemFloor) -> None:
    problems, case_id = [floor.make() for _ in range(4)], floor.escalate()

    def attach(problem: Problem) -> str:
        try:
            floor.problems.attach(attaching(floor.centre.expert, problem.id, case_id))
        except NotAllowed as refusal:
            return str(refusal)
        return ""

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(attach, problems))
    assert said.count("") == 1 and all("attached to" in one for one in said if one)
    assert sum(line.case_count for line in floor.lists.all()) == 1


def test_a_new_problem_takes_the_case_that_it_was_seen_in(floor: ProblemFloor) -> None:
    case_id = floor.escalate()
    command = making(floor.centre.expert, case_id=case_id)
    floor.problems.make(command)
    found = floor.lists.of_case(case_id)
    assert found and found.problem.id == command.problem_id
    assert floor.case_lists.file(case_id).timeline[-1].text == WORDS.title


def test_first_level_attaches_with_the_escalation_or_the_solution(floor: ProblemFloor) -> None:
    """In the same statement: undone with it, and never without it."""
    problem = floor.make()
    escalated = floor.escalate(problem_id=problem.id, at=at(300))
    solve = replace(solution(floor.centre.agent, told_at=at(300)), problem_id=problem.id)
    floor.cases.solve_with_answer(solve)
    assert floor.events(escalated) == [CaseEvent.OPENED, CaseEvent.ATTACHED, CaseEvent.ESCALATED]
    assert floor.events(solve.case.id) == [CaseEvent.OPENED, CaseEvent.ATTACHED, CaseEvent.SOLVED]
    assert {one.id for one in floor.lists.cases(problem.id)} == {escalated, solve.case.id}


def test_the_adapted_workaround_is_kept_on_the_case_by_who_has_it(floor: ProblemFloor) -> None:
    problem, case_id = floor.make(), floor.escalate()
    floor.problems.attach(attaching(floor.centre.expert, problem.id, case_id))
    adapt = AdaptWorkaround(id=new_id(), by=floor.centre.expert.id, at=at(600), case_id=case_id, text=" Without PPPoE ")
    with pytest.raises(NotAllowed, match="Claim it first"):
        floor.problems.adapt(adapt)
    floor.cases.claim_next(claim(floor.centre.expert))
    assert floor.problems.adapt(adapt) == case_id
    line = floor.case_lists.file(case_id).timeline[-1]
    assert (line.event, line.text, line.person_name) == (CaseEvent.ADAPTED, "Without PPPoE", floor.centre.expert.name)
    assert floor.state(case_id) is CaseState.CLAIMED
