"""Adds rows to several tables in one go: on PostgreSQL in a single statement, so in one trip to the server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, literal_column
from sqlalchemy.dialects import postgresql, sqlite

from app.db.rows import Row

_Shape = tuple[type[Row], bool, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRow:
    """A row to add; with `keeps` one that has its key already stays as it is."""

    row: type[Row]
    values: Mapping[str, Any]
    keeps: bool = False


def append(connection: Connection, rows: Sequence[NewRow]) -> bool:
    """Add the rows, each with all columns that have no default; whether the last one was new."""
    dialect = connection.dialect.name
    # SQLite has INSERT in no common table expression, and no way to a server that would be worth saving.
    statements = [tuple(rows)] if dialect == "postgresql" else [(row,) for row in rows]
    is_new = False
    for together in statements:
        values = {f"{name}_{i}": value for i, row in enumerate(together) for name, value in row.values.items()}
        statement = _together(dialect, tuple((row.row, row.keeps, tuple(row.values)) for row in together))
        is_new = connection.execute(statement, values).first() is not None
    return is_new


def insert_into(dialect: str, row: type[Row]) -> Any:
    """The dialect's own INSERT, which has ON CONFLICT."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(row.__table__)


@cache
def _together(dialect: str, shapes: tuple[_Shape, ...]) -> Any:
    """The last INSERT, with the others as its common table expressions; built once for each of the few shapes.

    RETURNING, because the driver counts no rows of ON CONFLICT.
    """
    inserts = [_insert(dialect, i, *shape) for i, shape in enumerate(shapes)]
    last = inserts.pop().returning(literal_column("1"))
    return last.add_cte(*(one.cte(f"added_{i}") for i, one in enumerate(inserts)))


def _insert(dialect: str, place: int, row: type[Row], keeps: bool, names: tuple[str, ...]) -> Any:
    columns = row.__table__.c
    values = {name: bindparam(f"{name}_{place}", type_=columns[name].type) for name in names}
    statement = insert_into(dialect, row).values(values)
    return statement.on_conflict_do_nothing() if keeps else statement.inline()
