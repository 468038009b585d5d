"""The holidays of the demo centre's calendars are those of Berlin and of England, worked out once more here."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.services.demo_clocks import demo_rules

YEARS = (2026, 2027)
MONDAY, SATURDAY, SUNDAY = 0, 5, 6


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, "Astronomical Algorithms", chapter 8).

    >>> easter(2025), easter(2000)
    (datetime.date(2025, 4, 20), datetime.date(2000, 4, 23))
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    l = (32 + 2 * e + 2 * i - h - k) % 7  # noqa: E741 - as in the book
    m = (a + 11 * h + 22 * l) // 451
    month, day = divmod(h + l - 7 * m + 114, 31)
    return date(year, month, day + 1)


def berlin(year: int) -> set[date]:
    fixed = ((1, 1), (3, 8), (5, 1), (10, 3), (12, 25), (12, 26))
    moving = (-2, 1, 39, 50)  # Good Friday, Easter Monday, Ascension, Whit Monday
    return {date(year, *day) for day in fixed} | {easter(year) + timedelta(days=days) for days in moving}


def england(year: int) -> set[date]:
    """Bank holidays; one that falls on a weekend is kept on the next day that is free."""
    moving = {easter(year) + timedelta(days=days) for days in (-2, 1)}
    found = moving | {_monday_from(date(year, 5, 1)), _monday_from(date(year, 5, 25)), _monday_from(date(year, 8, 25))}
    for day in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        while day.weekday() in (SATURDAY, SUNDAY) or day in found:
            day += timedelta(days=1)
        found.add(day)
    return found


@pytest.mark.parametrize(("name", "holidays"), [("Berlin", berlin), ("London", england)])
def test_holidays(name: str, holidays: Callable[[int], set[date]]) -> None:
    calendar = next(one for one in demo_rules().calendars if one.name == name)
    assert calendar.years == YEARS
    assert set(calendar.holidays) == set().union(*map(holidays, YEARS))


def _monday_from(day: date) -> date:
    return day + timedelta(days=(MONDAY - day.weekday()) % 7)
