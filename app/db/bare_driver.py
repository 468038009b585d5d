"""Runs a statement of SQLAlchemy's through the bare driver: as fast as hand-written SQL, with the same errors as ever.

SQLAlchemy builds and compiles the statement, once. Running it there costs as much again as the driver does, and more
where many desks share a machine. Only PostgreSQL, and only what gives at most one row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError

_CURSORS = "bare_cursors"


@dataclass(frozen=True, slots=True, kw_only=True)
class BareStatement:
    """The text as the driver takes it, its constants, and how values become the driver's (enums, times, JSON)."""

    text: str
    constants: dict[str, Any]
    conversions: tuple[tuple[str, Callable[[Any], Any]], ...]


def compiled(statement: Any, dialect: Dialect) -> BareStatement:
    done = statement.compile(dialect=dialect)
    types = ((name, bound.type.dialect_impl(dialect)) for name, bound in done.binds.items())
    conversions = ((name, type_.bind_processor(dialect)) for name, type_ in types)
    return BareStatement(
        text=str(done),
        constants={name: bound.value for name, bound in done.binds.items() if not bound.required},
        conversions=tuple((name, convert) for name, convert in conversions if convert),
    )


def first_row(connection: Connection, statement: BareStatement, values: dict[str, Any]) -> tuple[Any, ...] | None:
    """Run it with `values` for its named parameters and give the first row. Errors are SQLAlchemy's."""
    values = {**statement.constants, **values}
    for name, convert in statement.conversions:
        values[name] = convert(values[name])
    cursor = _cursor(connection, statement.text)
    try:
        row: tuple[Any, ...] | None = cursor.execute(statement.text, values).fetchone()
    except psycopg.Error as error:
        raise _as_sqlalchemys(error, connection, cursor.connection) from error
    return row


def _cursor(connection: Connection, text: str) -> Any:
    """A cursor that runs this statement alone: it knows from the last time how the values are sent.

    SQLAlchemy empties `info` with each new connection of the driver's.
    """
    cursors: dict[str, Any] = connection.info.setdefault(_CURSORS, {})
    cursor = cursors.get(text)
    if cursor is None:
        driven: Any = connection.connection.driver_connection
        cursor = cursors[text] = driven.cursor()
    return cursor


def _as_sqlalchemys(error: psycopg.Error, connection: Connection, driven: Any) -> BaseException:
    """With the parameters left out: they are a customer's."""
    # A server that takes no writes any more was the primary: the new one is found with new connections.
    is_lost = driven.closed or error.sqlstate == "25006"
    if is_lost:
        connection.invalidate(error)
    return DBAPIError.instance(
        "", None, error, psycopg.Error, hide_parameters=True, connection_invalidated=is_lost, dialect=connection.dialect
    )
