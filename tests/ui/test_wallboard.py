"""The wallboard as its own role of PostgreSQL: what it shows, that it shows nobody, and that it comes back."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.bootstrap.wall import WallSource
from app.db.engine import Database
from app.domain.calls import CallState
from app.domain.cases import Urgency
from app.domain.commands import SetAgentState
from app.domain.errors import Unavailable
from app.domain.ids import new_id
from app.domain.people import Agent, AgentState
from app.domain.wall import WallNow
from app.services.commands import Commands
from tests import builders, people, seeding
from ui.background import Background
from ui.theme import Tone
from ui.wallboard.pages import pages_of
from ui.wallboard.wall import LETTER, Wall

ROLE = "hist_wall"


@dataclass(slots=True)
class Site:
    """A centre, and what its wallboard reads as its own role."""

    seeded: builders.Seeded
    database: Database
    source: WallSource
    is_away: bool = False

    def now(self) -> WallNow:
        if self.is_away:
            raise Unavailable("away")
        return self.source.now()

    def call(self, state: CallState, seconds: float) -> None:
        call = replace(builders.call(state, queued_at=datetime.now(UTC) - timedelta(seconds=seconds)), queue="Router")
        Commands(self.database).apply(builders.record_call(call, self.seeded.agent))

    def sign_in(self, count: int) -> None:
        """So many agents of one team."""
        for number in range(count):
            person = builders.person(f"agent-{number}", team=self.seeded.office)
            with self.database.write() as session:
                seeding.add_person(session, person)
            agent = Agent(person_id=person.id, state=AgentState.AVAILABLE, since=datetime.now(UTC))
            Commands(self.database).apply(SetAgentState(id=new_id(), by=person.id, at=datetime.now(UTC), agent=agent))


@pytest.fixture
def site(postgres_url: str) -> Iterator[Site]:
    owner = Database(postgres_url)
    seeded = builders.seed(owner)
    wall = Database(people.service(postgres_url, ROLE, "firstline_wallboard"))
    yield Site(seeded, owner, WallSource(wall))
    wall.close()
    owner.close()
    people.forget(postgres_url, ROLE)


@pytest.fixture
def open_wall(site: Site, qtbot: QtBot) -> Iterator[Callable[[], Wall]]:
    lane, background = ThreadPoolExecutor(1), Background()

    def open_now() -> Wall:
        wall = Wall(background, lane, site.now)
        qtbot.addWidget(wall)
        wall.resize(1920, 1080)
        wall.show()
        qtbot.waitUntil(lambda: wall.wall is not None)
        return wall

    yield open_now
    background.close()
    lane.shutdown()


def texts(wall: Wall) -> list[str]:
    assert wall.wall is not None
    pages = pages_of(wall.wall, datetime.now(UTC))
    return [text for page in pages for row in page.rows for text in (row.name, *(cell.text for cell in row.cells))]


def test_it_shows_counts_and_ages_and_nobody(site: Site, open_wall: Callable[[], Wall]) -> None:
    site.call(CallState.QUEUED, 130)
    site.call(CallState.CONNECTED, 10)
    told_at = datetime.now(UTC) - timedelta(days=3)
    escalation = builders.escalation(site.seeded.agent, urgency=Urgency.HIGH, told_at=told_at)
    Commands(site.database).apply(escalation)
    site.sign_in(5)
    wall = open_wall()
    assert wall.wall is not None
    calls, cases, agents = pages_of(wall.wall, datetime.now(UTC))
    assert [cell.text for cell in calls.rows[0].cells] == ["1", "2 min", "1"]
    assert calls.rows[0].cells[1].tone is Tone.DANGER
    assert [cell.text for cell in cases.rows[0].cells] == ["1", "1", "0"]
    assert [(row.name, row.cells[0].text) for row in agents.rows] == [("Office", "5")]
    names = {site.seeded.agent.name, "Agent-0", "Ida Berg", builders.SHARED_NUMBER, "No internet"}
    assert not any(name in text for name in names for text in texts(wall))


def test_a_group_of_fewer_than_five_is_not_there(site: Site, open_wall: Callable[[], Wall]) -> None:
    site.sign_in(4)
    wall = open_wall()
    assert wall.wall is not None and wall.wall.teams == ()


def test_its_pages_turn_and_letters_are_large(site: Site, open_wall: Callable[[], Wall]) -> None:
    wall = open_wall()
    titles = []
    for _ in range(4):
        assert wall.page is not None
        titles.append(wall.page.title)
        wall.turn()
    assert titles == ["Calls now", "Cases", "Agents now", "Calls now"]
    assert site.seeded and LETTER * 68.5 >= 1_000 / 200  # cm of a television of 55 inches, read at ten metres
    assert not wall.grab().isNull()


def test_a_lost_database_greys_it_and_it_comes_back(site: Site, open_wall: Callable[[], Wall], qtbot: QtBot) -> None:
    wall = open_wall()
    site.is_away = True
    qtbot.waitUntil(lambda: wall.lost_at is not None)
    assert "No connection since" in wall._state()
    assert wall.page is not None  # what was known stays, grey
    site.is_away = False
    qtbot.waitUntil(lambda: wall.lost_at is None)


def test_weeks_of_reading_leave_nothing_behind(site: Site, open_wall: Callable[[], Wall], qtbot: QtBot) -> None:
    wall = open_wall()

    def read(times: int) -> int:
        for _ in range(times):
            before = wall.wall
            wall._refresher.refresh()
            qtbot.waitUntil(lambda before=before: wall.wall is not before)  # type: ignore[misc]
            wall.turn()
            wall.grab()
        gc.collect()
        return len(gc.get_objects())

    read(20)
    children = len(wall.findChildren(QObject))
    first = read(60)
    assert read(60) - first < 60, "something is kept of each reading"
    assert len(wall.findChildren(QObject)) == children
    assert site.seeded


def test_its_role_reads_no_row(site: Site, postgres_url: str) -> None:
    wall = people.superuser(people.as_login(postgres_url, ROLE))
    for table in ("call", "agent", "person", "case_file", "call_tally"):
        with pytest.raises(Exception, match="permission denied"):
            wall.execute(f"SELECT FROM public.{table}")
    wall.close()
    assert site.seeded


def test_the_demo_has_one_too(tmp_path: Path) -> None:
    from app.bootstrap import open_demo
    from app.bootstrap.wall import open_wall as open_source

    open_demo(tmp_path / "demo").stop()
    source = open_source(is_demo=True, folder=tmp_path / "demo")
    wall = source.now()
    source.close()
    assert wall.levels[0].waiting_count > 0 and wall.queues
