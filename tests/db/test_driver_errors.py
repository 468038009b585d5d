"""What the environment does wrong becomes Unavailable with a sentence; what we do wrong stays loud."""

import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, make_url, text
from sqlalchemy.exc import DBAPIError

from app.db import engine, schema
from app.db.engine import Database
from app.db.rows import CustomerRow
from app.domain.errors import NotAllowed, Unavailable
from app.domain.ids import new_id
from app.domain.topics import Topic
from app.services.once import tell
from tests.builders import seed
from tests.conftest import ExpectedLog
from tests.postgres import OwnServer

HOLD_THE_FILE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""
PASSWORD = "kX9-a-password-nobody-may-read"


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def _write(database: Database) -> None:
    with database.write() as session:
        tell(session, Topic.CASES, new_id())


def _read(database: Database) -> None:
    with database.read() as session:
        session.execute(text("SELECT count(*) FROM change")).all()


def test_a_file_locked_by_another_program(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectedLog
) -> None:
    expected_log("database: OperationalError")
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    path = str(make_url(sqlite_url).database)
    with (
        subprocess.Popen(
            [sys.executable, "-c", HOLD_THE_FILE, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other,
        _opened(sqlite_url) as database,
    ):
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        _read(database)  # a reader is not held up
        with pytest.raises(Unavailable, match="Another program holds the database file"):
            _write(database)
        other.communicate("")
        _write(database)


def test_a_file_that_may_not_be_written(sqlite_url: str, expected_log: ExpectedLog) -> None:
    expected_log("database: OperationalError")
    read_only = f"sqlite:///file:{make_url(sqlite_url).database}?mode=ro&uri=true"
    with _opened(read_only) as database, pytest.raises(Unavailable, match="may not be written to"):
        _write(database)


def test_a_folder_that_is_not_there(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log("database: OperationalError")
    url = f"sqlite:///{tmp_path / 'none' / 'shared.db'}"
    with _opened(url) as database, pytest.raises(Unavailable, match="folder exists"):
        _read(database)


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path, expected_log: ExpectedLog) -> None:
    """Or an empty one would be written to while the right one is just moved back."""
    expected_log("database: OperationalError")
    path = tmp_path / "ä b#1.db"
    database = Database(f"sqlite:///{path}")
    assert database.file == path
    with pytest.raises(Unavailable), database.read() as session:
        session.execute(text("SELECT 1"))
    assert not path.exists()
    schema.upgrade(database)
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM person")) == 0
    database.close()


def test_a_file_that_is_no_database(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log("database: DatabaseError")
    (tmp_path / "shared.db").write_bytes(b"Dear customer, " * 500)
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    with _opened(url) as database, pytest.raises(Unavailable, match="damaged or is no database"):
        _read(database)


def test_a_disk_that_is_full(sqlite_url: str, expected_log: ExpectedLog) -> None:
    expected_log("database: OperationalError")
    with _opened(sqlite_url) as database:
        event.listen(database.engine, "connect", _allow_no_more_pages)
        with pytest.raises(Unavailable, match="no space left"):
            for _ in range(10_000):
                _write(database)
        _read(database)


def _allow_no_more_pages(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA max_page_count = 1")  # SQLite takes the present size instead


def test_a_server_that_stops(breakable_server: OwnServer, expected_log: ExpectedLog) -> None:
    expected_log("database: OperationalError")
    with _opened(breakable_server.url("postgres")) as database:
        with database.read() as session:
            session.execute(text("SELECT 1"))
        breakable_server.crash()
        for _ in range(2):  # the connection that was there, then a new one
            with pytest.raises(Unavailable, match="cannot be reached"), database.read() as session:
                session.execute(text("SELECT 1"))
        breakable_server.restart()
        with database.read() as session:
            assert session.scalar(text("SELECT 1")) == 1


def test_a_server_that_stops_in_mid_transaction(breakable_server: OwnServer, expected_log: ExpectedLog) -> None:
    expected_log("database: OperationalError")
    with _opened(breakable_server.url("postgres")) as database:
        with pytest.raises(Unavailable, match="cannot be reached"), database.write() as session:
            session.execute(text("CREATE TABLE half_done (id integer)"))
            breakable_server.crash()
            session.execute(text("SELECT 1"))
        breakable_server.restart()
        with database.read() as session:
            assert session.scalar(text("SELECT to_regclass('half_done') IS NULL"))


@pytest.mark.parametrize("url", [f"mysql://me:{PASSWORD}@host/db", f"//{PASSWORD}", "", "postgres"])
def test_what_is_no_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(NotAllowed, match="sqlite:///FILE or postgresql://PERSON@HOST/NAME") as caught:
        Database(url)
    assert PASSWORD not in "".join(traceback.format_exception(caught.value))


def test_a_right_that_is_missing(postgres_url: str, expected_log: ExpectedLog) -> None:
    expected_log("database: InsufficientPrivilege")
    refused = pytest.raises(NotAllowed, match="Your role does not permit this")
    with _opened(postgres_url) as database, refused, database.write() as session:
        session.execute(text("SET LOCAL ROLE firstline_person"))
        session.execute(text("DELETE FROM change"))


@pytest.mark.parametrize("statement", ["SELECT nothing FROM nowhere", "SELEC 1"])
def test_our_own_bug_is_loud(database: Database, statement: str) -> None:
    with pytest.raises(DBAPIError), database.read() as session:
        session.execute(text(statement))


def test_a_broken_constraint_is_our_own_bug(database: Database) -> None:
    centre = seed(database)
    with pytest.raises(DBAPIError), database.write() as session:
        session.execute(text("INSERT INTO team (id, name) VALUES (:id, :name)"), _team(database, centre.office.name))


@pytest.mark.parametrize("refused", [{"name": "Ida Berg"}, {"city": None}], ids=["there already", "nothing"])
def test_an_error_does_not_repeat_what_was_to_be_written(database: Database, refused: dict[str, Any]) -> None:
    """The log of our own bug has its traceback."""
    berg = {"id": new_id(), "number": "C-4711", "name": "Ida Berg", "company": "", "city": "Essen", "language": "de"}
    write = insert(CustomerRow)
    with database.write() as session:
        session.execute(write.values(**berg))
    with pytest.raises(DBAPIError) as raised, database.write() as session:
        session.execute(write.values(**berg | {"id": new_id()} | refused))
    told = "".join(traceback.format_exception(raised.value))
    assert "customer" in told
    assert not [text for text in ("Ida Berg", "C-4711", "Essen") if text in told]


def _team(database: Database, name: str) -> dict[str, Any]:
    id_ = new_id()
    return {"id": id_.hex if database.is_sqlite else id_, "name": name}


def test_a_failed_write_leaves_nothing(database: Database) -> None:
    with pytest.raises(KeyError), database.write() as session:
        tell(session, Topic.CASES, new_id())
        raise KeyError
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM change")) == 0
