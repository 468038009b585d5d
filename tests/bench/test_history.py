"""A year of 1,000 agents: how fast it opens, how fast facts are summed up, and how many rows that makes.

Of a year's sums all rows are there (20 queues, 2 teams each, 15 hours a day): what is read is what would be. The facts
behind them are not; that their number does not change how many rows there are, the last measurement shows.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, text

from app.db.engine import Database
from app.db.history_rows import CALL_TALLY, HANDLE_BUCKETS
from app.domain.history.kept import Grain
from app.domain.history.requests import Days, Group, Request
from app.services.histories import Histories
from app.services.roll_ups import RollUps
from app.services.works_council import WorksCouncil
from tests import people
from tests.bench.measure import Line, Rate, Times
from tests.services.past import Past, make_past

LIMIT_MS = 1_000.0
YEAR = Days(first=date(2025, 1, 1), last=date(2025, 12, 31), zone=ZoneInfo("UTC"))
NOW = datetime(2026, 1, 2, tzinfo=UTC)
ROUNDS = 7
FACTS_OF_A_YEAR = 100_000_000

_QUARTER, _HOUR, _DAY = "interval '15 minutes'", "interval '1 hour'", "interval '1 day'"
_COUNTS = (
    "40, 30, 4, 1, 3, 0, 40, 38, 2," + "2," * len(HANDLE_BUCKETS) + "40, 25, 600000000, 7200000000, 90000000, 900000000"
)


def _rows(grain: Grain, steps: int, length: str, first: str = "interval '7 hours'") -> str:
    return (
        f"INSERT INTO call_tally SELECT '{grain}', d::date, d + s * {length}, d + (s + 1) * {length},"
        f" 'Queue ' || q, 'team ' || (q * 2 + t), {_COUNTS}"
        f" FROM (SELECT generate_series('2025-01-01'::timestamptz, '2025-12-31', '1 day') + {first} AS d) AS days,"
        f" generate_series(0, {steps - 1}) s, generate_series(1, 20) q, generate_series(0, 1) t"
    )


@pytest.fixture
def past(postgres_url: str) -> Iterator[Past]:
    database = Database(postgres_url)
    yield make_past(database)
    database.close()


def test_a_year_opens_in_a_second(past: Past, postgres_url: str, report: list[Line]) -> None:
    with people.superuser(postgres_url) as connection:
        connection.execute("SET timezone = 'UTC'")
        connection.execute("INSERT INTO history_state VALUES (1, 'UTC', '0', '[]', now())")
        for grain, steps, length, first in (
            (Grain.QUARTER, 60, _QUARTER, "interval '7 hours'"), (Grain.PART, 15, _HOUR, "interval '7 hours'"),
            (Grain.DAY, 1, _DAY, "interval '0'"),
        ):  # fmt: skip
            connection.execute(_rows(grain, steps, length, first).encode())
        connection.execute("VACUUM ANALYZE call_tally")
    with past.database.read() as session:
        count = session.scalar(select(func.count()).select_from(CALL_TALLY))
    histories = Histories(past.database)
    _measure(report, f"small groups withheld, {count:,} rows", histories, YEAR)
    WorksCouncil(past.database).change(past.agents[0], is_on=False, reason="a measurement")
    _measure(report, "nothing withheld", histories, YEAR)
    tokyo = Days(first=YEAR.first, last=YEAR.last, zone=ZoneInfo("Asia/Tokyo"))
    _measure(report, "nothing withheld, days of another zone", histories, tokyo)


def _measure(report: list[Line], name: str, histories: Histories, days: Days) -> None:
    for by in (Group.QUEUE, Group.DAY):
        times = Times()
        for _ in range(ROUNDS):
            with times.one():
                answer = histories.ask(Request(days=days, by=by), NOW)
        assert answer.total.calls.answered > 0
        report.append(Line(name=f"a year by {by}: {name}", times=times, yardstick="a second", yardstick_ms=LIMIT_MS))


def test_how_fast_facts_are_summed_up_and_how_many_rows_they_make(past: Past, rates: list[Rate]) -> None:
    for n in (2_000, 20_000):
        with past.database.engine.begin() as connection:
            connection.execute(text("DELETE FROM call"))
            connection.execute(text(_calls(past, n)))
        began = datetime.now(UTC)
        RollUps(past.database).run(NOW, zone="UTC", rebuilds=True)
        took_s = (datetime.now(UTC) - began).total_seconds()
        with past.database.read() as session:
            rows = session.scalar(select(func.count()).select_from(CALL_TALLY)) or 0
        a_year_per_s = FACTS_OF_A_YEAR / timedelta(days=365).total_seconds()
        name = f"calls summed up of {n:,}, which make {rows:,} rows"
        rates.append(Rate(name=name, per_s=n / took_s, yardstick="calls of 1,000 agents", yardstick_per_s=a_year_per_s))


def _calls(past: Past, n: int) -> str:
    """On one day, ten hours of it; the same quarters, queues and teams however many."""
    agents = ", ".join(f"'{agent}'" for agent in random.Random(1).sample(past.agents, len(past.agents)))
    return (
        "INSERT INTO call (id, source, number_raw, number_kind, display_name, queue, state, agent_id, queued_at,"
        " offered_at, answered_at, held_ms, ended_at, wrapped_up_at, end_reason, is_outgoing, note, told_at)"
        " SELECT md5('c' || n)::uuid, 'demo', '', 'withheld', '', 'Queue ' || n % 4, 'closed',"
        f" (ARRAY[{agents}]::uuid[])[1 + n % {len(past.agents)}], at, at, at + interval '9 seconds', 0,"
        " at + interval '4 minutes', at + interval '5 minutes', 'answered', false, '', at"
        f" FROM (SELECT n, '2025-12-01 08:00+00'::timestamptz + n * interval '10 hours' / {n} AS at"
        f" FROM generate_series(1, {n}) n) AS made"
    )
