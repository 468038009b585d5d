"""What desks tell of calls and agents: late news never overwrites newer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db.engine import Database
from app.db.rows import AgentRow, CallRow
from app.domain.calls import CallState, Disposition
from app.domain.commands import SetAgentState
from app.domain.errors import NotFound
from app.domain.ids import new_id
from app.domain.people import Agent, AgentState, PauseCode
from app.services.calls import Calls
from app.services.commands import Commands
from app.services.people import People
from tests.builders import NOW, Seeded, at, call, caller, claim, escalation, record_call, solution


def _row(database: Database) -> CallRow:
    with database.read() as session:
        return session.scalars(select(CallRow)).one()


def _set_state(centre: Seeded, state: AgentState, told_s: float, code: PauseCode | None = None) -> SetAgentState:
    agent = Agent(person_id=centre.agent.id, state=state, since=at(told_s), pause_code=code)
    return SetAgentState(id=new_id(), by=centre.agent.id, at=at(told_s), agent=agent)


def _agent_state(database: Database) -> tuple[AgentState, PauseCode | None]:
    with database.read() as session:
        row = session.execute(select(AgentRow.state, AgentRow.pause_code)).one()
        return row.state, row.pause_code


def test_all_facts_of_a_call_are_recorded(database: Database, centre: Seeded) -> None:
    made = replace(
        call(CallState.CLOSED, from_=caller(display_name="Ida")),
        queue="Support",
        held=timedelta(seconds=7, milliseconds=250),
        disposition=Disposition.SOLVED,
    )
    command = replace(record_call(made, centre.agent, customer_id=centre.berg.id), note="Lamp green", case_id=new_id())
    assert Calls(database).record(command) == made.id
    row = _row(database)
    assert (row.id, row.source, row.state, row.agent_id) == (made.id, "demo", CallState.CLOSED, centre.agent.id)
    assert (row.number_normal, row.display_name, row.queue) == (made.caller.normal, "Ida", "Support")
    times = (row.queued_at, row.offered_at, row.answered_at, row.ended_at, row.wrapped_up_at)
    assert times == (made.queued_at, made.offered_at, made.answered_at, made.ended_at, made.wrapped_up_at)
    assert (row.held_ms, row.end_reason, row.disposition) == (7_250, made.end_reason, Disposition.SOLVED)
    assert (row.customer_id, row.case_id, row.note) == (centre.berg.id, command.case_id, "Lamp green")


def test_a_late_older_state_changes_nothing(database: Database, centre: Seeded) -> None:
    made = call(CallState.CLOSED)
    Calls(database).record(replace(record_call(made, centre.agent, told_at=at(60)), note="Final"))
    for late in (CallState.OFFERED, CallState.CONNECTED, CallState.WRAP_UP):
        older = record_call(replace(made, state=late), centre.agent, told_at=at(90))
        Calls(database).record(replace(older, note="Late"))
        assert (_row(database).state, _row(database).note) == (CallState.CLOSED, "Final")


def test_of_one_state_the_newest_news_count(database: Database, centre: Seeded) -> None:
    made = call(CallState.CONNECTED)
    for told_s, note in ((60, "second"), (30, "first"), (90, "third")):
        Calls(database).record(replace(record_call(made, centre.agent, told_at=at(told_s)), note=note))
    assert _row(database).note == "third"


def test_a_held_call_is_connected_again(database: Database, centre: Seeded) -> None:
    """Both have one rank, so the time decides."""
    held = call(CallState.HELD)
    Calls(database).record(record_call(held, centre.agent, told_at=at(30)))
    Calls(database).record(record_call(replace(held, state=CallState.CONNECTED), centre.agent, told_at=at(40)))
    assert _row(database).state is CallState.CONNECTED


def test_a_later_record_without_customer_keeps_the_customer(database: Database, centre: Seeded) -> None:
    made = call(CallState.CONNECTED)
    Calls(database).record(record_call(made, centre.agent, customer_id=centre.berg.id))
    Calls(database).record(record_call(call(CallState.CLOSED), centre.agent, told_at=at(1)))
    Calls(database).record(record_call(replace(made, state=CallState.CLOSED), centre.agent, told_at=at(2)))
    with database.read() as session:
        customers = {row.id: row.customer_id for row in session.scalars(select(CallRow))}
    assert customers[made.id] == centre.berg.id


def test_the_state_of_an_agent_is_the_one_decided_last(database: Database, centre: Seeded) -> None:
    people = People(database)
    people.set_state(_set_state(centre, AgentState.AVAILABLE, 10))
    people.set_state(_set_state(centre, AgentState.PAUSED, 30, PauseCode.LUNCH))
    people.set_state(_set_state(centre, AgentState.RINGING, 20))
    assert _agent_state(database) == (AgentState.PAUSED, PauseCode.LUNCH)
    people.set_state(_set_state(centre, AgentState.AVAILABLE, 40))
    assert _agent_state(database) == (AgentState.AVAILABLE, None)


def test_a_person_is_known_by_login(database: Database, centre: Seeded) -> None:
    for one in (centre.agent, centre.expert, centre.lead):
        assert People(database).by_login(one.login) == one


def test_an_unknown_login_is_told_what_to_do(database: Database, centre: Seeded) -> None:
    assert centre.agent.login == "ada"
    for login in ("nobody", "", "ADA", "ada' OR 1=1 --"):
        with pytest.raises(NotFound) as caught:
            People(database).by_login(login)
        advice = "Check the name, or ask your administrator to add you."
        assert str(caught.value) == f"Nobody signs in as “{login}”. {advice}"


def test_each_kind_of_command_has_its_door(database: Database, centre: Seeded) -> None:
    apply, escalated, solved, made = Commands(database).apply, escalation(centre.agent), solution(centre.agent), call()
    assert apply(record_call(made, centre.agent)) == made.id
    assert apply(_set_state(centre, AgentState.AVAILABLE, 1)) == centre.agent.id
    assert apply(escalated) == escalated.case.id
    assert apply(solved) == solved.case.id
    assert apply(claim(centre.expert)) == escalated.case.id
    assert apply(claim(centre.expert)) is None


def test_a_repeated_record_is_done_once(database: Database, centre: Seeded) -> None:
    made = call(CallState.OFFERED, queued_at=NOW)
    command = record_call(made, centre.agent)
    newer = replace(record_call(replace(made, state=CallState.CLOSED), centre.agent, told_at=at(5)), note="newer")
    for told in (command, newer, command, newer):
        assert Calls(database).record(told) == made.id
    assert _row(database).note == "newer"
