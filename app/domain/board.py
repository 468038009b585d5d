"""What a supervisor sees at one moment; all of it from one read of the shared database."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.calls import CallState
from app.domain.cases import Level
from app.domain.people import AgentState, PauseCode


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNow:
    id: UUID
    state: CallState
    queue: str
    caller: str  # customer's name, else number
    agent_name: str
    queued_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentNow:
    id: UUID
    name: str
    team_name: str
    state: AgentState
    pause_code: PauseCode | None
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueNow:
    """The queue of one level: cases that nobody has yet, and those that somebody works on."""

    level: Level
    waiting_count: int
    overdue_count: int
    claimed_count: int
    oldest_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    read_at: datetime
    calls: tuple[CallNow, ...]
    agents: tuple[AgentNow, ...]
    queues: tuple[QueueNow, ...]
    escalated_today: int
    solved_today: int
