"""A server that a test may configure as it likes, how it is reached and what it says."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import make_url, text

from app.db.address import Access
from app.db.engine import Database
from app.domain.errors import FirstlineError
from tests.patience import wait_for
from tests.people import run_statement, superuser
from tests.postgres import Server

PASSWORD = "kX9-a-password-nobody-may-read"


def run(server: Server, *statements: str) -> None:
    """As the server's superuser."""
    for statement in statements:
        run_statement(server.url("postgres"), statement)


def port(server: Server) -> int:
    return make_url(server.url("postgres")).port or 5432


def at(*ports: int, password: str = f":{PASSWORD}", rest: str = "") -> str:
    hosts = ",".join(f"127.0.0.1:{number}" for number in ports)
    return f"postgresql://rhea{password}@{hosts}/postgres{rest}"


@contextmanager
def opened(url: str, access: Access = Access()) -> Iterator[Database]:  # noqa: B008 - frozen
    database = Database(url, access)
    try:
        yield database
    finally:
        database.close()


def ask(database: Database, statement: str = "SELECT inet_server_port()") -> object:
    with database.read() as session:
        return session.scalar(text(statement))


def refused(kind: type[FirstlineError], sentence: str, url: str, access: Access = Access()) -> None:  # noqa: B008
    with opened(url, access) as database, pytest.raises(kind, match=sentence):
        ask(database)


@contextmanager
def reading_only(server: Server) -> Iterator[None]:
    run(server, "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
    _wait_until(server, "on")
    yield
    run(server, "ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()")
    _wait_until(server, "off")


def _wait_until(server: Server, value: str) -> None:
    def is_so() -> bool:
        with superuser(server.url("postgres")) as connection:
            return connection.execute("SHOW default_transaction_read_only").fetchone() == (value,)

    wait_for(is_so)
