"""Wake-ups are few, and the last change is always followed by one."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from app.db import bare_driver
from app.db.announcer import CHANNEL, INTERVAL_S, MOST_REST_S, Announcer
from app.db.engine import Database
from app.domain.ids import new_id
from app.domain.topics import Topic
from app.services.once import tell
from tests.conftest import ExpectedLog
from tests.patience import LIMIT_S
from tests.postgres import OwnServer

COMMIT_COUNT, DESK_COUNT = 50, 5


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    opened = Database(postgres_url)
    yield opened
    opened.close()


@pytest.fixture
def listening(postgres_url: str) -> Iterator[psycopg.Connection[tuple[int]]]:
    address = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        yield connection


def _change(database: Database) -> None:
    with database.write() as session:
        tell(session, Topic.CASES, new_id())


def _wake_ups_until(listening: psycopg.Connection[tuple[int]], change_count: int) -> int:
    """Read after each wake-up, as a feed without a poll does; the number of them when all changes were seen."""
    limit_s, wake_up_count, seen_count = time.monotonic() + LIMIT_S, 0, 0
    while seen_count < change_count:
        left_s = limit_s - time.monotonic()
        assert left_s > 0, f"{seen_count} of {change_count} changes seen, then no wake-up came"
        wake_up_count += len(list(listening.notifies(timeout=left_s, stop_after=1)))
        row = listening.execute("SELECT count(*) FROM change").fetchone()
        assert row is not None
        seen_count = row[0]
    return wake_up_count


def test_one_change_wakes_at_once(database: Database, listening: psycopg.Connection[tuple[int]]) -> None:
    _change(database)
    assert _wake_ups_until(listening, 1) == 1


def test_commits_of_several_desks_wake_a_few_times(
    postgres_url: str, listening: psycopg.Connection[tuple[int]]
) -> None:
    """The interval is the centre's, not each desk's; and what was committed after a wake-up has one of its own."""
    desks = [Database(postgres_url) for _ in range(DESK_COUNT)]
    began_s = time.monotonic()
    with ThreadPoolExecutor(DESK_COUNT) as writers:
        for done in [writers.submit(_change, desks[number % DESK_COUNT]) for number in range(COMMIT_COUNT)]:
            done.result(LIMIT_S)
    wake_up_count = _wake_ups_until(listening, COMMIT_COUNT)
    assert 1 <= wake_up_count <= 2 + (time.monotonic() - began_s) / INTERVAL_S
    for desk in desks:
        desk.close()


def test_what_others_woke_for_needs_no_wake_up(listening: psycopg.Connection[tuple[int]]) -> None:
    """The answer tells it from a wake-up of one's own."""
    answers = [listening.execute("SELECT firstline.wake(%s)", (waited_s,)).fetchone() for waited_s in (None, 1000.0)]
    assert answers == [(0.0,), (None,)]


def test_where_others_are_faster_a_desk_asks_less_and_less_often(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[float | None] = [None, None, None, 0.0, None]
    rests: list[float] = []

    def owed(_: Announcer, rest_s: float) -> float | None:
        rests.append(rest_s)
        return 0.0 if answers else None

    monkeypatch.setattr(Announcer, "_next", owed)
    monkeypatch.setattr(Announcer, "_wake", lambda *_: answers.pop(0))
    database.announce()
    database.close()
    twice = 2 * INTERVAL_S
    assert rests == [0.0, twice, MOST_REST_S, MOST_REST_S, INTERVAL_S, twice]


def test_a_clock_that_was_put_back_silences_nobody(
    database: Database, listening: psycopg.Connection[tuple[int]]
) -> None:
    in_an_hour_us = (time.time() + 3600) * 1e6
    listening.execute("SELECT setval('firstline.woken_at_us', %s)", (int(in_an_hour_us),))
    _change(database)
    assert _wake_ups_until(listening, 1) == 1


def test_a_wake_up_that_is_owed_is_sent_before_the_end(
    postgres_url: str, listening: psycopg.Connection[tuple[int]]
) -> None:
    database = Database(postgres_url)
    _change(database)
    _change(database)
    database.close()
    assert _wake_ups_until(listening, 2) <= 2
    assert len(list(listening.notifies(timeout=0))) <= 1


def test_the_end_waits_for_a_wake_up_that_is_being_sent(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the connection comes back into a pool that is closed, and stays open for good."""
    is_sending, may_go_on = threading.Event(), threading.Event()
    send = bare_driver.first_row

    def hold(*asked: Any) -> Any:
        is_sending.set()
        assert may_go_on.wait(LIMIT_S)
        return send(*asked)

    monkeypatch.setattr(bare_driver, "first_row", hold)
    database = Database(postgres_url)
    _change(database)
    assert is_sending.wait(LIMIT_S)
    _change(database)  # owed again
    with ThreadPoolExecutor(1) as other:
        closing = other.submit(database.close)
        assert wait([closing], timeout=0.5).not_done
        may_go_on.set()
        closing.result(LIMIT_S)


def test_reading_and_failing_wake_nobody(database: Database, listening: psycopg.Connection[tuple[int]]) -> None:
    with pytest.raises(KeyError), database.write() as session:
        tell(session, Topic.CASES, new_id())
        raise KeyError
    with database.read():
        pass
    _change(database)
    assert len(list(listening.notifies(timeout=LIMIT_S, stop_after=1))) == 1
    assert list(listening.notifies(timeout=INTERVAL_S)) == []


def test_a_wake_up_that_is_lost_is_no_lost_write(breakable_server: OwnServer, expected_log: ExpectedLog) -> None:
    """The answer of the commit is there; that nobody could be woken is not the writer's trouble."""
    expected_log("wake-up not sent: Unavailable")
    expected_log("database: OperationalError")
    database = Database(breakable_server.create_database("unannounced"))
    with database.write() as session:
        session.info["has_changes"] = True
        session.commit()
        session.close()
        breakable_server.crash()
    database.close()
