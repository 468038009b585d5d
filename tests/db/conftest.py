"""Servers that tests may break, or configure as they like."""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.conftest import ExpectedLog
from tests.db.own_server import PASSWORD, run
from tests.postgres import OwnServer, PostgresMissing, Server, start_own


@pytest.fixture(scope="session")
def _breakable_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    try:
        server = start_own(tmp_path_factory.mktemp("breakable"), durable=True)
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    with server:
        yield server


@pytest.fixture
def breakable_server(_breakable_server: OwnServer) -> Iterator[OwnServer]:
    """A durable server; what crashes it here is started again for the next test."""
    yield _breakable_server
    with suppress(ValueError):  # it runs
        _breakable_server.restart()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    """A server that may be configured as a test likes; rhea signs in with PASSWORD."""
    try:
        started = start_own(tmp_path_factory.mktemp("own"))
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    with started:
        run(started, f"CREATE ROLE rhea LOGIN PASSWORD '{PASSWORD}' IN ROLE pg_signal_backend")
        yield started


@pytest.fixture
def other(postgres_server: Server) -> Iterator[Server]:
    """A second server, where rhea has the same password."""
    run(postgres_server, f"CREATE ROLE rhea LOGIN PASSWORD '{PASSWORD}'")
    yield postgres_server
    run(postgres_server, "DROP ROLE rhea")


@pytest.fixture
def database_warns(expected_log: ExpectedLog) -> None:
    expected_log.may_come("database: OperationalError|QueryCanceled|ReadOnlySqlTransaction|IdleInTransaction")
