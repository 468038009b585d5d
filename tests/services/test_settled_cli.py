"""`firstline-admin radar` and `four-eyes`, as a supervisor or administrator meets them."""

from datetime import timedelta

import pytest

from app.db.engine import Database
from app.domain.errors import NotAllowed
from app.domain.people import Role
from app.domain.radar import RadarSettings
from app.services.centre_rules import FOUR_EYES, CentreRules
from app.services.radar_settings import RadarRule
from tests import builders, people, seeding
from tests.builders import Seeded
from tests.conftest import ExpectedLog
from tests.services.said import told


def test_the_radar_is_set_and_switched_off(
    database: Database, command_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ("--database", command_url)
    assert told(capsys, "radar", "show", *at).startswith("3 alike within 30 minutes raise a candidate;")
    assert "5 alike within 20 minutes" in told(capsys, "radar", "set", "--count", "5", "--minutes", "20", *at)
    expected = RadarSettings(case_count=5, window=timedelta(minutes=20), rest=timedelta(hours=12))
    assert RadarRule(database).now() == expected
    assert told(capsys, "radar", "set", "--count", "0", *at) == "The radar is off.\n"
    assert told(capsys, "radar", "show", *at) == "The radar is off.\n"


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--count", "1", "from 2 to 1000, or 0 to switch"),
        ("--count", "-3", "from 2 to 1000"),
        ("--minutes", "0", "1 to 1440 minutes"),
        ("--minutes", "2000", "1 to 1440 minutes"),
        ("--rest", "-1", "0 to 20160 minutes"),
    ],
)
def test_what_no_radar_can_work_with_is_refused_and_changes_nothing(
    sqlite_url: str, capsys: pytest.CaptureFixture[str], option: str, value: str, said: str
) -> None:
    at = ("--database", sqlite_url)
    assert said in told(capsys, "radar", "set", option, value, *at, code=1)
    database = Database(sqlite_url)
    assert RadarRule(database).now() == RadarSettings()
    database.close()


def test_four_eyes_are_switched_on_and_off(
    database: Database, command_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ("--database", command_url)
    assert told(capsys, "four-eyes", "show", *at).startswith("Two eyes are enough")
    assert told(capsys, "four-eyes", "on", *at).startswith("Four eyes")
    assert CentreRules(database).is_on(FOUR_EYES)
    assert told(capsys, "four-eyes", "show", *at).startswith("Four eyes")
    assert told(capsys, "four-eyes", "off", *at).startswith("Two eyes")
    assert not CentreRules(database).is_on(FOUR_EYES)


def test_who_may_settle_it(postgres_url: str, expected_log: ExpectedLog) -> None:
    expected_log("InsufficientPrivilege")
    keeper = Database(postgres_url)
    centre: Seeded = builders.seed(keeper)
    keepers = {login: builders.person(login, team=centre.network, roles=frozenset({role})) for login, role in _WHO}
    with keeper.write() as session:
        for person in keepers.values():
            seeding.add_person(session, person)
    opened = {login: Database(people.sign_in(postgres_url, login)) for login in keepers}
    wanted = RadarSettings(case_count=4)
    try:
        for login in ("settle_admin", "settle_lead"):
            RadarRule(opened[login]).set(wanted)
        CentreRules(opened["settle_admin"]).settle(FOUR_EYES, is_on=True)
        with pytest.raises(NotAllowed, match="role"):
            RadarRule(opened["settle_editor"]).set(wanted)
        with pytest.raises(NotAllowed, match="role"):
            CentreRules(opened["settle_lead"]).settle(FOUR_EYES, is_on=False)
        assert (RadarRule(keeper).now(), CentreRules(keeper).is_on(FOUR_EYES)) == (wanted, True)
    finally:
        for database in (keeper, *opened.values()):
            database.close()
        people.forget(postgres_url, *keepers)


_WHO = (
    ("settle_admin", Role.ADMINISTRATOR),
    ("settle_lead", Role.SUPERVISOR),
    ("settle_editor", Role.EDITOR),
)
