"""Our writers without live updates, and desks that follow changes, each in processes of their own."""

import asyncio
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
from nats.aio.client import Client

from app.db.broker import BrokerAddress
from app.db.engine import Database
from app.db.feed import ChangeFeed
from app.db.one_statement import Decision, NewRow, write_together
from app.db.rows import ChangeRow
from app.domain.cases import Level
from app.domain.topics import Topic
from app.services import once
from app.services.case_lists import CaseLists
from tests.bench.queue_systems import Begin, Firstline, plain

FEEDS_EACH = 25  # desks of one process
SUBSCRIBERS_EACH = 250
LIMIT_S = 60.0


class Quiet(Firstline):
    """Tells nobody what it changed: no line in the change table, no NOTIFY."""

    name = "without live updates"

    def work(self, url: str, number: int, begin: Begin) -> int:
        with patch.object(once, "write_together", _write_untold), patch.object(Database, "announce", lambda _: None):
            return super().work(url, number, begin)


def _write_untold(connection: Any, decision: Decision | None, rows: tuple[NewRow, ...], **options: Any) -> Any:
    return write_together(connection, decision, tuple(row for row in rows if row.row is not ChangeRow), **options)


@contextmanager
def desks(url: str, count: int) -> Iterator[None]:
    """So many feeds that read what changed, as an idle desk's does."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    ready, stopping = context.Semaphore(0), context.Event()
    shares = [min(FEEDS_EACH, count - first) for first in range(0, count, FEEDS_EACH)]
    processes = [context.Process(target=_follow, args=(url, share, ready, stopping), daemon=True) for share in shares]
    for process in processes:
        process.start()
    try:
        for _ in range(count):
            assert ready.acquire(timeout=LIMIT_S), "a desk did not reach the database"
        yield
    finally:
        stopping.set()
        for process in processes:
            process.join(LIMIT_S)


def _follow(url: str, count: int, ready: Any, stopping: Any) -> None:
    def tell(is_there: bool) -> None:
        if is_there:
            ready.release()

    databases = [Database(url) for _ in range(count)]
    feeds = [ChangeFeed(database, lambda _: None, tell) for database in databases]
    for feed in feeds:
        feed.start()
    stopping.wait()
    for feed in feeds:
        feed.stop()
    for database in databases:
        database.close()


@contextmanager
def subscribers(address: BrokerAddress, count: int) -> Iterator[Callable[[float], float]]:
    """So many connections to the broker. The function gives when the last had the next wake-up after a moment."""
    context = multiprocessing.get_context("forkserver")
    ready, heard, stopping = context.Semaphore(0), context.Queue(), context.Event()
    shares = [min(SUBSCRIBERS_EACH, count - first) for first in range(0, count, SUBSCRIBERS_EACH)]
    processes = [
        context.Process(
            target=_subscribe, args=(address.url, address.subject, share, ready, heard, stopping), daemon=True
        )
        for share in shares
    ]
    for process in processes:
        process.start()
    try:
        for _ in processes:
            assert ready.acquire(timeout=LIMIT_S), "a desk did not reach the broker"
        yield lambda after_s: _last_of(len(processes), heard, after_s)
    finally:
        stopping.set()
        for process in processes:
            process.join(LIMIT_S)


def _last_of(count: int, heard: Any, after_s: float) -> float:
    moments: list[float] = []
    while len(moments) < count:
        moment = heard.get(timeout=LIMIT_S)
        if moment > after_s:
            moments.append(moment)
    return max(moments)


def _subscribe(url: str, subject: str, count: int, ready: Any, heard: Any, stopping: Any) -> None:
    asyncio.run(_hear_together(url, subject, count, ready, heard, stopping))


async def _hear_together(url: str, subject: str, count: int, ready: Any, heard: Any, stopping: Any) -> None:
    """Puts the moment at which the last of `count` subscribers has the same wake-up."""
    clients, woken_count = [Client() for _ in range(count)], 0

    async def note(_: object) -> None:
        nonlocal woken_count
        woken_count += 1
        if woken_count % count == 0:
            heard.put(time.monotonic())

    for client in clients:
        await client.connect(url)
        await client.subscribe(subject, cb=note)
        await client.flush()
    ready.release()
    while not stopping.is_set():
        await asyncio.sleep(0.2)
    for client in clients:
        await client.close()


def show_cases(url: str, seen: Any, stopping: Any) -> None:
    """A second-level desk's list: puts (case id, moment) for each case, when the list first holds it."""
    database, known = Database(url), set()
    lists = CaseLists(database)

    def read(topics: frozenset[Topic]) -> None:
        if Topic.CASES not in topics:
            return
        for case in lists.queue(Level.SECOND):
            if case.id not in known:
                known.add(case.id)
                seen.put((case.id, time.monotonic()))

    feed = ChangeFeed(database, read, lambda _: seen.put(None))
    feed.start()
    stopping.wait()
    feed.stop()
    database.close()


def hear(url: str, heard: Any, stopping: Any) -> None:
    """A bare LISTEN: puts the moment of each wake-up."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute("LISTEN bare")
        heard.put(None)
        while not stopping.is_set():
            for _ in connection.notifies(timeout=0.2, stop_after=1):
                heard.put(time.monotonic())
