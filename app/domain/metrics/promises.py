"""Promises to own and to resolve a case: how much of them is used, and when they end.

The first level's promise to be taken over by the second is an OLA (between own groups), the one to the customer an SLA.
Nothing is stored that a changed promise would make wrong: time used and due time come from the facts each time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain import calendars
from app.domain.calendars import Calendar, business_time
from app.domain.metrics.figures import NO_TIME, require_utc


class Standing(StrEnum):
    """How a promise stands."""

    IN_TIME = "in_time"
    WARNING = "warning"  # three quarters are used
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """The case waited for its customer; `end` None: it still does. Times are UTC."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        require_utc((self.start, self.end))


def time_to_own(calendar: Calendar, entered_at: datetime, claimed_at: datetime | None, now: datetime) -> timedelta:
    """TTO: business time from entering a level to being claimed by a person there (so far, if nobody has). iTop, `tto`.

    A claim that was told by a clock that is behind came at once.
    """
    return business_time(calendar, entered_at, now if claimed_at is None else claimed_at)


def time_to_resolve(
    calendar: Calendar,
    opened_at: datetime,
    solved_at: datetime | None,
    now: datetime,
    waits: Sequence[Wait] = (),
) -> timedelta:
    """TTR: business time from opening to solving (so far, if it is open), without `waits`. iTop, `ttr`."""
    until = now if solved_at is None else solved_at
    spans = _running(opened_at, waits)
    return sum((business_time(calendar, start, min(end or until, until)) for start, end in spans), NO_TIME)


def due_at(calendar: Calendar, since: datetime, promise: timedelta, waits: Sequence[Wait] = ()) -> datetime | None:
    """When `promise` will be used up (UTC), if the case waits no more; None while it waits and something is left.

    With three quarters of a promise it is when the promise comes to that step.
    """
    if not waits:
        return calendars.due_at(calendar, since, promise)
    left = promise
    for start, end in _running(since, waits):
        due = calendars.due_at(calendar, start, left)
        if end is None or due <= end:
            return due
        left -= business_time(calendar, start, end)
    return None


def standing(used: timedelta, promise: timedelta) -> Standing:
    """Both limits are inclusive: a promise that is used up to the last second is kept, and at 75 % it warns."""
    if used > promise:
        return Standing.BROKEN
    return Standing.WARNING if used * 4 >= promise * 3 else Standing.IN_TIME


def _running(since: datetime, waits: Sequence[Wait]) -> Iterator[tuple[datetime, datetime | None]]:
    """The spans between waits, in order; the last has no end, and is not there while the case waits."""
    start = since
    for wait in sorted(waits, key=lambda wait: wait.start):
        if wait.start > start:
            yield start, wait.start
        if wait.end is None:
            return
        start = max(start, wait.end)
    yield start, None
