"""Changes several tables in a single statement on PostgreSQL: one trip to the server, and a transaction by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Dialect, bindparam, null, select
from sqlalchemy.dialects import postgresql, sqlite

from app.db import bare_driver
from app.db.rows import Row

_Shape = tuple[type[Row], bool, str, tuple[str, ...]]  # a `NewRow` without its values


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An INSERT or UPDATE with named parameters that returns the `id` of what it changed, or no row."""

    statement: Any
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRow:
    """A row to add.

    Attributes:
        values: of all columns that have no default.
        decided: the column, if any, for the id that the decision returned.
        keeps: whether one that has the key already stays as it is.
    """

    row: type[Row]
    values: Mapping[str, Any]
    decided: str = ""
    keeps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A statement for rows of certain shapes, and the names of the rows' values in it, in order."""

    names: Sequence[str]
    statement: bare_driver.BareStatement


def write_together(
    connection: Connection, decision: Decision | None, rows: Sequence[NewRow], *, always: bool = False
) -> UUID | None:
    """Decide and add the rows, at least one, all or nothing; the id that was decided, or None.

    Where nothing is decided the rows are added only if `always`, as without a decision. SQLite has no such statement:
    there it is one after another, in the transaction that the connection is in.
    """
    if connection.dialect.name == "sqlite":
        return _one_after_another(connection, decision, rows, always)
    shapes = tuple([(row.row, row.keeps, row.decided, tuple(row.values)) for row in rows])
    plan = _plan(connection.dialect, decision and decision.statement, always, shapes)
    values = dict(zip(plan.names, chain.from_iterable([row.values.values() for row in rows]), strict=True))
    if decision:
        values |= decision.values
    found = bare_driver.first_row(connection, plan.statement, values)
    return found[0] if found else None


def insert_into(dialect: str, row: type[Row]) -> Any:
    """The dialect's own INSERT, which has ON CONFLICT."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(row.__table__)


def _one_after_another(
    connection: Connection, decision: Decision | None, rows: Sequence[NewRow], always: bool
) -> UUID | None:
    decided: UUID | None = connection.scalar(decision.statement, decision.values) if decision else None
    if decided is None and not always:
        return None
    for row in rows:
        values = {**row.values, row.decided: decided} if row.decided else row.values
        known = {f"{name}_0": value for name, value in values.items()}
        connection.execute(_alone(row.row, row.keeps, tuple(values)), known)
    return decided


@lru_cache(maxsize=100)  # of the few combinations that there are
def _plan(dialect: Dialect, statement: Any, always: bool, shapes: tuple[_Shape, ...]) -> _Plan:
    names = [f"{name}_{place}" for place, (*_, columns) in enumerate(shapes) for name in columns]
    return _Plan(names=names, statement=bare_driver.compiled(_together(statement, always, shapes), dialect))


def _together(statement: Any, always: bool, shapes: tuple[_Shape, ...]) -> Any:
    """The INSERT of the last row, with the decision and the other INSERTs as its common table expressions."""
    decided = None if statement is None else statement.cte("decided")
    inserts = [_selected(shape, place, decided, always) for place, shape in enumerate(shapes)]
    last = inserts.pop().returning(null() if decided is None else select(decided.c.id).scalar_subquery())
    others = [one.cte(f"added_{place}") for place, one in enumerate(inserts)]
    return last.add_cte(*others) if decided is None else last.add_cte(decided, *others)


def _selected(shape: _Shape, place: int, decided: Any, always: bool) -> Any:
    """INSERT with a SELECT that has a row when something was decided, or always."""
    row, keeps, decided_name, known_names = shape
    names, values = [*known_names], [_parameter(row, name, place) for name in known_names]
    if decided_name:
        names, values = [*names, decided_name], [*values, decided.c.id]
    source = select(*values) if always else select(*values).select_from(decided)
    statement = insert_into("postgresql", row).from_select(names, source, include_defaults=False)
    return statement.on_conflict_do_nothing() if keeps else statement


@cache
def _alone(row: type[Row], keeps: bool, names: tuple[str, ...]) -> Any:
    statement = insert_into("sqlite", row).values({name: _parameter(row, name, 0) for name in names})
    return statement.on_conflict_do_nothing() if keeps else statement.inline()


def _parameter(row: type[Row], name: str, place: int) -> Any:
    return bindparam(f"{name}_{place}", type_=row.__table__.c[name].type)
