"""The screen of the past on ten days of calls and cases, for its tests."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.db.engine import Database
from app.domain.history.sheets import Sheet
from app.domain.people import Team
from app.services.people import People
from app.services.roll_ups import RollUps
from tests import builders, seeding
from tests.fakes import Station, station
from tests.services.past import Past, happen, make_past
from ui.history import HistoryScreen


@pytest.fixture
def past(postgres_url: str) -> Iterator[Past]:
    """Ten days of 12 agents, summed up, on PostgreSQL."""
    database = Database(postgres_url)
    made = make_past(database)
    now = datetime.now(UTC)
    happen(made, random.Random(5), now - timedelta(days=10), 10, calls=150, cases=40)
    RollUps(database).run(now, zone="UTC")
    with database.write() as session:
        lead = builders.person("lea", team=Team(id=made.teams[0], name="Team 0"))
        seeding.add_person(session, lead)
    yield made
    database.close()


@pytest.fixture
def open_screen(
    past: Past, postgres_url: str, tmp_path: Path, qtbot: QtBot
) -> Iterator[Callable[[], tuple[HistoryScreen, Station]]]:
    opened = []

    def open_now() -> tuple[HistoryScreen, Station]:
        person = People(past.database).by_login("lea")
        context = station(postgres_url, person, tmp_path / "desk")
        there = context.__enter__()
        opened.append(context)
        screen = HistoryScreen(there.context)
        qtbot.addWidget(screen)
        screen.resize(1280, 760)
        screen.show()
        qtbot.waitUntil(lambda: screen.sheet is not None and screen.panel.chart is not None)
        return screen, there

    yield open_now
    for context in opened:
        context.__exit__(None, None, None)


def show(screen: HistoryScreen, key: str, qtbot: QtBot) -> Sheet:
    before = screen.sheet
    if screen.view.key != key:
        screen.show_view(key)
        qtbot.waitUntil(lambda: screen.sheet is not before)
    assert screen.sheet is not None
    return screen.sheet


def wait_for_other(screen: HistoryScreen, before: Sheet | None, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: screen.sheet is not before)
