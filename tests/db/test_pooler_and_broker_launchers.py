"""The tests' own PgBouncer and NATS server: who they let in, and that they end."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from tests.nats import NatsServer
from tests.pgbouncer import PgBouncer
from tests.postgres import OwnServer
from tests.programs import ProgramMissing, find


@pytest.fixture
def pooler(breakable_server: OwnServer, tmp_path: Path) -> Iterator[PgBouncer]:
    try:
        running = PgBouncer(breakable_server, tmp_path, pool_size=1)
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    with running:
        yield running


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[NatsServer]:
    try:
        running = NatsServer(tmp_path, user="desk", password="open")
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    with running:
        yield running


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_two_clients_share_one_connection_of_the_pooler(pooler: PgBouncer) -> None:
    address = _plain(pooler.url("postgres"))
    with psycopg.connect(address, autocommit=True) as one, psycopg.connect(address, autocommit=True) as other:
        asked = [connection.execute("SELECT pg_backend_pid()").fetchone() for connection in (one, other, one)]
    assert len(set(asked)) == 1


def test_a_person_signs_in_through_the_pooler_with_the_servers_password(
    pooler: PgBouncer, breakable_server: OwnServer
) -> None:
    name, password = f"person_{secrets.token_hex(4)}", secrets.token_urlsafe(12)
    with psycopg.connect(_plain(breakable_server.url("postgres")), autocommit=True) as connection:
        make = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
        connection.execute(make.format(sql.Identifier(name), sql.Literal(password)))
    address = make_url(_plain(pooler.url("postgres"))).set(username=name, password=password)
    with psycopg.connect(address.render_as_string(hide_password=False)) as connection:
        assert connection.execute("SELECT session_user::text").fetchone() == (name,)
    with pytest.raises(psycopg.OperationalError, match="SASL authentication failed"):
        psycopg.connect(address.set(password="guessed").render_as_string(hide_password=False))


def test_a_pooler_that_crashed_starts_on_the_same_port(pooler: PgBouncer) -> None:
    address, first = _plain(pooler.url("postgres")), pooler.process_id
    pooler.crash()
    assert not _is_running(first)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)
    pooler.start()
    psycopg.connect(address).close()


def test_stopping_twice_leaves_nothing(pooler: PgBouncer, broker: NatsServer) -> None:
    running = (pooler.process_id, broker.process_id)
    for server in (pooler, broker):
        server.stop()
        server.stop()
    assert not any(_is_running(process_id) for process_id in running)


def test_a_broker_that_crashed_starts_on_the_same_port(broker: NatsServer) -> None:
    port, first = broker.port, broker.process_id
    broker.crash()
    assert not _is_running(first)
    broker.start()
    assert (broker.port, _is_running(broker.process_id)) == (port, True)


def test_a_missing_program_says_how_to_get_it() -> None:
    with pytest.raises(ProgramMissing, match="apt-get install pgbouncer"):
        find("no-such-program", "pgbouncer")
