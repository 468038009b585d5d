"""How queues are measured: set on the command line, kept in the database, used by the board."""

from datetime import timedelta
from fractions import Fraction

import pytest

from app.db.engine import Database
from app.domain.errors import NotAllowed
from app.domain.metrics.call_figures import Abandonment, QueueRules, ServiceLevel
from app.services.boards import Boards
from app.services.queue_rules import Queues
from tests.builders import NOW
from tests.services.said import Said

OWN = QueueRules(
    answer_within=timedelta(seconds=7.5),
    short_abandon=timedelta(seconds=2),
    goal=Fraction(9, 10),
    service_level=ServiceLevel.SL2,
    abandonment=Abandonment.ALL,
)


@pytest.fixture
def said(command_url: str, capsys: pytest.CaptureFixture[str]) -> Said:
    return Said("queue", command_url, capsys)


def test_rules_are_set_one_by_one_and_the_board_measures_by_them(database: Database, said: Said) -> None:
    said("set", "Router", "--threshold", "7.5", "--short-abandon", "2")
    told = said("set", "Router", "--goal", "90", "--service-level", "sl2", "--abandonment", "all")
    assert "within 7.5 s, short abandon 2 s, goal 90 %, service level sl2, abandonment all" in told
    assert Queues(database).rules() == {"Router": OWN} == Boards(database).now(NOW).rules
    assert said("list").startswith("Router: answered within 7.5 s")
    assert "within 20 s" in said("forget", "Router")
    assert Queues(database).rules() == {}
    assert "has no rules of its own" in said("forget", "Router", code=1)


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--threshold", "-1", 2),
        ("--threshold", "nan", 2),
        ("--threshold", "a day", 2),
        ("--goal", "101", 1),
        ("--service-level", "best", 2),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    database: Database, said: Said, option: str, value: str, code: int
) -> None:
    assert said("set", "Router", option, value, code=code)
    assert Queues(database).rules() == {}


def test_a_queue_has_a_name(database: Database) -> None:
    for name in ("", "  ", "x" * 101):
        with pytest.raises(NotAllowed):
            Queues(database).set_rules(name, OWN)
