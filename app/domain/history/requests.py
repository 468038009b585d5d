"""What is asked of the past, and the answer."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.errors import NotAllowed
from app.domain.history.tallies import Tally
from app.domain.metrics.periods import Period
from app.i18n import tr

_DAY = timedelta(days=1)
LONGEST_DAYS = 3_653  # ten years


class Group(StrEnum):
    """What rows can stand for."""

    QUEUE = "queue"
    TEAM = "team"
    PRODUCT = "product"
    REASON = "reason"
    DAY = "day"
    INTERVAL = "interval"  # of one day


TIMES = frozenset({Group.DAY, Group.INTERVAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Whole days of a time zone, both ends included.

    Raises:
        NotAllowed: the last is before the first, or it is more than ten years.
    """

    first: date
    last: date
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise NotAllowed(tr("The last day is before the first. Choose it anew."))
        if self.count > LONGEST_DAYS:
            raise NotAllowed(tr("A period has at most ten years. Choose a shorter one."))

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def period(self) -> Period:
        """From the first instant on, before the first one after the last day; such days have 23 to 25 hours."""
        return Period(start=first_instant(self.first, self.zone), end=first_instant(self.last + _DAY, self.zone))

    @property
    def before(self) -> "Days":
        """As many days, directly before."""
        last = self.first - _DAY
        return Days(first=last - (self.last - self.first), last=last, zone=self.zone)

    def all(self) -> tuple[date, ...]:
        return tuple(self.first + i * _DAY for i in range(self.count))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    Attributes:
        only: these groups alone, each as (what it is, its key); (): the whole centre.
    """

    days: Days
    by: Group
    only: tuple[tuple[Group, str], ...] = ()

    def __post_init__(self) -> None:
        if self.by is Group.INTERVAL and self.days.count != 1:
            raise NotAllowed(tr("Intervals are shown for one day. Choose a single day."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: a group, a day (`key` is its ISO date) or an interval (its ISO start, UTC)."""

    key: str
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    Attributes:
        total: of the whole centre, or of the group asked for; the sum of the lines.
        before: the same of as many days directly before.
        zone: whose days these are; where groups of fewer than five people are withheld, always the centre's.
        withheld_days: how many days of the period are not in any figure, as fewer than five people worked.
        is_council_mode: whether groups of fewer than five people are withheld.
        rolled_up_at: of when the figures are; None: nothing was ever summed up.
    """

    request: Request
    lines: tuple[Line, ...]
    total: Tally
    before: Tally
    zone: ZoneInfo
    withheld_days: int
    is_council_mode: bool
    rolled_up_at: datetime | None


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
