"""The workbench on a real database: lists, claiming, solving, returning, and what is typed."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.db.engine import Database
from app.domain.cases import CaseDraft, CaseEvent, CaseState, Level, Urgency
from app.domain.commands import AnyCommand, ClaimNext, SolveCase
from app.domain.ids import new_id
from app.domain.people import Person
from app.i18n import PSEUDO, set_language
from app.services.case_lists import CaseLists
from app.services.commands import Commands
from tests import builders
from tests.conftest import ExpectedLog
from tests.fakes import Station, away, station
from tests.ui.texts import unwrapped
from ui import theme
from ui.labels import date_text
from ui.workbench import Workbench

CTRL = Qt.KeyboardModifier.ControlModifier


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
def at_desk(centre: Centre, qtbot: QtBot) -> Callable[[Person], tuple[Workbench, Station]]:
    """Open the workbench of a person and wait until both lists were read."""

    def open_for(person: Person) -> tuple[Workbench, Station]:
        opened = centre.open(person)
        bench = Workbench(opened.context)
        qtbot.addWidget(bench)
        bench.resize(1280, 800)
        bench.show()
        qtbot.waitUntil(lambda: bench.lists.is_read)
        return bench, opened

    return open_for


@pytest.fixture
def bench(centre: Centre, at_desk: Callable[[Person], tuple[Workbench, Station]]) -> tuple[Workbench, Station]:
    return at_desk(centre.seeded.expert)


def press(qtbot: QtBot, bench: Workbench, key: Qt.Key) -> None:
    """A key of a person who sits at this window, whatever has the focus there."""
    bench.activateWindow()
    qtbot.waitUntil(bench.isActiveWindow)
    target = QApplication.focusWidget() or bench
    QTest.keyClick(target, key, CTRL)


def titles(table: object) -> list[str]:
    return [case.title for case in table.records.records]  # type: ignore[attr-defined]


def claimed(qtbot: QtBot, bench: Workbench) -> None:
    press(qtbot, bench, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: bench.case.strip.can_solve)


def test_the_most_urgent_case_stands_first(centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot) -> None:
    centre.escalate("can wait", Urgency.LOW)
    centre.escalate("later", minutes_ago=1)
    centre.escalate("sooner", minutes_ago=9)
    centre.escalate("stands still", Urgency.HIGH)
    qtbot.waitUntil(lambda: len(titles(bench[0].lists.queue)) == 4)
    assert titles(bench[0].lists.queue) == ["stands still", "sooner", "later", "can wait"]


def test_the_choice_stays_when_a_more_urgent_case_comes(
    centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot
) -> None:
    view = bench[0]
    chosen = centre.escalate("chosen")
    qtbot.waitUntil(lambda: titles(view.lists.queue) == ["chosen"])
    view.lists.queue.choose(chosen.id)
    qtbot.waitUntil(lambda: view.case.shown is not None)
    centre.escalate("urgent", Urgency.HIGH)
    qtbot.waitUntil(lambda: titles(view.lists.queue) == ["urgent", "chosen"])
    current = view.lists.queue.current()
    assert current is not None and current.id == chosen.id
    assert view.case.shown is not None and view.case.shown.id == chosen.id


def test_a_chosen_case_taken_by_others_stays_open_and_no_other_opens(
    centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot
) -> None:
    view = bench[0]
    first = centre.escalate("first", Urgency.HIGH)
    centre.escalate("second")
    qtbot.waitUntil(lambda: len(titles(view.lists.queue)) == 2)
    view.lists.queue.choose(first.id)
    qtbot.waitUntil(lambda: view.case.shown is not None)
    centre.claim(centre.seeded.lead)
    qtbot.waitUntil(lambda: titles(view.lists.queue) == ["second"])
    qtbot.waitUntil(lambda: "Cleo" in view.case.strip.sentence.text())
    assert view.case.shown is not None and view.case.shown.id == first.id
    assert not view.lists.queue.selectionModel().hasSelection()


def test_a_case_of_the_queue_is_read_but_not_worked_on(
    centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot
) -> None:
    view = bench[0]
    draft = centre.escalate("No internet")
    qtbot.waitUntil(lambda: titles(view.lists.queue) == ["No internet"])
    view.lists.queue.choose(draft.id)
    qtbot.waitUntil(lambda: view.case.shown is not None)
    assert view.case.header.number.text() == draft.number
    assert view.case.page.hand_over.caller.value("Caller") == "Ida Berg"
    assert view.case.page.hand_over.note.text() == "No internet since Monday"
    assert view.case.strip.sentence.text().startswith("Claim it to work on it.")
    assert not view.case.strip.editor.isVisible()
    press(qtbot, view, Qt.Key.Key_D)
    assert centre.state(draft) is CaseState.WAITING


def test_claim_next_opens_the_case(centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot) -> None:
    view = bench[0]
    centre.escalate("can wait", Urgency.LOW)
    urgent = centre.escalate("stands still", Urgency.HIGH)
    claimed(qtbot, view)
    assert view.case.shown is not None and view.case.shown.id == urgent.id
    assert centre.state(urgent) is CaseState.CLAIMED
    qtbot.waitUntil(lambda: titles(view.lists.own) == ["stands still"])
    current = view.lists.own.current()
    assert current is not None and current.id == urgent.id


def test_nothing_waiting_is_said_and_taken_back(centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot) -> None:
    view = bench[0]
    press(qtbot, view, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: view.lists.claim.sentence.text() == "Nothing is waiting.")
    centre.escalate("No internet")
    qtbot.waitUntil(lambda: titles(view.lists.queue) == ["No internet"])
    assert view.lists.claim.sentence.text() != "Nothing is waiting."


def test_a_claim_without_database_is_said_and_asked_again(
    centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot, expected_log: ExpectedLog
) -> None:
    expected_log.may_come("change feed: Unavailable")
    expected_log("database: OperationalError")
    view, opened = bench
    centre.escalate("No internet")
    qtbot.waitUntil(lambda: titles(view.lists.queue) == ["No internet"])
    with away(opened.desk._database, centre.path):
        press(qtbot, view, Qt.Key.Key_L)
        qtbot.waitUntil(lambda: "Not claimed" in view.lists.claim.sentence.text())
    claimed(qtbot, view)
    assert "Not claimed" not in view.lists.claim.sentence.text()


def test_two_people_claim_different_cases(
    centre: Centre, at_desk: Callable[[Person], tuple[Workbench, Station]], qtbot: QtBot
) -> None:
    one, _ = at_desk(centre.seeded.expert)
    other, _ = at_desk(centre.seeded.lead)
    centre.escalate("first", Urgency.HIGH)
    centre.escalate("second")
    press(qtbot, one, Qt.Key.Key_L)
    press(qtbot, other, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: one.case.strip.can_solve and other.case.strip.can_solve)
    assert one.case.shown and other.case.shown and one.case.shown.id != other.case.shown.id


def test_a_solution_is_sent_and_confirmed(centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot) -> None:
    view, opened = bench
    draft = centre.escalate("No internet")
    claimed(qtbot, view)
    view.focus_answer()
    QTest.keyClicks(view.case.strip.editor, "New firmware 4.19")
    press(qtbot, view, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: centre.state(draft) is CaseState.SOLVED)
    qtbot.waitUntil(lambda: titles(view.lists.own) == [])
    assert opened.notices.confirmed == [f"Case {draft.number} is solved."]
    assert CaseLists(centre.database).file(draft.id).timeline[-1].text == "New firmware 4.19"
    assert view.case.strip.editor.toPlainText() == ""
    qtbot.waitUntil(lambda: view.case.page.timeline.entries[-1].event is CaseEvent.SOLVED)


def test_a_case_goes_back_with_its_reason(centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot) -> None:
    view, opened = bench
    draft = centre.escalate("No internet")
    claimed(qtbot, view)
    view.focus_answer()
    QTest.keyClicks(view.case.strip.editor, "Serial number is missing")
    press(qtbot, view, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: centre.state(draft) is CaseState.OPEN)
    assert opened.notices.confirmed == [f"Case {draft.number} goes back to first level."]
    assert CaseLists(centre.database).file(draft.id).timeline[-1].text == "Serial number is missing"


@pytest.mark.parametrize(("key", "word"), [(Qt.Key.Key_D, "solution"), (Qt.Key.Key_B, "reason")])
def test_without_text_nothing_is_sent(
    centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot, key: Qt.Key, word: str
) -> None:
    view, opened = bench
    draft = centre.escalate("No internet")
    claimed(qtbot, view)
    view.case.strip.editor.setPlainText("  \n ")
    press(qtbot, view, key)
    assert re.match(f"Write the {word} first", view.case.strip.sentence.text())
    assert view.case.strip.editor.hasFocus()
    QTest.keyClicks(view.case.strip.editor, "x")
    assert view.case.strip.sentence.text() == ""
    assert centre.state(draft) is CaseState.CLAIMED and opened.notices.confirmed == []


def test_text_and_focus_stay_when_the_case_changes_elsewhere(
    centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot
) -> None:
    view, opened = bench
    draft = centre.escalate("No internet")
    claimed(qtbot, view)
    view.focus_answer()
    QTest.keyClicks(view.case.strip.editor, "half a sent")
    person = opened.desk.person
    centre.do(SolveCase(id=new_id(), by=person.id, at=datetime.now(UTC), case_id=draft.id, solution="elsewhere"))
    qtbot.waitUntil(lambda: "solved" in view.case.strip.sentence.text())
    assert view.case.strip.editor.toPlainText() == "half a sent"
    assert view.case.strip.editor.hasFocus()
    assert not view.case.strip.solve.isEnabled()


def test_text_belongs_to_its_case_and_outlives_the_screen(
    centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot
) -> None:
    view, opened = bench
    first = centre.escalate("first", Urgency.HIGH)
    centre.escalate("second")
    claimed(qtbot, view)
    view.focus_answer()
    QTest.keyClicks(view.case.strip.editor, "of the first")
    press(qtbot, view, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: view.case.header.title_line.text() == "second")
    assert view.case.strip.editor.toPlainText() == ""
    again = Workbench(opened.context)
    qtbot.addWidget(again)
    again.show()
    again.open_case(first.id)
    qtbot.waitUntil(lambda: again.case.strip.can_solve)
    assert again.case.strip.editor.toPlainText() == "of the first"


def test_ages_are_of_now(centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot) -> None:
    view = bench[0]
    centre.escalate("late", Urgency.HIGH, minutes_ago=4 * 60 + 12)
    qtbot.waitUntil(lambda: titles(view.lists.queue) == ["late"])
    model = view.lists.queue.records
    assert model.data(model.index(0, 1)).endswith("overdue by 12 min")
    assert model.data(model.index(0, 0)) == "P3"


def test_a_switch_of_the_level_shows_its_queue(centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot) -> None:
    view = bench[0]
    centre.escalate("second level's")
    at = datetime.now(UTC)
    draft = builders.case_draft("third level's")
    centre.do(builders.escalation(centre.seeded.agent, case=draft, told_at=at, to_level=Level.THIRD))
    qtbot.waitUntil(lambda: titles(view.lists.queue) == ["second level's"])
    QTest.mouseClick(view.lists.switch.button(Level.THIRD), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: titles(view.lists.queue) == ["third level's"])
    claimed(qtbot, view)
    assert centre.state(draft) is CaseState.CLAIMED


def test_the_models_keep_the_rules_of_qt(centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot) -> None:
    view = bench[0]
    testers = [
        QAbstractItemModelTester(table.records, QAbstractItemModelTester.FailureReportingMode.Warning)
        for table in (view.lists.own, view.lists.queue)
    ]
    for number in range(4):
        centre.escalate(f"case {number}", (Urgency.HIGH, Urgency.LOW)[number % 2])
    qtbot.waitUntil(lambda: len(titles(view.lists.queue)) == 4)
    claimed(qtbot, view)
    qtbot.waitUntil(lambda: len(titles(view.lists.own)) == 1)
    assert all(testers)


def test_every_text_is_translated(
    centre: Centre, at_desk: Callable[[Person], tuple[Workbench, Station]], qtbot: QtBot
) -> None:
    set_language(PSEUDO)
    view, _ = at_desk(centre.seeded.expert)
    assert unwrapped(view, set()) == []
    draft = centre.escalate("No internet")
    claimed(qtbot, view)
    press(qtbot, view, Qt.Key.Key_D)
    hand_over = builders.hand_over()
    data = {draft.number, "No internet", "Ida Berg", "Ben", "Ada", "Network", "P4", "SN-V-1001", "Link 7", "K-100"}
    data |= {hand_over.note, hand_over.entitlement, *hand_over.searches, hand_over.caller_number}
    data |= {"Restart the router", "Plug it in", date_text(builders.TODAY)}
    assert unwrapped(view, data) == []


def test_a_switch_of_the_scheme_reaches_all(
    centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot, qapp: QApplication
) -> None:
    view = bench[0]
    centre.escalate("No internet")
    claimed(qtbot, view)
    theme.apply(qapp, theme.Scheme.DARK)
    qtbot.wait(50)
    picture = view.grab().toImage()
    corners = [picture.pixelColor(x, y).lightness() for x, y in ((3, 3), (700, 30), (100, 300), (700, 780))]
    assert max(corners) < 80


def test_everything_is_reached_by_tab(centre: Centre, bench: tuple[Workbench, Station], qtbot: QtBot) -> None:
    view = bench[0]
    centre.escalate("No internet")
    claimed(qtbot, view)
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    seen: set[QWidget | None] = set()
    for _ in range(20):
        seen.add(QApplication.focusWidget())
        QTest.keyClick(QApplication.focusWidget() or view, Qt.Key.Key_Tab)
    strip = view.case.strip
    wanted = {view.lists.claim.button, view.lists.own, view.lists.queue, strip.editor, strip.solve, strip.give_back}
    assert wanted <= seen
