"""A PostgreSQL server of the tests' own: there within two seconds, gone when they end.

``FIRSTLINE_TEST_POSTGRES`` (the URL of a superuser) names a server that is used instead.
"""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from tests.programs import HOST, ProgramMissing, end, failure, free_port, owner, spawn, wait_until_ready

ADDRESS_VARIABLE = "FIRSTLINE_TEST_POSTGRES"
DEBIAN_FOLDER = Path("/usr/lib/postgresql")
SUPERUSER = "postgres"

# Three times as fast, and nothing is safe on the disk. Tests of faults must not use them (`durable=True`): a server
# that may lose what it confirmed proves nothing about a program that must not.
SPEED_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=128MB")


class PostgresMissing(ProgramMissing):
    """There is no PostgreSQL on this machine; the sentence says what to install."""


class Server:
    """A running server, reached as its superuser.

    What the tests created on it is dropped by `stop`.
    """

    def __init__(self, address: URL) -> None:
        self._address = address.set(drivername="postgresql+psycopg")
        self._created: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def url(self, database: str) -> str:
        """Return the database's address in SQLAlchemy's form, with the password."""
        return self._address.set(database=database).render_as_string(hide_password=False)

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Create a database, as a copy of `template` (to which nobody may be connected), and return its URL."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        self._created.append(name)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database together with the connections to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        if name in self._created:
            self._created.remove(name)

    def stop(self) -> None:
        """Leave nothing behind; a second call does nothing."""
        for name in tuple(self._created):
            self.drop_database(name)

    def _execute(self, statement: sql.SQL | sql.Composed) -> None:
        plain = self._address.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True, connect_timeout=60) as connection:
            connection.execute(statement)


class OwnServer(Server):
    """A server that is a child process of the tests; made by `start_own`.

    It also ends when the test process is killed, and when the thread that started it ends.
    """

    def __init__(self, binaries: Path, log_path: Path, *, durable: bool, settings: Sequence[str] = ()) -> None:
        self._binaries = binaries
        self._settings = tuple(settings)
        self._log_path = log_path
        self._durable = durable
        self._owner = owner()
        # Not pytest's own folder: that is closed to the user whom the server runs as.
        self._folder = Path(tempfile.mkdtemp(prefix="firstline-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._password = secrets.token_urlsafe(24)
        self._port = free_port()
        super().__init__(URL.create("postgresql", SUPERUSER, self._password, HOST, self._port, "postgres"))

    @property
    def binaries(self) -> Path:
        """The folder of the server's programs."""
        return self._binaries

    @property
    def process_id(self) -> int:
        """The main process; the server's other processes end with it."""
        if self._process is None:
            raise ValueError("The server does not run.")
        return self._process.pid

    def crash(self) -> None:
        """End the server as a power cut does: no checkpoint, connections are cut, the data stay as they are."""
        self._end(signal.SIGQUIT)

    def restart(self) -> None:
        """Start on the data and the port that the server had before `crash`; returns when it answers."""
        if self._process is not None:
            raise ValueError("The server runs already.")
        self._launch()

    def stop(self) -> None:
        """End the server and remove its data; a second call does nothing."""
        self._end(signal.SIGINT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _make_cluster(self) -> None:
        password_path = self._folder / "password"
        password_path.write_text(self._password, encoding="utf-8")
        self._owner.give(self._folder, password_path)
        initdb = self._spawn(
            "initdb",
            *("--pgdata=data", f"--username={SUPERUSER}", f"--pwfile={password_path.name}"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"),
            *(() if self._durable else ("--no-sync",)),
        )
        if initdb.wait() != 0:
            raise failure("initdb failed", self._log_path)
        password_path.unlink()

    def _launch(self) -> None:
        settings = [f"listen_addresses={HOST}", f"port={self._port}", "unix_socket_directories=", *self._settings]
        if not self._durable:
            settings += SPEED_SETTINGS
        self._process = self._spawn("postgres", "-D", "data", *(f"--{setting}" for setting in settings))
        wait_until_ready("PostgreSQL", self._process, self._answers, self._log_path)

    def _spawn(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        return spawn([str(self._binaries / program), *arguments], self._owner, self._folder, self._log_path)

    def _answers(self) -> bool:
        try:
            self._execute(sql.SQL("SELECT 1"))
        except psycopg.OperationalError:
            return False
        return True

    def _end(self, first_signal: signal.Signals) -> None:
        if self._process is not None:
            end(self._process, first_signal, signal.SIGQUIT)
            self._process = None


def start(folder: Path, *, environment: Mapping[str, str] = os.environ, debian_folder: Path = DEBIAN_FOLDER) -> Server:
    """Return the server that the environment names, or else a new one that logs to `folder`.

    Raises:
        PostgresMissing: there is neither.
    """
    address = environment.get(ADDRESS_VARIABLE)
    if address:
        return Server(make_url(address))
    return start_own(folder, environment=environment, debian_folder=debian_folder)


def start_own(
    folder: Path,
    *,
    durable: bool = False,
    settings: Sequence[str] = (),
    environment: Mapping[str, str] = os.environ,
    debian_folder: Path = DEBIAN_FOLDER,
) -> OwnServer:
    """Start a new server, which writes `postgres.log` into `folder`.

    With `durable` it keeps what it confirmed, whatever happens, as a server in use does. `settings`
    are more of its own, such as "max_connections=300".
    """
    binaries = find_binaries(environment.get("PATH", ""), debian_folder)
    server = OwnServer(binaries, folder / "postgres.log", durable=durable, settings=settings)
    try:
        server._make_cluster()
        server._launch()
    except BaseException:
        server.stop()
        raise
    return server


def find_binaries(search_path: str, debian_folder: Path) -> Path:
    """Return the folder of `initdb` and `postgres`: Debian's newest version, or what is on the path."""
    versions = [path.parent.parent for path in debian_folder.glob("*/bin/initdb") if path.parent.parent.name.isdigit()]
    if versions:
        return max(versions, key=lambda version: int(version.name)) / "bin"
    on_path = shutil.which("initdb", path=search_path)
    if on_path:
        return Path(on_path).resolve().parent
    raise PostgresMissing(
        "PostgreSQL is not installed: `apt-get install postgresql` brings it, "
        f"or set {ADDRESS_VARIABLE} to the URL of a superuser on a server for tests."
    )
