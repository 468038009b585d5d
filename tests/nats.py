"""A NATS server of the tests' own."""

import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.programs import HOST, end, find, free_port, owner, spawn, wait_until_ready


class NatsServer:
    """Runs until `stop`; keeps nothing, as brokers of wake-ups need not."""

    def __init__(self, folder: Path, *, user: str = "", password: str = "") -> None:
        """Start, with `nats.log` in `folder`; with `user` nobody else may sign in. ProgramMissing: not installed."""
        self._program = find("nats-server", "nats-server")
        self._log_path = folder / "nats.log"
        self._owner = owner()
        self._folder = Path(tempfile.mkdtemp(prefix="firstline-nats-"))
        self._user, self._password = user, password
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._configure()
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
    def url(self) -> str:
        """The address without the user."""
        return f"nats://{HOST}:{self.port}"

    @property
    def process_id(self) -> int:
        if self._process is None:
            raise ValueError("The NATS server does not run.")
        return self._process.pid

    def start(self) -> None:
        """Start, or start again on the same port after `crash`; returns when it answers."""
        command = [str(self._program), "-c", "nats.conf"]
        self._process = spawn(command, self._owner, self._folder, self._log_path)
        wait_until_ready("The NATS server", self._process, self._answers, self._log_path)

    def crash(self) -> None:
        """End it at once; all connections to it are cut."""
        if self._process is not None:
            end(self._process, signal.SIGKILL)
            self._process = None

    def stop(self) -> None:
        """End it and remove its folder; a second call does nothing."""
        if self._process is not None:
            end(self._process, signal.SIGINT)
            self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _configure(self) -> None:
        lines = [f"host: {HOST}", f"port: {self.port}"]
        if self._user:
            lines.append(f'authorization: {{ user: "{self._user}", password: "{self._password}" }}')
        path = self._folder / "nats.conf"
        path.touch(mode=0o600)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self._owner.give(self._folder, path)

    def _answers(self) -> bool:
        try:
            with socket.create_connection((HOST, self.port), timeout=5) as connection:
                return connection.recv(5) == b"INFO "
        except OSError:
            return False
