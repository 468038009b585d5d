"""The fault campaign on a cluster: the lead passes from node to node, in order or because one dies, while desks work.

    python -m tests.faults.failover --desks 20 --escalations 5000 --rounds 3

A round is a switchover, a killed PostgreSQL and a killed node, each of the primary.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.faults.campaign import CONNECTIONS_OF_DESK
from tests.faults.centre import Route
from tests.faults.shift import Outcome, Place, Plan, work
from tests.faults.trouble import Fault
from tests.faults.witness import SCHEMA
from tests.patroni import Cluster

KINDS = ("switchovers", "PostgreSQL of the primary killed", "node of the primary killed")

# Between the last case that changed before the lead was lost, or just then, and the first after it.
_STANDSTILL = f"""
SELECT coalesce(max(extract(epoch FROM gap)), 0)::float FROM (
    SELECT at, at - lag(at) OVER (ORDER BY at) AS gap FROM {SCHEMA}.seen
) AS seen WHERE at > to_timestamp(%s) AND at - gap < to_timestamp(%s)
"""


@dataclass(slots=True)
class _Strikes:
    """Takes the lead from whoever has it; knows from when to when (seconds of the epoch), by kind."""

    cluster: Cluster
    spans: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    def faults(self, rounds: int) -> list[Fault]:
        ways = (self.cluster.switch_over, self._kill_postgres, self._kill_node)
        return [
            Fault(name=kind, total=rounds, strike=self._timed(kind, way)) for kind, way in zip(KINDS, ways, strict=True)
        ]

    def _timed(self, kind: str, way: Callable[[], None]) -> Callable[[], bool]:
        def strike() -> bool:
            self.cluster.wait_until_healthy()
            began_s = time.time()
            way()
            self.cluster.leader()
            self.spans[kind].append((began_s, time.time()))
            return True

        return strike

    def _kill_postgres(self) -> None:
        self.cluster.kill_postgres(self.cluster.leader())

    def _kill_node(self) -> None:
        dead = self.cluster.leader()
        self.cluster.kill_node(dead)
        self.cluster.wait_for_leader_other_than(dead)
        self.cluster.start_node(dead)

    def standstills(self, address: str) -> dict[str, str]:
        """For how long no case changed, at most and by kind."""
        figures = {}
        with psycopg.connect(address) as connection:
            for kind, spans in self.spans.items():
                rows = [connection.execute(_STANDSTILL, span).fetchone() for span in spans]
                seconds = sorted(row[0] for row in rows if row)
                figures[f"writes stood still, {kind}"] = ", ".join(f"{one:.1f} s" for one in seconds)
        return figures


def run(plan: Plan, folder: Path, *, rounds: int, ttl_s: int, say: Callable[[str], None] = lambda _: None) -> Outcome:
    """All desks name all nodes in their address.

    Raises:
        ProgramMissing: Patroni, etcd or PostgreSQL is not installed.
    """
    with Cluster(folder, ttl_s=ttl_s, most_connections=plan.desks * CONNECTIONS_OF_DESK + 30) as cluster:
        with psycopg.connect(cluster.address("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE firstline")
        address = cluster.address("firstline")
        strikes = _Strikes(cluster)
        place = Place(routes=(Route(hosts=cluster.hosts),), address=address)
        outcome = work(plan, place, folder, strikes=strikes.faults(rounds), say=say)
        return Outcome(figures={**outcome.figures, **strikes.standstills(address)}, findings=outcome.findings)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.failover", description=__doc__)
    parser.add_argument("--desks", type=int, default=20)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--escalations", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ttl", type=int, default=30, help="seconds for which a leader's word holds")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    plan = Plan(desks=chosen.desks, escalations=chosen.escalations, kills=chosen.kills, seed=chosen.seed)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="firstline-failover-")))
        say = lambda line: print(line, flush=True)  # noqa: E731
        outcome = run(plan, folder, rounds=chosen.rounds, ttl_s=chosen.ttl, say=say)
    print(outcome.table())
    print(f"{len(outcome.findings)} findings")
    return 1 if outcome.findings else 0


if __name__ == "__main__":
    sys.exit(main())
