"""Who may do what in PostgreSQL: given by the SQL files beside this one, all at once, whenever the tables are upgraded.

`tables.sql` says it table by table. A database of one desk, in a SQLite file, has no roles: its owner is its only user.
"""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, text

_TAKING = ("take_all",)
GIVING = (
    *("roles", "close", "sign_ins", "knowledge", "history", "problems", "levels", "supervision", "functions"),
    *("views", "tables"),
)
_MARK = "SELECT obj_description(to_regnamespace('firstline')::oid, 'pg_namespace')"


def apply(connection: Connection) -> None:
    """Take all rights and give those of this program, in the transaction of `connection`."""
    take_all(connection)
    for name in GIVING:
        run(connection, script(name))
    run(connection, f"COMMENT ON SCHEMA firstline IS '{_fingerprint()}'")


def take_all(connection: Connection) -> None:
    """Leave the tables to their owner alone, with nothing on them that hinders a migration."""
    for name in _TAKING:
        run(connection, script(name))


def are_given(connection: Connection) -> bool:
    """Whether the rights were given by a program that has the same; what somebody changed by hand, `check` finds."""
    return bool(connection.scalar(text(_MARK)) == _fingerprint())


@cache
def script(name: str) -> str:
    return files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def _fingerprint() -> str:
    whole = "".join(script(name) for name in (*_TAKING, *GIVING))
    return f"rights {sha256(whole.encode()).hexdigest()[:16]}"


def run(connection: Connection, statements: str, *, schema: str = "public") -> list[Any]:
    """Run many statements at once and give the rows of the last; without parameters, so a percent sign is one."""
    connection.exec_driver_sql(f"SET LOCAL search_path = {schema}, pg_temp")
    result = connection.exec_driver_sql(statements, execution_options={"no_parameters": True})
    return list(result) if result.returns_rows else []
