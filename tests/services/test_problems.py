"""Known problems: made, written, confirmed, attached, adapted, solved with their cases, customers called back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select

from app.db.engine import Database
from app.db.problem_rows import ProblemCaseRow
from app.db.rows import AppliedCommandRow, CaseRow, ChangeRow, TimelineRow
from app.domain.cases import CaseEvent, CaseState, Level, Priority
from app.domain.commands import ReturnCase, SolveCase
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import case_number, new_id
from app.domain.messages import MessageKind
from app.domain.people import Person
from app.domain.problem_commands import (
    AdaptWorkaround,
    AttachCase,
    DetachCase,
    EditProblem,
    MakeProblem,
    MoveProblem,
    PromiseSolvedCallBacks,
    SolveProblem,
)
from app.domain.problems import Link, Problem, ProblemState, ProblemWords
from app.domain.topics import Topic
from app.services.call_backs import CallBacks
from app.services.case_lists import CaseLists
from app.services.cases import Cases
from app.services.messages import Messages
from app.services.problem_lists import ProblemLists
from app.services.problems import Problems
from tests.builders import SHARED_NUMBER, Seeded, at, case_draft, claim, escalation, solution

WORDS = ProblemWords(
    title="E-47 after the update",
    symptoms="Lamp red, E-47 in the menu",
    workaround="Back to 7.1",
    products=("link-7",),
    versions="7.2",
)


def making(
    by: Person, words: ProblemWords = WORDS, *, is_confirmed: bool = True, case_id: UUID | None = None
) -> MakeProblem:
    return MakeProblem(
        id=new_id(), by=by.id, at=at(10), problem_id=new_id(), words=words, is_confirmed=is_confirmed, case_id=case_id
    )


def attaching(by: Person, problem_id: UUID, case_id: UUID) -> AttachCase:
    return AttachCase(id=new_id(), by=by.id, at=at(400), problem_id=problem_id, case_id=case_id)


def solving(by: Person, problem_id: UUID, *, seen_at: datetime | None = None) -> SolveProblem:
    return SolveProblem(
        id=new_id(),
        by=by.id,
        at=at(1000),
        problem_id=problem_id,
        solution="Firmware 7.3",
        seen_at=seen_at or at(900),
    )


def moving(by: Person, problem_id: UUID, to: ProblemState, said: str = "") -> MoveProblem:
    return MoveProblem(id=new_id(), by=by.id, at=at(500), problem_id=problem_id, to=to, said=said)


class Floor:
    """The services, and what the tests do with them over and over."""

    def __init__(self, database: Database, centre: Seeded) -> None:
        self.database, self.centre = database, centre
        self.problems, self.lists = Problems(database), ProblemLists(database)
        self.cases, self.case_lists = Cases(database), CaseLists(database)

    def make(self, words: ProblemWords = WORDS, *, is_confirmed: bool = True) -> Problem:
        command = making(self.centre.expert, words, is_confirmed=is_confirmed)
        self.problems.make(command)
        return self.lists.one(command.problem_id).problem

    def escalate(self, **others: object) -> UUID:
        command = replace(escalation(self.centre.agent, case=case_draft()), **others)  # type: ignore[arg-type]
        self.cases.escalate(command)
        return command.case.id

    def state(self, case_id: UUID) -> CaseState:
        return self.case_lists.file(case_id).summary.state

    def events(self, case_id: UUID) -> list[CaseEvent]:
        return [entry.event for entry in self.case_lists.file(case_id).timeline]


@pytest.fixture
def floor(database: Database, centre: Seeded) -> Floor:
    return Floor(database, centre)


def test_the_database_counts_the_numbers_also_when_many_make_one_at_once(floor: Floor) -> None:
    commands = [making(floor.centre.expert) for _ in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(floor.problems.make, commands))
    assert floor.problems.make(commands[0]) == commands[0].problem_id  # asked again, it makes none
    numbers = sorted(line.problem.number for line in floor.lists.all())
    assert len(set(numbers)) == len(numbers) == 12 and numbers[0] >= 1


def test_a_problem_says_who_did_what(floor: Floor) -> None:
    problem = floor.make(is_confirmed=False)
    assert (problem.words, problem.state, problem.revision) == (WORDS, ProblemState.CANDIDATE, 1)
    assert (problem.made_by, problem.made_at, problem.name) == (floor.centre.expert.name, at(10), f"P-{problem.number}")
    assert floor.lists.in_force() == ()
    floor.problems.move(moving(floor.centre.lead, problem.id, ProblemState.CONFIRMED))
    (confirmed,) = floor.lists.in_force()
    assert (confirmed.state_by, confirmed.state_since) == (floor.centre.lead.name, at(500))


def test_who_edits_what_somebody_else_changed_is_told_so(floor: Floor) -> None:
    problem, lead = floor.make(), floor.centre.lead
    edit = EditProblem(id=new_id(), by=lead.id, at=at(20), problem_id=problem.id,
                       words=replace(WORDS, cause="A watchdog"), revision=1)  # fmt: skip
    assert floor.problems.edit(edit) == floor.problems.edit(edit) == problem.id
    assert floor.lists.one(problem.id).problem.words.cause == "A watchdog"
    late = replace(edit, id=new_id(), by=floor.centre.expert.id, words=replace(WORDS, cause="Mine"))
    with pytest.raises(NotAllowed, match=f"{lead.name} has changed"):
        floor.problems.edit(late)
    assert floor.lists.one(problem.id).problem.words.cause == "A watchdog"


def test_moves_that_are_none_are_refused_with_a_sentence(floor: Floor) -> None:
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


def test_attached_once_detached_and_attached_to_another(floor: Floor) -> None:
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


def test_two_at_once_attach_a_case_to_one_problem_only(floor: Floor) -> None:
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


def test_a_new_problem_takes_the_case_that_it_was_seen_in(floor: Floor) -> None:
    case_id = floor.escalate()
    command = making(floor.centre.expert, case_id=case_id)
    floor.problems.make(command)
    found = floor.lists.of_case(case_id)
    assert found and found.problem.id == command.problem_id
    assert floor.case_lists.file(case_id).timeline[-1].text == WORDS.title


def test_first_level_attaches_with_the_escalation_or_the_solution(floor: Floor) -> None:
    """In the same statement: undone with it, and never without it."""
    problem = floor.make()
    escalated = floor.escalate(problem_id=problem.id, at=at(300))
    solve = replace(solution(floor.centre.agent, told_at=at(300)), problem_id=problem.id)
    floor.cases.solve_with_answer(solve)
    assert floor.events(escalated) == [CaseEvent.OPENED, CaseEvent.ATTACHED, CaseEvent.ESCALATED]
    assert floor.events(solve.case.id) == [CaseEvent.OPENED, CaseEvent.ATTACHED, CaseEvent.SOLVED]
    assert {one.id for one in floor.lists.cases(problem.id)} == {escalated, solve.case.id}


def test_the_adapted_workaround_is_kept_on_the_case_by_who_has_it(floor: Floor) -> None:
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


def test_solving_it_solves_its_cases_and_says_what_is_left_out(floor: Floor) -> None:
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
    with pytest.raises(NotAllowed, match="or was solved with it"):
        floor.problems.detach(
            DetachCase(id=new_id(), by=centre.expert.id, at=at(1100), problem_id=problem.id, case_id=waiting)
        )


def test_opened_again_it_keeps_its_solved_cases(floor: Floor) -> None:
    problem, case_id = floor.make(), floor.escalate()
    floor.problems.attach(attaching(floor.centre.expert, problem.id, case_id))
    floor.problems.solve(solving(floor.centre.expert, problem.id))
    again = moving(floor.centre.lead, problem.id, ProblemState.CONFIRMED, "It comes back with 7.4")
    floor.problems.move(again)
    assert floor.lists.one(problem.id).problem.said == "It comes back with 7.4"
    assert floor.state(case_id) is CaseState.SOLVED
    with pytest.raises(NotAllowed, match="solved already"):
        floor.problems.attach(attaching(floor.centre.expert, problem.id, case_id))


def test_customers_to_call_back_once_each(floor: Floor) -> None:
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


def test_who_opened_the_cases_is_told(floor: Floor) -> None:
    problem = floor.make()
    cases = [floor.escalate(problem_id=problem.id) for _ in range(3)]
    floor.problems.solve(solving(floor.centre.expert, problem.id))
    (news,) = floor.lists.solved_for(floor.centre.agent.id, at(999))
    assert (news.problem.id, news.case_count, news.at) == (problem.id, 3, at(1000))
    assert floor.lists.solved_for(floor.centre.agent.id, news.at) == ()
    assert floor.lists.solved_for(floor.centre.expert.id, at(0)) == ()
    told = Messages(floor.database).of(floor.centre.agent.id)
    assert {one.kind for one in told} == {MessageKind.CASE_SOLVED} and {one.case_id for one in told} == set(cases)
    assert {one.case_number for one in told} == {floor.case_lists.file(id_).summary.number for id_ in cases}
    assert len(told) == 3 and all(one.text.startswith(f"{problem.name}: ") and one.title for one in told)
    assert Messages(floor.database).of(floor.centre.expert.id) == ()  # nobody is told what they did themselves
    with floor.database.read() as session:
        told_of = select(ChangeRow.subject_id).where(ChangeRow.topic == Topic.MESSAGES)
        assert session.scalars(told_of).all() == [floor.centre.agent.id]


@pytest.mark.parametrize("case_count", [2_000])
def test_many_cases_are_solved_in_one_act(floor: Floor, case_count: int) -> None:
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


def add_many(floor: Floor, problem: Problem, case_count: int) -> None:
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
