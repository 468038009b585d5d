"""When a figure is an alert: thresholds apart from each other, time to be sure, service hours, and never a storm.

A rule watches one figure. An alert is raised when the figure has been at `raise_at` or beyond for `hold`, and ends when
it has been at `clear_at` or better for as long; in between nothing changes, so a figure that swings around one
threshold makes one alert. The same rule raises none within `quiet` of its last one's end. So in any time T a rule makes
at most 1 + T / `quiet` alerts, and a figure that stays beyond is never silent for longer than `hold` + `quiet`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.board_figures import SHARES, Figure, Measure, Value
from app.domain.cases import Level
from app.domain.errors import NotAllowed
from app.domain.metrics.figures import Share, seconds
from app.i18n import tr

ALL_DAYS = "1234567"  # Monday first

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertKey:
    """What a rule watches; there is one rule for each."""

    measure: Measure
    queue: str | None = None
    level: Level | None = None

    @property
    def figure(self) -> Figure:
        return Figure(measure=self.measure, queue=self.queue, level=self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceHours:
    """On which days (ISO numbers as characters) and between which clock times of `zone` a rule may raise an alert.

    From 00:00 to 00:00 is all day; hours over midnight belong to the day on which they begin.
    """

    days: str = ALL_DAYS
    opens: time = time.min
    closes: time = time.min
    zone: ZoneInfo

    def holds(self, at: datetime) -> bool:
        local = at.astimezone(self.zone)
        clock, today = local.time(), str(local.isoweekday())
        if self.opens < self.closes:
            return today in self.days and self.opens <= clock < self.closes
        if clock >= self.opens:
            return today in self.days
        return clock < self.closes and str((local.isoweekday() - 2) % 7 + 1) in self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """Thresholds in the figure's own unit: a count, seconds, or a share from 0 to 1. Both are inclusive.

    Where `clear_at` is the lower one, more is worse (a wait); where it is the higher one, less is (a service level).
    """

    key: AlertKey
    raise_at: Fraction
    clear_at: Fraction
    hold: timedelta = timedelta(seconds=15)
    quiet: timedelta = timedelta(minutes=5)
    hours: ServiceHours
    is_on: bool = True

    @property
    def less_is_worse(self) -> bool:
        return self.clear_at > self.raise_at

    def is_beyond(self, number: Fraction | None) -> bool:
        """Bad enough to be raised. Nothing to measure is not bad."""
        if number is None:
            return False
        return number <= self.raise_at if self.less_is_worse else number >= self.raise_at

    def is_calm(self, number: Fraction | None) -> bool:
        """Good enough to end."""
        if number is None:
            return True
        return number >= self.clear_at if self.less_is_worse else number <= self.clear_at


class Wish(StrEnum):
    """What a board would do about a rule now; the database says whether it is done."""

    NONE = "none"
    RAISE = "raise"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What one board remembers of a rule: since when the figure is beyond its threshold, or calm again."""

    beyond_since: datetime | None = None
    calm_since: datetime | None = None

    def follow(self, rule: AlertRule, number: Fraction | None, now: datetime) -> "Watch":
        """After the figure was seen once more."""
        is_watched = rule.is_on and rule.hours.holds(now)
        is_beyond, is_calm = is_watched and rule.is_beyond(number), not is_watched or rule.is_calm(number)
        return replace(
            self,
            beyond_since=(self.beyond_since or now) if is_beyond else None,
            calm_since=(self.calm_since or now) if is_calm else None,
        )

    def wish(self, rule: AlertRule, now: datetime) -> Wish:
        """What follows from what was seen. It is wished at each look until it is so: nothing is lost by a failure."""
        if self.beyond_since is not None and now - self.beyond_since >= rule.hold:
            return Wish.RAISE
        if self.calm_since is not None and now - self.calm_since >= rule.hold:
            return Wish.END
        return Wish.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A rule's alert. It goes on while `ended_at` is None; who saw it first acknowledged it, for all boards."""

    id: UUID
    key: AlertKey
    raised_at: datetime
    value: Fraction  # at that time
    ended_at: datetime | None = None
    seen_by: str = ""
    seen_at: datetime | None = None


def number_of(value: Value) -> Fraction | None:
    """The value of a figure in the unit of its thresholds."""
    match value:
        case None:
            return None
        case Share():
            return value.value
        case timedelta():
            return seconds(value)
    return Fraction(value)


def may_raise(is_open: bool, last_ended_at: datetime | None, rule: AlertRule, now: datetime) -> bool:
    """Whether the alert is made: none is open, and the last one ended at least `quiet` ago."""
    return not is_open and (last_ended_at is None or now - last_ended_at >= rule.quiet)


def default_rules(zone: ZoneInfo) -> Mapping[AlertKey, AlertRule]:
    """What is watched where nobody has set anything: from seven to seven on working days, and calls at any time."""
    working = ServiceHours(days="12345", opens=time(7), closes=time(19), zone=zone)
    always = ServiceHours(zone=zone)
    rules = (
        _rule(Measure.LONGEST_WAIT, 120, 45, always),
        _rule(Measure.SERVICE_LEVEL, Fraction(60, 100), Fraction(75, 100), always, hold=timedelta(minutes=2)),
        _rule(Measure.ABANDONMENT, Fraction(15, 100), Fraction(8, 100), always, hold=timedelta(minutes=2)),
        _rule(Measure.CASES_OVERDUE, 3, 0, working, level=Level.SECOND),
        _rule(Measure.CASES_OVERDUE, 1, 0, working, level=Level.THIRD),
        _rule(Measure.CALL_BACKS_DUE, 10, 4, working),
    )
    return {rule.key: rule for rule in rules}


def check(rule: AlertRule) -> None:
    """Raise NotAllowed, with what to do, unless a figure can be watched like this."""
    if rule.raise_at == rule.clear_at:
        raise NotAllowed(tr("An alert ends at another value than it is raised at: else it would come and go."))
    if rule.key.measure in SHARES and not all(0 <= share <= 1 for share in (rule.raise_at, rule.clear_at)):
        raise NotAllowed(tr("The thresholds of this figure are from 0 to 100 per cent."))
    if min(rule.raise_at, rule.clear_at) < 0:
        raise NotAllowed(tr("A threshold is not below zero."))
    is_sure, is_quiet = timedelta(0) <= rule.hold <= _HOUR, timedelta(minutes=1) <= rule.quiet <= 24 * _HOUR
    if not is_sure or not is_quiet:
        raise NotAllowed(tr("An alert waits up to an hour until it is sure, and one minute to a day until the next."))
    if not rule.hours.days or set(rule.hours.days) - set(ALL_DAYS):
        raise NotAllowed(tr("Give the days as numbers, Monday is 1: 12345 for the working days."))


def _rule(
    measure: Measure,
    raise_at: int | Fraction,
    clear_at: int | Fraction,
    hours: ServiceHours,
    *,
    level: Level | None = None,
    hold: timedelta = timedelta(seconds=15),
) -> AlertRule:
    key = AlertKey(measure=measure, level=level)
    return AlertRule(key=key, raise_at=Fraction(raise_at), clear_at=Fraction(clear_at), hold=hold, hours=hours)
