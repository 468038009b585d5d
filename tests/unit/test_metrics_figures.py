"""What all figures share: exact numbers, intervals, and examples in docstrings that are true."""

import doctest
import importlib
import pkgutil
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import metrics
from app.domain.metrics.figures import MeanTime, Share
from app.domain.metrics.periods import Period, day_start, interval_start
from tests.builders import NOW, at

ZONES = ["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns", "UTC"]
ANY_TIME = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
LENGTHS = [timedelta(minutes=m) for m in (1, 15, 30, 60, 120)]


def test_the_examples_in_the_docstrings_are_true() -> None:
    names = [module.name for module in pkgutil.iter_modules(metrics.__path__, "app.domain.metrics.")]
    results = [doctest.testmod(importlib.import_module(name)) for name in names]
    assert sum(r.failed for r in results) == 0
    assert sum(r.attempted for r in results) >= 5


@pytest.mark.parametrize(("part", "whole"), [(1, 0), (-1, 2), (3, 2)])
def test_a_share_is_part_of_a_whole(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="is no part of"):
        Share(part, whole)


def test_a_mean_is_exact() -> None:
    assert MeanTime(timedelta(microseconds=1), 3).value_s == Fraction(1, 3_000_000)
    assert MeanTime(timedelta(0), 0).value_s is None


def test_a_period_has_its_start_and_not_its_end() -> None:
    period = Period(start=NOW, end=at(60))
    assert (at(-1) in period, NOW in period, at(59) in period, at(60) in period) == (False, True, True, False)
    with pytest.raises(ValueError, match="after it starts"):
        Period(start=at(60), end=NOW)


@given(ANY_TIME, st.sampled_from(LENGTHS), st.sampled_from(ZONES))
def test_each_instant_is_in_one_interval_of_its_day(instant: datetime, length: timedelta, name: str) -> None:
    zone = ZoneInfo(name)
    start = interval_start(instant, length, zone)
    assert start <= instant < start + length
    assert interval_start(start, length, zone) == start
    assert day_start(start, zone) == day_start(instant, zone) <= start


@given(ANY_TIME)
def test_quarters_of_an_hour_are_those_of_the_clock_on_the_wall(instant: datetime) -> None:
    local = interval_start(instant, timedelta(minutes=15), ZoneInfo("Europe/Berlin")).astimezone(
        ZoneInfo("Europe/Berlin")
    )
    assert (local.minute % 15, local.second, local.microsecond) == (0, 0, 0)


@pytest.mark.parametrize(
    ("day", "hours"), [(datetime(2026, 3, 29), 23), (datetime(2026, 10, 25), 25), (datetime(2026, 6, 1), 24)]
)
def test_a_day_has_the_hours_that_it_has(day: datetime, hours: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    start = day_start(day.replace(hour=12, tzinfo=zone), zone)
    after = day_start((day + timedelta(days=1)).replace(hour=12, tzinfo=zone), zone)
    assert after - start == timedelta(hours=hours)
    assert {interval_start(start + timedelta(hours=h), timedelta(days=1), zone) for h in range(hours)} == {start}


def test_a_day_that_begins_at_one_o_clock() -> None:
    """In Sao Paulo clocks were put forward at midnight."""
    zone = ZoneInfo("America/Sao_Paulo")
    start = day_start(datetime(2018, 11, 4, 12, tzinfo=zone), zone)
    assert start.astimezone(zone).hour == 1
    assert (start - timedelta(microseconds=1)).astimezone(zone).day == 3


@pytest.mark.parametrize("length", [timedelta(0), timedelta(hours=-1), timedelta(days=1, seconds=1)])
def test_an_interval_is_at_most_a_day(length: timedelta) -> None:
    with pytest.raises(ValueError, match="up to a day"):
        interval_start(NOW, length, ZoneInfo("UTC"))
