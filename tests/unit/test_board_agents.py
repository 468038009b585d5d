"""How many agents are in a state is told; for how long, only of five or more."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.board import AgentNow
from app.domain.board_agents import groups_of
from app.domain.history.parts import SMALLEST_GROUP
from app.domain.ids import new_id
from app.domain.people import AgentState

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _agent(state: AgentState, minutes: int) -> AgentNow:
    since = NOW - timedelta(minutes=minutes)
    return AgentNow(id=new_id(), name="Ada", team_name="Office", state=state, pause_code=None, since=since)


@given(st.lists(st.tuples(st.sampled_from(AgentState), st.integers(0, 600)), max_size=40))
def test_each_agent_is_counted_once_and_no_time_is_that_of_a_few(told: list[tuple[AgentState, int]]) -> None:
    groups = groups_of(_agent(state, minutes) for state, minutes in told)
    assert [group.id for group in groups] == list(AgentState)
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
