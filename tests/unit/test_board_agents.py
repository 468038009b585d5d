"""How many agents are in a state is told where five or more are at work; for how long, only of five or more in it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.board_agents import AT_WORK, groups_of
from app.domain.history.parts import SMALLEST_GROUP
from app.domain.people import AgentState

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _agent(state: AgentState, minutes: int) -> tuple[AgentState, datetime]:
    return state, NOW - timedelta(minutes=minutes)


@given(st.lists(st.tuples(st.sampled_from(AgentState), st.integers(0, 600)), max_size=40))
def test_each_agent_is_counted_once_and_nothing_told_is_of_a_few(told: list[tuple[AgentState, int]]) -> None:
    groups = groups_of(_agent(state, minutes) for state, minutes in told)
    at_work = sum(state is not AgentState.SIGNED_OUT for state, _ in told)
    assert sum(group.count for group in groups) == at_work
    if 0 < at_work < SMALLEST_GROUP:
        assert [(group.id, group.median_since) for group in groups] == [(None, None)]
        return
    assert [group.id for group in groups] == list(AT_WORK)
    for group in groups:
        minutes = [of for state, of in told if state is group.state]
        assert group.count == len(minutes)
        assert (group.median_since is None) is (len(minutes) < SMALLEST_GROUP)
        if group.median_since:
            longer = sum(NOW - timedelta(minutes=of) <= group.median_since for of in minutes)
            assert longer * 2 >= len(minutes)


def test_the_median_is_of_the_middle_one() -> None:
    groups = {group.state: group for group in groups_of(_agent(AgentState.PAUSED, n) for n in (1, 2, 30, 40, 50))}
    assert groups[AgentState.PAUSED].median_since == NOW - timedelta(minutes=30)
