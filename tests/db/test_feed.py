"""The change feed tells what changed, whoever changed it, and when the database goes and comes."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue
from typing import TypeVar

import pytest
from sqlalchemy import make_url, text

from app.db import schema, wakers
from app.db.announcer import CHANNEL
from app.db.changes import ALL_TOPICS, ChangeReader
from app.db.engine import Database
from app.db.feed import ChangeFeed
from app.domain.ids import new_id
from app.domain.topics import ADDRESSED, Topic
from app.services.once import tell
from tests.conftest import ExpectedLog
from tests.patience import LIMIT_S, wait_for
from tests.postgres import OwnServer
from tests.services.statements import statement_count

NEVER_S = (600.0, 600.0)
T = TypeVar("T")

CHANGE_IN_ANOTHER_PROCESS = """
import sys
from app.db.engine import Database
from app.domain.ids import new_id
from app.domain.topics import ADDRESSED, Topic
from app.services.once import tell
database = Database(sys.argv[1])
with database.write() as session:
    tell(session, Topic.CUSTOMERS, new_id())
database.close()
"""


class Heard:
    """What a feed reported, in order."""

    def __init__(self) -> None:
        self.topics: Queue[frozenset[Topic]] = Queue()
        self.contact: Queue[bool] = Queue()

    def until_topic(self, topic: Topic) -> None:
        """Wait for a report of `topic` that is not the one of all topics."""
        _until(self.topics, lambda topics: topic in topics and topics != ALL_TOPICS)

    def until_contact(self, is_there: bool) -> None:
        _until(self.contact, lambda reported: reported is is_there)


def _until(reports: Queue[T], is_wanted: Callable[[T], bool]) -> None:
    while not is_wanted(reports.get(timeout=LIMIT_S)):
        pass


@contextmanager
def _followed(database: Database, heard: Heard) -> Iterator[None]:
    feed = ChangeFeed(database, heard.topics.put, heard.contact.put)
    feed.start()
    try:
        yield
    finally:
        feed.stop()


def _change(database: Database, topic: Topic) -> None:
    with database.write() as session:
        tell(session, topic, new_id())


_LISTENING = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"


def _listening_count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(text(f"SELECT count(*) {_LISTENING}")) or 0


def _end_listening(database: Database) -> None:
    with database.read() as session:
        assert session.scalars(text(f"SELECT pg_terminate_backend(pid) {_LISTENING}")).all() == [True]


def test_begins_with_all_topics_and_goes_on_with_what_changed(database: Database) -> None:
    heard = Heard()
    with _followed(database, heard):
        assert heard.topics.get(timeout=LIMIT_S) == ALL_TOPICS
        for topic in Topic:
            if topic not in ADDRESSED:
                _change(database, topic)
                heard.until_topic(topic)


def test_what_is_addressed_to_somebody_is_told_to_them_alone(postgres_url: str) -> None:
    database, mine, theirs = Database(postgres_url), Heard(), Heard()
    person_id = new_id()
    feeds = [
        ChangeFeed(database, heard.topics.put, person_id=who) for heard, who in ((mine, person_id), (theirs, None))
    ]
    for feed, heard in zip(feeds, (mine, theirs), strict=True):
        feed.start()
        heard.topics.get(timeout=LIMIT_S)
    with database.write() as session:
        tell(session, Topic.LINE, person_id)
    assert mine.topics.get(timeout=LIMIT_S) == {Topic.LINE}
    with database.write() as session:
        tell(session, Topic.CASES, new_id())
    assert theirs.topics.get(timeout=LIMIT_S) == {Topic.CASES}
    for feed in feeds:
        feed.stop()
    database.close()


def test_a_change_is_told_once(database: Database) -> None:
    heard = Heard()
    with _followed(database, heard):
        heard.topics.get(timeout=LIMIT_S)
        for topic in (Topic.CASES, Topic.CALLS):
            _change(database, topic)
            assert heard.topics.get(timeout=LIMIT_S) == {topic}
    assert heard.topics.empty()


def test_what_is_rolled_back_is_not_told(database: Database) -> None:
    heard = Heard()
    with _followed(database, heard):
        heard.topics.get(timeout=LIMIT_S)
        try:
            with database.write() as session:
                tell(session, Topic.CASES, new_id())
                raise KeyError
        except KeyError:
            pass
        _change(database, Topic.AGENTS)
        assert heard.topics.get(timeout=LIMIT_S) == {Topic.AGENTS}


def test_a_restarted_reader_asks_for_everything(database: Database) -> None:
    first, second = Heard(), Heard()
    with _followed(database, first):
        first.topics.get(timeout=LIMIT_S)
    _change(database, Topic.CASES)  # nobody listens
    with _followed(database, second):
        assert second.topics.get(timeout=LIMIT_S) == ALL_TOPICS
        _change(database, Topic.CALLS)
        second.until_topic(Topic.CALLS)
    assert first.topics.empty()


def test_what_begins_before_the_reader_and_ends_after_it_is_told(postgres_url: str) -> None:
    """A transaction that is open while the reader starts has a number below those that it has read."""
    writer, reader, heard = Database(postgres_url), Database(postgres_url), Heard()
    with writer.write() as session:
        tell(session, Topic.CASES, new_id())
        feed = ChangeFeed(reader, heard.topics.put)
        feed.start()
        assert heard.topics.get(timeout=LIMIT_S) == ALL_TOPICS
        _change(reader, Topic.AGENTS)
        assert heard.topics.get(timeout=LIMIT_S) == {Topic.AGENTS}
    assert heard.topics.get(timeout=LIMIT_S) == {Topic.CASES}
    feed.stop()
    reader.close()
    writer.close()


def test_a_change_of_another_process_is_seen(database: Database, database_url: str) -> None:
    heard = Heard()
    with _followed(database, heard):
        heard.topics.get(timeout=LIMIT_S)
        subprocess.run([sys.executable, "-c", CHANGE_IN_ANOTHER_PROCESS, database_url], check=True, timeout=LIMIT_S)
        heard.until_topic(Topic.CUSTOMERS)


# SQLAlchemy closes no connection that is cut while it asks the server for its version.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_contact_is_lost_with_the_server_and_back_with_it(
    breakable_server: OwnServer, expected_log: ExpectedLog
) -> None:
    expected_log("change feed: ")
    expected_log.may_come("database: ")
    expected_log.may_come("wake-up not sent")
    database, heard = Database(breakable_server.create_database("contact")), Heard()
    schema.upgrade(database)
    with _followed(database, heard):
        heard.until_contact(True)
        assert heard.topics.get(timeout=LIMIT_S) == ALL_TOPICS
        breakable_server.crash()
        heard.until_contact(False)
        breakable_server.restart()
        heard.until_contact(True)
        assert heard.topics.get(timeout=LIMIT_S) == ALL_TOPICS
        _change(database, Topic.CASES)
        heard.until_topic(Topic.CASES)
    database.close()


def test_a_lost_wake_up_connection_costs_no_contact_and_is_made_anew(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wakers, "POLL_S", (0.1, 0.1))
    monkeypatch.setattr(wakers, "WOKEN_POLL_S", NEVER_S)
    database, heard = Database(postgres_url), Heard()
    with _followed(database, heard):
        assert heard.topics.get(timeout=LIMIT_S) == ALL_TOPICS
        _end_listening(database)
        _change(database, Topic.CASES)
        heard.until_topic(Topic.CASES)  # by a poll, or by a connection that is there again
        wait_for(lambda: _listening_count(database) > 0)
        monkeypatch.setattr(wakers, "POLL_S", NEVER_S)
        time.sleep(0.3)  # the last short poll is over
        _change(database, Topic.CALLS)
        heard.until_topic(Topic.CALLS)
    assert list(heard.contact.queue) == [True]
    database.close()


def test_an_idle_feed_asks_one_thing_a_poll(postgres_url: str) -> None:
    database = Database(postgres_url)
    reader = ChangeReader(database)
    reader.read()
    assert statement_count(database, reader.read) == 1
    database.close()


def test_a_database_that_is_not_there_is_lost_contact(expected_log: ExpectedLog, sqlite_url: str) -> None:
    expected_log("change feed: Unavailable")
    expected_log("database: OperationalError")
    missing = make_url(sqlite_url)
    assert missing.database
    database, heard = Database(f"sqlite:///{missing.database}/no-folder/shared.db"), Heard()
    with _followed(database, heard):
        heard.until_contact(False)
    assert heard.topics.empty()
    database.close()


def test_a_bug_in_a_listener_does_not_end_the_feed_at_once(sqlite_url: str, expected_log: ExpectedLog) -> None:
    expected_log("ERROR firstline.db: change feed")
    database, lost = Database(sqlite_url), threading.Event()

    def on_changes(topics: frozenset[Topic]) -> None:
        raise KeyError(topics)

    feed = ChangeFeed(database, on_changes, lambda is_there: None if is_there else lost.set())
    feed.start()
    assert lost.wait(LIMIT_S)
    feed.stop()
    database.close()


def test_whoever_is_woken_all_the_time_reads_ten_times_a_second(postgres_url: str) -> None:
    database, heard = Database(postgres_url), Heard()
    with _followed(database, heard), database.engine.connect() as others:
        others.execution_options(isolation_level="AUTOCOMMIT")
        heard.until_contact(True)
        began_s = time.monotonic()
        while heard.topics.qsize() < 10:
            assert time.monotonic() < began_s + LIMIT_S
            _change(database, Topic.CASES)
            others.exec_driver_sql(f"NOTIFY {CHANNEL}")  # hundreds of desks are held together by nothing
        took_s = time.monotonic() - began_s
    database.close()
    assert heard.topics.qsize() <= took_s * 10 + 3
