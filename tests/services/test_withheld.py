"""An attack on the works-council mode: all that is offered, each pair of it, and what is left of one without the other.

The calls of a test have talk times of 1, 2, 4, 8 ... microseconds. So a sum of talk times says which calls it is made
from, whatever the program thinks that it shows; and who answered these is known here.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from app.db.engine import Database
from app.db.history_rows import CALL_TALLY, HistoryDayRow
from app.db.rows import CaseRow
from app.domain.errors import NotAllowed
from app.domain.history.kept import Grain, Kind
from app.domain.history.parts import SMALLEST_GROUP
from app.domain.history.requests import Answer, Days, Group, Request, first_instant
from app.domain.metrics.figures import MICROSECOND
from app.services.histories import Histories
from app.services.roll_ups import RollUps
from app.services.works_council import WorksCouncil
from tests.services.past import BERLIN, QUEUES, Past, make_past

ZONE = ZoneInfo(BERLIN)
FIRST = date(2026, 10, 24)  # three days, with the one that has 25 hours
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CALL_COUNT = 42  # as many as fit into 63 bits, with room


def three_days(past: Past, dice: random.Random) -> dict[int, UUID]:
    """Calls at a few hours of three days, some by agents who work alone; which call, by its bit, is whose."""
    who = {}
    hours = [dice.sample(range(7, 19), 2) for _ in range(3)]
    with past.database.write() as session:
        for bit in range(CALL_COUNT):
            day = dice.randrange(3)
            agent = dice.choice(past.agents[: dice.choice((4, 8, 12))])
            start = first_instant(FIRST + timedelta(days=day), ZONE)
            queued_at = start + timedelta(hours=dice.choice(hours[day]), minutes=dice.randrange(60))
            ended_at = queued_at + timedelta(microseconds=1 << bit)
            times = {"answered_at": queued_at, "ended_at": ended_at, "wrapped_up_at": None}
            past.add_call(session, queued_at, agent, queue=dice.choice((*QUEUES, "Phone")), **times)
            who[bit] = agent
        for _ in range(6):
            past.add_call(session, first_instant(FIRST, ZONE) + timedelta(hours=dice.randrange(24)), None)
    return who


def offered(past: Past) -> Iterator[Answer]:
    """Every period of the three days, in every grouping, of the whole centre and of every group."""
    histories = Histories(past.database)
    days = [FIRST + timedelta(days=i) for i in range(3)]
    only: list[tuple[Group, str] | None] = [None]
    only += [(group, key) for group in (Group.QUEUE, Group.TEAM) for key in (*histories.groups(group), "", "*")]
    for zone in (ZONE, ZoneInfo("Asia/Tokyo")):
        for first, last in [(a, b) for a in days for b in days if a <= b]:
            for one in only if zone is ZONE else only[:1]:
                for by in (Group.QUEUE, Group.TEAM, Group.DAY, *([Group.INTERVAL] if first == last else [])):
                    yield histories.ask(
                        Request(days=Days(first=first, last=last, zone=zone), by=by, only=(one,) if one else ()), NOW
                    )


def talk(answer: Answer) -> Iterator[int]:
    """Each talk time that is shown, in microseconds."""
    for tally in (answer.total, answer.before, *(line.tally for line in answer.lines)):
        yield tally.calls.talk // MICROSECOND


def agents_of(bits: int, who: dict[int, UUID]) -> set[UUID]:
    return {agent for bit, agent in who.items() if bits >> bit & 1}


@pytest.mark.parametrize("seed", range(2))
def test_no_export_and_no_pair_of_exports_tells_of_fewer_than_five(sqlite_url: str, seed: int) -> None:
    database = Database(sqlite_url)
    past = make_past(database)
    who = three_days(past, random.Random(seed))
    RollUps(database).run(NOW, zone=BERLIN)
    shown = {bits for answer in offered(past) for bits in talk(answer)} - {0}
    database.close()
    assert len(shown) > 5, "nothing was shown, so nothing was tried"
    for bits in shown:
        assert len(agents_of(bits, who)) >= SMALLEST_GROUP
    for one, other in combinations(sorted(shown), 2):
        for left in (one & ~other, other & ~one):  # where one is within the other, one of these is their difference
            is_difference = one & other in (one, other)
            assert not is_difference or len(agents_of(left, who)) not in range(1, SMALLEST_GROUP), (one, other)


@pytest.mark.parametrize("seed", range(2))
def test_no_sum_of_any_number_of_exports_does_either(sqlite_url: str, seed: int) -> None:
    """The smallest pieces that all exports together can be taken apart into: each tells of five, or is never alone."""
    database = Database(sqlite_url)
    past = make_past(database)
    who = three_days(past, random.Random(100 + seed))
    RollUps(database).run(NOW, zone=BERLIN)
    shown = {bits for answer in offered(past) for bits in talk(answer)} - {0}
    database.close()
    pieces = {(1 << CALL_COUNT) - 1}
    for bits in shown:
        pieces = {part for piece in pieces for part in (piece & bits, piece & ~bits) if part}
    never_shown = {piece for piece in pieces if not any(piece & bits for bits in shown)}
    for piece in pieces - never_shown:
        assert len(agents_of(piece, who)) >= SMALLEST_GROUP


def test_where_nothing_is_withheld_the_same_attack_succeeds(sqlite_url: str) -> None:
    """Else it would prove nothing."""
    database = Database(sqlite_url)
    past = make_past(database)
    who = three_days(past, random.Random(1))
    RollUps(database).run(NOW, zone=BERLIN)
    WorksCouncil(database).change(past.agents[0], is_on=False, reason="the attack must be able to succeed")
    shown = {bits for answer in offered(past) for bits in talk(answer)} - {0}
    database.close()
    assert any(len(agents_of(bits, who)) < SMALLEST_GROUP for bits in shown)


def test_totals_are_exact_and_days_of_too_few_are_named(database: Database) -> None:
    past = make_past(database)
    with database.write() as session:
        for agent in past.agents[:5]:
            past.add_call(session, first_instant(FIRST, ZONE) + timedelta(hours=9), agent)
        for agent in past.agents[:4]:
            past.add_call(session, first_instant(FIRST + timedelta(days=1), ZONE) + timedelta(hours=9), agent)
    RollUps(database).run(NOW, zone=BERLIN)
    days = Days(first=FIRST, last=FIRST + timedelta(days=1), zone=ZONE)
    answer = Histories(database).ask(Request(days=days, by=Group.TEAM), NOW)
    assert (answer.total.calls.answered, answer.withheld_days) == (5, 1)
    assert [line.key for line in answer.lines] == ["*"]  # three teams, none of which has five
    with database.read() as session:
        withheld = session.scalars(select(HistoryDayRow.day).where(HistoryDayRow.is_withheld)).all()
    assert list(withheld) == [FIRST + timedelta(days=1)]


def test_figures_of_too_few_experts_are_not_there(database: Database) -> None:
    past = make_past(database)
    with database.write() as session:
        for number, agent in enumerate(past.agents[:6]):
            at = first_instant(FIRST, ZONE) + timedelta(hours=9)
            past.add_case(session, at, agent, past.experts[number % 4] if number else None)
        session.execute(update(CaseRow).values(team_id=past.teams[0]))
    RollUps(database).run(NOW, zone=BERLIN)
    days = Days(first=FIRST, last=FIRST, zone=ZONE)
    cases = Histories(database).ask(Request(days=days, by=Group.TEAM), NOW).total.cases
    assert (cases.opened_at_first, cases.escalated_by_first) == (6, 5)
    assert (cases.came_to_second, cases.solved_by_second, cases.closed) == (0, 0, 0)


def test_the_mode_needs_a_reason_and_each_change_is_kept(database: Database) -> None:
    past, council = make_past(database), WorksCouncil(database)
    assert council.mode().is_on
    with pytest.raises(NotAllowed, match="Say why"):
        council.change(past.agents[0], is_on=False, reason="  because ")
    council.change(past.agents[0], is_on=False, reason="works agreement of 2 March")
    with pytest.raises(NotAllowed, match="so already"):
        council.change(past.agents[0], is_on=False, reason="works agreement of 2 March")
    council.change(past.agents[1], is_on=True, reason="the agreement has ended")
    assert [(one.is_on, one.by_name) for one in council.changes()] == [(True, "Person 1"), (False, "Person 0")]


def test_sums_of_each_grain_are_those_of_the_day(database: Database) -> None:
    past = make_past(database)
    with database.write() as session:
        for agent in past.agents:
            past.add_call(session, first_instant(FIRST, ZONE) + timedelta(hours=9), agent)
    RollUps(database).run(NOW, zone=BERLIN)
    with database.read() as session:
        for grain in Grain:
            answered = session.scalars(select(CALL_TALLY.c.answered).where(CALL_TALLY.c.grain == grain)).all()
            assert sum(answered) == len(past.agents), grain
        assert session.get(HistoryDayRow, (Kind.CALLS, FIRST)) is not None
