"""A statement has a cursor of its own on each connection: whatever was run with it before, the next run is whole."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from app.db.bare_driver import BareStatement, first_row
from app.db.engine import Database
from app.domain.errors import Unavailable
from app.domain.ids import new_id
from tests.conftest import ExpectedLog

_BOTH = BareStatement(text="SELECT %(a)s::TEXT, %(b)s", constants={}, conversions=())
_DIVIDED = BareStatement(text="SELECT 1 / %(by)s::INTEGER", constants={}, conversions=())
_BACKEND = BareStatement(text="SELECT pg_backend_pid()", constants={}, conversions=())
_END = BareStatement(text="SELECT pg_terminate_backend(pg_backend_pid())", constants={}, conversions=())


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    opened = Database(postgres_url)
    yield opened
    opened.close()


def _row(database: Database, statement: BareStatement, **values: Any) -> Any:
    with database.direct() as connection:
        return first_row(connection, statement, values)


def test_values_of_other_kinds_than_before(database: Database) -> None:
    """More often than it takes until the driver prepares a statement, too."""
    for b in (1, None, 1 << 40, "text", 1 << 70, new_id(), datetime.now(UTC), 2, None, *range(8), [1, 2], b"bytes"):
        assert _row(database, _BOTH, a="a", b=b) == ("a", b)


def test_after_an_error_it_runs_again(database: Database) -> None:
    for _ in range(8):
        assert _row(database, _DIVIDED, by=1) == (1,)
        with pytest.raises(DBAPIError, match="division by zero"):
            _row(database, _DIVIDED, by=0)


def test_on_a_new_connection_when_the_old_one_was_lost(database: Database, expected_log: ExpectedLog) -> None:
    expected_log("database: AdminShutdown")
    before = _row(database, _BACKEND)
    assert _row(database, _BACKEND) == before
    with pytest.raises(Unavailable):
        _row(database, _END)
    after = _row(database, _BACKEND)
    assert after != before
    assert _row(database, _BACKEND) == after
