"""The board says what can be counted by hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest

from app.db.engine import Database
from app.domain.board import AgentNow, QueueNow
from app.domain.board_agents import AgentGroup
from app.domain.board_figures import Figure, Measure, behind, value
from app.domain.calls import CallState
from app.domain.cases import CaseFile, CaseState, Impact, Level, Urgency
from app.domain.commands import SetAgentState
from app.domain.ids import new_id
from app.domain.people import Agent, AgentState, PauseCode
from app.services.boards import Boards
from app.services.calls import Calls
from app.services.case_lists import CaseLists
from app.services.cases import Cases
from app.services.people import People
from app.services.works_council import WorksCouncil
from tests.builders import (
    Seeded,
    call,
    case_draft,
    claim,
    escalation,
    name_agents,
    person,
    record_call,
    solution,
)
from tests.seeding import add_person
from tests.services.statements import statement_count

AGES_H = (0.1, 0.3, 2, 5, 12, 30, 50)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


def _fill(database: Database, centre: Seeded, now: datetime) -> list[CaseFile]:
    """Cases of all ages and priorities; some claimed, some passed on to third level."""
    cases, kinds = Cases(database), _kinds()
    commands = []
    for age_h in AGES_H * 2:
        impact, urgency = next(kinds)
        told_at = now - timedelta(hours=age_h)
        commands.append(escalation(centre.agent, impact=impact, urgency=urgency, told_at=told_at))
        cases.escalate(commands[-1])
    for _ in range(4):
        cases.claim_next(claim(centre.expert, told_at=now))
    for line in CaseLists(database).owned_by(centre.expert.id)[:2]:
        draft = next(command.case for command in commands if command.case.id == line.id)
        cases.escalate(escalation(centre.expert, case=draft, to_level=Level.THIRD, told_at=now - timedelta(hours=1)))
    return [CaseLists(database).file(command.case.id) for command in commands]


def _kinds() -> Iterator[tuple[Impact, Urgency]]:
    return cycle([(impact, urgency) for impact in Impact for urgency in Urgency])


def _by_hand(files: list[CaseFile], level: Level, now: datetime) -> QueueNow:
    lines = [file.summary for file in files if file.summary.level is level]
    waiting = [line for line in lines if line.state is CaseState.WAITING]
    return QueueNow(
        level=level,
        waiting_count=len(waiting),
        overdue_count=sum(line.is_overdue(now) for line in waiting),
        claimed_count=sum(line.state is CaseState.CLAIMED for line in lines),
        oldest_since=min((line.level_since for line in waiting), default=None),
    )


def test_queues_are_those_counted_by_hand(database: Database, centre: Seeded, now: datetime) -> None:
    files = _fill(database, centre, now)
    board = Boards(database).now(now - timedelta(hours=24))
    assert board.queues == tuple(_by_hand(files, level, board.read_at) for level in (Level.SECOND, Level.THIRD))
    assert sum(queue.overdue_count for queue in board.queues) > 0
    assert [queue.claimed_count for queue in board.queues] == [2, 0]


def test_what_was_done_today_is_counted_from_the_day_on(database: Database, centre: Seeded, now: datetime) -> None:
    _fill(database, centre, now)
    for age_h in (1, 2, 30):
        Cases(database).solve_with_answer(solution(centre.agent, told_at=now - timedelta(hours=age_h)))
    board = Boards(database).now(now - timedelta(hours=24))
    young_count = 2 * sum(age_h < 24 for age_h in AGES_H)
    figures = (Figure(measure=measure) for measure in (Measure.ESCALATED_DAY, Measure.SOLVED_DAY))
    assert [value(board, figure, board.read_at) for figure in figures] == [young_count + 2, 2]


def test_an_empty_centre_has_empty_queues(database: Database, now: datetime) -> None:
    board = Boards(database).now(now)
    assert (board.calls, board.agents, board.steps) == ((), (), ())
    assert {group.count for group in board.agent_groups} == {0}
    assert [(q.level, q.waiting_count, q.overdue_count, q.claimed_count, q.oldest_since) for q in board.queues] == [
        (Level.SECOND, 0, 0, 0, None),
        (Level.THIRD, 0, 0, 0, None),
    ]


def test_calls_that_live_stand_on_the_board_oldest_first(database: Database, centre: Seeded, now: datetime) -> None:
    for minutes, state in enumerate(CallState):
        made = call(state, queued_at=now - timedelta(minutes=minutes))
        customer_id = centre.berg.id if state is CallState.HELD else None
        Calls(database).record(record_call(made, centre.agent, told_at=now, customer_id=customer_id))
    name_agents(database, centre.lead)
    calls = Boards(database).now(now).calls_now
    assert [one.state for one in calls] == [
        CallState.WRAP_UP,
        CallState.CONSULTING,
        CallState.HELD,
        CallState.CONNECTED,
        CallState.OFFERED,
        CallState.QUEUED,
    ]
    assert [one.caller for one in calls][2:4] == [centre.berg.name, call().caller.raw]
    assert {one.agent_name for one in calls} == {centre.agent.name}


def test_agents_stand_on_the_board_with_team_and_pause(database: Database, centre: Seeded, now: datetime) -> None:
    name_agents(database, centre.lead)
    for one, code in ((centre.lead, PauseCode.LUNCH), (centre.agent, None)):
        state = AgentState.PAUSED if code else AgentState.AVAILABLE
        agent = Agent(person_id=one.id, state=state, since=now, pause_code=code)
        People(database).set_state(SetAgentState(id=new_id(), by=one.id, at=now, agent=agent))
    assert [(a.name, a.team_name, a.state, a.pause_code, a.since) for a in Boards(database).now(now).agents] == [
        ("Ada", "Office", AgentState.AVAILABLE, None, now),
        ("Cleo", "Network", AgentState.PAUSED, PauseCode.LUNCH, now),
    ]


def test_nobody_is_named_while_the_works_council_mode_is_on(database: Database, centre: Seeded, now: datetime) -> None:
    others = [person(f"agent {n}", team=centre.office) for n in range(4)]
    with database.write() as session:
        for one in others:
            add_person(session, one)
    for one in (centre.agent, *others):
        told = Agent(person_id=one.id, state=AgentState.ON_CALL, since=now)
        People(database).set_state(SetAgentState(id=new_id(), by=one.id, at=now, agent=told))
    Calls(database).record(record_call(call(CallState.CONNECTED, queued_at=now), centre.agent, told_at=now))
    boards = Boards(database)
    for is_on in (True, False, True):
        if is_on is boards.now(now).names_agents:  # the copy of the board is told anew when the mode changes
            WorksCouncil(database).change(centre.lead.id, is_on=is_on, reason="as it was agreed")
        board = boards.now(now)
        assert board.names_agents is not is_on
        assert [one.agent_name for one in board.calls_now] == ["" if is_on else "Ada"]
        named = [(one.name, one.team_name) for one in board.agents if one.id == centre.agent.id]
        assert named == ([] if is_on else [("Ada", "Office")])
        shown = behind(board, Figure(measure=Measure.AGENTS, state=AgentState.ON_CALL), now)
        assert shown.value == shown.part == 5
        assert isinstance(shown.rows[0].record, AgentGroup if is_on else AgentNow)


def test_the_states_of_fewer_than_five_are_not_told_apart(database: Database, centre: Seeded, now: datetime) -> None:
    told = Agent(person_id=centre.agent.id, state=AgentState.ON_CALL, since=now)
    People(database).set_state(SetAgentState(id=new_id(), by=centre.agent.id, at=now, agent=told))
    board = Boards(database).now(now)
    assert board.agent_groups == (AgentGroup(state=None, count=1),)
    of_state, of_all = Figure(measure=Measure.AGENTS, state=AgentState.ON_CALL), Figure(measure=Measure.AGENTS)
    assert (behind(board, of_state, now).value, behind(board, of_state, now).rows) == (None, ())
    assert behind(board, of_all, now).value == behind(board, of_all, now).part == 1


@pytest.mark.usefixtures("centre")
def test_whose_desk_died_is_said_by_name_and_not_read_from_who_is_there(database: Database) -> None:
    assert [(desk.name, desk.team_name) for desk in Boards(database).desks()] == [("Ada", "Office")]


def test_a_board_takes_as_many_statements_for_many_as_for_none(
    database: Database, centre: Seeded, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.boards.USES_REST_S", 0.0)  # else a slow machine reads them more often
    boards = Boards(database)
    none = statement_count(database, lambda: boards.now(now))
    still = statement_count(database, lambda: boards.now(now))
    for _ in range(5):
        Calls(database).record(record_call(call(), centre.agent))
        Cases(database).escalate(escalation(centre.agent, case=case_draft()))
    assert statement_count(database, lambda: boards.now(now)) == still + 3  # calls, cases, timelines
    assert statement_count(database, lambda: Boards(database).now(now)) == none <= 11


def test_whom_an_agent_rings_does_not_wait(database: Database, centre: Seeded, now: datetime) -> None:
    ringing = replace(call(CallState.OFFERED, queued_at=now), is_outgoing=True)
    talking = replace(call(CallState.CONNECTED, queued_at=now), is_outgoing=True)
    for one in (ringing, talking):
        Calls(database).record(record_call(one, centre.agent, told_at=now))
    assert [shown.id for shown in Boards(database).now(now).calls_now] == [talking.id]
