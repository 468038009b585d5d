"""Servers of the tests' own: child processes that never run as root, and end when the tests end or are killed."""

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
READY_LIMIT_S = 60.0
STOP_LIMIT_S = 15.0
LOG_TAIL_LINES = 30
PORTS = range(20_001, 32_000, 2)  # odd: Linux gives even ones first, where its range reaches so far down

_reservations: list[socket.socket] = []


class ProgramMissing(Exception):
    """A program is not on this machine; the sentence says what to install."""


class ProgramFailed(Exception):
    """A program is there and did not start; the end of its log is in the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whom a server runs as: neither PostgreSQL nor PgBouncer runs as root."""

    user_id: int | None = None
    group_id: int | None = None
    wrapper: tuple[str, ...] = ()

    def give(self, *paths: Path) -> None:
        """Make the paths its own."""
        for path in paths:
            if self.user_id is not None and self.group_id is not None:
                os.chown(path, self.user_id, self.group_id)


def owner() -> Owner:
    if os.geteuid() != 0:
        return Owner()
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        return Owner(wrapper=("unshare", "--user", "--map-user=1000"))
    return Owner(user_id=account.pw_uid, group_id=account.pw_gid)


def find(program: str, package: str) -> Path:
    """The program's path; ProgramMissing where Debian's package of that name is not installed."""
    path = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if path is None:
        raise ProgramMissing(f"{program} is not installed: `apt-get install {package}` brings it.")
    return Path(path)


def free_port() -> int:
    """A port, of TCP and UDP, that is this process's until it ends: no other worker is given it meanwhile.

    Not one of those that Linux gives to whoever asks for any: between a look and the server's start it would.
    """
    for port in random.sample(PORTS, len(PORTS)):
        reservation = _reserved(port)
        if reservation and all(_is_free(port, kind) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)):
            _reservations.append(reservation)
            return port
    raise OSError("No port is free.")


def _reserved(port: int) -> socket.socket | None:
    """By a name that only one process of the machine can have, and that goes with it; None when somebody has it."""
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f"\0firstline-test-port-{port}")
    except OSError:
        name.close()
        return None
    return name


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def spawn(
    command: Sequence[str], run_as: Owner, folder: Path, log_path: Path, *, end_by: str = "INT"
) -> subprocess.Popen[bytes]:
    """Start a child in `folder` whose output goes to `log_path`; killed tests end it by the signal `end_by`."""
    with log_path.open("ab") as log:
        return subprocess.Popen(
            [*run_as.wrapper, *_ending_with_parent(end_by), *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={name: value for name, value in os.environ.items() if not name.startswith("PG")},
            user=run_as.user_id,
            group=run_as.group_id,
            extra_groups=None if run_as.user_id is None else [],
            start_new_session=True,  # Ctrl+C is for the tests, which then stop the server in order
        )


def wait_until_ready(name: str, process: subprocess.Popen[bytes], answers: Callable[[], bool], log_path: Path) -> None:
    """Return when the server answers; ProgramFailed when it ended or took too long."""
    deadline = time.monotonic() + READY_LIMIT_S
    while not answers():
        if process.poll() is not None:
            raise failure(f"{name} ended at once", log_path)
        if time.monotonic() > deadline:
            raise failure(f"{name} did not answer within {READY_LIMIT_S:.0f} s", log_path)
        time.sleep(0.02)  # there is nothing to wait on: a server says nothing when it gets ready


def end(process: subprocess.Popen[bytes], *signals: signal.Signals) -> None:
    """Send the signals one after the other, and at last SIGKILL, until the process is gone."""
    for number in (*signals, signal.SIGKILL):
        process.send_signal(number)
        try:
            process.wait(STOP_LIMIT_S)
            return
        except subprocess.TimeoutExpired:
            continue


def failure(what: str, log_path: Path) -> ProgramFailed:
    lines = log_path.read_text(encoding="utf-8", errors="replace").splitlines()
    return ProgramFailed("\n".join([f"{what}; the end of {log_path}:", *lines[-LOG_TAIL_LINES:]]))


def _ending_with_parent(signal_name: str) -> tuple[str, ...]:
    """What goes before a command so that Linux ends it when the tests are killed."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", signal_name) if setpriv else ()
