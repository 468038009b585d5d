"""What the desk's journal costs, against the same row in a bare SQLite file with the same promise to the disk."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from app.desk.journal import Journal
from app.domain.ids import new_id
from tests.bench.measure import Line, Times, compared
from tests.builders import call_work, escalation, person

ROUNDS = 400


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal(tmp_path / "journal.db")) as opened:
        yield opened


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "bare.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE document (id INTEGER PRIMARY KEY, document BLOB NOT NULL)")
        yield connection


def test_a_command_into_the_journal(journal: Journal, bare: sqlite3.Connection, report: list[Line]) -> None:
    ours, theirs, sent = Times(), Times(), escalation(person())
    for _ in range(ROUNDS):
        command = replace(sent, id=new_id())
        with ours.one():
            journal.enqueue(command, 0.0)
        with theirs.one():
            bare.execute("INSERT INTO document (document) VALUES (?)", (msgspec.json.encode(command),))
    assert journal.waiting_count() == ROUNDS
    report.append(compared("command into the journal", ours, "bare INSERT, FULL", theirs))


def test_what_is_typed_into_the_journal(journal: Journal, bare: sqlite3.Connection, report: list[Line]) -> None:
    ours, theirs, work = Times(), Times(), call_work(note="x" * 500)
    for _ in range(ROUNDS):
        with ours.one():
            journal.keep_work(work)
        with theirs.one():
            bare.execute("INSERT OR REPLACE INTO document VALUES (1, ?)", (msgspec.json.encode(work),))
    report.append(compared("typed text into the journal", ours, "bare REPLACE, FULL", theirs))
