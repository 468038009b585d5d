"""Live updates: how fresh another desk's list is, and what following costs the writers, the server and an idle desk."""

import multiprocessing
import os
import random
import selectors
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.db.engine import Database
from app.services.cases import Cases
from tests.bench.live_systems import Quiet, desks, hear, show_cases
from tests.bench.measure import Line, Rate, Times, compared
from tests.bench.queue_systems import Firstline, plain, worker_id
from tests.bench.workers import rate
from tests.builders import escalation, person
from tests.postgres import OwnServer, PostgresMissing, start_own

SECONDS = float(os.environ.get("FIRSTLINE_BENCH_S", "3"))
WRITERS, LISTENERS, MOST_LISTENERS = 32, 100, 1_000
WAITING = 1_000  # so that who claims always finds one, also when others were quicker
CASES = 60
WAKE_UPS = 20
IDLE_DESKS, IDLE_S = 20, 15.0
LIMIT_S = 30.0
FRESH_LIMIT_MS = 250.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    try:
        started = start_own(tmp_path_factory.mktemp("live"), settings=("max_connections=1300",))
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    with started:
        yield started


@pytest.fixture
def url(server: OwnServer, request: pytest.FixtureRequest) -> str:
    made = server.create_database(f"live_{abs(hash(request.node.name)) % 10**8}")
    Firstline().make(made)
    return made


def test_from_the_commit_to_another_process(url: str, report: list[Line]) -> None:
    ours, theirs = Times(), Times()
    database = Database(url)
    cases, agent = Cases(database), replace(person(), id=worker_id(0))
    with (
        _process(show_cases, url) as seen,
        _process(hear, url) as heard,
        psycopg.connect(plain(url), autocommit=True) as connection,
    ):
        for _ in range(CASES):
            time.sleep(random.uniform(0.05, 0.4))  # as people work, not in step with the wake-ups
            command = escalation(agent)
            cases.escalate(command)
            committed_s = time.monotonic()
            connection.execute("NOTIFY bare")
            told_s = time.monotonic()
            case_id, shown_s = seen.get(timeout=LIMIT_S)
            assert case_id == command.case.id
            ours.values.append(max(0.0, shown_s - committed_s) * 1000)
            theirs.values.append(max(0.0, heard.get(timeout=LIMIT_S) - told_s) * 1000)
    database.close()
    name = "commit to another process's list"
    report.append(compared(name, ours, "bare LISTEN, p50", theirs))
    report.append(Line(name=name, times=ours, yardstick="limit", yardstick_ms=FRESH_LIMIT_MS))


def test_the_commit_rate_with_and_without(url: str, rates: list[Rate]) -> None:
    with desks(url, LISTENERS):
        rates.append(_told_and_untold(url, f"{LISTENERS} listening desks", "live updates"))


def test_the_price_of_the_change_table(url: str, rates: list[Rate]) -> None:
    """A line for each change, and wake-ups, while nobody listens."""
    rates.append(_told_and_untold(url, "nobody listens", "change table"))


def test_an_idle_desk(url: str, rates: list[Rate]) -> None:
    with desks(url, IDLE_DESKS), psycopg.connect(plain(url), autocommit=True) as connection:
        time.sleep(2.0)  # what they read at the start
        before, began_s = _spent(connection), time.monotonic()
        time.sleep(IDLE_S)
        after, seconds = _spent(connection), time.monotonic() - began_s
    queries, cpu_ms = ((after[i] - before[i]) / seconds / IDLE_DESKS for i in range(2))
    rates.append(Rate(name="idle desk: transactions", per_s=queries, yardstick="one a second", yardstick_per_s=1))
    rates.append(Rate(name="idle desk: server's CPU, ms", per_s=cpu_ms, yardstick="1 % of a core", yardstick_per_s=10))


def test_a_wake_up_of_a_thousand_desks(url: str, report: list[Line]) -> None:
    """Until the last of them has it: bare connections, so that only the server is measured."""
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        for _ in range(MOST_LISTENERS):
            connection = stack.enter_context(psycopg.connect(plain(url), autocommit=True))
            connection.execute("LISTEN firstline")
            selector.register(connection, selectors.EVENT_READ, connection)
        sender = stack.enter_context(psycopg.connect(plain(url), autocommit=True))
        many, few = Times(), Times()
        for _ in range(WAKE_UPS):
            with many.one():
                sender.execute("NOTIFY firstline")
                _hear_all(selector)
            with few.one():
                sender.execute("SELECT 1")
        report.append(compared(f"NOTIFY to the last of {MOST_LISTENERS:,}", many, "a bare statement", few))


def _told_and_untold(url: str, listeners: str, what: str) -> Rate:
    """Writers that tell what they change, against those that do not: in turn, twice."""
    told, untold = [], []
    Firstline().fill(url, WAITING)
    for _ in range(2):
        untold.append(rate(Quiet(), url, workers=WRITERS, seconds=SECONDS))
        told.append(rate(Firstline(), url, workers=WRITERS, seconds=SECONDS))
    return Rate(
        name=f"escalate and claim, {WRITERS} writers, {listeners}",
        per_s=sum(told) / 2,
        yardstick=f"without {what}: {sum(untold) / 2:,.0f}",
        yardstick_per_s=sum(untold) / 2,
    )


@contextmanager
def _process(target: Any, url: str) -> Iterator[Any]:
    """Run it beside, from when it says that it is ready."""
    context = multiprocessing.get_context("forkserver")
    told, stopping = context.Queue(), context.Event()
    process = context.Process(target=target, args=(url, told, stopping), daemon=True)
    process.start()
    assert told.get(timeout=LIMIT_S) is None
    try:
        yield told
    finally:
        stopping.set()
        process.join(LIMIT_S)


def _spent(connection: psycopg.Connection[tuple[Any, ...]]) -> tuple[float, float]:
    """Transactions of the database until now, and the CPU time of its connections in ms."""
    connection.execute("SELECT pg_stat_clear_snapshot()")
    (ended,) = connection.execute(
        "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
    ).fetchone() or (0,)
    ids = connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()").fetchall()
    ticks = sum(_ticks_of(row[0]) for row in ids)
    return float(ended), ticks * 1000 / os.sysconf("SC_CLK_TCK")


def _ticks_of(process_id: int) -> int:
    try:
        fields = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _hear_all(selector: selectors.BaseSelector) -> None:
    waiting = {key.fileobj for key in selector.get_map().values()}
    until_s = time.monotonic() + LIMIT_S
    while waiting:
        assert time.monotonic() < until_s, "a wake-up was lost"
        for key, _ in selector.select(LIMIT_S):
            if list(key.data.notifies(timeout=0)):
                waiting.discard(key.fileobj)
