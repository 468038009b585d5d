"""A known problem that is solved, its cases with it: what is left out, who is told, whom to call back."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select

from app.db.engine import Database
from app.db.problem_rows import ProblemCaseRow
from app.db.rows import AppliedCommandRow, CaseRow, ChangeRow, TimelineRow
from app.domain.cases import CaseEvent, CaseState, Level, Priority
from app.domain.commands import (
    Consult,
    DetachCase,
    PromiseSolvedCallBacks,
    ReturnCase,
    SolveCase,
)
from app.domain.errors import NotAllowed
from app.domain.ids import case_number, new_id
from app.domain.messages import MessageKind
from app.domain.problems import Link, Problem, ProblemState
from app.domain.topics import Topic
from app.services.call_backs import CallBacks
from app.services.messages import Messages
from app.services.questions import Questions
from tests.builders import SHARED_NUMBER, Seeded, at, case_draft, claim
from tests.services.problem_floor import ProblemFloor, attaching, moving, solving


@pytest.fixture
def floor(database: Database, centre: Seeded) -> ProblemFloor:
    return ProblemFloor(database, centre)


def test_solving_it_solves_its_cases_and_says_what_is_left_out(floor: ProblemFloor) -> None:
    """Waiting, claimed by anybody, at any level: but what was solved, or came back to first level, meanwhile."""
    problem, centre = floor.make(), floor.centre
    returned = floor.escalate()
    floor.cases.claim_next(claim(centre.lead, told_at=at(100)))
    solved = floor.escalate()
    floor.cases.claim_next(claim(centre.lead, told_at=at(110)))
    claimed = floor.escalate()
    floor.cases.claim_next(claim(centre.lead, told_at=at(120)))
    waiting, third, other = floor.escalate(), floor.escalate(to_level=Level.THIRD), floor.escalate()
    for case_id in (returned, solved, claimed, waiting, third):
        floor.problems.attach(attaching(centre.expert, problem.id, case_id))
    floor.cases.give_back(ReturnCase(id=new_id(), by=centre.lead.id, at=at(950), case_id=returned, reason="Ask again"))
    floor.cases.solve(SolveCase(id=new_id(), by=centre.lead.id, at=at(960), case_id=solved, solution="New cable"))

    command = solving(centre.expert, problem.id)
    assert floor.problems.solve(command) == floor.problems.solve(command) == problem.id

    states = {case_id: floor.state(case_id) for case_id in (returned, solved, claimed, waiting, third, other)}
    assert states == {
        returned: CaseState.OPEN, solved: CaseState.SOLVED, claimed: CaseState.SOLVED, waiting: CaseState.SOLVED,
        third: CaseState.SOLVED, other: CaseState.WAITING,
    }  # fmt: skip
    line = floor.lists.one(problem.id)
    assert (line.problem.state, line.problem.said) == (ProblemState.SOLVED, "Firmware 7.3")
    assert (line.case_count, line.waiting_count) == (5, 2)
    left_out = {one.id for one in floor.lists.cases(problem.id) if one.solved_at is None}
    assert left_out == {returned, solved}
    for case_id in (claimed, waiting, third):
        entry = floor.case_lists.file(case_id).timeline[-1]
        assert (entry.event, entry.text) == (CaseEvent.SOLVED, f"{problem.name}: Firmware 7.3")
        assert floor.events(case_id).count(CaseEvent.SOLVED) == 1
    too_late = SolveCase(id=new_id(), by=centre.lead.id, at=at(1050), case_id=claimed, solution="New cable")
    with pytest.raises(NotAllowed, match=r"Ben has solved this case meanwhile\. Your text is kept"):
        floor.cases.solve(too_late)
    with pytest.raises(NotAllowed, match="or was solved with it"):
        floor.problems.detach(
            DetachCase(id=new_id(), by=centre.expert.id, at=at(1100), problem_id=problem.id, case_id=waiting)
        )


def test_nobody_is_asked_any_more_about_its_cases(floor: ProblemFloor) -> None:
    problem, expert, questions = floor.make(), floor.centre.expert, Questions(floor.database)
    case_id, other = floor.escalate(), floor.escalate()
    for of_case in (case_id, other):
        floor.cases.claim_next(claim(expert, told_at=at(100)))
        questions.consult(
            Consult(id=new_id(), by=expert.id, at=at(110), case_id=of_case, level=Level.THIRD, text="Is that known?")
        )
    floor.problems.attach(attaching(expert, problem.id, case_id))
    floor.problems.solve(solving(expert, problem.id))
    assert [one.is_overtaken for one in (*questions.of_case(case_id), *questions.of_case(other))] == [True, False]
    assert [one.case_id for one in questions.open_for(expert.id, (Level.THIRD,))] == [other]


def test_opened_again_it_keeps_its_solved_cases(floor: ProblemFloor) -> None:
    problem, case_id = floor.make(), floor.escalate()
    floor.problems.attach(attaching(floor.centre.expert, problem.id, case_id))
    floor.problems.solve(solving(floor.centre.expert, problem.id))
    again = moving(floor.centre.lead, problem.id, ProblemState.CONFIRMED, "It comes back with 7.4")
    floor.problems.move(again)
    assert floor.lists.one(problem.id).problem.said == "It comes back with 7.4"
    assert floor.state(case_id) is CaseState.SOLVED
    with pytest.raises(NotAllowed, match="solved already"):
        floor.problems.attach(attaching(floor.centre.expert, problem.id, case_id))


def test_customers_to_call_back_once_each(floor: ProblemFloor) -> None:
    problem, centre = floor.make(), floor.centre
    drafts = [case_draft(customer_id=one) for one in (centre.berg.id, centre.berg.id, centre.kranz.id, None)]
    for draft in drafts:
        floor.escalate(case=draft, problem_id=problem.id)
    assert floor.lists.to_call_back(problem.id) == ()
    promise = PromiseSolvedCallBacks(
        id=new_id(), by=centre.expert.id, at=at(1100), problem_id=problem.id, due_at=at(4000)
    )
    with pytest.raises(NotAllowed, match="Only when it is solved"):
        floor.problems.promise(promise)
    floor.problems.solve(solving(centre.expert, problem.id))
    listed = floor.lists.to_call_back(problem.id)
    assert [(one.name, one.number, one.is_promised) for one in listed] == [
        ("Ida Berg", SHARED_NUMBER, False), ("Ulf Kranz", SHARED_NUMBER, False),
    ]  # fmt: skip
    floor.problems.promise(promise)
    floor.problems.promise(replace(promise, id=new_id()))  # pressed once more
    assert all(one.is_promised for one in floor.lists.to_call_back(problem.id))
    made = CallBacks(floor.database).open_for(centre.agent.id)
    assert sorted((one.name, one.due_at, one.person_id) for one in made) == [
        ("Ida Berg", at(4000), None), ("Ulf Kranz", at(4000), None),
    ]  # fmt: skip
    assert all(problem.name in one.note for one in made)


def test_of_several_cases_of_a_customer_the_newest_is_listed(floor: ProblemFloor) -> None:
    """Case numbers are at random, so none says which case is newer."""
    problem = floor.make()
    for minutes, low_bits in ((1, 3), (3, 1), (2, 2)):
        draft = case_draft(customer_id=floor.centre.berg.id)
        id_ = UUID(int=draft.id.int >> 40 << 40 | low_bits)
        floor.escalate(
            case=replace(draft, id=id_, number=case_number(id_), opened_at=at(minutes * 60)), problem_id=problem.id
        )
    floor.problems.solve(solving(floor.centre.expert, problem.id))
    assert [one.case_number for one in floor.lists.to_call_back(problem.id)] == ["0000-0001"]


def test_who_opened_the_cases_is_told(floor: ProblemFloor) -> None:
    problem = floor.make()
    cases = [floor.escalate(problem_id=problem.id) for _ in range(3)]
    floor.problems.solve(solving(floor.centre.expert, problem.id))
    told = Messages(floor.database).of(floor.centre.agent.id)
    assert {one.kind for one in told} == {MessageKind.CASE_SOLVED} and {one.case_id for one in told} == set(cases)
    assert {one.case_number for one in told} == {floor.case_lists.file(id_).summary.number for id_ in cases}
    assert {one.at for one in told} == {at(1000)}
    assert len(told) == 3 and all(one.text.startswith(f"{problem.name}: ") and one.title for one in told)
    assert Messages(floor.database).of(floor.centre.expert.id) == ()  # nobody is told what they did themselves
    with floor.database.read() as session:
        told_of = select(ChangeRow.subject_id).where(ChangeRow.topic == Topic.MESSAGES)
        assert session.scalars(told_of).all() == [floor.centre.agent.id]


@pytest.mark.parametrize("case_count", [2_000])
def test_many_cases_are_solved_in_one_act(floor: ProblemFloor, case_count: int) -> None:
    problem = floor.make()
    add_many(floor, problem, case_count)
    floor.problems.solve(solving(floor.centre.expert, problem.id))
    with floor.database.read() as session:
        solved = select(func.count()).select_from(CaseRow).where(CaseRow.state == CaseState.SOLVED)
        lines = select(func.count(TimelineRow.case_id.distinct())).where(TimelineRow.event == CaseEvent.SOLVED)
        commands = select(func.count()).select_from(AppliedCommandRow)
        told = select(func.count()).select_from(ChangeRow)
        assert session.scalar(solved) == session.scalar(lines) == case_count
        assert session.scalar(commands) == 2  # making and solving
        assert session.scalar(told) == 4  # making, problems, cases, and who opened them: not one for each case
    assert floor.lists.one(problem.id).waiting_count == 0


def add_many(floor: ProblemFloor, problem: Problem, case_count: int) -> None:
    """Cases that wait and are attached, written past the services."""
    ids = [new_id() for _ in range(case_count)]
    agent = floor.centre.agent
    cases = [
        {"id": id_, "number": f"{case_number(id_)}-{place}", "title": "E-47", "state": CaseState.WAITING,
         "level": Level.SECOND, "priority": Priority.P3, "due_at": at(0), "opened_at": at(0), "level_since": at(0),
         "opened_by": agent.id, "team_id": agent.team_id}
        for place, id_ in enumerate(ids)
    ]  # fmt: skip
    links = [
        {"problem_id": problem.id, "case_id": id_, "link": Link.ATTACHED, "at": at(0), "by": agent.id} for id_ in ids
    ]
    with floor.database.write() as session:
        session.execute(insert(CaseRow), cases)
        session.execute(insert(ProblemCaseRow), links)
