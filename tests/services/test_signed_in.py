"""The services do the same for people who are signed in to PostgreSQL as themselves, and refuse with a sentence."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from app.db import schema
from app.db.engine import Database
from app.db.feed import ChangeFeed
from app.domain.answers import Audience
from app.domain.board_agents import AgentGroup
from app.domain.board_figures import Figure, Measure, value
from app.domain.calls import CallState
from app.domain.cases import CaseState, Level
from app.domain.commands import ReturnCase, SetAgentState, SolveCase
from app.domain.customers import MatchSource
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.people import Agent, AgentState, Person, Role
from app.domain.topics import Topic
from app.services.answers import Answers
from app.services.boards import Boards
from app.services.calls import Calls
from app.services.case_lists import CaseLists
from app.services.cases import Cases
from app.services.customers import Customers
from app.services.people import People
from tests import people
from tests.builders import (
    LONE_NUMBER,
    NOW,
    SHARED_NUMBER,
    Seeded,
    answer,
    at,
    call,
    caller,
    case_draft,
    claim,
    escalation,
    name_agents,
    person,
    record_call,
    seed,
    solution,
)
from tests.conftest import ExpectedLog
from tests.patience import LIMIT_S
from tests.seeding import add_person

ROLE_SAYS_NO = "Your role does not permit this"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The small centre with somebody of each level, and the database of each as themselves."""

    centre: Seeded
    third: Person
    editor: Person
    url: str
    databases: dict[str, Database]

    def of(self, person: Person) -> Database:
        """Opened when first asked for."""
        if person.login not in self.databases:
            self.databases[person.login] = Database(people.sign_in(self.url, person.login))
        return self.databases[person.login]

    def cases(self, person: Person) -> Cases:
        return Cases(self.of(person))

    def lists(self, person: Person) -> CaseLists:
        return CaseLists(self.of(person))


@pytest.fixture
def office(postgres_url: str) -> Iterator[Office]:
    database = Database(postgres_url)
    centre = seed(database)
    third = person("tina", team=centre.network, roles=frozenset({Role.THIRD_LEVEL}))
    editor = person("eva", team=centre.network, roles=frozenset({Role.EDITOR}))
    with database.write() as session:
        for one in (third, editor):
            add_person(session, one)
    made = Office(centre=centre, third=third, editor=editor, url=postgres_url, databases={})
    yield made
    for one_database in (database, *made.databases.values()):
        one_database.close()
    people.forget(postgres_url, *made.databases)


def _escalated(office: Office, **details: object) -> UUID:
    command = escalation(office.centre.agent, **details)  # type: ignore[arg-type] # the names of escalation
    assert office.cases(office.centre.agent).escalate(command) == command.case.id
    return command.case.id


def _solve(case_id: UUID, by: Person) -> SolveCase:
    return SolveCase(
        id=new_id(), by=by.id, at=at(900), case_id=case_id, solution="Firmware 7.2", kept_back="A batch of one"
    )


def test_a_desk_opens_as_its_person(office: Office) -> None:
    database = office.of(office.centre.agent)
    schema.check(database)
    schema.upgrade(database)  # as the demo does at each start: there is nothing to do
    assert People(database).by_login("ada") == office.centre.agent


def test_a_case_goes_through_all_levels(office: Office) -> None:
    """Each of them signed in as themselves, from the first call to the solution at third level."""
    centre, command = office.centre, escalation(office.centre.agent, case=case_draft(customer_id=office.centre.berg.id))
    agent, expert, third = office.cases(centre.agent), office.cases(centre.expert), office.cases(office.third)
    assert agent.escalate(command) == agent.escalate(command) == command.case.id
    (line,) = office.lists(centre.expert).queue(Level.SECOND)
    assert (line.id, line.customer_name) == (command.case.id, "Ida Berg")
    first_claim = claim(centre.expert)
    assert expert.claim_next(first_claim) == expert.claim_next(first_claim) == line.id
    expert.give_back(ReturnCase(id=new_id(), by=centre.expert.id, at=at(60), case_id=line.id, reason="Serial?"))
    assert [own.id for own in office.lists(centre.agent).owned_by(centre.agent.id)] == [line.id]
    agent.escalate(escalation(centre.agent, case=command.case, told_at=at(90)))
    expert.claim_next(claim(centre.expert))
    expert.escalate(escalation(centre.expert, case=command.case, to_level=Level.THIRD, told_at=at(120)))
    assert third.claim_next(claim(office.third, Level.THIRD)) == line.id
    assert third.solve(_solve(line.id, office.third)) == line.id
    for one in (centre.agent, centre.expert, office.third):
        file = office.lists(one).file(line.id)
        assert (file.summary.state, len(file.timeline), file.hand_over is None) == (CaseState.SOLVED, 9, False)
    with pytest.raises(NotFound):  # solved months ago: supervisors judge the past by figures of groups
        office.lists(centre.lead).file(line.id)
    for one in (centre.agent, centre.expert):
        assert [watched.id for watched in office.lists(one).watched_by(one.id)] == [line.id]


def test_an_answer_solves_it_at_first_level(office: Office) -> None:
    command = solution(office.centre.agent, case=case_draft(product_id=office.centre.router.id))
    assert office.cases(office.centre.agent).solve_with_answer(command) == command.case.id
    assert office.cases(office.centre.agent).solve_with_answer(command) == command.case.id
    file = office.lists(office.centre.agent).file(command.case.id)
    assert (file.summary.state, file.summary.team_name) == (CaseState.SOLVED, "Network")


def test_callers_of_other_teams_are_found(office: Office) -> None:
    """The router is Network's, and Ada is of the team Office."""
    customers, centre = Customers(office.of(office.centre.agent)), office.centre
    assert customers.find("ID") == ()  # too little to see whom she does not see anyway
    assert [m.customer for m in customers.matches(caller(SHARED_NUMBER))] == [centre.berg, centre.kranz]
    assert [m.customer for m in customers.matches(caller(LONE_NUMBER))] == [centre.meyer]
    assert {m.source for m in customers.matches(caller(SHARED_NUMBER[:-2] + "77"))} == {MatchSource.SWITCHBOARD}
    assert [m.customer for m in customers.matches(caller(None, display_name="zoe meyer"))] == [centre.meyer]
    assert [found.name for found in customers.find("erg")] == ["Ida Berg", "Ulf Kranz"]
    assert customers.products() == (centre.router, centre.printer)


def test_a_case_about_a_caller_of_another_team_keeps_the_name(office: Office) -> None:
    _escalated(office, case=case_draft(customer_id=office.centre.meyer.id))
    (watched,) = office.lists(office.centre.agent).watched_by(office.centre.agent.id)
    assert watched.customer_name == "Zoe Meyer"


def test_calls_and_states_are_recorded(office: Office) -> None:
    database, agent = office.of(office.centre.agent), office.centre.agent
    made = call(CallState.CONNECTED)
    Calls(database).record(record_call(made, agent))
    Calls(database).record(record_call(replace(made, state=CallState.CLOSED), agent, told_at=at(5)))
    for seconds, state in ((1, AgentState.AVAILABLE), (2, AgentState.RINGING)):
        told = Agent(person_id=agent.id, state=state, since=at(seconds))
        People(database).set_state(SetAgentState(id=new_id(), by=agent.id, at=at(seconds), agent=told))
    Calls(database).record(record_call(call(CallState.CONNECTED), agent, customer_id=office.centre.berg.id))
    boards = Boards(office.of(office.centre.lead))
    seen = boards.now(NOW)
    assert (seen.agents, seen.agent_groups) == ((), (AgentGroup(state=None, count=1),))
    assert [(one.state, one.agent_name) for one in seen.calls_now] == [(CallState.CONNECTED, "")]
    owner = Database(office.url)
    name_agents(owner, office.centre.lead)
    owner.close()
    board = boards.now(NOW)
    assert [(one.state, one.agent_name, one.caller) for one in board.calls_now] == [
        (CallState.CONNECTED, "Ada", "Ida Berg")
    ]
    assert [(agent.name, agent.state) for agent in board.agents] == [("Ada", AgentState.RINGING)]


def test_the_board_counts_what_others_did(office: Office) -> None:
    now = datetime.now(UTC)
    _escalated(office, told_at=now)
    board = Boards(office.of(office.centre.lead)).now(now - timedelta(hours=1))
    assert value(board, Figure(measure=Measure.ESCALATED_DAY), now) == 1
    assert [(queue.level, queue.waiting_count) for queue in board.queues] == [(Level.SECOND, 1), (Level.THIRD, 0)]


def test_editors_publish_and_first_level_reads_its_own(office: Office) -> None:
    editors, second = Answers(office.of(office.editor)), answer("deep", audience=Audience.SECOND)
    assert editors.publish([answer("one"), second]) == 2
    assert editors.publish([answer("one", title="New"), second]) == 1
    read = {one: Answers(office.of(one)).published(frozenset(Audience)) for one in (office.centre.agent, office.third)}
    assert [a.key for a in read[office.centre.agent]] == ["one"]
    assert [a.key for a in read[office.third]] == ["deep", "one"]
    assert editors.retire([second.id]) == 1


def test_in_a_race_each_case_is_claimed_once(office: Office) -> None:
    waiting = {_escalated(office) for _ in range(12)}
    experts = [
        person(f"expert-{n}", team=office.centre.network, roles=frozenset({Role.SECOND_LEVEL})) for n in range(4)
    ]
    database = Database(office.url)
    with database.write() as session:
        for one in experts:
            add_person(session, one)
    database.close()
    opened = {one.login: office.of(one) for one in experts}
    begin = threading.Barrier(len(experts))

    def claim_all(one: Person) -> list[UUID]:
        begin.wait(LIMIT_S)
        cases = Cases(opened[one.login])
        return list(iter(lambda: cases.claim_next(claim(one)), None))

    with ThreadPoolExecutor(len(experts)) as consoles:
        claimed = [case_id for run in [consoles.submit(claim_all, one) for one in experts] for case_id in run.result()]
    assert sorted(claimed) == sorted(waiting)


def test_changes_reach_a_desk_that_is_signed_in(office: Office) -> None:
    told, heard = threading.Event(), set[Topic]()

    def on_changes(topics: frozenset[Topic]) -> None:
        heard.update(topics)
        if topics == {Topic.CASES}:
            told.set()

    ready = threading.Event()
    feed = ChangeFeed(office.of(office.centre.expert), on_changes, lambda is_there: ready.set() if is_there else None)
    feed.start()
    try:
        assert ready.wait(LIMIT_S)
        _escalated(office)
        assert told.wait(LIMIT_S), heard
    finally:
        feed.stop()


def test_nobody_acts_in_the_name_of_somebody_else(office: Office, expected_log: ExpectedLog) -> None:
    expected_log("InsufficientPrivilege")
    centre, agent = office.centre, office.cases(office.centre.agent)
    _escalated(office)
    told = Agent(person_id=centre.lead.id, state=AgentState.PAUSED, since=at(1))
    state = SetAgentState(id=new_id(), by=centre.agent.id, at=at(1), agent=told)
    acts: list[Callable[[], object]] = [
        partial(agent.escalate, escalation(centre.expert)),
        partial(agent.solve_with_answer, solution(centre.lead)),
        partial(agent.claim_next, claim(centre.expert)),
        partial(office.cases(centre.expert).claim_next, claim(centre.lead)),
        partial(Calls(office.of(centre.agent)).record, record_call(call(), centre.expert)),
        partial(People(office.of(centre.agent)).set_state, state),
    ]
    for act in acts:
        with pytest.raises(NotAllowed, match=ROLE_SAYS_NO):
            act()
    assert [line.state for line in office.lists(centre.lead).queue(Level.SECOND)] == [CaseState.WAITING]


def test_a_level_claims_its_own_queue_alone(office: Office, expected_log: ExpectedLog) -> None:
    expected_log("InsufficientPrivilege")
    centre = office.centre
    _escalated(office)
    assert office.cases(office.third).claim_next(claim(office.third)) is None  # sees nothing to claim there
    with pytest.raises(NotAllowed, match=ROLE_SAYS_NO):  # sees it, because it is of her own team
        office.cases(centre.agent).claim_next(claim(centre.agent))
    assert office.cases(centre.expert).claim_next(claim(centre.expert)) is not None


def test_refusals_say_why_as_before(office: Office) -> None:
    centre, cases = office.centre, office.cases
    case_id = _escalated(office)
    cases(centre.expert).claim_next(claim(centre.expert))
    for stranger in (centre.lead, centre.agent):
        with pytest.raises(NotAllowed, match="You do not have this case"):
            cases(stranger).solve(_solve(case_id, stranger))
    cases(centre.expert).solve(_solve(case_id, centre.expert))
    with pytest.raises(NotAllowed, match="solved already"):
        cases(centre.expert).solve(_solve(case_id, centre.expert))


def test_who_is_no_editor_publishes_nothing(office: Office, expected_log: ExpectedLog) -> None:
    expected_log("InsufficientPrivilege")
    for one in (office.centre.agent, office.centre.lead, office.third):
        with pytest.raises(NotAllowed, match=ROLE_SAYS_NO):
            Answers(office.of(one)).publish([answer("mine")])
