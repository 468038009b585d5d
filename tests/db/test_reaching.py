"""Real servers: which of several is taken, who is trusted, and how soon a dead one is given up."""

import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import StackSummary, TracebackException

import psycopg
import pytest
from sqlalchemy import make_url, text

from app.db import address, liveness
from app.db.address import Access
from app.db.engine import Database
from app.db.feed import ChangeFeed
from app.domain.errors import FirstlineError, SignInRefused, Unavailable
from app.domain.topics import Topic
from app.services.commands import Commands
from tests.builders import claim, escalation, seed
from tests.conftest import ExpectedLog
from tests.pgbouncer import PgBouncer
from tests.postgres import OwnServer, PostgresMissing, Server, start_own
from tests.programs import ProgramMissing, find, free_port, owner

PASSWORD = "kX9-a-password-nobody-may-read"
LIMIT_S = 20.0
HOST_NAME = "db.example.test"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    """A server that may be configured as a test likes; rhea signs in with PASSWORD."""
    try:
        started = start_own(tmp_path_factory.mktemp("own"))
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    with started:
        run(started, f"CREATE ROLE rhea LOGIN PASSWORD '{PASSWORD}' IN ROLE pg_signal_backend")
        yield started


@pytest.fixture
def other(postgres_server: Server) -> Iterator[Server]:
    """A second server, where rhea has the same password."""
    run(postgres_server, f"CREATE ROLE rhea LOGIN PASSWORD '{PASSWORD}'")
    yield postgres_server
    run(postgres_server, "DROP ROLE rhea")


@pytest.fixture(autouse=True)
def database_warns(expected_log: ExpectedLog) -> None:
    expected_log.may_come("database: OperationalError|QueryCanceled|ReadOnlySqlTransaction|IdleInTransaction")


def run(server: Server, *statements: str) -> None:
    """As the server's superuser."""
    plain = make_url(server.url("postgres")).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def port(server: Server) -> int:
    return make_url(server.url("postgres")).port or 5432


def at(*ports: int, password: str = f":{PASSWORD}", rest: str = "") -> str:
    hosts = ",".join(f"127.0.0.1:{number}" for number in ports)
    return f"postgresql://rhea{password}@{hosts}/postgres{rest}"


@contextmanager
def opened(url: str, access: Access = Access()) -> Iterator[Database]:  # noqa: B008 - frozen
    database = Database(url, access)
    try:
        yield database
    finally:
        database.close()


def ask(database: Database, statement: str = "SELECT inet_server_port()") -> object:
    with database.read() as session:
        return session.scalar(text(statement))


def refused(kind: type[FirstlineError], sentence: str, url: str, access: Access = Access()) -> None:  # noqa: B008
    with opened(url, access) as database, pytest.raises(kind, match=sentence):
        ask(database)


@contextmanager
def reading_only(server: Server) -> Iterator[None]:
    run(server, "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
    _wait_until(server, "on")
    yield
    run(server, "ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()")
    _wait_until(server, "off")


def _wait_until(server: Server, value: str) -> None:
    plain = make_url(server.url("postgres")).set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        with psycopg.connect(plain) as connection:
            if connection.execute("SHOW default_transaction_read_only").fetchone() == (value,):
                return


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
            session.execute(text("SELECT 1"))
            time.sleep(1.5)  # what is tested is what comes of it
            session.execute(text("SELECT 1"))
        assert ask(database) == port(server)


def test_a_server_that_hangs_is_given_up(server: OwnServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "ANSWER_LIMIT_S", 0.5)
    with opened(at(port(server))) as database:
        began_s = time.monotonic()
        with pytest.raises(Unavailable, match="cannot be reached"), database.write() as session:
            process_id = int(str(session.scalar(text("SELECT pg_backend_pid()"))))
            with _hanging(process_id):
                session.execute(text("SELECT count(*) FROM pg_class"))
        process_id = int(str(ask(database, "SELECT pg_backend_pid()")))
        monkeypatch.setattr(liveness, "RESTED_S", 0.0)
        with _hanging(process_id):  # one that hung while it was in the pool is not even noticed
            assert ask(database, "SELECT pg_backend_pid()") != process_id
        assert time.monotonic() - began_s < LIMIT_S / 2


@contextmanager
def _hanging(process_id: int) -> Iterator[None]:
    os.kill(process_id, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process_id, signal.SIGCONT)


def test_an_administrator_has_time(server: OwnServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "STATEMENT_LIMIT_S", 1)
    monkeypatch.setattr(address, "ANSWER_LIMIT_S", 0.5)
    with opened(at(port(server)), Access(is_limited=False)) as database:
        assert ask(database, "SELECT 7 FROM pg_sleep(1.5)") == 7


# --- who is trusted -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("rhea", ":wrong", "does not accept this name and password"),
        ("nobody", ":wrong", "does not accept this name and password"),
        ("rhea", "", "asks for a password"),
    ],
)
def test_who_is_not_let_in_is_told_so(
    server: OwnServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, password: str, sentence: str
) -> None:
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    refused(SignInRefused, sentence, at(port(server), password=password).replace("rhea", name))


def test_the_password_file_of_psql_serves_too(
    server: OwnServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pgpass").write_text(f"127.0.0.1:{port(server)}:*:rhea:{PASSWORD}\n")
    (tmp_path / "pgpass").chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    with opened(at(port(server), password="")) as database:
        assert ask(database, "SELECT session_user::text") == "rhea"


def test_a_password_that_changes_is_asked_for_again(server: OwnServer) -> None:
    told = [PASSWORD, "wrong", PASSWORD]
    with opened(at(port(server), password=""), Access(password=lambda: told.pop(0))) as database:
        assert ask(database) == port(server)
        database.engine.dispose()
        with pytest.raises(SignInRefused):
            ask(database)
        assert ask(database) == port(server)


@pytest.mark.parametrize("method", ["password", "md5"])
def test_a_password_is_not_given_away_without_scram(server: OwnServer, method: str) -> None:
    with _own_rules(server, f"host all rhea 127.0.0.1/32 {method}"):
        if method == "md5":  # with such a rule a SCRAM secret is asked for by SCRAM
            run(server, f"SET password_encryption = md5; ALTER ROLE rhea PASSWORD '{PASSWORD}'")
        refused(Unavailable, "not by SCRAM", at(port(server)))
    run(server, f"ALTER ROLE rhea PASSWORD '{PASSWORD}'")


def test_who_may_not_come_from_here_is_told_so(server: OwnServer) -> None:
    with _own_rules(server, "host all rhea 127.0.0.1/32 reject"):
        refused(SignInRefused, "does not let this person in from here", at(port(server)))


@contextmanager
def _own_rules(server: OwnServer, line: str) -> Iterator[None]:
    file = _data_folder(server) / "pg_hba.conf"
    before = file.read_text()
    file.write_text(f"{line}\n{before}")
    run(server, "SELECT pg_reload_conf()")
    _settle(server)
    yield
    file.write_text(before)
    run(server, "SELECT pg_reload_conf()")
    _settle(server)


def _settle(server: OwnServer) -> None:
    """Until the main process has read its files again: there is nothing to wait on but the time it says."""
    for _ in range(3):
        run(server, "SELECT pg_sleep(0.1)")


def _data_folder(server: OwnServer) -> Path:
    plain = make_url(server.url("postgres")).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
        assert row
        return Path(str(row[0]))


@pytest.fixture(scope="module")
def certificates(server: OwnServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The server speaks TLS with a certificate for HOST_NAME; the folder has `root.crt`, which signed it."""
    folder = tmp_path_factory.mktemp("tls")
    _make_certificates(folder)
    data = _data_folder(server)
    for name in ("server.crt", "server.key"):
        (data / name).write_bytes((folder / name).read_bytes())
        (data / name).chmod(0o600)
        owner().give(data / name)
    run(server, "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()")
    _settle(server)
    yield folder
    run(server, "ALTER SYSTEM RESET ssl", "SELECT pg_reload_conf()")
    _settle(server)


def _make_certificates(folder: Path) -> None:
    try:
        openssl = str(find("openssl", "openssl"))
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    new = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9")
    for line in (
        (*new, "-subj", "/CN=Root", "-keyout", "root.key", "-out", "root.crt"),
        (*new, "-subj", "/CN=Stranger", "-keyout", "stranger.key", "-out", "stranger.crt"),
        (*new, "-subj", f"/CN={HOST_NAME}", "-addext", f"subjectAltName=DNS:{HOST_NAME}", "-CA", "root.crt",
         "-CAkey", "root.key", "-keyout", "server.key", "-out", "server.crt"),
    ):  # fmt: skip
        subprocess.run([openssl, *line], cwd=folder, check=True, capture_output=True)


def _by_name(server: Server, name: str = HOST_NAME) -> str:
    return f"postgresql://rhea:{PASSWORD}@{name}:{port(server)}/postgres?hostaddr=127.0.0.1"


def test_a_server_elsewhere_proves_who_it_is(server: OwnServer, certificates: Path) -> None:
    with opened(_by_name(server), Access(ca=str(certificates / "root.crt"))) as database:
        assert ask(database, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") is True


@pytest.mark.parametrize(
    ("name", "roots"), [("db.elsewhere.test", "root.crt"), (HOST_NAME, "stranger.crt"), (HOST_NAME, "")]
)
def test_a_server_that_cannot_prove_it_gets_nothing(
    server: OwnServer, certificates: Path, name: str, roots: str
) -> None:
    chosen = str(certificates / roots) if roots else ""
    refused(Unavailable, "did not prove", _by_name(server, name), Access(ca=chosen))


def test_a_server_elsewhere_without_tls_gets_nothing(other: Server) -> None:
    refused(Unavailable, "did not prove", _by_name(other))


# --- what nobody may read -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["in the address", "asked for"])
def test_a_password_stands_in_no_error_log_or_repr(
    server: OwnServer, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    for name in ("psycopg", "sqlalchemy", "firstline"):
        caplog.set_level(logging.DEBUG, name)
    told = kind == "in the address"
    url = at(port(server), free_port(), password=":wrong-" + PASSWORD if told else "")
    access = Access() if told else Access(password=lambda: "wrong-" + PASSWORD)
    with opened(url, access) as database:
        shown = [caplog.text]
        for use in (ask, lambda it: it.connect()):
            with pytest.raises(SignInRefused) as caught:
                use(database)
            seen = TracebackException.from_exception(caught.value, capture_locals=True)
            for part in (seen, seen.__cause__, seen.__context__):
                if part:  # of the program's frames: this one knows the address
                    part.stack = StackSummary.from_list(f for f in part.stack if f.filename != __file__)
            shown += [str(caught.value), repr(caught.value), *seen.format()]
        shown += [repr(database), str(vars(database)), repr(access), repr(database.engine), repr(database.engine.url)]
    assert PASSWORD not in "".join([*shown, caplog.text])
    assert "connection attempt" in caplog.text  # what there is to be searched


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


def wait_for(claim: Callable[[], bool]) -> None:
    give_up_at_s = time.monotonic() + LIMIT_S
    while not claim():
        assert time.monotonic() < give_up_at_s
        time.sleep(0.02)
