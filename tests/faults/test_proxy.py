"""The bad network is as bad as it says: seen by a plain client of PostgreSQL."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import make_url

from tests.faults.centre import libpq
from tests.faults.proxy import Proxy
from tests.patience import LIMIT_S

Connection = psycopg.Connection[tuple[int]]


@pytest.fixture
def proxy(postgres_url: str) -> Iterator[Proxy]:
    made = Proxy(make_url(postgres_url).port or 5432)
    yield made
    made.stop()


@pytest.fixture
def client(postgres_url: str, proxy: Proxy) -> Iterator[Connection]:
    with _connect(postgres_url, proxy) as connection:
        yield connection


def _connect(url: str, proxy: Proxy) -> Connection:
    through = make_url(url).set(port=proxy.port).render_as_string(hide_password=False)
    connection = psycopg.connect(libpq(through), connect_timeout=int(LIMIT_S))
    connection.execute("CREATE TABLE IF NOT EXISTS mark (number int)")
    connection.commit()
    return connection


def _marks(url: str) -> list[int]:
    with psycopg.connect(libpq(url)) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM mark ORDER BY number")]


def test_it_passes_everything_on(client: Connection, postgres_url: str) -> None:
    (text,) = client.execute("SELECT repeat('ä', 1000000)").fetchone() or ("",)
    assert text == "ä" * 1_000_000
    client.execute("INSERT INTO mark VALUES (1)")
    client.commit()
    assert _marks(postgres_url) == [1]


def test_the_answer_to_a_commit_is_lost_but_it_is_done(client: Connection, proxy: Proxy, postgres_url: str) -> None:
    proxy.lose_answers(1)
    client.execute("INSERT INTO mark VALUES (1)")
    with pytest.raises(psycopg.OperationalError):
        client.commit()
    assert _marks(postgres_url) == [1]
    assert proxy.counts["lost answers"] == 1

    with _connect(postgres_url, proxy) as again:  # the next one is told
        again.execute("INSERT INTO mark VALUES (2)")
        again.commit()
    assert _marks(postgres_url) == [1, 2]


@pytest.mark.parametrize("times_before", [0, 20])  # later it is prepared, and goes without its text
def test_a_statement_that_commits_by_itself_is_done_too(proxy: Proxy, postgres_url: str, times_before: int) -> None:
    with _connect(postgres_url, proxy) as client:
        client.autocommit = True
        client.execute("CREATE TABLE applied_command_of_test (number int)")
        ask = "WITH x AS (INSERT INTO applied_command_of_test VALUES (%s)) SELECT 1"
        for number in range(times_before):
            client.execute(ask, (number,))
        proxy.lose_answers(1)
        with pytest.raises(psycopg.OperationalError):
            client.execute(ask, (times_before,))
    with psycopg.connect(libpq(postgres_url)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM applied_command_of_test").fetchone() or (0,)
    assert count == times_before + 1
    assert proxy.counts["lost answers"] == 1


def test_an_error_is_told(client: Connection, proxy: Proxy) -> None:
    client.autocommit = True
    proxy.lose_answers(1)
    with pytest.raises(psycopg.errors.UndefinedTable):
        client.execute("INSERT INTO applied_command_that_is_not_there VALUES (1)")
    assert proxy.counts["lost answers"] == 0
    client.execute("SELECT 1")


def test_what_is_not_committed_is_not_done_when_it_cuts(client: Connection, proxy: Proxy, postgres_url: str) -> None:
    client.execute("INSERT INTO mark VALUES (1)")
    proxy.cut()
    with pytest.raises(psycopg.OperationalError):
        client.commit()
    assert _marks(postgres_url) == []
    assert proxy.counts["cuts"] == 1


def test_it_lets_nobody_in(proxy: Proxy, postgres_url: str) -> None:
    proxy.refuse(True)
    with pytest.raises(psycopg.OperationalError):
        _connect(postgres_url, proxy)
    proxy.refuse(False)
    _connect(postgres_url, proxy).close()


def test_nothing_passes_while_it_is_silent(client: Connection, proxy: Proxy) -> None:
    answered = threading.Event()
    proxy.stall(True)

    def ask() -> None:
        client.execute("SELECT 1")
        answered.set()

    asking = threading.Thread(target=ask)
    asking.start()
    assert not answered.wait(0.3)
    proxy.stall(False)
    assert answered.wait(LIMIT_S)
    asking.join()


def test_it_stops_with_connections_open(postgres_url: str) -> None:
    proxy = Proxy(make_url(postgres_url).port or 5432)
    client = _connect(postgres_url, proxy)
    proxy.stall(True)
    proxy.stop()
    with pytest.raises(psycopg.OperationalError):
        client.execute("SELECT 1")
    client.close()
