"""When a customer is called back: a quick choice, or a time as people write it. All of it by the desk's own clock.

Times here are naive: the wall clock of the desk, so that "tomorrow 9:00" is nine o'clock also when the clocks change.
Of the hour that an autumn night has twice, `fold` says which of the two is meant.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

LATEST = timedelta(days=90)  # what is later than that was a slip of the fingers

_AFTERNOONS = (time(15), time(17))
_MORNING = time(9)
_NOTICE = timedelta(minutes=30)  # an afternoon hour that is nearer than this is no choice any more

_DAYS = {
    "mo": 0, "mon": 0, "montag": 0, "monday": 0,
    "di": 1, "tue": 1, "dienstag": 1, "tuesday": 1,
    "mi": 2, "wed": 2, "mittwoch": 2, "wednesday": 2,
    "do": 3, "thu": 3, "donnerstag": 3, "thursday": 3,
    "fr": 4, "fri": 4, "freitag": 4, "friday": 4,
    "sa": 5, "sat": 5, "samstag": 5, "saturday": 5,
    "so": 6, "sun": 6, "sonntag": 6, "sunday": 6,
}  # fmt: skip
_NEAR_DAYS: Mapping[str, int] = {"heute": 0, "today": 0, "morgen": 1, "tomorrow": 1}
_AFTER = re.compile(r"(?:\+|in\s+)(\d{1,4})\s*(h|std|stunden?|hours?|m|min|minuten?|minutes?)?")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h]?(\d{2}))?\s*(?:uhr|h)?")
_DATE = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.(\d{4})?|(\d{4})-(\d{2})-(\d{2})")


class When(StrEnum):
    """What an agent promises."""

    IN_AN_HOUR = "in_an_hour"
    AFTERNOON = "afternoon"  # of today
    MORNING = "morning"  # of tomorrow
    TYPED = "typed"


def wall_clock(at: datetime) -> datetime:
    """A moment (aware) as the desk's clock shows it; `astimezone` leads back."""
    shown = at.astimezone().replace(tzinfo=None)
    return shown if shown.astimezone(UTC) == at else shown.replace(fold=1)


def quick_time(when: When, now: datetime) -> datetime | None:
    """The time of a quick choice; None: today's afternoon is over, or there is none (TYPED)."""
    match when:
        case When.IN_AN_HOUR:
            return _later(now, timedelta(hours=1))
        case When.AFTERNOON:
            hours = (datetime.combine(now.date(), hour) for hour in _AFTERNOONS)
            return next((hour for hour in hours if hour - now >= _NOTICE), None)
        case When.MORNING:
            return datetime.combine(now.date() + timedelta(days=1), _MORNING)
        case When.TYPED:
            return None


def typed_time(text: str, now: datetime) -> datetime | None:
    """The next moment that a text names: "14:30", "1430", "9", "fr 10", "tomorrow 8:15", "27.11. 10:00", "+20".

    A time of day that is over today is tomorrow's. None: no time, not in the future, or beyond LATEST.
    """
    words = " ".join(text.lower().replace(",", " ").split())
    if after := _AFTER.fullmatch(words):
        in_hours = (after[2] or "m")[0] in "hs"
        span = timedelta(**{"hours" if in_hours else "minutes": int(after[1])})
        return _later(now, span) if timedelta(0) < span <= LATEST else None
    day_text, _, clock_text = words.rpartition(" ")
    if clock_text in ("uhr", "h"):
        day_text, _, clock_text = day_text.rpartition(" ")
    clock = _clock(clock_text)
    if clock is None:
        return None
    if not day_text:
        today = datetime.combine(now.date(), clock)
        return today if today > now else today + timedelta(days=1)
    return _bounded(_on_day(day_text, clock, now), now)


def _later(now: datetime, span: timedelta) -> datetime:
    """As the time passes, not as the wall clock goes: that leaves out an hour in spring and has one twice in autumn."""
    return wall_clock(now.astimezone(UTC) + span)


def _on_day(text: str, clock: time, now: datetime) -> datetime | None:
    today = datetime.combine(now.date(), clock)
    if text in _NEAR_DAYS:
        return today + timedelta(days=_NEAR_DAYS[text])
    if (weekday := _DAYS.get(text.rstrip("."))) is not None:
        at = today + timedelta(days=(weekday - now.weekday()) % 7)
        return at if at > now else at + timedelta(days=7)
    if found := _DATE.fullmatch(text):
        day, month, year = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
        return _on_date(clock, int(day), int(month), int(year or 0), now)
    return None


def _on_date(clock: time, day: int, month: int, year: int, now: datetime) -> datetime | None:
    """Without a year the next such day."""
    for one in (year,) if year else (now.year, now.year + 1):
        try:
            at = datetime.combine(datetime(one, month, day), clock)
        except ValueError:
            continue
        if at > now:
            return at
    return None


def _clock(text: str) -> time | None:
    found = _CLOCK.fullmatch(text)
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return time(int(found[1]), int(found[2] or 0))


def _bounded(at: datetime | None, now: datetime) -> datetime | None:
    return at if at and now < at <= now + LATEST else None
