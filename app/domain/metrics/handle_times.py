"""How handle times are spread: counted in fixed buckets, so that months add up to a year without the calls."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from math import ceil
from operator import add

from app.domain.metrics.calls import CallFacts

# Upper limits, each open: under half a minute, under one minute ...; and an hour or more.
LIMITS = tuple(
    timedelta(seconds=s) for s in (30, 60, 90, 120, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600)
)
BUCKET_COUNT = len(LIMITS) + 1

_NONE = (0,) * BUCKET_COUNT


@dataclass(frozen=True, slots=True)
class HandleTimes:
    """Handled calls by how long they took: talk + hold + after-call work. One count more than there are `LIMITS`."""

    counts: tuple[int, ...] = _NONE

    @property
    def handled(self) -> int:
        return sum(self.counts)

    def __add__(self, other: "HandleTimes") -> "HandleTimes":
        return HandleTimes(tuple(map(add, self.counts, other.counts)))


@dataclass(frozen=True, slots=True)
class Bucket:
    """From `start` on, below `end`; None: without an end."""

    start: timedelta
    end: timedelta | None


def bucket(place: int) -> Bucket:
    return Bucket(
        LIMITS[place - 1] if place else timedelta(0),
        LIMITS[place] if place < len(LIMITS) else None,
    )


def handle_times_of(call: CallFacts) -> HandleTimes:
    """One call: a single 1 where it belongs, or nothing as long as its handle time is not known."""
    if not call.is_handled or call.answered_at is None or call.ended_at is None:
        return HandleTimes()
    took = call.ended_at - call.answered_at + call.after_call_work  # talk and hold are both in the first part
    place = bisect_right(LIMITS, took)
    return HandleTimes(tuple(int(i == place) for i in range(BUCKET_COUNT)))


def quantile_bucket(times: HandleTimes, share: Fraction) -> Bucket | None:
    """The bucket in which the nearest-rank quantile lies: at least `share` of the calls took less than its end.

    The exact value is not known from counts, so a bucket is shown and never a point inside it.

    >>> quantile_bucket(HandleTimes((1, 0, 3) + (0,) * 13), Fraction(1, 2)).end
    datetime.timedelta(seconds=90)
    """
    rank = max(ceil(share * times.handled), 1)
    reached = 0
    for place, count in enumerate(times.counts):
        reached += count
        if reached >= rank:
            return bucket(place)
    return None
