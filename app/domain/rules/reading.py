"""Reads what an administrator wrote: values of the right kind, or a sentence that names the place."""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from enum import Enum
from typing import Any, TypeVar

from app.domain.calendars import Hours
from app.domain.errors import NotAllowed
from app.i18n import tr

E = TypeVar("E", bound=Enum)
T = TypeVar("T")

_HOURS = re.compile(r"(\d{1,2}):(\d{2}) ?[-–] ?(\d{1,2}):(\d{2})")
_SPAN = re.compile(r"(\d{1,5}) ?(min|h|d)")
_MINUTES = {"min": 1, "h": 60, "d": 24 * 60}


def table_of(text: str) -> dict[str, Any]:
    """The TOML text as a table; NotAllowed with the place of its first error."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotAllowed(tr("This is not TOML: {error}", error=error)) from None


def only(place: str, table: object, names: str) -> dict[str, Any]:
    """The table, if it has no other keys than these: a key that is misspelt would be said and not be heard."""
    if not isinstance(table, dict):
        raise NotAllowed(tr("{place}: here stands a table with {names}.", place=place, names=names))
    for name in table:
        if name not in names.split():
            raise NotAllowed(tr("{place}: “{name}” is not known here. Known are: {names}.",
                                place=place, name=name, names=names))  # fmt: skip
    return table


def listed(place: str, value: object, kind: type[T]) -> list[T]:
    if not isinstance(value, list) or not all(isinstance(one, kind) for one in value):
        raise NotAllowed(tr("{place}: here stands a list.", place=place))
    return value


def mapping(place: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise NotAllowed(tr("{place}: here stands a table.", place=place))
    return value


def word_of(place: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise NotAllowed(tr("{place}: here stands a text.", place=place))
    return value.strip()


def number_of(place: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1_000_000:
        raise NotAllowed(tr("{place}: here stands a whole number.", place=place))
    return value


def member(place: str, kind: type[E], value: object, read: Callable[[Any], E]) -> E:
    """The member of an enumeration that `read` finds in the value."""
    try:
        return read(value)
    except (KeyError, ValueError):
        names = ", ".join(str(one.value) if isinstance(one.value, str) else one.name for one in kind)
        raise NotAllowed(
            tr("{place}: “{value}” is not known. Known are: {names}.", place=place, value=value, names=names)
        ) from None


def day_of(place: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotAllowed(
            tr("{place}: “{text}” is not a day. Write it as 2026-12-24.", place=place, text=text)
        ) from None


def hours_of(place: str, text: object) -> tuple[Hours, ...]:
    """The stretches of a day, "08:00-12:00, 13:00-17:00"; 24:00 is the end of the day, "" a day without service."""
    if isinstance(text, str) and not text.strip():
        return ()
    try:
        return tuple(_stretch(part.strip()) for part in str(text).split(","))
    except ValueError:
        raise NotAllowed(
            tr("{place}: “{text}” is not a time of service. Write it as 08:00-12:00, 13:00-17:00.",
               place=place, text=text)
        ) from None  # fmt: skip


def span_of(place: str, text: object) -> timedelta:
    """ "15 min", "4 h" or "2 d" of service time; a day is 24 hours of it."""
    match = _SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise NotAllowed(tr("{place}: “{text}” is not a time span. Write it as 15 min, 4 h or 2 d.",
                            place=place, text=text))  # fmt: skip
    return timedelta(minutes=int(match[1]) * _MINUTES[match[2]])


def _stretch(text: str) -> Hours:
    """One stretch; ValueError when it is none."""
    match = _HOURS.fullmatch(text)
    if match is None:
        raise ValueError(text)
    opens, opens_min, closes, closes_min = map(int, match.groups())
    is_end_of_day = (closes, closes_min) == (24, 0)
    return Hours(opens=time(opens, opens_min), closes=time.min if is_end_of_day else time(closes, closes_min))
