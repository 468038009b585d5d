"""How much of their time agents work on calls."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from app.domain.metrics.figures import MICROSECOND, NO_TIME, Share, require_utc
from app.domain.metrics.periods import Period
from app.domain.people import AgentState

BUSY = frozenset({AgentState.ON_CALL, AgentState.WRAP_UP})


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSpan:
    """One agent was in one state from `start` on, before `end`; None: still is. Times are UTC."""

    state: AgentState
    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        require_utc((self.start, self.end))
        if self.end is not None and self.end < self.start:
            raise ValueError("a state ends after it starts")

    def within(self, period: Period) -> timedelta:
        """How much of the period it takes; a span that still runs lasts to the period's end."""
        end = period.end if self.end is None else min(self.end, period.end)
        return max(end - max(self.start, period.start), NO_TIME)


def occupancy(handle_time: timedelta, available: timedelta) -> Share:
    """(talk + hold + after-call work) / (the same + available), in microseconds. Amazon Connect, OCCUPANCY.

    Pauses are in neither: to take a break makes nobody busier. Ringing is in neither too, as there: "agent idle time"
    leaves out the time from routing a contact to picking it up. Above 85 % it is strain, not efficiency.
    """
    busy = handle_time // MICROSECOND
    return Share(busy, busy + available // MICROSECOND)


def occupancy_in(spans: Iterable[AgentSpan], period: Period) -> Share:
    """Occupancy of all agents together in a period; spans are cut where it starts and ends."""
    busy = available = NO_TIME
    for span in spans:
        if span.state in BUSY:
            busy += span.within(period)
        elif span.state is AgentState.AVAILABLE:
            available += span.within(period)
    return occupancy(busy, available)


def spans_of(changes: Sequence[tuple[datetime, AgentState]], until: datetime | None = None) -> tuple[AgentSpan, ...]:
    """The spans of one agent from its changes of state, oldest first; the last runs until `until`, or still.

    Raises:
        ValueError: the changes are not in order.
    """
    closed = [AgentSpan(state=state, start=at, end=then) for (at, state), (then, _) in pairwise(changes)]
    last = [AgentSpan(state=state, start=at, end=until) for at, state in changes[-1:]]
    return (*closed, *last)
