"""A PgBouncer of the tests' own, in transaction mode, before a PostgreSQL server."""

import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from sqlalchemy import make_url

from tests.postgres import Server
from tests.programs import HOST, end, find, free_port, owner, spawn, wait_until_ready

# `auth_query`: whoever may sign in to the server may sign in here, with the same SCRAM secret; no list of people.
CONFIGURATION = """
[databases]
* = host={host} port={port}
[pgbouncer]
listen_addr = {listen}
listen_port = {listen_port}
unix_socket_dir =
pool_mode = transaction
auth_type = scram-sha-256
auth_file = users
auth_user = {user}
auth_query = SELECT usename, passwd FROM pg_catalog.pg_shadow WHERE usename = $1
max_client_conn = {most_clients}
default_pool_size = {pool_size}
server_idle_timeout = 25
log_connections = 0
log_disconnections = 0
"""


class PgBouncer:
    """Runs until `stop`; reached by the same people and databases as the server behind it."""

    def __init__(self, server: Server, folder: Path, *, pool_size: int = 20, most_clients: int = 2_000) -> None:
        """Start before `server`; writes `pgbouncer.log` into `folder`. ProgramMissing where it is not installed."""
        self._program = find("pgbouncer", "pgbouncer")
        self._server = server
        self._log_path = folder / "pgbouncer.log"
        self._owner = owner()
        self._folder = Path(tempfile.mkdtemp(prefix="firstline-pgbouncer-"))
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._configure(pool_size, most_clients)
            self.start()
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def process_id(self) -> int:
        if self._process is None:
            raise ValueError("PgBouncer does not run.")
        return self._process.pid

    def url(self, database: str) -> str:
        """The database's address through the pooler, in SQLAlchemy's form, as the server's superuser."""
        return self.through(self._server.url(database))

    def through(self, url: str) -> str:
        """The same database and person as `url`, which leads to the server, through the pooler."""
        return make_url(url).set(host=HOST, port=self.port).render_as_string(hide_password=False)

    def start(self) -> None:
        """Start, or start again on the same port after `crash`; returns when it answers."""
        command = [str(self._program), "pgbouncer.ini"]
        self._process = spawn(command, self._owner, self._folder, self._log_path, end_by="TERM")
        wait_until_ready("PgBouncer", self._process, self._answers, self._log_path)

    def crash(self) -> None:
        """End it at once; all connections through it are cut."""
        if self._process is not None:
            end(self._process, signal.SIGKILL)
            self._process = None

    def stop(self) -> None:
        """End it and remove its folder; a second call does nothing."""
        if self._process is not None:
            end(self._process, signal.SIGTERM)  # at once; SIGINT would wait for open transactions
            self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _configure(self, pool_size: int, most_clients: int) -> None:
        address = make_url(self._server.url("postgres"))
        configuration, users = self._folder / "pgbouncer.ini", self._folder / "users"
        configuration.write_text(
            CONFIGURATION.format(
                host=address.host,
                port=address.port or 5432,
                listen=HOST,
                listen_port=self.port,
                user=address.username,
                most_clients=most_clients,
                pool_size=pool_size,
            ),
            encoding="utf-8",
        )
        users.touch(mode=0o600)
        users.write_text(f'"{address.username}" "{address.password}"\n', encoding="utf-8")
        self._owner.give(self._folder, configuration, users)

    def _answers(self) -> bool:
        address = make_url(self.url("postgres")).set(drivername="postgresql").render_as_string(hide_password=False)
        try:
            psycopg.connect(address, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True
