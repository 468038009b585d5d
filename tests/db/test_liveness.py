"""A connection that died while nobody used it is replaced before anybody is hurt; one in use is not asked each time."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from app.db import liveness
from app.db.engine import Database
from tests.patience import LIMIT_S
from tests.postgres import OwnServer
from tests.services.statements import statement_count


@pytest.fixture
def database(breakable_server: OwnServer) -> Iterator[Database]:
    opened = Database(breakable_server.url("postgres"))
    yield opened
    opened.close()


def _backend(database: Database) -> int:
    with database.direct() as connection:
        return int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)


def test_one_that_rested_and_died_is_replaced(
    database: Database, breakable_server: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _backend(database)
    breakable_server.crash()
    breakable_server.restart()
    monkeypatch.setattr(liveness, "RESTED_S", 0.0)
    assert _backend(database) != first


def test_one_in_use_is_not_asked(database: Database) -> None:
    first = _backend(database)
    asked: list[object] = []
    database.engine.dialect.do_ping = asked.append  # type: ignore[assignment, method-assign]
    assert statement_count(database, lambda: _backend(database)) == 1
    assert (asked, _backend(database)) == ([], first)


def test_busy_writers_leave_the_pool_to_others(database: Database) -> None:
    """What they needed at the same time is not kept for ever: four of the six in the pool are for reads."""
    together = threading.Barrier(6, timeout=LIMIT_S)

    def write() -> None:
        with database.direct() as connection:
            connection.execute(text("SELECT 1"))
            together.wait()

    with ThreadPoolExecutor(6) as writers:
        for done in [writers.submit(write) for _ in range(6)]:
            done.result(LIMIT_S)
    readers = [database.engine.connect() for _ in range(4)]
    for reader in readers:
        reader.close()
