"""Behind a figure of the past stand finer lines, which add up to it to the unit, with and without withheld groups."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from app.db.engine import Database
from app.domain.history.behind import BEFORE, TOTAL, Opened, lines_behind, opened
from app.domain.history.figures import Definition, figures_by
from app.domain.history.requests import Answer, Days, Group, Line, Request, first_instant
from app.domain.history.sheets import behind_sheet
from app.domain.history.tallies import Tally
from app.services.histories import Histories
from app.services.roll_ups import RollUps
from app.services.works_council import WorksCouncil
from tests.services.past import BERLIN, Past, happen, make_past

ZONE = ZoneInfo(BERLIN)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LAST = date(2026, 10, 26)
WEEK = Days(first=LAST - timedelta(days=6), last=LAST, zone=ZONE)  # clocks change on one of these days


@pytest.fixture
def past(database: Database) -> Past:
    made = make_past(database, agent_count=24, expert_count=8)
    happen(made, random.Random(3), first_instant(WEEK.before.first, ZONE), 14, calls=260, cases=60)
    RollUps(database).run(NOW, zone=ZONE.key)
    return made


def requests() -> Iterator[Request]:
    for by in Group:
        days = Days(first=LAST, last=LAST, zone=ZONE) if by is Group.INTERVAL else WEEK
        yield Request(days=days, by=by)


def behind(past: Past, of: Opened) -> Answer:
    return lines_behind(Histories(past.database).ask(of.request, NOW), of)


def check(past: Past, line: Line, of: Opened, one: Definition) -> int:
    """How many lines stand behind it."""
    found = behind(past, of)
    sheet = behind_sheet(found, of.figure, of.name)
    assert sheet.total[0] == one.value(line.tally), (of, one.figure)
    for place, piece in enumerate(one.pieces(line.tally)):
        parts = [one.pieces(finer.tally)[place] for finer in found.lines]
        if piece is not None and one.pieces(Tally())[0] == 0:  # a limit of buckets does not add up
            assert sum(part or Fraction(0) for part in parts) == piece, (of, one.figure)
    return len(found.lines)


@pytest.mark.parametrize("is_withheld", [True, False])
def test_the_lines_behind_each_figure_add_up_to_it(past: Past, is_withheld: bool) -> None:
    if not is_withheld:
        WorksCouncil(past.database).change(past.agents[0], is_on=False, reason="a test of the sums")
    dice, counted = random.Random(7), 0
    for request in requests():
        answer = Histories(past.database).ask(request, NOW)
        whole = Line(key=TOTAL, name="", tally=answer.total), Line(key=BEFORE, name="", tally=answer.before)
        for one in figures_by(request.by):
            for line in (*whole, *dice.sample(answer.lines, min(2, len(answer.lines)))):
                counted += check(past, line, opened(answer.request, line.key, line.name, one.figure), one)
    assert counted > 500


def test_an_hour_has_nothing_behind_it_but_itself(past: Past) -> None:
    WorksCouncil(past.database).change(past.agents[0], is_on=False, reason="a test of the sums")
    answer = Histories(past.database).ask(Request(days=Days(first=LAST, last=LAST, zone=ZONE), by=Group.INTERVAL), NOW)
    line = max(answer.lines, key=lambda one: one.tally.calls.offered)
    of = opened(answer.request, line.key, line.name, figures_by(Group.INTERVAL)[0].figure)
    assert [one.key for one in behind(past, of).lines] == [line.key]
    assert datetime.fromisoformat(line.key).astimezone(UTC).minute in (0, 15, 30, 45)
