"""A board on a real database, and what others do there."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.db.engine import Database
from app.domain.calls import CallState
from app.domain.cases import Level, Urgency
from app.domain.commands import AnyCommand, SetAgentState
from app.domain.ids import new_id
from app.domain.people import Agent, AgentState, PauseCode, Person
from app.services.commands import Commands
from tests import builders
from tests.fakes import Station, station
from ui.supervisor import SupervisorBoard
from ui.supervisor.figure import Tile


class Centre:
    """The shared database, with what others do in it."""

    def __init__(self, url: str) -> None:
        self.path = Path(url.removeprefix("sqlite:///"))
        self.database = Database(url)
        self.seeded = builders.seed(self.database)

    def do(self, command: AnyCommand) -> None:
        Commands(self.database).apply(command)

    def name_agents(self) -> None:
        """As where the works-council mode was turned off."""
        builders.name_agents(self.database, self.seeded.lead)

    def escalate(self, minutes_ago: float, level: Level = Level.SECOND) -> None:
        draft = builders.case_draft(f"{minutes_ago} minutes", customer_id=self.seeded.berg.id)
        told_at = ago(minutes_ago)
        agent = self.seeded.agent
        self.do(builders.escalation(agent, case=draft, urgency=Urgency.HIGH, told_at=told_at, to_level=level))

    def be(self, person: Person, state: AgentState, code: PauseCode | None = None, minutes: float = 3) -> None:
        agent = Agent(person_id=person.id, state=state, since=ago(minutes), pause_code=code)
        self.do(SetAgentState(id=new_id(), by=person.id, at=datetime.now(UTC), agent=agent))

    def call(self, state: CallState, minutes_ago: float) -> None:
        call = replace(builders.call(state, queued_at=ago(minutes_ago)), queue="Router")
        self.do(builders.record_call(call, self.seeded.agent, customer_id=self.seeded.berg.id))


def ago(minutes: float) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


@pytest.fixture
def centre(sqlite_url: str, midday: None) -> Iterator[Centre]:  # noqa: ARG001 - boards show a day
    made = Centre(sqlite_url)
    yield made
    made.database.close()


@pytest.fixture
def open_board(
    centre: Centre, sqlite_url: str, tmp_path: Path, qtbot: QtBot
) -> Iterator[Callable[[], tuple[SupervisorBoard, Station]]]:
    with ExitStack() as stack:

        def open_now() -> tuple[SupervisorBoard, Station]:
            opened = stack.enter_context(station(sqlite_url, centre.seeded.lead, tmp_path / "desk"))
            board = SupervisorBoard(opened.context)
            qtbot.addWidget(board)
            board.resize(1280, 800)
            board.show()
            qtbot.waitUntil(lambda: board.is_showing_data)
            return board, opened

        yield open_now


def numbers(tile: Tile) -> list[str]:
    return [figure.number.text() for figure in tile.figures]
