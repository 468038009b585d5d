"""Old changes are removed by whoever writes; a reader that has not read them all reads everything anew, and once."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from app.db.changes import ALL_TOPICS, KEPT_COUNT, SPARE_COUNT, ChangeReader, remove_old
from app.db.engine import Database
from app.domain.ids import new_id
from app.domain.topics import Topic
from app.services import once
from app.services.cases import Cases
from app.services.once import tell
from tests.builders import Seeded, escalation, seed

MANY = KEPT_COUNT + SPARE_COUNT + 10

FILL = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
    " INSERT INTO change (topic, subject_id, at) SELECT 'calls', '0', '2026-03-02 09:00:00.000000' FROM n",
    "postgresql": "INSERT INTO change (topic, subject_id, at)"
    " SELECT 'calls', gen_random_uuid(), now() FROM generate_series(1, :count)",
}


def _fill(database: Database, count: int = MANY) -> None:
    with database.write() as session:
        session.execute(text(FILL[database.engine.dialect.name]), {"count": count})


def _change(database: Database, topic: Topic) -> None:
    with database.write() as session:
        tell(session, topic, new_id())


def _count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(text("SELECT count(*) FROM change")) or 0


def _begun(database: Database) -> ChangeReader:
    reader = ChangeReader(database)
    assert reader.read() == frozenset()
    return reader


def test_few_changes_are_all_kept(database: Database) -> None:
    _fill(database, KEPT_COUNT + SPARE_COUNT)
    remove_old(database)
    assert _count(database) == KEPT_COUNT + SPARE_COUNT


def test_of_many_the_newest_are_kept(database: Database) -> None:
    _fill(database)
    remove_old(database)
    assert KEPT_COUNT <= _count(database) <= KEPT_COUNT + 1  # and the line that says so
    remove_old(database)
    assert KEPT_COUNT <= _count(database) <= KEPT_COUNT + 1


def test_who_has_not_read_what_was_removed_reads_everything_once(database: Database) -> None:
    reader = _begun(database)
    _fill(database)
    remove_old(database)
    assert reader.read() == ALL_TOPICS
    assert reader.read() == frozenset()
    _change(database, Topic.CASES)
    assert reader.read() == {Topic.CASES}


def test_who_has_read_everything_notices_nothing(database: Database) -> None:
    reader = _begun(database)
    _fill(database)
    assert reader.read() == {Topic.CALLS}
    remove_old(database)
    assert reader.read() == frozenset()
    _change(database, Topic.AGENTS)
    assert reader.read() == {Topic.AGENTS}
    assert _begun(database).read() == frozenset()


@contextmanager
def _open_transaction(url: str) -> Iterator[None]:
    """One that has a number, and so holds back the cursors of all readers."""
    database = Database(url)
    with database.write() as session:
        session.execute(text("SELECT pg_current_xact_id()"))
        yield
    database.close()


def test_a_reader_that_a_long_transaction_holds_back_is_told_of_a_removal_once(postgres_url: str) -> None:
    database = Database(postgres_url)
    with _open_transaction(postgres_url):
        reader = _begun(database)
        _fill(database)
        assert reader.read() == {Topic.CALLS}
        remove_old(database)
        assert reader.read() == ALL_TOPICS
        assert reader.read() == frozenset()
        _change(database, Topic.CASES)
        assert reader.read() == {Topic.CASES}
    assert reader.read() == frozenset()
    database.close()


def test_who_writes_tidies_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    centre: Seeded = seed(database)
    _fill(database)
    monkeypatch.setattr(once, "TIDY_CHANCE", 1.0)
    Cases(database).escalate(escalation(centre.agent))
    assert _count(database) < MANY
