"""The cursor of the change feed misses nothing, however late a transaction commits; `id > last` does."""

import random
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import psycopg
import pytest
from sqlalchemy import make_url

from app.db.engine import Database
from app.db.feed import _Reader

WRITER_COUNT = 40
ROWS_EACH = 25
LONGEST_COMMIT_S = 0.03
LIMIT_S = 60.0

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


@dataclass
class ByTransaction:
    """The feed's own reader, with the ids that it counts as told."""

    reader: _Reader
    told: list[int] = field(default_factory=list)

    def read(self) -> None:
        before = self.reader._seen
        self.reader.read()
        self.told += self.reader._seen - before


def _write(address: str, begin: threading.Barrier, seed: int) -> None:
    delays = random.Random(seed)
    with psycopg.connect(address) as connection:
        begin.wait(LIMIT_S)
        for _ in range(ROWS_EACH):
            with connection.transaction():
                connection.execute(INSERT)
                connection.execute("SELECT pg_sleep(%s)", (delays.random() * LONGEST_COMMIT_S,))


def test_forty_writers_lose_no_change(postgres_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    address = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    database = Database(postgres_url)
    begin = threading.Barrier(WRITER_COUNT + 1)
    with (
        ThreadPoolExecutor(WRITER_COUNT) as writers,
        psycopg.connect(address, autocommit=True) as connection,
        _Reader(database) as reader,
    ):
        naive, cursor = ByRowId(connection), ByTransaction(reader)
        writing: set[Future[None]] = {writers.submit(_write, address, begin, n) for n in range(WRITER_COUNT)}
        begin.wait(LIMIT_S)
        while wait(writing, timeout=0.005).not_done:
            naive.read()
            cursor.read()
        for done in writing:
            done.result()
        naive.read()
        cursor.read()
    database.close()
    row_count = WRITER_COUNT * ROWS_EACH
    with capsys.disabled():
        print(f"\n{row_count} changes: by transaction {len(cursor.told)}, by row id {len(naive.seen)}")
    assert len(cursor.told) == len(set(cursor.told)) == row_count
    assert len(naive.seen) < row_count
