"""Business time: what passes inside the hours in which somebody is there to work."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.domain.errors import NotAllowed
from app.i18n import tr

_DAY = timedelta(days=1)
_NONE = timedelta(0)
_SECOND = timedelta(seconds=1)

Spans = tuple[tuple[datetime, datetime], ...]  # when each begins and ends, in UTC, in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """One stretch of a day, by the clock on the wall. Closing at 00:00 is the end of the day, so 00:00-00:00 is all
    of it; a night shift is two stretches."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens.tzinfo is not None or self.closes.tzinfo is not None:
            raise ValueError("service hours are in the calendar's time zone, not in one of their own")
        if self.closes != time.min and self.closes <= self.opens:
            raise NotAllowed(
                tr("Service hours close after they open. For a night, give two: up to 00:00 and from 00:00.")
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When a group works.

    Attributes:
        zone: the hours are those of its clocks, in summer and winter.
        week: seven days, Monday first; the stretches of each in order. Gaps between them are breaks.
        special_days: days that are not as their week day; () is a holiday.

    Raises:
        NotAllowed: the hours of a day overlap, or there are none in the whole week.
    """

    zone: ZoneInfo
    week: tuple[tuple[Hours, ...], ...]
    special_days: Mapping[date, tuple[Hours, ...]] = field(default_factory=dict)
    _spans: dict[date, Spans] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("a week has seven days")
        if not any(self.week):
            raise NotAllowed(tr("A calendar needs service hours on at least one day of the week."))
        for hours in (*self.week, *self.special_days.values()):
            if any(first.closes == time.min or then.opens < first.closes for first, then in pairwise(hours)):
                raise NotAllowed(tr("The service hours of a day must follow each other and not overlap."))

    def hours_of(self, day: date) -> tuple[Hours, ...]:
        return self.special_days.get(day, self.week[day.weekday()])

    def spans_of(self, day: date) -> Spans:
        """The same in UTC. Kept: it is the same few days again and again, with each case that is escalated."""
        spans = self._spans.get(day)
        if spans is None:
            spans = self._spans[day] = tuple(_spans_of(self, day))
        return spans


def business_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How much of the time from `start` to `end` is service time; nothing where `end` is before `start`."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    spent = _NONE
    if end <= start:
        return spent
    for opens, closes in _spans_since(calendar, start):
        if opens >= end:
            return spent
        spent += max(min(closes, end) - max(opens, start), _NONE)
    raise AssertionError("a calendar never ends")


def due_at(calendar: Calendar, start: datetime, promise: timedelta) -> datetime:
    """The first instant (UTC) at which `promise` of service time has passed since `start`.

    That is the closing time, not the next opening, where a promise ends with the day; and `start` itself where
    nothing is promised.
    """
    start, left = start.astimezone(UTC), promise
    if left <= _NONE:
        return start
    for opens, closes in _spans_since(calendar, start):
        begins = max(opens, start)
        usable = max(closes - begins, _NONE)
        if left <= usable:
            return begins + left
        left -= usable
    raise AssertionError("a calendar never ends")


def _spans_since(calendar: Calendar, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Each stretch of service of the day of `since` and of those after it, in UTC, in order, without end."""
    day = since.astimezone(calendar.zone).date()
    while True:
        yield from calendar.spans_of(day)
        day += _DAY


def _spans_of(calendar: Calendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    for hours in calendar.hours_of(day):
        closes_on = day + _DAY if hours.closes == time.min else day
        opens, closes = _instant(calendar.zone, day, hours.opens), _instant(calendar.zone, closes_on, hours.closes)
        if opens < closes:
            yield opens, closes


def _instant(zone: ZoneInfo, day: date, clock: time) -> datetime:
    """When the clocks of `zone` show this, in UTC: the first time where they show it twice, and the moment of the
    change where they jump over it."""
    wall = datetime.combine(day, clock)
    at = wall.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == wall:
        return at
    return _change(zone, wall.replace(tzinfo=zone, fold=1).astimezone(UTC), at)


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The instant between these two at which the clocks are put forward, to the second."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
