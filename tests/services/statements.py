"""Sees what is asked of the database."""

import threading
from collections.abc import Callable

from sqlalchemy import Connection, event

from app.db.engine import Database


def statement_count(database: Database, work: Callable[[], object]) -> int:
    """How many statements `work` sends."""
    return len(statements_of(database, work))


def statements_of(database: Database, work: Callable[[], object]) -> list[str]:
    """The statements that `work` sends; wake-ups of earlier changes are sent by a thread of their own."""
    sent: list[str] = []
    this_thread = threading.get_ident()

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if threading.get_ident() == this_thread:
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return sent
