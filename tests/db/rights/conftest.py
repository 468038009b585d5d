"""One database for the tests of rights in a file: each statement is taken back, so nobody disturbs the next.

Its people leave the server with it: who compares the server with what it should be finds none of them.
"""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest

from app.db import rights
from app.db.engine import Database
from tests import people
from tests.db.rights import filling, world
from tests.postgres import Server

Connection = psycopg.Connection[tuple[object, ...]]


class Session:
    """One person's bare connection; what is done in it is taken back at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def refusal(self, *statements: str, values: tuple[object, ...] = ()) -> str:
        """Run statements in one transaction; the SQLSTATE of what refused the last one, empty when nothing did.

        `values` belong to the last one.
        """
        *before, last = statements
        try:
            for statement in before:
                self._connection.execute(statement)
            self._run(last, values)
        except psycopg.Error as error:
            return error.sqlstate or type(error).__name__
        finally:
            self._connection.rollback()
        return ""

    def _run(self, statement: str, values: tuple[object, ...]) -> None:
        if not statement.startswith("COPY"):
            self._connection.execute(statement, values or None)
            return
        with self._connection.cursor().copy(statement) as copy:
            if statement.endswith("TO STDOUT"):
                for _ in copy:
                    pass

    def rows(self, *statements: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        """What the last of the statements gives."""
        *before, last = statements
        try:
            for statement in before:
                self._connection.execute(statement)
            return self._connection.execute(last, values or None).fetchall()
        finally:
            self._connection.rollback()

    def count(self, statement: str, values: tuple[object, ...] = ()) -> int:
        """How many rows the statement hits."""
        try:
            return self._connection.execute(statement, values or None).rowcount
        finally:
            self._connection.rollback()

    def outcome(self, statement: str, values: tuple[object, ...] = ()) -> str:
        """ "refused", "broken" by a constraint, or how many rows the statement hits."""
        try:
            return str(self._connection.execute(statement, values or None).rowcount)
        except psycopg.errors.InsufficientPrivilege:
            return "refused"
        except psycopg.errors.IntegrityError:
            return "broken"
        finally:
            self._connection.rollback()

    def complaint(self, statement: str, values: tuple[object, ...] = ()) -> str:
        """All that the server says when it refuses the statement."""
        try:
            self._connection.execute(statement, values or None)
        except psycopg.Error as error:
            said = error.diag
            return "\n".join(filter(None, (said.message_primary, said.message_detail, said.message_hint, said.context)))
        finally:
            self._connection.rollback()
        return ""

    @property
    def process_id(self) -> int:
        """Of the server's process that serves this connection."""
        return self._connection.info.backend_pid


@pytest.fixture(scope="module")
def world_url(postgres_server: Server, postgres_template: str) -> Iterator[str]:
    """The superuser's address of the database with the world of `world`."""
    name = f"{postgres_template}_rights_{secrets.token_hex(4)}"
    url = postgres_server.create_database(name, template=postgres_template)
    database = Database(url)
    with database.engine.begin() as connection:
        rights.apply(connection)  # a copied database has not the rights of the database itself
    database.close()
    with people.superuser(url) as connection:
        filling.fill(connection)
    yield url
    postgres_server.drop_database(name)
    people.forget(postgres_server.url("postgres"), *world.LOGINS.values())


@pytest.fixture(scope="module")
def addresses(world_url: str) -> dict[str, str]:
    """Everybody's address, by letter."""
    return world.sign_all_in(world_url)


@pytest.fixture(scope="module")
def sessions(world_url: str, addresses: dict[str, str]) -> Iterator[dict[str, Session]]:
    """A connection of everybody who may connect, by letter; `*` is the superuser's."""
    with ExitStack() as stack:
        opened = {"*": psycopg.connect(people.plain(world_url))}
        opened |= {letter: psycopg.connect(people.plain(url)) for letter, url in addresses.items() if letter != "N"}
        for connection in opened.values():
            stack.callback(connection.close)
        yield {letter: Session(connection) for letter, connection in opened.items()}


@pytest.fixture
def by(sessions: dict[str, Session]) -> dict[str, Session]:
    """The same, short: `by["1"].refusal("…")`."""
    return sessions
