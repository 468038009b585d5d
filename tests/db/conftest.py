"""A server that tests may break."""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.postgres import OwnServer, PostgresMissing, start_own


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
