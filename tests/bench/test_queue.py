"""The queue of cases under load: beside pgbench with the same statements, and beside two systems that queue jobs.

Each point is measured in the same run on the same server, so that a loaded machine slows all of them. The seconds of
each point are settable: ``FIRSTLINE_BENCH_S=10``.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.engine import Database
from app.domain.cases import Level
from app.services.case_lists import PAGE_SIZE, CaseLists
from tests.bench import pgbench
from tests.bench.measure import Line, Rate, Times, compared
from tests.bench.queue_systems import Firstline, PgQueuer, Procrastinate, System
from tests.bench.workers import rate
from tests.postgres import DEBIAN_FOLDER, OwnServer, PostgresMissing, start_own

SECONDS = float(os.environ.get("FIRSTLINE_BENCH_S", "3"))
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
    count, urls = filled
    ours_url = urls[Firstline.name]
    most = pgbench.run(_binaries(), ours_url, tmp_path, clients=workers, seconds=SECONDS)
    ours = rate(Firstline(), ours_url, workers=workers, seconds=SECONDS)
    name = f"{count:,} wait, {workers} workers: escalate and claim"
    rates.append(Rate(name=name, per_s=ours, yardstick=f"pgbench: {most:,.0f}", yardstick_per_s=most))
    for peer in PEERS:
        theirs = rate(peer, urls[peer.name], workers=workers, seconds=SECONDS)
        rates.append(Rate(name=name, per_s=ours, yardstick=f"{peer.name}: {theirs:,.0f}", yardstick_per_s=theirs))


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
