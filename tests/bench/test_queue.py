"""The queue of cases under load: beside pgbench with the same statements, and beside two systems that queue jobs.

Each point is measured in turns on the same server, so that a loaded machine slows all of them. The seconds of each
turn are settable: ``FIRSTLINE_BENCH_S=10``.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.engine import Database
from app.domain.cases import Level
from app.services.case_lists import PAGE_SIZE, CaseLists
from tests.bench import pgbench
from tests.bench.bare_driver import BareDriver
from tests.bench.measure import Line, Rate, Times, compared
from tests.bench.queue_systems import Firstline, PgQueuer, Procrastinate, System
from tests.bench.workers import rate
from tests.postgres import DEBIAN_FOLDER, OwnServer, PostgresMissing, start_own

SECONDS = float(os.environ.get("FIRSTLINE_BENCH_S", "2"))
ROUNDS = 5
FEW, MANY = 10_000, 1_000_000
WORKERS = (1, 8, 32)
PAGES = 40
PEERS: tuple[System, ...] = (Procrastinate(), PgQueuer())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    try:
        started = start_own(tmp_path_factory.mktemp("queue"), settings=("shared_buffers=1GB", "max_wal_size=8GB"))
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    with started:
        yield started


@pytest.fixture(scope="module", params=(FEW, MANY))
def filled(request: pytest.FixtureRequest, server: OwnServer) -> tuple[int, dict[str, str]]:
    """How many wait, and the database of each system in which they do."""
    count: int = request.param
    urls = {}
    for system in (Firstline(), *PEERS):
        urls[system.name] = server.create_database(f"{system.name.lower()}_{count}")
        system.make(urls[system.name])
        system.fill(urls[system.name], count)
    return count, urls


@pytest.mark.parametrize("workers", WORKERS)
def test_escalate_and_claim(
    filled: tuple[int, dict[str, str]], workers: int, tmp_path: Path, rates: list[Rate]
) -> None:
    """In turn, in several rounds: what else the machine does then meets all of them alike."""
    count, urls = filled
    best: list[float] = []
    systems = {system: urls.get(system.name, urls[Firstline.name]) for system in (Firstline(), BareDriver(), *PEERS)}
    done: dict[str, list[float]] = {system.name: [] for system in systems}
    for _ in range(ROUNDS):
        best.append(pgbench.run(_binaries(), urls[Firstline.name], tmp_path, clients=workers, seconds=SECONDS))
        for system, url in systems.items():
            done[system.name].append(rate(system, url, workers=workers, seconds=SECONDS))
    name = f"{count:,} wait, {workers} workers: escalate and claim"
    ours = done.pop(Firstline.name)
    for yardstick, theirs in {"pgbench": best, **done}.items():
        rates.append(_median(name, yardstick, ours, theirs))


def _median(name: str, yardstick: str, ours: list[float], theirs: list[float]) -> Rate:
    """The round whose share is the middle one; with its range."""
    shares = sorted((mine / other, mine, other) for mine, other in zip(ours, theirs, strict=True))
    _, mine, other = shares[len(shares) // 2]
    words = f"{yardstick}: {other:,.0f} ({shares[0][0]:.2f} to {shares[-1][0]:.2f})"
    return Rate(name=name, per_s=mine, yardstick=words, yardstick_per_s=other)


def test_the_first_page_of_a_million(server: OwnServer, report: list[Line]) -> None:
    """In turn, on the databases that were filled before."""
    times = {count: Times() for count in (FEW, MANY)}
    databases = {count: Database(server.url(f"firstline_{count}")) for count in times}
    for _ in range(PAGES):
        for count, database in databases.items():
            with times[count].one():
                page = CaseLists(database).queue(Level.SECOND)
            assert len(page) == PAGE_SIZE
    for database in databases.values():
        database.close()
    report.append(compared(f"first page of {MANY:,}", times[MANY], f"first page of {FEW:,}", times[FEW]))


def _binaries() -> Path:
    return max(DEBIAN_FOLDER.glob("*/bin/pgbench"), key=lambda path: int(path.parent.parent.name)).parent
