"""Business time: through nights, weekends, holidays and changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendars import Calendar, Hours, business_time, due_at
from app.domain.errors import NotAllowed

BERLIN = ZoneInfo("Europe/Berlin")
LONG_DAY = (Hours(opens=time(8), closes=time(18)),)
TWO_HALVES = (Hours(opens=time(9), closes=time(12)), Hours(opens=time(13), closes=time(17)))
ALL_DAY = (Hours(opens=time(0), closes=time(0)),)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def daily(hours: tuple[Hours, ...], zone: ZoneInfo = BERLIN) -> Calendar:
    return Calendar(zone=zone, week=(hours,) * 7)


def working_days(hours: tuple[Hours, ...], special_days: dict[date, tuple[Hours, ...]] | None = None) -> Calendar:
    return Calendar(zone=BERLIN, week=(*(hours,) * 5, (), ()), special_days=special_days or {})


def berlin(month: int, day: int, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    """A time of 2026 as Berlin's clocks show it; the 2nd of March is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN, fold=fold)


OFFICE = working_days(TWO_HALVES)
ROUND_THE_CLOCK = daily(ALL_DAY)

# --- known dates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calendar", "start", "promise", "due"),
    [
        (daily(LONG_DAY), berlin(3, 2, 16), 4 * HOUR, berlin(3, 3, 10)),
        (OFFICE, berlin(3, 6, 16, 30), 2 * HOUR, berlin(3, 9, 10, 30)),
        (ROUND_THE_CLOCK, berlin(3, 28, 23), 4 * HOUR, berlin(3, 29, 4)),
        (ROUND_THE_CLOCK, berlin(10, 24, 23), 4 * HOUR, berlin(10, 25, 2, fold=1)),
        (OFFICE, berlin(3, 2, 11), 2 * HOUR, berlin(3, 2, 14)),  # over the break
        (OFFICE, berlin(3, 2, 16), HOUR, berlin(3, 2, 17)),  # with the end of the day, not with the next opening
        (OFFICE, berlin(3, 2, 20), HOUR, berlin(3, 3, 10)),
        (OFFICE, berlin(3, 7, 12), HOUR, berlin(3, 9, 10)),
        (OFFICE, berlin(3, 2, 10), timedelta(0), berlin(3, 2, 10)),
        (OFFICE, berlin(3, 2, 20), timedelta(0), berlin(3, 2, 20)),
        (OFFICE, berlin(3, 2, 9), 35 * HOUR, berlin(3, 6, 17)),
        (working_days(TWO_HALVES, {date(2026, 3, 9): ()}), berlin(3, 6, 16, 30), 2 * HOUR, berlin(3, 10, 10, 30)),
        (working_days(TWO_HALVES, {date(2026, 3, 7): LONG_DAY}), berlin(3, 6, 16, 30), 2 * HOUR, berlin(3, 7, 9, 30)),
    ],
)
def test_when_a_promise_is_due(calendar: Calendar, start: datetime, promise: timedelta, due: datetime) -> None:
    assert due_at(calendar, start, promise) == due.astimezone(UTC)
    assert business_time(calendar, start, due) == promise


@pytest.mark.parametrize(
    ("start", "end", "spent"),
    [
        (berlin(3, 2, 9), berlin(3, 2, 17), 7 * HOUR),
        (berlin(3, 2, 12), berlin(3, 2, 13), timedelta(0)),
        (berlin(3, 6, 17), berlin(3, 9, 9), timedelta(0)),
        (berlin(3, 2, 11, 59), berlin(3, 2, 13, 1), 2 * MINUTE),
        (berlin(3, 2, 10), berlin(3, 2, 9), timedelta(0)),  # a clock that runs ahead
    ],
)
def test_how_much_of_a_time_is_service_time(start: datetime, end: datetime, spent: timedelta) -> None:
    assert business_time(OFFICE, start, end) == spent


def test_times_may_come_in_any_zone() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    start, end = berlin(3, 28, 10).astimezone(tokyo), berlin(3, 30, 10).astimezone(UTC)
    assert business_time(ROUND_THE_CLOCK, start, end) == 47 * HOUR
    assert due_at(ROUND_THE_CLOCK, start, 47 * HOUR) == end


@pytest.mark.parametrize(("day", "hours"), [(berlin(3, 29, 0), 23), (berlin(10, 25, 0), 25)])
def test_a_day_on_which_the_clocks_change(day: datetime, hours: int) -> None:
    end = (day + timedelta(days=1)).replace(fold=0)
    assert business_time(ROUND_THE_CLOCK, day, end) == hours * HOUR
    night = daily((Hours(opens=time(0), closes=time(6)),))
    assert business_time(night, day, end) == (hours - 18) * HOUR
    assert business_time(daily(LONG_DAY), day, end) == 10 * HOUR


def test_hours_that_the_clocks_jump_over() -> None:
    """On the 29th of March 02:00 becomes 03:00: hours in between are none, hours across it are cut there."""
    day, end = berlin(3, 29, 0), berlin(3, 30, 0)
    for opens, closes, spent in [(time(2, 15), time(2, 45), 0), (time(2, 30), time(4), 60), (time(1), time(2, 30), 60)]:
        assert business_time(daily((Hours(opens=opens, closes=closes),)), day, end) == spent * MINUTE
    halves = (Hours(opens=time(1), closes=time(2, 30)), Hours(opens=time(3), closes=time(4)))
    assert business_time(daily(halves), day, end) == 2 * HOUR


def test_hours_that_come_twice_are_parted_without_gap_or_overlap() -> None:
    day, end = berlin(10, 25, 0), berlin(10, 26, 0)
    parts = (Hours(opens=time(0), closes=time(2, 30)), Hours(opens=time(2, 30), closes=time(0)))
    assert business_time(daily(parts), day, end) == 25 * HOUR


def test_a_day_that_never_was() -> None:
    """Samoa went from the 29th to the 31st of December 2011."""
    apia = ZoneInfo("Pacific/Apia")
    start, end = datetime(2011, 12, 29, 12, tzinfo=apia), datetime(2011, 12, 31, 12, tzinfo=apia)
    assert business_time(daily(LONG_DAY, apia), start, end) == 10 * HOUR
    assert business_time(daily(ALL_DAY, apia), start, end) == 24 * HOUR


def test_a_day_that_comes_again_after_midnight() -> None:
    """In St. John's clocks went back from 00:01 to 23:01 until 2011."""
    zone = ZoneInfo("America/St_Johns")
    start, end = datetime(2010, 11, 6, 12, tzinfo=zone), datetime(2010, 11, 7, 12, tzinfo=zone)
    assert business_time(daily(ALL_DAY, zone), start, end) == 25 * HOUR
    for minutes in range(11 * 60 + 50, 13 * 60 + 10):  # from 23:50 on, also within the minutes that come again
        begin = start.astimezone(UTC) + minutes * MINUTE
        assert business_time(daily(ALL_DAY, zone), begin, end) == end.astimezone(UTC) - begin


# --- any dates ------------------------------------------------------------------------------------------------

# Hours that begin and end outside the hours that Berlin's clocks skip or repeat, so that the oracle below is simple.
_CLOCKS = st.integers(4 * 4, 24 * 4 - 1).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
_DAY = st.one_of(
    st.sampled_from([(), LONG_DAY, TWO_HALVES, ALL_DAY]),
    st.lists(_CLOCKS, min_size=2, max_size=4, unique=True).map(
        lambda clocks: tuple(
            Hours(opens=opens, closes=closes)
            for opens, closes in zip(sorted(clocks)[::2], sorted(clocks)[1::2], strict=False)
        )
    ),
)
CALENDARS = st.builds(
    Calendar,
    zone=st.just(BERLIN),
    week=st.tuples(*[_DAY] * 7).filter(any),
    special_days=st.dictionaries(st.dates(date(2026, 3, 25), date(2026, 4, 2)), _DAY, max_size=4),
)
# From some days before to some days after each change of the clocks.
TIMES = st.builds(
    lambda start, minutes: start + minutes * MINUTE,
    st.sampled_from([datetime(2026, 3, 26, tzinfo=UTC), datetime(2026, 10, 22, tzinfo=UTC)]),
    st.integers(0, 6 * 24 * 60),
)
PROMISES = st.integers(0, 40 * 60).map(lambda minutes: minutes * MINUTE)


def is_open(calendar: Calendar, at: datetime) -> bool:
    local = at.astimezone(calendar.zone)
    hours = calendar.special_days.get(local.date(), calendar.week[local.weekday()])
    return any(h.opens <= local.time() and (h.closes == time(0) or local.time() < h.closes) for h in hours)


@given(CALENDARS, TIMES, st.integers(0, 30 * 4))
def test_business_time_is_what_counting_quarters_of_an_hour_gives(calendar: Calendar, start: datetime, n: int) -> None:
    start = start.replace(minute=0)
    quarters = sum(is_open(calendar, start + i * 15 * MINUTE) for i in range(n))
    assert business_time(calendar, start, start + n * 15 * MINUTE) == quarters * 15 * MINUTE


@given(CALENDARS, st.lists(TIMES, min_size=3, max_size=3))
def test_business_time_adds_up_and_never_runs_back(calendar: Calendar, times: list[datetime]) -> None:
    first, second, third = sorted(times)
    parts = business_time(calendar, first, second) + business_time(calendar, second, third)
    assert business_time(calendar, first, third) == parts
    assert timedelta(0) <= business_time(calendar, first, second) <= second - first


@given(CALENDARS, TIMES, PROMISES)
def test_what_is_due_is_used_up_then_and_not_a_moment_before(
    calendar: Calendar, start: datetime, promise: timedelta
) -> None:
    due = due_at(calendar, start, promise)
    assert business_time(calendar, start, due) == promise
    if promise:
        assert business_time(calendar, start, due - timedelta(microseconds=1)) < promise


@given(CALENDARS, TIMES, PROMISES, PROMISES)
def test_promises_follow_each_other(calendar: Calendar, start: datetime, one: timedelta, other: timedelta) -> None:
    both = due_at(calendar, start, one + other)
    assert business_time(calendar, due_at(calendar, start, one), both) == other
    assert due_at(calendar, start, one) <= both


# --- calendars that cannot be ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("opens", "closes"), [(time(18), time(8)), (time(8), time(8))])
def test_hours_close_after_they_open(opens: time, closes: time) -> None:
    with pytest.raises(NotAllowed, match="close after they open"):
        Hours(opens=opens, closes=closes)


@pytest.mark.parametrize("hours", [(*TWO_HALVES, *LONG_DAY), (*ALL_DAY, *LONG_DAY), TWO_HALVES[::-1]])
def test_hours_do_not_overlap(hours: tuple[Hours, ...]) -> None:
    with pytest.raises(NotAllowed, match="not overlap"):
        daily(hours)
    with pytest.raises(NotAllowed, match="not overlap"):
        working_days(LONG_DAY, {date(2026, 12, 24): hours})


def test_a_calendar_has_hours() -> None:
    with pytest.raises(NotAllowed, match="at least one day"):
        daily(())
    with pytest.raises(ValueError, match="seven days"):
        Calendar(zone=BERLIN, week=(LONG_DAY,) * 5)


def test_hours_have_no_zone_of_their_own() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Hours(opens=time(8, tzinfo=UTC), closes=time(18))
