"""The fault campaign: many desks at work, and everything that can break, breaks.

    python -m tests.faults.campaign --desks 50 --kills 1000 --escalations 100000

It says how far it is, prints a table of what was done and found, and ends with 1 when the referee found anything.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import make_url

from tests.faults import trouble
from tests.faults.centre import Route, libpq
from tests.faults.proxy import Proxy
from tests.faults.shift import Outcome, Place, Plan, work
from tests.pgbouncer import PgBouncer
from tests.postgres import start_own
from tests.programs import HOST

CONNECTIONS_OF_DESK = 7


def run(
    plan: Plan,
    folder: Path,
    *,
    server_stops: int = 0,
    network_faults: int = 0,
    say: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """On one durable server: a third of the desks reach it directly, a third by a bad network, a third by a pooler.

    Raises:
        ProgramMissing: PostgreSQL or PgBouncer is not installed.
    """
    chance = random.Random(plan.seed)
    most = f"max_connections={plan.desks * CONNECTIONS_OF_DESK + 20}"
    with ExitStack() as stack:
        server = stack.enter_context(start_own(folder, durable=True, settings=[most]))
        url = server.create_database("firstline")
        port = make_url(url).port or 5432
        proxy = Proxy(port)
        stack.callback(proxy.stop)
        pooler = stack.enter_context(PgBouncer(server, folder))
        routes = (
            Route(hosts=f"{HOST}:{port}"),
            Route(hosts=f"{HOST}:{proxy.port}"),
            Route(hosts=f"{HOST}:{pooler.port}", is_pooled=True),
        )
        outcome = work(
            plan,
            Place(routes=routes, address=libpq(url)),
            folder,
            strikes=[
                trouble.server_stops(server, server_stops, chance),
                trouble.pooler_kills(pooler, server_stops, chance),
            ],
            beside=[trouble.network_faults(proxy, network_faults, chance)],
            say=say,
        )
        network = {"connections cut": "cuts", "commits whose answer was lost": "lost answers"}
        figures = {**outcome.figures, **{name: str(proxy.counts[count]) for name, count in network.items()}}
        return Outcome(figures=figures, findings=outcome.findings)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.campaign", description=__doc__)
    parser.add_argument("--desks", type=int, default=50)
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--escalations", type=int, default=100_000)
    parser.add_argument("--server-stops", type=int, default=20)
    parser.add_argument("--network-faults", type=int, default=400)
    parser.add_argument("--full-disks", type=int, default=20)
    parser.add_argument("--keys", type=float, default=0.05, help="mean pause between two key strokes, in seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=7_200.0, help="seconds for the work")
    parser.add_argument("--folder", type=Path, help="a new folder to work in, which is kept; default: one is removed")
    chosen = parser.parse_args(arguments)
    plan = Plan(
        desks=chosen.desks,
        kills=chosen.kills,
        escalations=chosen.escalations,
        full_disks=chosen.full_disks,
        keys_s=chosen.keys,
        seed=chosen.seed,
        limit_s=chosen.limit,
    )
    with ExitStack() as stack:
        folder = chosen.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="firstline-faults-")))
        folder.mkdir(parents=True, exist_ok=True)
        outcome = run(
            plan,
            folder,
            server_stops=chosen.server_stops,
            network_faults=chosen.network_faults,
            say=lambda line: print(line, flush=True),
        )
    print(outcome.table())
    print(f"{len(outcome.findings)} findings")
    return 1 if outcome.findings else 0


if __name__ == "__main__":
    sys.exit(main())
