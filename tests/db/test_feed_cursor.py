"""The cursor of the change feed misses nothing, however late a transaction commits; `id > last` does."""

import random
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg
import pytest
from sqlalchemy import make_url, text

from app.db import schema
from app.db.changes import ChangeReader
from app.db.engine import Database
from app.domain.errors import Unavailable
from app.domain.ids import new_id
from tests.conftest import ExpectedLog
from tests.patience import LIMIT_S
from tests.postgres import OwnServer

WRITER_COUNT = 40
ROWS_EACH = 25
LONGEST_COMMIT_S = 0.03

INSERT_ONE = "INSERT INTO change (topic, subject_id, at) VALUES ('cases', %s, now())"
INSERT = (
    "INSERT INTO change (topic, subject_id, at, tx) VALUES ('cases', gen_random_uuid(), now(), pg_current_xact_id())"
)


@dataclass
class ByRowId:
    """The reader that is not right: it goes on after the greatest id that it saw."""

    connection: psycopg.Connection[tuple[int]]
    seen: set[int] = field(default_factory=set)

    def read(self) -> None:
        last = max(self.seen, default=0)
        self.seen |= {row[0] for row in self.connection.execute("SELECT id FROM change WHERE id > %s", (last,))}


def _write_late(address: str, begin: threading.Barrier, may_commit: threading.Event) -> None:
    """One change whose transaction is open until others that began after it were read."""
    with psycopg.connect(address) as connection, connection.transaction():
        connection.execute(INSERT)
        begin.wait(LIMIT_S)
        assert may_commit.wait(LIMIT_S)


def _write(address: str, begin: threading.Barrier, seed: int) -> None:
    delays = random.Random(seed)
    with psycopg.connect(address) as connection:
        begin.wait(LIMIT_S)
        for _ in range(ROWS_EACH):
            with connection.transaction():
                connection.execute(INSERT)
                connection.execute("SELECT pg_sleep(%s)", (delays.random() * LONGEST_COMMIT_S,))


def _write_on(
    address: str,
    begin: threading.Barrier,
    confirmed: list[str],
    halfway: threading.Semaphore,
    crashes: threading.Event,
) -> None:
    """Confirm each change, or write it anew when the server is lost; what was confirmed is in the list."""
    connection: psycopg.Connection[tuple[object, ...]] | None = None
    begin.wait(LIMIT_S)
    for number in range(ROWS_EACH):
        subject = str(new_id())
        while subject not in confirmed:
            try:
                connection = connection or psycopg.connect(address, autocommit=True)
                connection.execute(INSERT_ONE, (subject,))
                confirmed.append(subject)
            except psycopg.OperationalError:
                connection = None
                time.sleep(0.05)
        if number == ROWS_EACH // 2:
            halfway.release()
            assert crashes.wait(LIMIT_S)
    if connection:
        connection.close()


# SQLAlchemy closes no connection that is cut while it asks the server for its version.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_crash_of_the_server_loses_no_change(breakable_server: OwnServer, expected_log: ExpectedLog) -> None:
    """The same reader reads on where it was; what the writers write twice, for want of an answer, it sees twice."""
    expected_log.may_come("database: ")
    database = Database(breakable_server.create_database("crashing"))
    schema.upgrade(database)
    address = make_url(breakable_server.url("crashing")).set(drivername="postgresql").render_as_string(False)
    begin, halfway, crashes = threading.Barrier(WRITER_COUNT + 1), threading.Semaphore(0), threading.Event()
    confirmed: list[str] = []
    cursor = ChangeReader(database)
    cursor.read()
    with ThreadPoolExecutor(WRITER_COUNT) as writers:
        writing = {writers.submit(_write_on, address, begin, confirmed, halfway, crashes) for _ in range(WRITER_COUNT)}
        begin.wait(LIMIT_S)
        is_crashed = False
        while wait(writing, timeout=0.005).not_done:
            if not is_crashed and halfway.acquire(blocking=False):
                crashes.set()
                breakable_server.crash()
                breakable_server.restart()
                is_crashed = True
            with suppress(Unavailable):
                cursor.read()
        for done in writing:
            done.result()
    cursor.read()
    with database.read() as session:
        found = session.execute(text("SELECT id, subject_id::text FROM change")).all()
    rows: dict[int, str] = {row.id: row.subject_id for row in found}
    database.close()
    assert is_crashed
    assert set(confirmed) == set(rows.values())
    assert len(confirmed) == WRITER_COUNT * ROWS_EACH
    assert cursor.told_count == len(rows)


def test_forty_writers_lose_no_change(postgres_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    address = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    database = Database(postgres_url)
    begin, may_commit = threading.Barrier(WRITER_COUNT + 2), threading.Event()
    with (
        ThreadPoolExecutor(WRITER_COUNT + 1) as writers,
        psycopg.connect(address, autocommit=True) as connection,
    ):
        naive, cursor = ByRowId(connection), ChangeReader(database)
        cursor.read()
        writing: set[Future[None]] = {writers.submit(_write, address, begin, n) for n in range(WRITER_COUNT)}
        writing.add(writers.submit(_write_late, address, begin, may_commit))
        begin.wait(LIMIT_S)
        while wait(writing, timeout=0.005).not_done:
            naive.read()
            cursor.read()
            if naive.seen:
                may_commit.set()
        for done in writing:
            done.result()
        naive.read()
        cursor.read()
    database.close()
    row_count = WRITER_COUNT * ROWS_EACH + 1
    with capsys.disabled():
        print(f"\n{row_count} changes: by snapshot {cursor.told_count}, by row id {len(naive.seen)}")
    assert cursor.told_count == row_count  # each once: none missed, none told again
    assert len(naive.seen) < row_count
