"""Promises to own and to resolve a case."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.calendars import Calendar, business_time
from app.domain.calendars import due_at as plain_due_at
from app.domain.metrics.promises import Standing, Wait, due_at, standing, time_to_own, time_to_resolve
from tests.unit.test_calendars import CALENDARS, HOUR, LONG_DAY, MINUTE, PROMISES, TIMES, berlin, daily

CALENDAR = daily(LONG_DAY)


def utc(hour: int, minute: int = 0, *, day: int = 2) -> datetime:
    """A time of March 2026 as Berlin's clocks show it."""
    return berlin(3, day, hour, minute).astimezone(UTC)


def waits(*hours: tuple[int, int | None]) -> tuple[Wait, ...]:
    return tuple(Wait(start=utc(start), end=None if end is None else utc(end)) for start, end in hours)


def test_waiting_for_the_customer_moves_the_due_time_by_as_much() -> None:
    assert due_at(CALENDAR, utc(9), 4 * HOUR) == utc(13)
    assert due_at(CALENDAR, utc(9), 4 * HOUR, waits((10, 13))) == utc(16)
    night = (Wait(start=utc(17), end=utc(10, day=3)),)  # three business hours
    assert due_at(CALENDAR, utc(14), 4 * HOUR) == utc(18)
    assert due_at(CALENDAR, utc(14), 4 * HOUR, night) == utc(11, day=3)


def test_time_to_own_is_business_time_until_somebody_has_it() -> None:
    assert time_to_own(CALENDAR, utc(16), utc(10, day=3), utc(12, day=9)) == 4 * HOUR
    assert time_to_own(CALENDAR, utc(16), None, utc(9, day=3)) == 3 * HOUR
    assert time_to_own(CALENDAR, utc(16), utc(15, 59), utc(17)) == timedelta(0)  # by a clock that is behind


def test_while_it_waits_nothing_is_due_unless_it_was_before() -> None:
    assert due_at(CALENDAR, utc(9), 4 * HOUR, waits((10, None))) is None
    assert due_at(CALENDAR, utc(9), HOUR, waits((10, None))) == utc(10)
    assert due_at(CALENDAR, utc(9), HOUR, waits((9, None))) is None


@pytest.mark.parametrize(
    ("waited", "spent"),
    [
        (waits(), 7),
        (waits((10, 13)), 4),
        (waits((12, 13), (10, 11)), 5),  # in any order
        (waits((10, 13), (11, 12)), 4),  # one in another
        (waits((10, 12), (11, 13)), 4),  # one over another
        (waits((8, 10)), 6),  # from before it was opened
        (waits((15, None)), 6),
        (waits((15, 17)), 6),  # beyond the moment
    ],
)
def test_time_to_resolve_leaves_out_waits(waited: tuple[Wait, ...], spent: int) -> None:
    assert time_to_resolve(CALENDAR, utc(9), None, utc(16), waited) == spent * HOUR
    assert time_to_resolve(CALENDAR, utc(9), utc(16), utc(17, day=9), waited) == spent * HOUR


def test_a_changed_promise_keeps_the_time_that_is_used() -> None:
    """The priority rises two hours after the opening: the shorter promise counts from the opening, not from now."""
    used = time_to_resolve(CALENDAR, utc(9), None, utc(11))
    assert standing(used, 8 * HOUR) is Standing.IN_TIME
    assert standing(used, HOUR) is Standing.BROKEN
    assert due_at(CALENDAR, utc(9), HOUR) == utc(10)


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        (timedelta(0), Standing.IN_TIME),
        (3 * HOUR - timedelta(microseconds=1), Standing.IN_TIME),
        (3 * HOUR, Standing.WARNING),
        (4 * HOUR, Standing.WARNING),
        (4 * HOUR + timedelta(microseconds=1), Standing.BROKEN),
    ],
)
def test_it_warns_at_three_quarters_and_is_kept_to_the_last_moment(used: timedelta, expected: Standing) -> None:
    assert standing(used, 4 * HOUR) is expected


def test_when_it_warns() -> None:
    warning = due_at(CALENDAR, utc(9), 3 * HOUR, waits((10, 11)))
    assert warning == utc(13)
    assert standing(time_to_resolve(CALENDAR, utc(9), None, utc(13), waits((10, 11))), 4 * HOUR) is Standing.WARNING


WAITS = st.lists(
    st.builds(lambda start, length: Wait(start=start, end=start + length), TIMES, PROMISES), max_size=4
).map(tuple)


@given(CALENDARS, TIMES, PROMISES, WAITS)
def test_the_promise_is_used_up_when_it_is_due(
    calendar: Calendar, start: datetime, promise: timedelta, waited: tuple[Wait, ...]
) -> None:
    due = due_at(calendar, start, promise, waited)
    assert due is not None
    assert time_to_resolve(calendar, start, due, due, waited) == promise
    assert due >= plain_due_at(calendar, start, promise)


@given(CALENDARS, TIMES, PROMISES, PROMISES, st.integers(0, 100))
def test_one_wait_moves_the_due_time_by_its_business_time(
    calendar: Calendar, start: datetime, promise: timedelta, length: timedelta, percent: int
) -> None:
    wait_start = plain_due_at(calendar, start, promise * percent / 100)
    assume(wait_start < plain_due_at(calendar, start, promise))
    wait = Wait(start=wait_start, end=wait_start + length)
    waited = business_time(calendar, wait_start, wait_start + length)
    assert due_at(calendar, start, promise, (wait,)) == plain_due_at(calendar, start, promise + waited)


@given(CALENDARS, TIMES, WAITS, PROMISES)
def test_time_to_resolve_never_runs_back(
    calendar: Calendar, start: datetime, waited: tuple[Wait, ...], later: timedelta
) -> None:
    now = start + 10 * MINUTE
    spent = time_to_resolve(calendar, start, None, now, waited)
    assert timedelta(0) <= spent <= time_to_resolve(calendar, start, None, now + later, waited)
