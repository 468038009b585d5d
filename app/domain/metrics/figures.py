"""Exact figures that add up: the share of a count, and the mean of times."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

NO_TIME = timedelta(0)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`, in the same unit: calls, cases, or microseconds.

    >>> morning, afternoon = Share(3, 8), Share(1, 2)
    >>> (morning + afternoon).value
    Fraction(2, 5)
    >>> Share(0, 0).value is None
    True
    """

    part: int
    whole: int

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole:
            raise ValueError(f"{self.part} is no part of {self.whole}")

    @property
    def value(self) -> Fraction | None:
        """From 0 to 1; None where there is nothing to have a share of: neither 0 % nor 100 % would be true."""
        return Fraction(self.part, self.whole) if self.whole else None

    def __add__(self, other: "Share") -> "Share":
        return Share(self.part + other.part, self.whole + other.whole)


@dataclass(frozen=True, slots=True)
class MeanTime:
    """The mean of `count` times that are `total` together."""

    total: timedelta
    count: int

    @property
    def value_s(self) -> Fraction | None:
        """Seconds; None where there was nothing to measure."""
        return seconds(self.total) / self.count if self.count else None

    def __add__(self, other: "MeanTime") -> "MeanTime":
        return MeanTime(self.total + other.total, self.count + other.count)


def seconds(time: timedelta) -> Fraction:
    """Exactly, where `total_seconds` rounds to a float.

    >>> seconds(timedelta(seconds=20, microseconds=100_000))
    Fraction(201, 10)
    """
    return Fraction(time // MICROSECOND, 1_000_000)


def require_utc(times: Iterable[datetime | None]) -> None:
    """Times of one zone are subtracted by their clocks, which is an hour wrong across a change: so UTC only."""
    for at in times:
        if at is not None and at.utcoffset() != NO_TIME:
            raise ValueError("facts have aware UTC times")
