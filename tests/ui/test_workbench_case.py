"""The open case of the workbench, on a real database: solving, returning, what is typed, how it looks."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.calls import CallState, Disposition
from app.domain.cases import AnswerRead, CaseEvent, CaseState, ScriptTurn, Urgency
from app.domain.commands import SolveCase
from app.domain.ids import new_id
from app.i18n import PSEUDO, set_language
from app.services.case_lists import CaseLists
from app.telephony.numbers import readable
from tests import builders
from tests.ui import bench_rig
from tests.ui.bench_rig import AtDesk, Bench, Centre, claimed, press, titles
from tests.ui.texts import unwrapped
from ui import theme
from ui.labels import date_text
from ui.workbench import Workbench
from ui.workbench.calls_card import CallsCard
from ui.workbench.hand_over_card import HandOverCard

centre, at_desk, bench = bench_rig.centre, bench_rig.at_desk, bench_rig.bench  # its fixtures, here too


def test_a_solution_is_sent_and_confirmed(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    view, opened = bench
    draft = centre.escalate("No internet")
    claimed(qtbot, view)
    view.focus_answer()
    QTest.keyClicks(view.case.strip.editor, "New firmware 4.19")
    press(qtbot, view, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: centre.state(draft) is CaseState.SOLVED)
    qtbot.waitUntil(lambda: titles(view.lists.own) == [])
    qtbot.waitUntil(lambda: opened.notifier.confirmed == [f"Case {draft.number} is solved."])
    assert CaseLists(centre.database).file(draft.id).timeline[-1].text == "New firmware 4.19"
    assert view.case.strip.editor.toPlainText() == ""
    qtbot.waitUntil(lambda: view.case.page.timeline.entries[-1].event is CaseEvent.SOLVED)


def test_version_script_and_promise_stand_on_the_hand_over(qtbot: QtBot) -> None:
    card = HandOverCard()
    qtbot.addWidget(card)
    turn = ScriptTurn(step="lamp", asked="Which lamp is red?", answered="The third")
    read = AnswerRead(answer_id=new_id(), title="Lamps", script_path=(turn,))
    given = replace(builders.hand_over(), version="4.18", answers=(read,), promised="A call before noon")
    card.show_hand_over(given)
    assert card.caller.value("Version") == "4.18" and card.problem.value("Promised") == "A call before noon"
    assert "Which lamp is red? → The third" in [line.text() for line in card.findChildren(QLabel)]
    card.show_hand_over(builders.hand_over())
    assert card.problem.value("Promised") == "–"
    with pytest.raises(KeyError):
        card.caller.value("Version")


def test_the_calls_of_the_customer_stand_on_the_case(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    view, _ = bench
    call = replace(builders.call(CallState.CLOSED, queued_at=datetime.now(UTC)), disposition=Disposition.ESCALATED)
    draft = replace(builders.case_draft("Red lamp", customer_id=centre.seeded.berg.id), call_id=call.id)
    centre.do(builders.record_call(call, centre.seeded.agent, customer_id=centre.seeded.berg.id))
    centre.do(builders.escalation(centre.seeded.agent, case=draft))
    view.open_case(draft.id)
    (card,) = (card for card in view.case.page.cards if isinstance(card, CallsCard))
    qtbot.waitUntil(card.isVisible)
    lines = [line.text() for line in card.findChildren(QLabel)]
    assert "1 in 90 days" in lines
    assert any(line.endswith(f" · {centre.seeded.agent.name} · Escalated · about this case") for line in lines)
    other = centre.escalate("Without a call")
    view.open_case(other.id)
    qtbot.waitUntil(lambda: view.case.shown is not None and view.case.shown.id == other.id)
    assert not any("about this case" in line.text() for line in card.findChildren(QLabel) if line.isVisible())


def test_a_case_goes_back_with_its_reason(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    view, opened = bench
    draft = centre.escalate("No internet")
    claimed(qtbot, view)
    view.focus_answer()
    QTest.keyClicks(view.case.strip.editor, "Serial number is missing")
    press(qtbot, view, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: centre.state(draft) is CaseState.OPEN)
    qtbot.waitUntil(lambda: bool(opened.notifier.confirmed))  # told by another thread than what the database did
    assert opened.notifier.confirmed == [f"Case {draft.number} goes back to first level."]
    assert CaseLists(centre.database).file(draft.id).timeline[-1].text == "Serial number is missing"


@pytest.mark.parametrize(("key", "word"), [(Qt.Key.Key_D, "solution"), (Qt.Key.Key_B, "reason")])
def test_without_text_nothing_is_sent(centre: Centre, bench: Bench, qtbot: QtBot, key: Qt.Key, word: str) -> None:
    view, opened = bench
    draft = centre.escalate("No internet")
    claimed(qtbot, view)
    view.case.strip.editor.setPlainText("  \n ")
    press(qtbot, view, key)
    assert re.match(f"Write the {word} first", view.case.strip.sentence.text())
    assert view.case.strip.editor.hasFocus()
    QTest.keyClicks(view.case.strip.editor, "x")
    assert view.case.strip.sentence.text() == ""
    assert centre.state(draft) is CaseState.CLAIMED and opened.notifier.confirmed == []


def test_text_and_focus_stay_when_the_case_changes_elsewhere(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
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


def test_another_case_is_read_from_its_beginning(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    """The same one keeps the place that is read, whatever happens to it."""
    view = bench[0]
    first, second = centre.escalate("No internet", Urgency.HIGH), centre.escalate("No telephone")
    view.resize(1280, 560)
    view.open_case(first.id)
    page = view.case.page
    bar = page.verticalScrollBar()
    qtbot.waitUntil(lambda: view.case.shown is not None and bar.maximum() > 20)
    bar.setValue(20)
    centre.claim(centre.seeded.lead)
    view.refresh()
    qtbot.waitUntil(lambda: page.timeline.entries[-1].event is CaseEvent.CLAIMED)
    assert bar.value() == 20
    view.open_case(second.id)
    qtbot.waitUntil(lambda: view.case.shown is not None and view.case.shown.id == second.id)
    assert bar.value() == 0


def test_text_belongs_to_its_case_and_outlives_the_screen(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
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


def test_every_text_is_translated(centre: Centre, at_desk: AtDesk, qtbot: QtBot) -> None:
    set_language(PSEUDO)
    view, _ = at_desk(centre.seeded.expert)
    assert unwrapped(view, set()) == []
    draft = centre.escalate("No internet")
    claimed(qtbot, view)
    press(qtbot, view, Qt.Key.Key_D)
    hand_over = builders.hand_over()
    data = {draft.number, "No internet", "Ida Berg", "Ben", "Ada", "Network", "P4", "SN-V-1001", "Link 7", "K-100"}
    data |= {hand_over.note, hand_over.entitlement, *hand_over.searches, readable(hand_over.caller_number)}
    data |= {"Restart the router", "Plug it in", date_text(builders.TODAY)}
    assert unwrapped(view, data) == []


def test_a_switch_of_the_scheme_reaches_all(centre: Centre, bench: Bench, qtbot: QtBot, qapp: QApplication) -> None:
    view = bench[0]
    centre.escalate("No internet")
    claimed(qtbot, view)
    theme.apply(qapp, theme.Scheme.DARK)
    qtbot.wait(50)
    picture = view.grab().toImage()
    corners = [picture.pixelColor(x, y).lightness() for x, y in ((3, 3), (700, 30), (100, 300), (700, 780))]
    assert max(corners) < 80


def test_everything_is_reached_by_tab(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
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
