"""Systems that queue work in PostgreSQL, each behind the same three functions: make, fill, and work on.

`work` is what a process of its own does: escalate one case (defer one job) and claim one, until the time is over.
All of them use psycopg, one worker a process.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import procrastinate
import psycopg
from pgqueuer.db import PsycopgDriver
from pgqueuer.ports.repository import EntrypointExecutionParameter
from pgqueuer.queries import Queries
from sqlalchemy import make_url

from app.db import schema
from app.db.engine import Database
from app.domain.cases import Level
from app.domain.commands import ClaimNext, EscalateCase
from app.domain.ids import new_id
from app.domain.people import Person
from app.services.cases import Cases
from tests.builders import case_draft, hand_over, person, seed
from tests.seeding import add_person

MOST_WORKERS = 32
PAYLOAD = {"note": "No internet since Monday", "searches": ["no internet"], "serial": "SN-V-1001"}

Begin = Callable[[], float]  # waits for all workers; then the moment (monotonic, s) at which they stop


class System(Protocol):
    name: str

    def make(self, url: str) -> None:
        """Its tables, in an empty database."""

    def fill(self, url: str, count: int) -> None:
        """Add `count` things that wait."""

    def work(self, url: str, number: int, begin: Begin) -> int:
        """How many pairs this worker did until the end."""


def plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def worker_id(number: int) -> UUID:
    """The person whom worker `number` works as; pgbench makes the same id of its client number."""
    return UUID(f"00000000-0000-7000-8000-{number:012d}")


class Firstline:
    name = "Firstline"

    def make(self, url: str) -> None:
        database = Database(url)
        schema.upgrade(database)
        centre = seed(database)
        with database.write() as session:
            for number in range(MOST_WORKERS):
                add_person(session, _worker(number, centre.network.id))
        database.close()

    def fill(self, url: str, count: int) -> None:
        """Without checks of the foreign keys, which are right: half a minute less for a million."""
        with psycopg.connect(plain(url), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(_WAITING, {"count": count, "opener": worker_id(0)})
            connection.execute("VACUUM ANALYZE case_file")

    def work(self, url: str, number: int, begin: Begin) -> int:
        """What is handed over is made once, as what the others queue; ids, numbers and times are each command's own."""
        database, by, payload = Database(url), worker_id(number), hand_over()
        cases = Cases(database)

        def pair() -> None:
            at = datetime.now(UTC)
            cases.escalate(EscalateCase(id=new_id(), by=by, at=at, case=case_draft(), hand_over=payload))
            assert cases.claim_next(ClaimNext(id=new_id(), by=by, at=datetime.now(UTC), level=Level.SECOND))

        try:
            return counted(pair, begin)
        finally:
            database.close()


class Procrastinate:
    name = "procrastinate"

    def make(self, url: str) -> None:
        asyncio.run(self._make(url))

    def fill(self, url: str, count: int) -> None:
        with psycopg.connect(plain(url), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args)"
                " SELECT 'second', 'case', n %% 5, %s FROM generate_series(1, %s) n",
                (psycopg.types.json.Jsonb(PAYLOAD), count),
            )
            connection.execute("VACUUM ANALYZE procrastinate_jobs")

    def work(self, url: str, number: int, begin: Begin) -> int:
        return asyncio.run(self._work(url, begin))

    async def _make(self, url: str) -> None:
        async with self._app(url).open_async() as app:
            await app.schema_manager.apply_schema_async()

    async def _work(self, url: str, begin: Begin) -> int:
        async with self._app(url).open_async() as app:
            manager = app.job_manager
            worker = await manager.register_worker()
            deferrer = app.configure_task("case", queue="second", allow_unknown=True)

            async def pair() -> None:
                await deferrer.defer_async(**PAYLOAD)
                assert await manager.fetch_job(queues=["second"], worker_id=worker)

            return await _counted_async(pair, begin)

    def _app(self, url: str) -> Any:
        return procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=plain(url), min_size=1, max_size=1))


class PgQueuer:
    name = "pgqueuer"

    def make(self, url: str) -> None:
        asyncio.run(self._make(url))

    def fill(self, url: str, count: int) -> None:
        with psycopg.connect(plain(url), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(
                "INSERT INTO pgqueuer"
                " (priority, status, entrypoint, payload, created, updated, heartbeat, execute_after)"
                " SELECT n %% 5, 'queued', 'case', %s, now(), now(), now(), now() FROM generate_series(1, %s) n",
                (repr(PAYLOAD).encode(), count),
            )
            connection.execute("VACUUM ANALYZE pgqueuer")

    def work(self, url: str, number: int, begin: Begin) -> int:
        return asyncio.run(self._work(url, begin))

    async def _make(self, url: str) -> None:
        connection = await psycopg.AsyncConnection.connect(plain(url), autocommit=True)
        async with connection, PsycopgDriver(connection) as driver:
            await Queries(driver).install()

    async def _work(self, url: str, begin: Begin) -> int:
        connection = await psycopg.AsyncConnection.connect(plain(url), autocommit=True)
        async with connection, PsycopgDriver(connection) as driver:
            queries, me, payload = Queries(driver), new_id(), repr(PAYLOAD).encode()
            entrypoints: Any = {"case": EntrypointExecutionParameter(concurrency_limit=0)}

            async def pair() -> None:
                await queries.enqueue("case", payload)
                assert await queries.dequeue(
                    batch_size=1,
                    entrypoints=entrypoints,
                    queue_manager_id=me,  # type: ignore[arg-type] # a UUID of a kind of its own
                    global_concurrency_limit=None,
                    heartbeat_timeout=timedelta(hours=1),
                )

            return await _counted_async(pair, begin)


_WARM_UP_COUNT = 8  # more than psycopg needs to prepare a statement
# Opened and due one after the other, however many, with ids in that order, as desks make them (UUID 7).
_WAITING = """
INSERT INTO case_file (id, number, title, state, level, priority, due_at, opened_at, level_since, opened_by, team_id)
SELECT (lpad(to_hex(1700000000000 + n), 12, '0') || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid,
       'L-' || %(count)s || '-' || n, 'No internet', 'waiting', 2, 1 + n %% 5,
       now() + n * interval '8 hours' / %(count)s, now(), now(), %(opener)s, (SELECT id FROM team LIMIT 1)
FROM generate_series(1, %(count)s) n
"""


def _worker(number: int, team_id: UUID) -> Person:
    made = person(f"worker-{number}")
    return Person(
        id=worker_id(number),
        login=made.login,
        name=made.name,
        team_id=team_id,
        team_name=made.team_name,
        roles=made.roles,
    )


def counted(pair: Callable[[], None], begin: Begin) -> int:
    for _ in range(_WARM_UP_COUNT):
        pair()
    end_s, count = begin(), 0
    while time.monotonic() < end_s:
        pair()
        count += 1
    return count


async def _counted_async(pair: Callable[[], Any], begin: Begin) -> int:
    for _ in range(_WARM_UP_COUNT):
        await pair()
    end_s, count = begin(), 0
    while time.monotonic() < end_s:
        await pair()
        count += 1
    return count
