"""The centre's calendars: a week of service hours, holidays and other days, a time zone, and whose they are.

    [[calendar]]
    name = "Berlin"
    zone = "Europe/Berlin"
    teams = ["Link", "Print"]
    hours = { mon = "08:00-12:00, 13:00-18:00", tue = "08:00-18:00", sat = "09:00-13:00" }
    [calendar.holidays]
    2026-12-25 = "Christmas Day"
    [calendar.other_days]
    2026-12-24 = "08:00-12:00"

A year without any holiday is one that nobody has entered yet. It counts as if it had none, because a promise must end
some time, and the program says so wherever the calendar is shown. Within the years that are entered no one may be
missing, as that is a slip; `no_holidays_in = [2027]` says that it is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.calendars import Calendar, Hours
from app.domain.errors import NotAllowed
from app.domain.rules import reading
from app.i18n import tr

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KEYS = "name zone teams hours holidays other_days no_holidays_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCalendar:
    """A calendar of the centre; `years` are those whose holidays are entered, in order."""

    name: str
    teams: tuple[str, ...]
    calendar: Calendar
    holidays: Mapping[date, str]
    years: tuple[int, ...]

    def lacks(self, day: date) -> bool:
        """Whether nobody has entered the holidays of that day's year, in a calendar that has holidays."""
        return bool(self.years) and day.year not in self.years


def read(text: str) -> tuple[ServiceCalendar, ...]:
    """The calendars of the text; NotAllowed with what is wrong and where."""
    table = reading.only("calendars", reading.table_of(text), "calendar")
    found = tuple(_calendar(place, entry) for place, entry in enumerate(_entries(table), start=1))
    names = [one.name for one in found]
    teams = [team for one in found for team in one.teams]
    for kind in (names, teams):
        for name in kind:
            if kind.count(name) > 1:
                raise NotAllowed(tr("“{name}” stands twice among the calendars.", name=name))
    return found


def _entries(table: dict[str, Any]) -> list[dict[str, Any]]:
    return reading.listed("calendar", table.get("calendar", []), dict)


def _calendar(place: int, entry: dict[str, Any]) -> ServiceCalendar:
    name = reading.word_of(f"calendar {place}, name", entry.get("name"))
    entry = reading.only(name, entry, _KEYS)
    holidays = {reading.day_of(f"{name}, holidays", day): str(called) for day, called in _days(name, entry, "holidays")}
    other = {
        reading.day_of(f"{name}, other_days", day): reading.hours_of(f"{name}, {day}", hours)
        for day, hours in _days(name, entry, "other_days")
    }
    return ServiceCalendar(
        name=name,
        teams=tuple(reading.listed(f"{name}, teams", entry.get("teams", []), str)),
        calendar=Calendar(
            zone=_zone(name, entry.get("zone")),
            week=_week(name, entry.get("hours")),
            special_days=dict.fromkeys(holidays, ()) | other,
        ),
        holidays=holidays,
        years=_years(name, holidays, reading.listed(f"{name}, no_holidays_in", entry.get("no_holidays_in", []), int)),
    )


def _days(name: str, entry: dict[str, Any], key: str) -> list[tuple[str, Any]]:
    return list(reading.mapping(f"{name}, {key}", entry.get(key, {})).items())


def _week(name: str, hours: object) -> tuple[tuple[Hours, ...], ...]:
    table = reading.only(f"{name}, hours", hours, " ".join(_DAYS))
    return tuple(reading.hours_of(f"{name}, {day}", table.get(day, "")) for day in _DAYS)


def _zone(name: str, value: object) -> ZoneInfo:
    try:
        return ZoneInfo(reading.word_of(f"{name}, zone", value))
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        raise NotAllowed(
            tr("{name}: the time zone “{zone}” is not known. Write it as Europe/Berlin.", name=name, zone=value)
        ) from None


def _years(name: str, holidays: Mapping[date, str], without: list[int]) -> tuple[int, ...]:
    years = sorted({day.year for day in holidays} | set(without))
    for year in range(years[0], years[-1]) if years else ():
        if year not in years:
            raise NotAllowed(
                tr("{name}: there are holidays of {first} and {last} and none of {year}. Enter them, or write "
                   "no_holidays_in = [{year}].", name=name, first=years[0], last=years[-1], year=year)
            )  # fmt: skip
    return tuple(years)
