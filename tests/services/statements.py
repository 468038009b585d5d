"""Sees what is asked of the database."""

import threading
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, event

from app.db import bare_driver
from app.db.engine import Database


def statement_count(database: Database, work: Callable[[], object]) -> int:
    """How many statements `work` sends."""
    return len(statements_of(database, work))


def statements_of(database: Database, work: Callable[[], object]) -> list[str]:
    """The statements that `work` sends; wake-ups of earlier changes are sent by a thread of their own."""
    sent: list[str] = []
    this_thread = threading.get_ident()

    first_row = bare_driver.first_row

    def note_bare(connection: Connection, statement: bare_driver.BareStatement, values: dict[str, Any]) -> Any:
        if threading.get_ident() == this_thread:
            sent.append(statement.text)
        return first_row(connection, statement, values)

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if threading.get_ident() == this_thread:
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        with patch.object(bare_driver, "first_row", note_bare):  # what goes past SQLAlchemy
            work()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return sent
