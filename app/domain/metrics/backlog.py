"""How old what is open is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil

from app.domain.metrics.figures import NO_TIME, require_utc

# Upper limits of the buckets, each open: under 4 h, under 1 day, 1 to 3 days, 3 to 7 days; and 7 days or more.
BUCKET_LIMITS = (timedelta(hours=4), timedelta(days=1), timedelta(days=3), timedelta(days=7))


@dataclass(frozen=True, slots=True, kw_only=True)
class BacklogAge:
    """Ages of open cases; None where there are none. `buckets` counts them by `BUCKET_LIMITS`, one more than these."""

    count: int
    median: timedelta | None
    p90: timedelta | None
    oldest: timedelta | None
    buckets: tuple[int, ...]


def backlog_age(since: Iterable[datetime], now: datetime) -> BacklogAge:
    """The age of each open case: now - opened, by the clock on the wall. COPC-2000, "aging".

    Given the times of coming to a level instead of opening, it is "in this level since". A desk whose clock
    is ahead opens cases in the future: they are new.
    """
    starts = tuple(since)
    require_utc((now, *starts))
    ages = sorted(max(now - start, NO_TIME) for start in starts)
    return BacklogAge(
        count=len(ages),
        median=quantile(ages, Fraction(1, 2)),
        p90=quantile(ages, Fraction(9, 10)),
        oldest=ages[-1] if ages else None,
        buckets=_buckets(ages),
    )


def quantile(ordered: Sequence[timedelta], share: Fraction) -> timedelta | None:
    """The smallest of these times that at least `share` of them do not pass (nearest rank).

    So it is the age of a case that is really there, and can be opened; PostgreSQL's `percentile_disc` is the same.

    >>> quantile([timedelta(hours=h) for h in (1, 2, 3, 10)], Fraction(9, 10))
    datetime.timedelta(seconds=36000)
    """
    return ordered[max(ceil(share * len(ordered)), 1) - 1] if ordered else None


def _buckets(ages: Sequence[timedelta]) -> tuple[int, ...]:
    below = [sum(age < limit for age in ages) for limit in BUCKET_LIMITS]
    return tuple(more - less for less, more in zip((0, *below), (*below, len(ages)), strict=True))
