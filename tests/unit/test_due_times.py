"""When a call-back is due: quick choices, and times as people write them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.due_times import LATEST, When, quick_time, typed_time, wall_clock
from tests.zones import local_zone

NOW = datetime(2026, 11, 26, 13, 10)  # a Thursday


@pytest.mark.parametrize(
    ("at", "afternoon"),
    [((9, 0), (15, 0)), ((14, 30), (15, 0)), ((14, 31), (17, 0)), ((16, 30), (17, 0)), ((16, 31), None)],
)
def test_this_afternoon_is_an_hour_that_can_still_be_kept(
    at: tuple[int, int], afternoon: tuple[int, int] | None
) -> None:
    found = quick_time(When.AFTERNOON, datetime(2026, 11, 26, *at))
    assert found == (datetime(2026, 11, 26, *afternoon) if afternoon else None)


def test_the_other_quick_choices() -> None:
    assert quick_time(When.IN_AN_HOUR, NOW) == datetime(2026, 11, 26, 14, 10)
    assert quick_time(When.MORNING, NOW) == datetime(2026, 11, 27, 9, 0)
    assert quick_time(When.MORNING, datetime(2026, 12, 31, 23, 59)) == datetime(2027, 1, 1, 9, 0)
    assert quick_time(When.TYPED, NOW) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("14:30", "26 14:30"), ("14.30", "26 14:30"), ("1430", "26 14:30"), ("16", "26 16:00"), ("16 Uhr", "26 16:00"),
        ("9:05", "27 09:05"), ("13:10", "27 13:10"),  # over for today
        ("+20", "26 13:30"), ("in 20 min", "26 13:30"), ("in 2 h", "26 15:10"), ("in 2 Stunden", "26 15:10"),
        ("heute 18:00", "26 18:00"), ("tomorrow 8:15", "27 08:15"), ("Morgen, 8 Uhr", "27 08:00"),
        ("Fr 10", "27 10:00"), ("do 14:00", "26 14:00"), ("27.11. 10:00", "27 10:00"), ("2026-11-27 10:00", "27 10:00"),
        ("27. 11.2026 10:00", "27 10:00"),
    ],
)  # fmt: skip
def test_a_typed_time(text: str, at: str) -> None:
    found = typed_time(text, NOW)
    assert found and f"{found:%d %H:%M}" == at


def test_a_day_of_the_week_that_is_over_is_next_weeks() -> None:
    assert typed_time("do 9:00", NOW) == datetime(2026, 12, 3, 9, 0)
    assert typed_time("3.1. 9:00", NOW) == datetime(2027, 1, 3, 9, 0)


@pytest.mark.parametrize(
    "text",
    ["", " ", "soon", "25:00", "12:60", "heute 9:00", "31.2. 9:00", "26.11.2020 9:00", "+0", "+9999 h"],
)
def test_what_is_no_time_to_come(text: str) -> None:
    assert typed_time(text, NOW) is None


@given(st.text(max_size=30), st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))
def test_whatever_is_typed_is_nothing_or_to_come(text: str, now: datetime) -> None:
    found = typed_time(text, now)
    assert found is None or now < found <= now + LATEST


@pytest.fixture
def berlin() -> Iterator[None]:
    """The clocks of Berlin."""
    with local_zone("CET-1CEST,M3.5.0,M10.5.0/3"):
        yield


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 10, 24, 23, 30, tzinfo=UTC),  # 1:30, 2:30 and 2:30 again of the night that has an hour twice
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # 1:30; half past two there is none
    ],
)
def test_in_an_hour_is_an_hour_also_when_the_clocks_change(now: datetime) -> None:
    here = wall_clock(now)
    for due in (quick_time(When.IN_AN_HOUR, here), typed_time("+60", here), typed_time("in 1 h", here)):
        assert due is not None
        assert due.astimezone(UTC) - now == timedelta(hours=1)
        assert wall_clock(due.astimezone(UTC)) == due  # a time that the wall clock shows
