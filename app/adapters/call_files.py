"""Calls from a JSON file, to check a figure by hand: a list of objects with the times of each call."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from app.adapters.json_list import BrokenList, elements
from app.domain.errors import NotAllowed, NotFound, Unavailable
from app.domain.metrics.calls import CallFacts
from app.domain.metrics.figures import NO_TIME
from app.i18n import tr

TIMES = ("queued_at", "offered_at", "answered_at", "abandoned_at", "flowed_out_at", "ended_at", "wrapped_up_at")
FIELDS = (*TIMES, "held_s")
HELD_LIMIT_S = 10_000_000  # some months: more is a slip, and a number without a limit fills the memory


def read(path: Path) -> Iterator[CallFacts]:
    """The calls of a file, one by one, in its order. What did not happen is absent or null.

    Raises:
        NotFound: there is no such file.
        NotAllowed: a call is impossible or not written as it must be; the sentence names its place.
        Unavailable: the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, (line, element) in enumerate(elements(file, _DECODER), 1):
                yield _call(element, path, number, line)
    except BrokenList as broken:
        raise NotAllowed(_why_broken(path, broken)) from None
    except UnicodeDecodeError:
        raise NotAllowed(tr("{path} is not UTF-8. Save the file as UTF-8.", path=path)) from None
    except FileNotFoundError:
        raise NotFound(tr("There is no file {path}. Check its name.", path=path)) from None
    except OSError as error:
        raise Unavailable(tr("The file {path} cannot be read. Check that you may open it.", path=path)) from error


class _StandsTwice(dict[str, object]):
    """An object with two members of one name; which of them was meant, nobody knows."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _StandsTwice(found)


# Decimal, because 0.1 s are 0.1 s here. NaN and Infinity are no JSON: as texts they are refused where they stand.
_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=Decimal, parse_constant=str)


def _why_broken(path: Path, broken: BrokenList) -> str:
    if not broken.is_list:
        return tr("{path} must be a list of calls: “[ … ]”.", path=path)
    return tr("{path}, line {line}: This is not valid JSON. Correct it.", path=path, line=broken.line)


def _call(element: object, path: Path, number: int, line: int) -> CallFacts:
    try:
        return _facts(element)
    except NotAllowed as error:
        raise NotAllowed(
            tr("{path}, call {number} (line {line}): {reason}", path=path, number=number, line=line, reason=error)
        ) from None


def _facts(element: object) -> CallFacts:
    if not isinstance(element, dict):
        raise NotAllowed(tr("A call must be an object in braces: “{example}”.", example="{ … }"))
    if isinstance(element, _StandsTwice):
        raise NotAllowed(tr("A field stands there twice. Remove one."))
    for name in element:
        if name not in FIELDS:
            raise NotAllowed(
                tr("There is no field “{field}”. Use: {allowed}.", field=_shown(name), allowed=", ".join(FIELDS))
            )
    times = {name: _time(name, element.get(name)) for name in TIMES}
    if times["queued_at"] is None:
        raise NotAllowed(tr("“{field}” is missing.", field="queued_at"))
    return CallFacts(
        queued_at=times["queued_at"],
        offered_at=times["offered_at"],
        answered_at=times["answered_at"],
        abandoned_at=times["abandoned_at"],
        flowed_out_at=times["flowed_out_at"],
        held=_held(element.get("held_s")),
        ended_at=times["ended_at"],
        wrapped_up_at=times["wrapped_up_at"],
    )


def _shown(name: str) -> str:
    """Any text as a person can read it at a terminal."""
    return "".join(character if character.isprintable() else "�" for character in name[:60])


def _time(name: str, value: object) -> datetime | None:
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value.upper()) if isinstance(value, str) else None
        if at is not None and at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):  # no time; or one that is before the year 1 in UTC
        pass
    raise NotAllowed(
        tr("“{field}” must be an ISO time with its time zone, such as {example}.",
           field=name, example="2026-03-02T09:00:00+01:00")
    )  # fmt: skip


def _held(value: object) -> timedelta:
    if value is None:
        return NO_TIME
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and 0 <= value <= HELD_LIMIT_S:
        return timedelta(microseconds=round(value * 1_000_000))
    raise NotAllowed(tr("“{field}” must be a number of seconds from 0 to {limit}.", field="held_s", limit=HELD_LIMIT_S))
