"""Which interval a fact belongs to: half-open, so that it is exactly one."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.metrics.figures import require_utc

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `start` on, before `end`; both UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        require_utc((self.start, self.end))
        if self.end < self.start:
            raise ValueError("a period ends after it starts")

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end


def day_start(at: datetime, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) of the day that it is in `zone` at `at`; such a day has 23 to 25 hours."""
    return datetime.combine(at.astimezone(zone).date(), time.min, zone).astimezone(UTC)


def interval_start(at: datetime, length: timedelta, zone: ZoneInfo) -> datetime:
    """The start (UTC) of the interval that `at` is in; intervals are laid from the start of the local day on.

    They are laid in elapsed time: where clocks go back, the hour that comes twice is two hours of intervals, and
    no interval is longer than `length`. A call belongs to the interval of its `queued_at`, whenever it was answered:
    so the calls in time are never more than the calls.

    >>> berlin, quarter = ZoneInfo("Europe/Berlin"), timedelta(minutes=15)
    >>> interval_start(datetime(2026, 10, 25, 0, 50, tzinfo=UTC), quarter, berlin).isoformat()  # 02:50, summer
    '2026-10-25T00:45:00+00:00'
    >>> interval_start(datetime(2026, 10, 25, 1, 50, tzinfo=UTC), quarter, berlin).isoformat()  # 02:50, winter
    '2026-10-25T01:45:00+00:00'

    Raises:
        ValueError: `length` is not more than zero and at most a day.
    """
    if not timedelta(0) < length <= _DAY:
        raise ValueError("an interval has a length of up to a day")
    midnight = day_start(at, zone)
    if length == _DAY:
        return midnight
    return midnight + (at.astimezone(UTC) - midnight) // length * length
