"""The state of an agent: what the person chooses and what the telephone does."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from uuid import UUID

import pytest

from app.domain.people import (
    CHOSEN_BY_PERSON,
    TRANSITIONS,
    Agent,
    AgentState,
    Choice,
    PauseCode,
    after_call,
    choose,
    follow_call,
    miss_call,
    wrap_up_ends_at,
)
from tests.builders import NOW, at

BUSY = {AgentState.RINGING, AgentState.ON_CALL, AgentState.WRAP_UP}
LUNCH = Choice(state=AgentState.PAUSED, pause_code=PauseCode.LUNCH)
AVAILABLE = Choice(state=AgentState.AVAILABLE)
PAIRS = list(product(AgentState, AgentState))


def _agent(state: AgentState, pause_code: PauseCode | None = None, then: Choice | None = None) -> Agent:
    return Agent(person_id=UUID(int=1), state=state, since=NOW, pause_code=pause_code, then=then)


@pytest.mark.parametrize(("state", "new"), PAIRS)
def test_the_telephone_moves_an_agent_only_where_the_table_says(state: AgentState, new: AgentState) -> None:
    agent = _agent(state)
    moved = follow_call(agent, new, at(5))
    if new is not state and new in TRANSITIONS[state]:
        assert (moved.state, moved.since) == (new, at(5))
    else:
        assert moved is agent


@pytest.mark.parametrize(("state", "new"), [pair for pair in PAIRS if pair[1] in CHOSEN_BY_PERSON])
def test_a_choice_follows_the_table_or_waits_for_the_end_of_the_call(state: AgentState, new: AgentState) -> None:
    agent, choice = _agent(state), Choice(state=new)
    chosen = choose(agent, choice, at(5))
    if state in BUSY:
        assert (chosen.state, chosen.since, chosen.then) == (state, NOW, choice)
    elif new is state:
        assert chosen is agent
    else:
        assert new in TRANSITIONS[state]
        assert (chosen.state, chosen.since, chosen.then) == (new, at(5), None)


@pytest.mark.parametrize("state", sorted(set(AgentState) - CHOSEN_BY_PERSON))
def test_nobody_chooses_a_state_of_the_telephone(state: AgentState) -> None:
    with pytest.raises(ValueError, match=state):
        choose(_agent(AgentState.AVAILABLE), Choice(state=state), NOW)


@pytest.mark.parametrize("state", AgentState)
def test_after_a_call_the_agent_is_back_and_else_unmoved(state: AgentState) -> None:
    agent = _agent(state, then=LUNCH)
    after = after_call(agent, at(9))
    if state in BUSY:
        assert (after.state, after.pause_code, after.since, after.then) == (LUNCH.state, LUNCH.pause_code, at(9), None)
    else:
        assert after is agent


def test_a_break_chosen_during_a_call_begins_after_wrap_up() -> None:
    agent = follow_call(follow_call(_agent(AgentState.AVAILABLE), AgentState.RINGING, at(1)), AgentState.ON_CALL, at(2))
    agent = follow_call(choose(agent, LUNCH, at(3)), AgentState.WRAP_UP, at(4))
    assert agent.state is AgentState.WRAP_UP
    assert after_call(agent, at(5)) == replace(
        agent, state=AgentState.PAUSED, pause_code=PauseCode.LUNCH, since=at(5), then=None
    )


def test_a_call_taken_in_a_break_leads_back_into_the_break() -> None:
    agent = _agent(AgentState.PAUSED, PauseCode.TRAINING)
    busy = follow_call(follow_call(agent, AgentState.ON_CALL, at(1)), AgentState.WRAP_UP, at(2))
    assert busy.pause_code is None
    assert after_call(busy, at(3)) == replace(agent, since=at(3))


def test_the_last_of_several_choices_counts() -> None:
    agent = choose(choose(_agent(AgentState.ON_CALL), LUNCH, at(1)), AVAILABLE, at(2))
    assert after_call(agent, at(3)).state is AgentState.AVAILABLE


def test_another_pause_code_is_another_state() -> None:
    agent = choose(_agent(AgentState.PAUSED, PauseCode.BREAK), LUNCH, at(5))
    assert (agent.pause_code, agent.since) == (PauseCode.LUNCH, at(5))


def test_whoever_was_busy_without_a_choice_is_available_afterwards() -> None:
    assert after_call(_agent(AgentState.WRAP_UP), at(1)).state is AgentState.AVAILABLE


def test_each_state_has_its_row_in_the_table() -> None:
    assert set(TRANSITIONS) == set(AgentState)


def test_a_missed_call_pauses_until_the_agent_is_back() -> None:
    missed = miss_call(follow_call(_agent(AgentState.AVAILABLE), AgentState.RINGING, at(1)), at(12))
    assert (missed.state, missed.pause_code, missed.since) == (AgentState.PAUSED, PauseCode.MISSED_CALL, at(12))
    assert choose(missed, AVAILABLE, at(20)).state is AgentState.AVAILABLE


@pytest.mark.parametrize("then", [LUNCH, Choice(state=AgentState.SIGNED_OUT)])
def test_a_state_chosen_while_it_rang_goes_before_the_pause_of_a_missed_call(then: Choice) -> None:
    missed = miss_call(_agent(AgentState.RINGING, then=then), at(12))
    assert (missed.state, missed.pause_code) == (then.state, then.pause_code)


@pytest.mark.parametrize("state", sorted(set(AgentState) - {AgentState.RINGING}))
def test_only_whom_a_call_rang_at_can_miss_it(state: AgentState) -> None:
    agent = _agent(state)
    assert miss_call(agent, at(1)) == after_call(agent, at(1))


@pytest.mark.parametrize("state", AgentState)
def test_only_wrap_up_ends_by_itself(state: AgentState) -> None:
    ends_at = wrap_up_ends_at(_agent(state), timedelta(seconds=90))
    assert ends_at == (at(90) if state is AgentState.WRAP_UP else None)
    assert wrap_up_ends_at(_agent(state), timedelta(0)) is None
