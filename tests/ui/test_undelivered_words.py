"""Each command that may stand in the outbox has its words, and shows all that was typed in it."""

import dataclasses
import types
import typing
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest

from app import i18n
from app.desk.journal import Entry
from app.domain.commands import AnyCommand
from app.domain.ids import new_id
from ui.undelivered.words import text_of, title_of

KINDS = typing.get_args(AnyCommand)
# What is no text of a person's: codes, what the desk knows of itself, and what stands in the title.
NOT_TYPED = frozenset({"key", "language", "number_raw", "currency", "source", "queue", "login", "team_name", "number"})
# Within these nothing was typed that is not shown otherwise: the call, the person, what was read or published.
NOT_LOOKED_INTO = frozenset({"call", "agent", "uses", "answers", "script", "bookings"})
CHOSEN = frozenset({"steps_tried", "script_path", "product"})  # of what the desk has
IN_HAND_OVERS = frozenset({"serial", "entitlement", "version", "searches"})  # the desk's, not typed in the note


def example(kind: typing.Any, name: str) -> typing.Any:
    """A value of the type, with each text told apart by the name of its field."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return example(args[0], name)
    if origin is tuple or origin in (frozenset, Collection):
        return tuple(example(one, name) for one in args if one is not Ellipsis)
    if dataclasses.is_dataclass(kind):
        return of_kind(kind)
    simple = {
        str: f"+{name}+", int: 1, float: 1.0, bool: True, Decimal: Decimal(1), type(None): None,
        datetime: datetime(2026, 3, 2, 9, tzinfo=UTC), date: date(2026, 3, 2), UUID: new_id(),
        timedelta: timedelta(seconds=1),
    }  # fmt: skip
    return next(iter(kind)) if issubclass(kind, Enum) else simple[kind]


def of_kind(kind: typing.Any) -> typing.Any:
    hints = typing.get_type_hints(kind)
    values = {field.name: example(hints[field.name], field.name) for field in dataclasses.fields(kind) if field.init}
    values |= {"currency": "EUR"} if "currency" in values else {}
    return kind(**values)


def typed_in(value: typing.Any, name: str = "") -> set[str]:
    """The texts of an example that a person may have typed."""
    if isinstance(value, Enum) or name in NOT_TYPED | NOT_LOOKED_INTO:
        return set()
    if isinstance(value, str):
        return {value}
    if isinstance(value, tuple):
        return {text for one in value for text in typed_in(one, name)}
    if not dataclasses.is_dataclass(value):
        return set()
    names = {field.name for field in dataclasses.fields(value)} - CHOSEN
    if name == "hand_over":
        names -= IN_HAND_OVERS
    return {text for one in names for text in typed_in(getattr(value, one), one)}


def entry_of(command: typing.Any) -> Entry:
    kind = type(command).__name__
    return Entry(id=command.id, command=command, kind=kind, raw="", since=command.at, reason="No.")


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest) -> typing.Iterator[str]:
    i18n.set_language(request.param)
    yield request.param
    i18n.set_language("en")


def test_there_are_all_kinds() -> None:
    assert len(KINDS) > 50 and all(dataclasses.is_dataclass(kind) for kind in KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.usefixtures("language")
def test_each_command_has_its_words(kind: type) -> None:
    title = title_of(entry_of(of_kind(kind)))
    assert title and kind.__name__ not in title and "{" not in title


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_all_that_was_typed_can_be_copied(kind: type) -> None:
    command = of_kind(kind)
    shown = text_of(entry_of(command))
    assert {text for text in typed_in(command) if text not in shown} == set()
