"""Who is let in, which server is trusted, and that a password is nowhere to be read."""

import logging
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import StackSummary, TracebackException

import psycopg
import pytest
from sqlalchemy import make_url

from app.db.address import Access
from app.domain.errors import SignInRefused, Unavailable
from tests.db.own_server import PASSWORD, ask, at, opened, port, refused, run
from tests.postgres import OwnServer, Server
from tests.programs import ProgramMissing, find, free_port, owner

pytestmark = pytest.mark.usefixtures("database_warns")

HOST_NAME = "db.example.test"


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
