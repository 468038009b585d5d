"""How fresh a supervisor's board is while a hundred desks work: `python -m tests.faults.board_load --minutes 10`.

Real PostgreSQL, desks in processes of their own that sign in as themselves, and a real board behind a proxy whose link
is cut in the middle. It prints how long each committed change took until the board showed it, what the board cost, how
soon it turned grey and came back; it ends with 1 when an update was lost or a promise of the board was not kept.
"""

import argparse
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from app.db import schema
from app.db.engine import Database
from app.domain.people import Role
from tests import builders, people, seeding
from tests.faults.board_desks import Seats, shared_out, work
from tests.faults.proxy import Proxy
from tests.patience import LIMIT_S, wait_for
from tests.postgres import Server, start_own

FRESH_S = 2.0  # 95 of 100 changes
GREY_S = 5.0
CUT_S = 10.0
GROWTH_MIB = 32.0  # what a board may take more at its end than after its first fifth, besides the calls of its day
BACK_S = 5.0  # after the link is there again: a reconnect, and a whole read
PER_PROCESS = 10

_SHARES = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("most", 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Of one run; times in seconds."""

    update_count: int
    lost_count: int
    lags: tuple[float, ...]  # sorted; without those that the cut held up
    grey_after: float | None
    back_after: float | None
    is_whole: bool
    processor_share: float
    memory_mib: tuple[float, float, float]  # after the first fifth, at the end, the most

    def lag(self, share: float) -> float:
        return self.lags[min(len(self.lags) - 1, int(share * len(self.lags)))] if self.lags else float("inf")

    @property
    def faults(self) -> list[str]:
        """What was not as it must be, however slow the machine is."""
        checks = (
            (self.lost_count == 0, f"{self.lost_count} updates were never shown"),
            (self.grey_after is not None, "never grey"),
            (self.back_after is not None, "never back"),
            (self.is_whole, "the board is not what is read anew"),
            (self.memory_mib[1] - self.memory_mib[0] <= GROWTH_MIB, f"memory grew: {self.memory_mib} MiB"),
        )
        return [words for is_kept, words in checks if not is_kept]

    @property
    def delays(self) -> list[str]:
        """What took longer than it may on a machine of its own."""
        checks = (
            (self.lag(0.95) <= FRESH_S, f"95 % of the updates took up to {self.lag(0.95):.2f} s"),
            (self.grey_after is None or self.grey_after <= GREY_S, f"grey after {self.grey_after} s"),
            (self.back_after is None or self.back_after <= BACK_S, f"back after {self.back_after} s"),
        )
        return [words for is_kept, words in checks if not is_kept]

    def __str__(self) -> str:
        first, last, most = self.memory_mib
        lags = ", ".join(f"{name} {self.lag(share):.2f} s" for name, share in _SHARES)
        back = f"grey after {self.grey_after} s, back {self.back_after} s after it was there again"
        cost = f"{first:.0f} MiB after a fifth, {last:.0f} at the end, {most:.0f} at most"
        return (
            f"{self.update_count} updates, {self.lost_count} lost; lag {lags}\n"
            f"link cut for {CUT_S:g} s: {back}, whole: {self.is_whole}\n"
            f"the board: {self.processor_share:.1%} of a processor, {cost}"
        )


def run(server: Server, folder: Path, *, desks: int, seconds: float, seed: int = 1) -> Found:
    """Let `desks` work for so long and watch."""
    url = server.create_database("board_load")
    urls = _people(url, desks)
    proxy = Proxy(make_url(url).port or 5432)
    try:
        lead = people.sign_in(url, "lead")
        through = make_url(lead).set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
        log = folder / "board.log"
        command = [sys.executable, "-m", "tests.faults.board_watcher", through, str(folder / "desk"), str(log), lead]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as board:
            cut = _let_work(urls, folder, seconds, seed, proxy, log)
            board.communicate(b"\n", timeout=2 * LIMIT_S)
        return _judge(list(_lines(folder.glob("desks-*.log"))), list(_lines([log])), cut)
    finally:
        proxy.stop()
        people.forget(url, "lead", *(login for login, _ in urls))


def _let_work(
    urls: Sequence[tuple[str, str]], folder: Path, seconds: float, seed: int, proxy: Proxy, log: Path
) -> tuple[float, float]:
    """From when to when the link was cut: until the board has noticed."""
    _until_noted(log, "open", 0.0)
    until = time.time() + seconds
    context = multiprocessing.get_context("spawn")
    parts = shared_out(urls, PER_PROCESS)
    seats = [
        Seats(urls=part, log=folder / f"desks-{i}.log", until=until, seed=seed * 1_000 + i * PER_PROCESS)
        for i, part in enumerate(parts)
    ]
    processes = [context.Process(target=work, args=(one,)) for one in seats]
    for process in processes:
        process.start()
    time.sleep(seconds / 2)
    cut_at = time.time()
    proxy.refuse(True)
    time.sleep(min(CUT_S, seconds / 4))
    _until_noted(log, "old", cut_at)
    proxy.refuse(False)
    back_at = time.time()
    for process in processes:
        process.join()
    _until_noted(log, "fresh", back_at)
    return cut_at, back_at


def _until_noted(log: Path, kind: str, since: float) -> None:
    """The board has written such a line."""
    wait_for(lambda: log.exists() and _after(list(_lines([log])), kind, since) is not None, lambda: f"never {kind}")


def _people(url: str, desks: int) -> list[tuple[str, str]]:
    database = Database(url)
    schema.upgrade(database)
    seeded = builders.seed(database)
    lead = builders.person("lead", team=seeded.network, roles=frozenset({Role.SUPERVISOR}))
    agents = [builders.person(f"desk{number:03}", team=seeded.office) for number in range(desks)]
    with database.write() as session:
        for one in (lead, *agents):
            seeding.add_person(session, replace(one, name=one.login.title()))
    builders.name_agents(database, lead)  # so that the board shows each change of each agent
    database.close()
    return [(one.login, people.sign_in(url, one.login)) for one in agents]


def _judge(done: list[list[Any]], shown: list[list[Any]], cut: tuple[float, float]) -> Found:
    """Each committed change was shown when the board first showed it or a later one of the same subject."""
    seen: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for kind, *rest in shown:
        if kind in ("call", "agent", "case"):
            id_, step, at = rest
            seen[kind, id_].append((at, step))
    lags, lost = [], 0
    for kind, id_, step, at in done:
        shown_at = min((when for when, known in seen.get((kind, id_), ()) if known >= step), default=None)
        if shown_at is None:
            lost += kind != "call" or (kind, id_) in seen  # else it came and went between two reads: see `is_whole`
        elif not cut[0] - FRESH_S <= at <= cut[1] + BACK_S:
            lags.append(max(0.0, shown_at - at))
    costs = [(at, memory, used) for kind, memory, used, at in (line for line in shown if line[0] == "cost")]
    wall = costs[-1][0] - costs[0][0]
    return Found(
        update_count=len(done),
        lost_count=lost,
        lags=tuple(sorted(lags)),
        grey_after=_after(shown, "old", cut[0]),
        back_after=_after(shown, "fresh", cut[1]),
        is_whole=["whole", True] in [line[:2] for line in shown],
        processor_share=(costs[-1][2] - costs[0][2]) / wall,
        memory_mib=(costs[len(costs) // 5][1], costs[-1][1], max(cost[1] for cost in costs)),
    )


def _after(shown: list[list[Any]], kind: str, since: float) -> float | None:
    found = [line[-1] - since for line in shown if line[0] == kind and line[-1] >= since]
    return round(found[0], 2) if found else None


def _lines(files: Iterable[Path]) -> Iterable[list[Any]]:
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
            if line.endswith("\n"):  # the last one may be being written
                yield json.loads(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--desks", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=1.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, start_own(Path(folder), settings=("max_connections=600",)) as server:
        found = run(server, Path(folder), desks=options.desks, seconds=options.minutes * 60)
    print(found)
    faults = [*found.faults, *found.delays]
    for fault in faults:
        print("FAULT:", fault)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
