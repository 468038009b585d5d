"""What calendars cost: an escalation with and without, other rules for many open cases, the queue while they change."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import text

from app.db.engine import Database
from app.domain.cases import Level
from app.domain.rules.rulebook import RuleKind
from app.services.case_lists import CaseLists
from app.services.cases import Cases
from app.services.demo_clocks import rule_texts
from app.services.reckoning import Reckoning
from app.services.rules import Rules
from tests.bench.measure import Line, Rate, Times, compared
from tests.builders import escalation, seed

ROUNDS = 300
OPEN_COUNT = 50_000
_OPEN = text("""
INSERT INTO case_file (id, number, title, state, level, priority, due_at, opened_at, level_since, opened_by, team_id,
    plan)
SELECT gen_random_uuid(), 'L-' || n, 'No internet', 'waiting', 2, 1 + n % 5, now(), now() - n * interval '3 s',
    now() - n * interval '2 s', :opener, (SELECT id FROM team LIMIT 1), 'business'
FROM generate_series(1, :count) n
""")


def _demo_calendars() -> str:
    return rule_texts()[RuleKind.CALENDARS].replace('"Link", "Print"', '"Network", "Office"').replace('"Ledger"', "")


def test_an_escalation_with_calendars(postgres_url: str, report: list[Line]) -> None:
    database = Database(postgres_url)
    centre = seed(database)
    plain, rules = Cases(database, Rules(database)), Rules(database)
    plain.escalate(escalation(centre.agent))  # has read that there are no rules
    rules.replace(RuleKind.CALENDARS, _demo_calendars(), "")
    rules.replace(RuleKind.PROMISES, rule_texts()[RuleKind.PROMISES], "")
    promised, times = Cases(database, rules), (Times(), Times())
    rules.current()
    for _ in range(ROUNDS):
        for cases, one in ((promised, times[0]), (plain, times[1])):
            command = escalation(centre.agent, told_at=datetime.now(UTC))
            command = replace(command, case=replace(command.case, plan=centre.berg.contracts[0].kind))
            with one.one():
                cases.escalate(command)
    database.close()
    report.append(compared("escalate with calendars and promises", times[0], "round the clock, none", times[1]))


def test_other_rules_for_many_open_cases(postgres_url: str, rates: list[Rate], report: list[Line]) -> None:
    database = Database(postgres_url)
    centre = seed(database)
    with database.write() as session:
        session.execute(_OPEN, {"opener": centre.agent.id, "count": OPEN_COUNT})
    rules = Rules(database)
    rules.replace(RuleKind.CALENDARS, _demo_calendars(), "")
    rules.replace(RuleKind.PROMISES, rule_texts()[RuleKind.PROMISES], "")
    before = _pages(database)
    ours, theirs = Times(), Times()
    with ours.one():
        assert Reckoning(database, rules).all() == OPEN_COUNT
    with theirs.one(), database.write() as session:
        session.execute(text("UPDATE case_file SET due_at = due_at + interval '1 s', alarm_at = now()"))
    after = _pages(database)
    database.close()
    per_s, yardstick = (OPEN_COUNT / times.values[0] * 1000 for times in (ours, theirs))
    rates.append(
        Rate(name="open cases reckoned", per_s=per_s, yardstick="one UPDATE of all", yardstick_per_s=yardstick)
    )
    report.append(compared("first page of the queue afterwards", after, "before", before))


def _pages(database: Database) -> Times:
    times = Times()
    for _ in range(50):
        with times.one():
            assert CaseLists(database).queue(Level.SECOND, limit=50)
    return times
