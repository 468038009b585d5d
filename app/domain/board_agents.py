"""Agents as a board tells of them while the works-council mode is on: how many are in a state, and nobody's name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low

from app.domain.board import AgentNow
from app.domain.history.parts import SMALLEST_GROUP
from app.domain.people import AgentState


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentGroup:
    """All agents in one state.

    Attributes:
        median_since: half of them are in the state since then or for longer; None: they are fewer than five, so that a
            time would be somebody's.
    """

    state: AgentState
    count: int
    median_since: datetime | None = None

    @property
    def id(self) -> AgentState:
        """There is one for each state."""
        return self.state


def groups_of(agents: Iterable[AgentNow]) -> tuple[AgentGroup, ...]:
    """A group for each state, those without an agent too."""
    known = tuple(agents)
    return tuple(_group(state, [agent.since for agent in known if agent.state is state]) for state in AgentState)


def _group(state: AgentState, since: list[datetime]) -> AgentGroup:
    is_told = len(since) >= SMALLEST_GROUP
    return AgentGroup(state=state, count=len(since), median_since=median_low(since) if is_told else None)
