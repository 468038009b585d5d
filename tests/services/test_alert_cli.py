"""`firstline-admin alert`, as a supervisor meets it."""

from datetime import time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from app.db.engine import Database
from app.domain.alerts import AlertKey
from app.domain.board_figures import Measure
from app.domain.cases import Level
from app.domain.ids import new_id
from app.services.alerts import Alerts
from tests.services.said import Said

SERVICE_LEVEL = AlertKey(measure=Measure.SERVICE_LEVEL, queue="Router")


@pytest.fixture
def said(command_url: str, capsys: pytest.CaptureFixture[str]) -> Said:
    return Said("alert", command_url, capsys)


@pytest.fixture
def alerts(database: Database) -> Alerts:
    return Alerts(database, new_id(), ZoneInfo("UTC"))


def test_a_figure_is_watched_as_it_is_set(said: Said, alerts: Alerts) -> None:
    assert "Nobody watches this figure yet" in said("set", "service_level", "--queue", "Router", "--hold", "9", code=1)
    told = said("set", "service_level", "--queue", "Router", "--raise", "70", "--clear", "85", "--days", "12345",
                "--hours", "08:00-18:30", "--quiet", "120")  # fmt: skip
    assert (
        "service_level Router: raised at 70 % after 15 s, ends at 85 %, quiet for 120 s, days 12345, 08:00-18:30"
        in told
    )
    rule = alerts.rules.all()[SERVICE_LEVEL]
    assert (rule.raise_at, rule.clear_at, rule.quiet) == (Fraction(7, 10), Fraction(17, 20), timedelta(minutes=2))
    assert (rule.hours.days, rule.hours.opens, rule.hours.closes) == ("12345", time(8), time(18, 30))
    assert said("set", "service_level", "--queue", "Router", "--off").endswith("(off)\n")
    assert not alerts.rules.all()[SERVICE_LEVEL].is_on
    said("forget", "service_level", "--queue", "Router")
    assert SERVICE_LEVEL not in alerts.rules.all()


def test_what_the_program_watches_can_be_changed(said: Said, alerts: Alerts) -> None:
    assert "cases_overdue level 2: raised at 3 " in said("list")
    said("set", "cases_overdue", "--level", "2", "--raise", "8")
    key = AlertKey(measure=Measure.CASES_OVERDUE, level=Level.SECOND)
    assert alerts.rules.all()[key].raise_at == 8 and alerts.rules.all()[key].clear_at == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--raise", "a lot"), 2),
        (("--raise", "nan"), 2),
        (("--hours", "from 8 on"), 2),
        (("--level", "4", "--raise", "1", "--clear", "0"), 2),
        (("--clear", "120"), 1),  # as it is raised: it would come and go
        (("--days", "89"), 1),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    said: Said, alerts: Alerts, arguments: tuple[str, ...], code: int
) -> None:
    before = alerts.rules.all()
    assert said("set", "longest_wait", *arguments, code=code)
    assert alerts.rules.all() == before
