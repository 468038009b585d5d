"""An escalation and a claim through the services, against the same statements through the bare driver."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event, make_url

from app.db.engine import Database
from app.services.cases import Cases
from tests.bench.measure import Line, Times, compared
from tests.builders import Seeded, claim, escalation, seed
from tests.postgres import Server

ROUNDS = 60
Statements = list[tuple[str, Any]]


def test_a_case_on_sqlite(sqlite_url: str, tmp_path: Path, report: list[Line]) -> None:
    database = Database(sqlite_url)
    centre = seed(database)
    database.close()  # so that the file is whole without its write-ahead log
    copy = shutil.copy(make_url(sqlite_url).database or "", tmp_path / "copy.db")
    bare = sqlite3.connect(copy, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        bare.execute(f"PRAGMA {pragma}")
    _compare("SQLite", sqlite_url, centre, bare, report)


def test_a_case_on_postgresql(postgres_url: str, postgres_server: Server, report: list[Line]) -> None:
    database = Database(postgres_url)
    centre = seed(database)
    database.close()
    name = make_url(postgres_url).database or ""
    copy = make_url(postgres_server.create_database(f"{name}_copy", template=name)).set(drivername="postgresql")
    bare = psycopg.connect(copy.render_as_string(hide_password=False))
    _compare("PostgreSQL", postgres_url, centre, bare, report)
    postgres_server.drop_database(f"{name}_copy")


def _compare(kind: str, url: str, centre: Seeded, bare: Any, report: list[Line]) -> None:
    """In turn, so that a loaded machine slows both; the copy has the same people, so the statements fit as they are."""
    database = Database(url)
    cases = Cases(database)
    times = {name: (Times(), Times()) for name in ("escalate", "claim")}
    with _recorded(database) as statements:
        for _ in range(ROUNDS):
            command = escalation(centre.agent)
            _one(lambda: cases.escalate(command), bare, statements, times["escalate"])  # noqa: B023
            _one(lambda: cases.claim_next(claim(centre.expert)), bare, statements, times["claim"])
    bare.close()
    database.close()
    for name, (ours, theirs) in times.items():
        report.append(compared(f"{name} on {kind}", ours, "same SQL, bare driver", theirs))


def _one(work: Callable[[], object], bare: Any, statements: Statements, times: tuple[Times, Times]) -> None:
    statements.clear()
    with times[0].one():
        work()
    with times[1].one():
        _replay(bare, statements)


def _replay(bare: Any, statements: Statements) -> None:
    cursor = bare.cursor()
    for statement, parameters in statements:
        cursor.execute(statement, parameters)
        if cursor.description:
            cursor.fetchall()
    bare.commit()


@contextmanager
def _recorded(database: Database) -> Iterator[Statements]:
    """What the database is told from this thread, as the driver gets it."""
    statements: Statements = []
    here = threading.get_ident()

    def _record(_connection: object, _cursor: object, statement: str, parameters: Any, *_others: object) -> None:
        if threading.get_ident() == here:
            statements.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", _record)
    yield statements
    event.remove(database.engine, "before_cursor_execute", _record)
