"""Agents as a board tells of them while the works-council mode is on: how many are in a state, and nobody's name."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low

from app.domain.history.parts import SMALLEST_GROUP
from app.domain.people import AgentState

AT_WORK = tuple(state for state in AgentState if state is not AgentState.SIGNED_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentGroup:
    """All agents in one state.

    Attributes:
        state: None: all who are at work; they are fewer than five, so that a state would be somebody's.
        median_since: half of them are in the state since then or for longer; None: they are fewer than five, so that a
            time would be somebody's.
    """

    state: AgentState | None
    count: int
    median_since: datetime | None = None

    @property
    def id(self) -> AgentState | None:
        """There is one for each state."""
        return self.state


def groups_of(agents: Iterable[tuple[AgentState, datetime]]) -> tuple[AgentGroup, ...]:
    """The groups of those who are at work, each with its state and since when; those without an agent too."""
    by_state: dict[AgentState | None, list[datetime]] = defaultdict(list)
    at_work = [(state, since) for state, since in agents if state is not AgentState.SIGNED_OUT]
    for state, since in at_work:
        by_state[state if len(at_work) >= SMALLEST_GROUP else None].append(since)
    return grouped(_group(state, since) for state, since in by_state.items())


def grouped(known: Iterable[AgentGroup]) -> tuple[AgentGroup, ...]:
    """In the order of the states, with those that nobody is in; or the one group that is not told apart."""
    groups = {group.state: group for group in known}
    if None in groups:
        return (groups[None],)
    return tuple(groups.get(state) or AgentGroup(state=state, count=0) for state in AT_WORK)


def _group(state: AgentState | None, since: list[datetime]) -> AgentGroup:
    is_told = state is not None and len(since) >= SMALLEST_GROUP
    return AgentGroup(state=state, count=len(since), median_since=median_low(since) if is_told else None)
