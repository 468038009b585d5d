"""An X display in memory, for the tests that need a real window system."""

import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

READY_LIMIT_S = 60.0
STOP_LIMIT_S = 10.0
SCREEN = "1600x1000x24"


class DisplayMissing(Exception):
    """There is no Xvfb on this machine; the sentence says what to install."""


class DisplayFailed(Exception):
    """Xvfb is there and did not start."""


@contextmanager
def virtual_display(*, search_path: str | None = None) -> Iterator[str]:
    """Start Xvfb on a free display and yield its name (`:7`), the value for `DISPLAY`.

    `search_path` is looked through instead of `PATH`.

    Raises:
        DisplayMissing: there is no Xvfb.
    """
    program = shutil.which("Xvfb", path=search_path)
    if program is None:
        raise DisplayMissing("Xvfb is not installed: `apt-get install xvfb` brings it.")
    read_end, write_end = os.pipe()
    try:
        server = _launch(program, write_end)
        try:
            yield f":{_display_number(read_end)}"
        finally:
            _end(server)
    finally:
        os.close(read_end)


def _launch(program: str, write_end: int) -> subprocess.Popen[bytes]:
    """Start the server; it writes the number of the display that it chose to `write_end`."""
    setpriv = shutil.which("setpriv")
    ending_with_parent = [setpriv, "--pdeathsig", "TERM"] if setpriv else []
    options = ["-displayfd", str(write_end), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]
    try:
        return subprocess.Popen(
            [*ending_with_parent, program, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[write_end],
            start_new_session=True,  # Ctrl+C is for the tests, which then end it in order
        )
    finally:
        os.close(write_end)  # so that reading ends when Xvfb does


def _display_number(read_end: int) -> int:
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([read_end], [], [], READY_LIMIT_S)
        piece = os.read(read_end, 16) if ready else b""
        if not piece:
            raise DisplayFailed("Xvfb ended, or named no display in time.")
        text += piece
    return int(text)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
