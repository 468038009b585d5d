"""Workers as processes of their own, as desks are: they begin together, and say how much they did."""

import gc
import multiprocessing
import time
from multiprocessing.context import ForkServerContext
from queue import Empty
from typing import Any

from tests.bench.queue_systems import System

LIMIT_S = 120.0


def rate(system: System, url: str, *, workers: int, seconds: float) -> float:
    """Pairs a second of all workers together."""
    context = _context()
    ready, done = context.Barrier(workers), context.Queue()
    processes = [
        context.Process(target=_work, args=(system, url, number, ready, seconds, done), daemon=True)
        for number in range(workers)
    ]
    for process in processes:
        process.start()
    try:
        counts: list[int] = [done.get(timeout=LIMIT_S) for _ in processes]
    except Empty:
        raise RuntimeError(f"a worker of {system.name} failed; its traceback is above") from None
    finally:
        for process in processes:
            process.join(LIMIT_S)
    return sum(counts) / seconds


def _context() -> ForkServerContext:
    """From a server process that has imported everything already, and no threads, and no windows."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([System.__module__])
    return context


def _work(system: System, url: str, number: int, ready: Any, seconds: float, done: Any) -> None:
    gc.collect()
    gc.freeze()  # as in the program, where the collector never looks at what was there from the start

    def begin() -> float:
        ready.wait(LIMIT_S)
        return time.monotonic() + seconds

    done.put(system.work(url, number, begin))
