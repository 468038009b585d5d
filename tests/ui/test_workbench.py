"""The lists of the workbench and claiming, on a real database."""

from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from app.domain.cases import CaseState, Level, Urgency
from app.domain.commands import Consult
from app.domain.ids import new_id
from app.domain.people import Role
from tests import builders
from tests.conftest import ExpectedLog
from tests.fakes import away
from tests.ui import bench_rig
from tests.ui.bench_rig import AtDesk, Bench, Centre, claimed, press, titles

centre, at_desk, bench = bench_rig.centre, bench_rig.at_desk, bench_rig.bench  # its fixtures, here too


def test_the_most_urgent_case_stands_first(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    centre.escalate("can wait", Urgency.LOW)
    centre.escalate("later", minutes_ago=1)
    centre.escalate("sooner", minutes_ago=9)
    centre.escalate("stands still", Urgency.HIGH)
    qtbot.waitUntil(lambda: len(titles(bench[0].lists.queue)) == 4)
    assert titles(bench[0].lists.queue) == ["stands still", "sooner", "later", "can wait"]


def test_the_choice_stays_when_a_more_urgent_case_comes(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
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
    centre: Centre, bench: Bench, qtbot: QtBot
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


def test_a_case_of_the_queue_is_read_but_not_worked_on(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
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


def test_claim_next_opens_the_case(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    view = bench[0]
    centre.escalate("can wait", Urgency.LOW)
    urgent = centre.escalate("stands still", Urgency.HIGH)
    claimed(qtbot, view)
    assert view.case.shown is not None and view.case.shown.id == urgent.id
    assert centre.state(urgent) is CaseState.CLAIMED
    qtbot.waitUntil(lambda: titles(view.lists.own) == ["stands still"])
    current = view.lists.own.current()
    assert current is not None and current.id == urgent.id


def test_nothing_waiting_is_said_and_taken_back(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    view = bench[0]
    press(qtbot, view, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: view.lists.claim.sentence.text() == "Nothing is waiting.")
    centre.escalate("No internet")
    qtbot.waitUntil(lambda: titles(view.lists.queue) == ["No internet"])
    qtbot.waitUntil(lambda: view.lists.claim.sentence.text() != "Nothing is waiting.")


def test_a_claim_without_database_is_said_and_asked_again(
    centre: Centre, bench: Bench, qtbot: QtBot, expected_log: ExpectedLog
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


def test_two_people_claim_different_cases(centre: Centre, at_desk: AtDesk, qtbot: QtBot) -> None:
    one, _ = at_desk(centre.seeded.expert)
    other, _ = at_desk(centre.seeded.lead)
    centre.escalate("first", Urgency.HIGH)
    centre.escalate("second")
    press(qtbot, one, Qt.Key.Key_L)
    press(qtbot, other, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: one.case.strip.can_solve and other.case.strip.can_solve)
    assert one.case.shown and other.case.shown and one.case.shown.id != other.case.shown.id


def test_ages_are_of_now(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    view = bench[0]
    centre.escalate("late", Urgency.HIGH, minutes_ago=4 * 60 + 12)
    qtbot.waitUntil(lambda: titles(view.lists.queue) == ["late"])
    model = view.lists.queue.records
    assert model.data(model.index(0, 1)).endswith("overdue by 12 min")
    assert model.data(model.index(0, 0)) == "P3"


def test_a_switch_of_the_level_shows_its_queue(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
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


def test_the_models_keep_the_rules_of_qt(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
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


def test_the_one_question_opens_with_an_arrow_and_again_with_return(
    centre: Centre, at_desk: AtDesk, qtbot: QtBot
) -> None:
    draft = centre.escalate("No internet")
    centre.claim(centre.seeded.lead)
    at = datetime.now(UTC)
    centre.do(Consult(id=new_id(), by=centre.seeded.lead.id, at=at, case_id=draft.id, text="Is it the firmware?"))
    view, _ = at_desk(replace(centre.seeded.expert, roles=frozenset({Role.THIRD_LEVEL})))
    table, opened = view.lists.questions.table, list[object]()
    view.lists.case_opened.connect(opened.append)
    qtbot.waitUntil(lambda: table.records.rowCount() == 1)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: view.case.shown is not None and view.case.shown.id == draft.id)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened == [draft.id, draft.id]
