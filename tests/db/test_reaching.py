"""Real servers: which of several is taken, how soon a dead one is given up, and a pooler."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from app.db import address, liveness
from app.db.address import Access
from app.db.feed import ChangeFeed
from app.domain.errors import Unavailable
from app.domain.topics import Topic
from app.services.commands import Commands
from tests.builders import claim, escalation, seed
from tests.db.own_server import ask, at, opened, port, reading_only
from tests.patience import wait_for
from tests.people import superuser
from tests.pgbouncer import PgBouncer
from tests.postgres import OwnServer, Server
from tests.programs import ProgramMissing, free_port

pytestmark = pytest.mark.usefixtures("database_warns")


# --- several hosts --------------------------------------------------------------------------------------------


def test_hosts_that_are_dead_or_only_read_are_passed_over(server: OwnServer, other: Server) -> None:
    with reading_only(server), opened(at(free_port(), port(server), port(other))) as database:
        assert ask(database) == port(other)


def test_a_primary_that_takes_no_writes_any_more_is_left(server: OwnServer, other: Server) -> None:
    with opened(at(port(server), port(other))) as database:
        assert ask(database) == port(server)
        with reading_only(server):
            with pytest.raises(Unavailable, match="cannot be reached"), database.write() as session:
                session.execute(text("CREATE TABLE nothing_new (id integer)"))
            with database.write() as session:
                assert session.scalar(text("SELECT inet_server_port()")) == port(other)


def test_boards_read_from_the_replica_and_from_the_primary_without_it(server: OwnServer, other: Server) -> None:
    with reading_only(server), opened(at(port(other)), Access(replica=at(port(server)))) as database:
        with database.read_replica() as session:
            assert session.scalar(text("SELECT inet_server_port()")) == port(server)
        assert ask(database) == port(other)
    with opened(at(port(other)), Access(replica=at(free_port()))) as database, database.read_replica() as session:
        assert session.scalar(text("SELECT inet_server_port()")) == port(other)


# --- a server that does not answer ----------------------------------------------------------------------------


def test_a_statement_that_takes_too_long_is_ended(server: OwnServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "STATEMENT_LIMIT_S", 1)
    with opened(at(port(server))) as database, pytest.raises(Unavailable):
        ask(database, "SELECT pg_sleep(20)")


def test_a_transaction_left_open_is_ended(server: OwnServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "IDLE_LIMIT_S", 1)
    with opened(at(port(server))) as database:
        with pytest.raises(Unavailable), database.read() as session:
            process_id = session.scalar(text("SELECT pg_backend_pid()"))
            wait_for(lambda: not _is_there(server, process_id))
            session.execute(text("SELECT 1"))
        assert ask(database) == port(server)


def test_a_server_that_hangs_is_given_up(server: OwnServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(at(port(server))) as database:
        with pytest.raises(Unavailable, match="cannot be reached"), database.write() as session:
            process_id = int(str(session.scalar(text("SELECT pg_backend_pid()"))))
            with _hanging(process_id, monkeypatch):
                session.execute(text("SELECT count(*) FROM pg_class"))
        process_id = int(str(ask(database, "SELECT pg_backend_pid()")))
        monkeypatch.setattr(liveness, "RESTED_S", 0.0)
        with _hanging(process_id, monkeypatch):  # one that hung while it was in the pool is not even noticed
            assert ask(database, "SELECT pg_backend_pid()") != process_id


def _is_there(server: OwnServer, process_id: object) -> bool:
    with superuser(server.url("postgres")) as connection:
        found = connection.execute("SELECT FROM pg_stat_activity WHERE pid = %s", (process_id,))
        return found.fetchone() is not None


@contextmanager
def _hanging(process_id: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody waits for long meanwhile; a busy machine's other processes answer within it."""
    os.kill(process_id, signal.SIGSTOP)
    try:
        with monkeypatch.context() as changed:
            changed.setattr(address, "ANSWER_LIMIT_S", 2)
            yield
    finally:
        os.kill(process_id, signal.SIGCONT)


def test_an_administrator_has_time(server: OwnServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "STATEMENT_LIMIT_S", 1)
    monkeypatch.setattr(address, "ANSWER_LIMIT_S", 0.5)
    with opened(at(port(server)), Access(is_limited=False)) as database:
        assert ask(database, "SELECT 7 FROM pg_sleep(1.5)") == 7


# --- a pooler -------------------------------------------------------------------------------------------------


@pytest.fixture
def pooler(postgres_server: Server, tmp_path: Path) -> Iterator[PgBouncer]:
    try:
        started = PgBouncer(postgres_server, tmp_path, pool_size=2)
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    with started:
        yield started


def test_all_works_through_a_pooler(pooler: PgBouncer, postgres_url: str) -> None:
    told: list[frozenset[Topic]] = []
    through = pooler.through(postgres_url)
    with opened(through, Access(is_pooled=True)) as first, opened(through, Access(is_pooled=True)) as second:
        people = seed(first)
        commands = [Commands(first), Commands(second)]
        feed = ChangeFeed(first, told.append)
        feed.start()
        wait_for(lambda: len(told) == 1)
        for number in range(20):
            commands[number % 2].apply(escalation(people.agent))
        claimed = {commands[number % 2].apply(claim(people.expert)) for number in range(20)}
        assert len(claimed) == 20 and None not in claimed
        wait_for(lambda: any(Topic.CASES in topics for topics in told[1:]))
        feed.stop()
