"""A workbench at a desk on a real database, for the tests of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.db.engine import Database
from app.desk.journal import Journal
from app.domain.cases import CaseDraft, CaseState, Level, Urgency
from app.domain.commands import AnyCommand, ClaimNext
from app.domain.ids import new_id
from app.domain.people import Person
from app.services.case_lists import CaseLists
from app.services.commands import Commands
from tests import builders
from tests.fakes import Station, station
from ui.workbench import Workbench
from ui.workbench.case_table import CaseTable

AtDesk = Callable[[Person], tuple[Workbench, Station]]
Bench = tuple[Workbench, Station]


@dataclass(frozen=True, slots=True)
class Centre:
    """The shared database with its people, and others who work in it from elsewhere."""

    url: str
    path: Path
    folder: Path
    seeded: builders.Seeded
    database: Database
    stack: ExitStack

    def do(self, command: AnyCommand) -> None:
        """Somebody else's desk does something."""
        Commands(self.database).apply(command)

    def escalate(self, title: str, urgency: Urgency = Urgency.NORMAL, minutes_ago: float = 5.0) -> CaseDraft:
        draft = builders.case_draft(title, customer_id=self.seeded.berg.id, product_id=self.seeded.router.id)
        at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
        self.do(builders.escalation(self.seeded.agent, case=draft, urgency=urgency, told_at=at))
        return draft

    def claim(self, person: Person) -> None:
        self.do(ClaimNext(id=new_id(), by=person.id, at=datetime.now(UTC), level=Level.SECOND))

    def state(self, draft: CaseDraft) -> CaseState:
        return CaseLists(self.database).file(draft.id).summary.state

    def open(self, person: Person) -> Station:
        return self.stack.enter_context(station(self.url, person, self.folder / person.login))


@pytest.fixture
def centre(sqlite_url: str, tmp_path: Path) -> Iterator[Centre]:
    database = Database(sqlite_url)
    with ExitStack() as stack:
        stack.callback(database.close)
        path = Path(sqlite_url.removeprefix("sqlite:///"))
        yield Centre(sqlite_url, path, tmp_path, builders.seed(database), database, stack)


@pytest.fixture
def at_desk(centre: Centre, qtbot: QtBot) -> AtDesk:
    """Open the workbench of a person and wait until both lists were read."""

    def open_for(person: Person) -> Bench:
        opened = centre.open(person)
        bench = Workbench(opened.context)
        qtbot.addWidget(bench)
        bench.resize(1280, 800)
        bench.show()
        qtbot.waitUntil(lambda: bench.lists.is_read)
        return bench, opened

    return open_for


@pytest.fixture
def bench(centre: Centre, at_desk: AtDesk) -> Bench:
    return at_desk(centre.seeded.expert)


def press(qtbot: QtBot, bench: Workbench, key: Qt.Key) -> None:
    """A key of a person who sits at this window, whatever has the focus there."""
    bench.activateWindow()
    qtbot.waitUntil(bench.isActiveWindow)
    target = QApplication.focusWidget() or bench
    QTest.keyClick(target, key, Qt.KeyboardModifier.ControlModifier)


def titles(table: CaseTable) -> list[str]:
    return [case.title for case in table.records.records]


def claimed(qtbot: QtBot, bench: Workbench) -> None:
    press(qtbot, bench, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: bench.case.strip.can_solve)


@contextmanager
def full_disk(journal: Journal) -> Iterator[None]:
    """The outbox takes no command, as with no space left; what is typed is kept."""
    with journal._lock:
        journal._connection.execute(
            "CREATE TEMP TRIGGER full_disk BEFORE INSERT ON main.outbox"
            " BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    try:
        yield
    finally:
        with journal._lock:
            journal._connection.execute("DROP TRIGGER full_disk")
