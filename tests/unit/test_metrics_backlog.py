"""How old what is open is."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.metrics.backlog import backlog_age
from tests.builders import NOW, at


def ages(*hours: float) -> list[datetime]:
    return [NOW - timedelta(hours=h) for h in hours]


def test_the_age_of_ten_cases() -> None:
    found = backlog_age(ages(1, 2, 3, 5, 8, 30, 50, 80, 100, 300), NOW)
    assert (found.median, found.p90, found.oldest) == tuple(timedelta(hours=h) for h in (8, 100, 300))
    assert (found.count, found.buckets) == (10, (3, 2, 2, 2, 1))


def test_nothing_open_has_no_age() -> None:
    found = backlog_age([], NOW)
    assert (found.count, found.median, found.p90, found.oldest) == (0, None, None, None)
    assert found.buckets == (0, 0, 0, 0, 0)


def test_each_limit_begins_the_next_bucket() -> None:
    assert backlog_age(ages(4, 24, 72, 168), NOW).buckets == (0, 1, 1, 1, 1)


def test_a_case_from_a_clock_that_runs_ahead_is_new() -> None:
    assert backlog_age([at(60)], NOW).oldest == timedelta(0)


@given(st.lists(st.floats(0, 1000), min_size=1))
def test_each_age_is_in_one_bucket_and_the_figures_are_ages_of_cases(hours: list[float]) -> None:
    found = backlog_age(ages(*hours), NOW)
    known = sorted(NOW - start for start in ages(*hours))
    assert sum(found.buckets) == found.count == len(hours)
    assert found.median is not None and found.p90 is not None
    for age, percent in [(found.median, 50), (found.p90, 90)]:
        assert sum(a <= age for a in known) * 100 >= percent * len(known) > sum(a < age for a in known) * 100
    assert found.median <= found.p90 <= known[-1] == found.oldest
