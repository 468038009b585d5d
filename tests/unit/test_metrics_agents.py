"""Occupancy: how much of their time agents work on calls."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.metrics.agents import AgentSpan, occupancy, occupancy_in, spans_of
from app.domain.metrics.figures import MICROSECOND, Share
from app.domain.metrics.periods import Period
from app.domain.people import AgentState
from tests.builders import NOW, at


def spans(*states: tuple[AgentState, float]) -> tuple[AgentSpan, ...]:
    """States one after another, each for so many seconds."""
    found, start = [], 0.0
    for state, seconds in states:
        found.append(AgentSpan(state=state, start=at(start), end=at(start + seconds)))
        start += seconds
    return tuple(found)


TEN_CALLS = spans(
    (AgentState.AVAILABLE, 760),
    (AgentState.ON_CALL, 1090),
    (AgentState.PAUSED, 300),
    (AgentState.WRAP_UP, 150),
    (AgentState.RINGING, 40),
    (AgentState.SIGNED_OUT, 500),
)


def test_occupancy_of_the_ten_calls() -> None:
    exact = occupancy(timedelta(seconds=1240), timedelta(seconds=760))
    assert exact.value == Share(62, 100).value
    assert occupancy_in(TEN_CALLS, Period(start=NOW, end=at(9999))) == exact


def test_who_was_neither_available_nor_busy_has_no_occupancy() -> None:
    paused = spans((AgentState.PAUSED, 300), (AgentState.RINGING, 5))
    assert occupancy_in(paused, Period(start=NOW, end=at(400))).value is None


def test_a_state_that_goes_on_lasts_to_the_end_of_the_period() -> None:
    changes = [(at(0), AgentState.AVAILABLE), (at(60), AgentState.ON_CALL)]
    assert occupancy_in(spans_of(changes), Period(start=NOW, end=at(90))).value == Share(1, 3).value
    assert occupancy_in(spans_of(changes, until=at(70)), Period(start=NOW, end=at(90))).value == Share(1, 7).value
    assert spans_of([]) == ()
    with pytest.raises(ValueError, match="after it starts"):
        spans_of(changes[::-1])


@given(st.lists(st.tuples(st.sampled_from(AgentState), st.floats(0, 900))), st.lists(st.floats(0, 2000), min_size=1))
def test_the_parts_of_a_period_make_the_period(states: list[tuple[AgentState, float]], cuts: list[float]) -> None:
    edges = [NOW, *map(at, sorted(cuts)), at(20_000)]
    parts = [Period(start=start, end=end) for start, end in pairwise(edges)]
    shares = [occupancy_in(spans(*states), part) for part in parts]
    assert sum(shares, Share(0, 0)) == occupancy_in(spans(*states), Period(start=NOW, end=at(20_000)))
    assert sum(s.whole for s in shares) * MICROSECOND <= sum((part.end - part.start for part in parts), timedelta(0))
