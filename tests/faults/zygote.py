"""Forks desks from one process that has imported the program already: a desk starts in milliseconds, not in a second.

It does one thing at a time, as the lines on its standard input say, and answers each with a line. So it can kill a desk
and wait for its end without ever meeting another process that got the same number.
"""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import msgspec

from tests.faults.desk_process import ENDINGS, Seat, work

ROOT = Path(__file__).parents[2]


class Zygote:
    """The campaign's side. Safe to use from all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # a process with threads must not be forked
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def start(self, seat: Seat) -> int:
        """Begin a desk; its process id."""
        return int(self._ask("start", msgspec.to_builtins(seat, enc_hook=str)))

    def kill(self, process_id: int) -> float:
        """End a desk as a power cut does; the monotonic time at which it died."""
        return float(self._ask("kill", process_id))

    def signal(self, process_id: int, number: signal.Signals) -> None:
        self._ask("signal", [process_id, int(number)])

    def ended(self) -> dict[int, int]:
        """The desks that ended by themselves since this was asked last: process id and exit code."""
        return {int(id_): code for id_, code in self._ask("ended", None).items()}

    def _ask(self, what: str, about: object) -> Any:
        assert self._process.stdin and self._process.stdout
        with self._lock:
            self._process.stdin.write(msgspec.json.encode([what, about]).decode() + "\n")
            self._process.stdin.flush()
            return msgspec.json.decode(self._process.stdout.readline())


def main() -> None:
    children: set[int] = set()
    os.nice(5)  # the truth is read, and the network made, before the desks go on
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    gc.freeze()  # what is imported stays shared between the desks
    try:
        for line in sys.stdin:
            what, about = msgspec.json.decode(line)
            sys.stdout.write(msgspec.json.encode(_ANSWERS[what](about, children)).decode() + "\n")
            sys.stdout.flush()
    finally:
        for child in tuple(children):
            _kill(child, children)


def _start(about: Any, children: set[int]) -> int:
    seat = msgspec.convert(about, Seat, dec_hook=lambda kind, value: kind(value))
    child = os.fork()
    if child == 0:
        _be_a_desk(seat)
    children.add(child)
    return child


def _be_a_desk(seat: Seat) -> None:
    code = 1
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        work(seat)
        code = 0
    finally:
        os._exit(code)  # not through what the zygote has on its stack


def _kill(child: int, children: set[int]) -> float:
    """None of its own code runs after the signal; until the kernel has buried it, much later may be."""
    died_at_s = time.monotonic()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    children.discard(child)
    return died_at_s


def _signal(about: list[int], children: set[int]) -> None:
    if about[0] in children:
        os.kill(about[0], about[1])


def _ended(_: object, children: set[int]) -> dict[str, int]:
    codes = {}
    for child in tuple(children):
        id_, status = os.waitpid(child, os.WNOHANG)
        if id_:
            children.discard(child)
            codes[str(child)] = os.waitstatus_to_exitcode(status)
    return codes


_ANSWERS: dict[str, Callable[[Any, set[int]], object]] = {
    "start": _start,
    "kill": _kill,
    "signal": _signal,
    "ended": _ended,
}

if __name__ == "__main__":
    main()
