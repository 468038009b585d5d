"""What in a database is other than this program made it: tables, and on PostgreSQL rights and roles."""

import warnings
from collections.abc import Iterator
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection
from sqlalchemy.exc import SAWarning

from app.db.engine import Database
from app.db.errors import errors_translated
from app.db.rights import check
from app.db.rows import Row
from app.i18n import tr


def differences(database: Database) -> list[str]:
    """A sentence for each table, column, index, right and role that is other than it should be; [] when all is well.

    Raises:
        NotAllowed: the person may not make what the comparison needs.
    """
    with errors_translated(), database.engine.connect() as connection:
        told = [tr("The tables are other than they should be: {what}.", what=one) for one in _other_tables(connection)]
        return told if connection.dialect.name == "sqlite" else told + check.differences(connection)


def _other_tables(connection: Connection) -> Iterator[str]:
    """What Alembic would do to make them equal the models, as "remove column team.motto"."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Did not recognize type", SAWarning)  # PostgreSQL's own, like xid8
        context = MigrationContext.configure(connection, opts={"compare_type": _differ})
        steps = compare_metadata(context, Row.metadata)
    for step in steps:
        kind, *things = step[0] if isinstance(step, list) else step
        names = [thing if isinstance(thing, str) else getattr(thing, "name", None) for thing in things]
        yield f"{kind.replace('_', ' ')} {'.'.join(filter(None, names))}"


def _differ(_context: object, _inspected: object, column: Column[Any], *_types: object) -> bool | None:
    """SQLAlchemy reads a column of PostgreSQL's type `name` as text."""
    return False if column.table.name == "person" and column.name == "login" else None
