"""A year of 1,000 agents: how fast the screen of the past opens, and how fast facts are summed up.

It is read as supervisors read it: signed in as themselves, through the policies of the tables, with what the screen
asks beside the figures (which queues and teams can be chosen). Of a year's sums all rows are there: 20 queues with 2
teams each, 15 hours a day, 5 products; what is read is what would be. The facts behind them are not; that their number
does not change how many rows there are, the last measurement shows. `FIRSTLINE_BENCH_DAYS=14` makes a shorter year.
"""

import os
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from sqlalchemy import Table, func, select, text

from app.db.engine import Database
from app.db.history_rows import CALL_TALLY, CASE_TALLY, PRESENCE_TALLY
from app.domain.history.kept import Grain
from app.domain.history.requests import Days, Group
from app.domain.people import Role, Team
from app.services.histories import LONGEST_IN_ANOTHER_ZONE, Histories
from app.services.roll_ups import RollUps
from app.services.works_council import WorksCouncil
from tests import builders, people, seeding
from tests.bench.measure import Line, Rate, Times
from tests.services.past import Past, make_past
from ui.history.views import VIEWS

LIMIT_MS = 1_000.0
FIRST = date(2025, 1, 1)
LAST = FIRST + timedelta(days=int(os.environ.get("FIRSTLINE_BENCH_DAYS", "365")) - 1)
YEAR = Days(first=FIRST, last=LAST, zone=ZoneInfo("UTC"))
NOW = datetime(2026, 1, 2, tzinfo=UTC)
ROUNDS = 7
FACTS_OF_A_YEAR = 100_000_000
LEAD = "bench_lead"

_STEPS = {  # how many a day, how long, and from when on
    Grain.QUARTER: (60, "interval '15 minutes'", "interval '7 hours'"),
    Grain.PART: (15, "interval '1 hour'", "interval '7 hours'"),
    Grain.DAY: (1, "interval '1 day'", "interval '0'"),
}
_NUMBERS = {
    "answered": 40, "answered_in_time": 30, "abandoned": 4, "abandoned_short": 1, "abandoned_in_time": 3, "handled": 40,
    "with_after_call_work": 38, "contacts": 40, "solved_at_first": 25, "service_level_part": 30,
    "service_level_whole": 43, "abandonment_part": 3, "abandonment_whole": 43, "wait_us": 600_000_000,
    "talk_us": 7_200_000_000, "hold_us": 90_000_000, "after_call_work_us": 900_000_000, "busy_us": 600_000_000,
    "available_us": 200_000_000, "opened_at_first": 9, "came_to_second": 4, "solved_by_second": 4, "closed": 9,
}  # fmt: skip
_LABELS = {
    "queue": "'Queue ' || q", "team": "'team ' || (q * 2 + t)", "product": "'product ' || p",
    "reason": "CASE p WHEN 1 THEN 'no_answer' ELSE '' END",
}  # fmt: skip


@pytest.fixture
def past(postgres_url: str) -> Iterator[Past]:
    database = Database(postgres_url)
    yield make_past(database)
    database.close()


@pytest.fixture
def histories(past: Past, postgres_url: str) -> Iterator[Histories]:
    """The year, as a supervisor reads it."""
    with past.database.write() as session:
        team = Team(id=past.teams[0], name="Team 0")
        seeding.add_person(session, builders.person(LEAD, team=team, roles=frozenset({Role.SUPERVISOR})))
    with people.superuser(postgres_url) as connection:
        connection.execute("SET timezone = 'UTC'")
        connection.execute("INSERT INTO history_state VALUES (1, 'UTC', '0', '[]', now())")
        for table in (CALL_TALLY, CASE_TALLY, PRESENCE_TALLY):
            for grain in Grain:
                _fill(connection, table, grain)
            connection.execute(f"VACUUM ANALYZE {table.name}".encode())
    database = Database(people.sign_in(postgres_url, LEAD))
    yield Histories(database)
    database.close()
    people.forget(postgres_url, LEAD)


def _fill(connection: psycopg.Connection[tuple[object, ...]], table: Table, grain: Grain) -> None:
    """A row for each stretch of time and each combination of labels that the table has."""
    steps, length, first = _STEPS[grain]
    if table is CASE_TALLY and grain is Grain.PART:  # cases are told by the day
        steps, length, first = _STEPS[Grain.DAY]
    times = {"grain": f"'{grain}'", "day": "d::date", "at": f"d + s * {length}", "until": f"d + (s + 1) * {length}"}
    known = times | _LABELS | {name: str(number) for name, number in _NUMBERS.items()}
    products = 5 if "product" in table.c and grain is not Grain.QUARTER else 1
    connection.execute(
        f"INSERT INTO {table.name} ({', '.join(column.name for column in table.c)})"
        f" SELECT {', '.join(known.get(column.name, '2') for column in table.c)}"
        f" FROM (SELECT generate_series('{FIRST}'::timestamptz, '{LAST}', '1 day') + {first} AS d) AS days,"
        f" generate_series(0, {steps - 1}) s, generate_series(1, 20) q, generate_series(0, 1) t,"
        f" generate_series(1, {products}) p".encode()
    )


def test_a_year_opens_in_a_second(past: Past, histories: Histories, report: list[Line]) -> None:
    with past.database.read() as session:
        counts = [session.scalar(select(func.count()).select_from(t)) for t in (CALL_TALLY, CASE_TALLY, PRESENCE_TALLY)]
    _measure(report, f"small groups withheld, {sum(filter(None, counts)):,} rows", histories, YEAR)
    WorksCouncil(past.database).change(past.agents[0], is_on=False, reason="a measurement")
    _measure(report, "nothing withheld", histories, YEAR)
    half = max(FIRST, LAST - timedelta(days=LONGEST_IN_ANOTHER_ZONE - 1))
    tokyo = Days(first=half, last=LAST, zone=ZoneInfo("Asia/Tokyo"))
    _measure(report, f"nothing withheld, {tokyo.count} days of another zone", histories, tokyo)


def _measure(report: list[Line], name: str, histories: Histories, days: Days) -> None:
    """Each view of the screen but the backlog, which is of now."""
    for view in VIEWS:
        if view.key == "backlog":
            continue
        times = Times()
        for _ in range(ROUNDS):
            with times.one():
                answer = histories.ask(view.request(days, None), NOW)
                view.sheet(answer)
                chosen = [histories.groups(group) for group in (Group.QUEUE, Group.TEAM)]
        assert answer.total.calls.answered + answer.total.cases.closed > 0 and all(chosen)
        title = f"a year, {view.key}: {name}"
        report.append(Line(name=title, times=times, yardstick="a second", yardstick_ms=LIMIT_MS))


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
