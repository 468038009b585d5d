"""What the sources share that live in an asyncio loop: its thread, waiting for the first of several, and pauses."""

import asyncio
import logging
import random
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

SHORTEST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0

_JOIN_LIMIT_S = 5.0

_T = TypeVar("_T")

_log = logging.getLogger("firstline.line")


class LoopThread:
    """A thread with a loop of its own, in which one coroutine runs to its end."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._loop = runner.get_loop()  # made here, so that commands find it from now on
        self._thread = threading.Thread(target=_run, args=(runner, work), name=self._name, daemon=True)
        self._thread.start()

    def soon(self, action: Callable[[], object]) -> None:
        """Do it in the loop; nothing once that is closed."""
        if self._loop:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(action)

    def join(self) -> None:
        """Wait for the end of the coroutine, with a limit."""
        if self._thread:
            self._thread.join(_JOIN_LIMIT_S)
            self._thread = None


def pause_s(failures: int) -> float:
    """How long to wait before the next try: doubling, and apart from other desks that failed at the same time."""
    longest_s = min(LONGEST_PAUSE_S, SHORTEST_PAUSE_S * 2.0 ** min(failures + 1, 10))
    return random.uniform(max(SHORTEST_PAUSE_S, longest_s / 2), longest_s)


async def first_of(*work: Awaitable[None]) -> None:
    """Until the first of them ends or fails; the others are cancelled."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


def deliver(receive: Callable[[_T], None], value: _T) -> None:
    """Hand on news; an error of the receiver must not end a caller's conversation."""
    try:
        receive(value)
    except Exception:  # noqa: BLE001 - the edge of the telephony loop
        _log.exception("a receiver of the line's news failed")


def _run(runner: asyncio.Runner, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with runner:
        runner.run(work())
