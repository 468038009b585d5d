"""The tests' own PostgreSQL server."""

import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

from tests.patience import LIMIT_S
from tests.postgres import ADDRESS_VARIABLE, OwnServer, PostgresMissing, start, start_own

TESTS_TO_BE_KILLED = """
import pathlib, sys
from tests.postgres import start_own
server = start_own(pathlib.Path(sys.argv[1]))
print(server.process_id, server.url("postgres"), flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    try:
        running = start_own(tmp_path_factory.mktemp("postgres"))
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    with running:
        yield running


def _ask(url: str, statement: str) -> object:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None
    finally:
        engine.dispose()


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_created_database_answers(server: OwnServer) -> None:
    url = server.create_database("answers")
    assert url == server.url("answers")
    assert _ask(url, "SELECT current_database()") == "answers"


def test_database_knows_letters_beyond_ascii(server: OwnServer) -> None:
    assert _ask(server.url("postgres"), "SELECT lower('STÖRUNG')") == "störung"


def test_database_is_copied_from_a_template(server: OwnServer) -> None:
    _ask(server.create_database("original"), "CREATE TABLE marker AS SELECT 7 AS number")
    copy = server.create_database("copy", template="original")
    assert _ask(copy, "SELECT number FROM marker") == 7


def test_database_is_dropped_under_an_open_connection(server: OwnServer) -> None:
    server.create_database("busy")
    plain = make_url(server.url("busy")).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain):
        server.drop_database("busy")
    assert _ask(server.url("postgres"), "SELECT count(*) FROM pg_database WHERE datname = 'busy'") == 0


def test_nobody_enters_without_the_password(server: OwnServer) -> None:
    address = make_url(server.url("postgres")).set(drivername="postgresql", password="guessed")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address.render_as_string(hide_password=False))


def test_named_server_is_used_and_left_as_it_was(server: OwnServer, tmp_path: Path) -> None:
    with start(tmp_path, environment={ADDRESS_VARIABLE: server.url("postgres")}) as named:
        assert not isinstance(named, OwnServer)
        named.create_database("visitor")
        assert _ask(server.url("visitor"), "SELECT 1") == 1
    assert _ask(server.url("postgres"), "SELECT count(*) FROM pg_database WHERE datname = 'visitor'") == 0


@pytest.mark.usefixtures("server")
def test_stopped_server_leaves_no_process_and_no_data(tmp_path: Path) -> None:
    other = start_own(tmp_path)
    process_id = other.process_id
    data = Path(str(_ask(other.url("postgres"), "SHOW data_directory")))
    other.stop()
    other.stop()
    assert not _is_running(process_id)
    assert not data.parent.exists()


@pytest.mark.usefixtures("server")
def test_durable_server_keeps_what_it_confirmed_through_a_crash(tmp_path: Path) -> None:
    with start_own(tmp_path, durable=True) as durable:
        url = durable.create_database("kept")
        assert _ask(url, "SHOW fsync") == "on"
        _ask(url, "CREATE TABLE marker AS SELECT 7 AS number")
        durable.crash()
        durable.restart()
        assert _ask(url, "SELECT number FROM marker") == 7


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="Needs setpriv (util-linux).")
@pytest.mark.usefixtures("server")
def test_server_ends_when_the_tests_are_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", TESTS_TO_BE_KILLED, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as tests:
        assert tests.stdout is not None
        process_id, url = tests.stdout.readline().split()
        data = Path(str(_ask(url, "SHOW data_directory")))
        server_end = os.pidfd_open(int(process_id))
        tests.kill()
    try:
        ended, _, _ = select.select([server_end], [], [], LIMIT_S)
        assert ended
    finally:
        os.close(server_end)
        shutil.rmtree(data.parent)


def test_a_machine_without_postgresql_is_told_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(PostgresMissing, match="apt-get install postgresql"):
        start(tmp_path, environment={"PATH": ""}, debian_folder=tmp_path)
