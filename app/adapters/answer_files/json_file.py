"""Answers as a JSON file: an array of objects whose members are named as the columns are."""

import json
import re
from collections.abc import Iterable, Iterator

from app.adapters.answer_files.entries import Entry, as_fields
from app.adapters.text_files import Fault
from app.domain.answers import Answer
from app.i18n import tr

_SPACE = re.compile(r"[ \t\r\n]*")


class _StandsTwice(ValueError):
    """An object has two members of one name; which of them was meant, nobody knows."""


def parse(text: str, file: str) -> Iterator[Entry | Fault]:
    at = _next(text, 0)
    if text[at : at + 1] != "[":
        yield Fault(file=file, line=text.count("\n", 0, at) + 1, reason=tr("The file must be a list: “[ … ]”."))
        return
    line, counted = 1, 0
    try:
        for where, value in _elements(text, at + 1):
            line, counted = line + text.count("\n", counted, where), where  # each line is counted once
            if isinstance(value, dict):
                yield Entry(file=file, line=line, fields=value)
            else:
                yield Fault(file=file, line=line, reason=tr("Each entry must be an object in braces."))
    except json.JSONDecodeError as error:
        yield Fault(file=file, line=error.lineno, reason=tr("This is not valid JSON."))
    except _StandsTwice as error:
        # Names of members are a stranger's text, and may be long.
        yield Fault(file=file, line=0, reason=tr("“{field}” stands in one entry twice.", field=str(error)[:60]))
    except (ValueError, RecursionError):  # a number of thousands of digits; thousands of brackets
        yield Fault(file=file, line=0, reason=tr("This file is nested too deep or contains a number that is too long."))


def compose(answers: Iterable[Answer]) -> str:
    """The file of these answers, exactly as `parse` takes it."""
    return json.dumps([as_fields(answer) for answer in answers], ensure_ascii=False, indent=2) + "\n"


def _elements(text: str, at: int) -> Iterator[tuple[int, object]]:
    """Each element of the array whose bracket stands before `at`, with its place; decoded one by one to know it."""
    decoder = json.JSONDecoder(object_pairs_hook=_object)
    at = _next(text, at)
    is_first = True
    while text[at : at + 1] != "]":
        if not is_first:
            at = _expect(text, at, ",")
        value, end = decoder.raw_decode(text, at)
        yield at, value
        at, is_first = _next(text, end), False
    at = _next(text, at + 1)
    if at < len(text):
        raise json.JSONDecodeError("more after the array", text, at)


def _expect(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise json.JSONDecodeError(f"{sign} expected", text, at)
    return _next(text, at + 1)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise _StandsTwice(name)
        found[name] = value
    return found


def _next(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at
