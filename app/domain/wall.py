"""What stands on the wallboard: counts and ages, nobody's name."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.cases import Level
from app.domain.people import AgentState


@dataclass(frozen=True, slots=True, kw_only=True)
class WallQueue:
    """The calls of one queue; `waiting_since` is that of the longest wait."""

    queue: str
    waiting_count: int
    waiting_since: datetime | None
    talking_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WallLevel:
    """The cases behind first level."""

    level: Level
    waiting_count: int
    overdue_count: int
    waiting_since: datetime | None
    claimed_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WallTeam:
    """How many agents of a team are in each state; `team` empty: those of all teams of fewer than five together."""

    team: str
    counts: dict[AgentState, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class WallNow:
    read_at: datetime
    queues: tuple[WallQueue, ...]
    levels: tuple[WallLevel, ...]
    teams: tuple[WallTeam, ...]
