"""Escalating a case: what is asked, what is sent, and how it is taken back."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton

from app.db.rows import CaseRow, TimelineRow, WatcherRow
from app.domain.calls import CallState
from app.domain.cases import CaseState, EscalationReason, HandOver, Impact, Level, Urgency
from app.domain.work import CallWork, Outcome, hand_over
from app.telephony.numbers import readable
from tests.builders import SHARED_NUMBER
from tests.ui.console import CERTAIN, RESTART, Centre, Console
from tests.ui.seen import OpenConsole, ask_for_escalation, banners, focused, in_wrap_up, is_finished, visible_texts
from ui.agent.entitlement import entitlement_text
from ui.widgets.pill import Pill
from ui.widgets.record_table import RecordTable


def test_without_a_call_there_is_a_sentence(agent: Console) -> None:
    agent.press("F8")
    assert banners(agent) == ["There is no call to escalate. Answer a call first."]
    assert not agent.screen.escalation.isVisible()


def test_only_what_is_missing_is_asked(agent: Console) -> None:
    agent.take_call(CERTAIN)
    panel = agent.screen.escalation
    ask_for_escalation(agent)
    assert not agent.child(QLineEdit, "Name of the caller").isVisible()
    assert not agent.child(QComboBox, "Product").isVisible()
    assert panel.reason.value is None and focused() is panel.reason


def test_a_stranger_is_asked_for_name_and_product(agent: Console) -> None:
    agent.take_call("anonymous")
    ask_for_escalation(agent)
    name, product = agent.child(QLineEdit, "Name of the caller"), agent.child(QComboBox, "Product")
    assert name.isVisible() and product.isVisible()
    name.setFocus()
    agent.write("Jörg Groß")
    agent.wait(lambda: product.count() == 3)
    product.setFocus()
    agent.press("Down")
    assert agent.work.caller_name == "Jörg Groß" and agent.work.product_name == "Link 7"
    assert "Jörg Groß" in visible_texts(agent, "escalation") and "Link 7" in visible_texts(agent, "escalation")
    agent.press("Esc")
    ask_for_escalation(agent)
    assert name.isVisible() and name.text() == "Jörg Groß" and product.currentText() == "Link 7"
    agent.calls.choose_customer(agent.desk.customers.find("voss")[0])  # it was Nora Voss after all
    assert not name.isVisible() and not product.isVisible()
    assert "Nora Voss" in visible_texts(agent, "escalation") and "Link 7, SN-V-2001" in visible_texts(
        agent, "escalation"
    )


def test_the_next_call_is_asked_anew(agent: Console) -> None:
    test_a_stranger_is_asked_for_name_and_product(agent)
    agent.press("Esc")
    agent.hang_up()
    agent.press("F10", "4")
    agent.wait(lambda: is_finished(agent))
    agent.take_call("anonymous")
    ask_for_escalation(agent)
    assert agent.child(QLineEdit, "Name of the caller").text() == ""
    assert agent.child(QComboBox, "Product").currentText() == "Which product?"
    assert agent.screen.escalation.choices == (None, None, None)


def test_the_reason_is_guessed_from_what_was_tried(agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.search("nothing like it")
    agent.screen.answers.clear()
    ask_for_escalation(agent)
    assert agent.screen.escalation.choices[0] is None  # a search alone, without reading on, is not in the case
    agent.press("Esc")
    agent.read(RESTART, "restart")
    agent.screen.reading._on_step(RESTART.steps[0], True)
    ask_for_escalation(agent)
    assert agent.screen.escalation.reason.value is EscalationReason.ANSWER_FAILED
    assert focused() is agent.screen.escalation.impact


def test_the_preview_is_what_is_stored(call_centre: Centre, agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.read(RESTART, "restart")
    agent.screen.reading._on_step(RESTART.steps[0], True)
    agent.note("Größe <b>5</b>\nzweite Zeile")
    ask_for_escalation(agent, "2")
    agent.press("3")
    assert focused() is agent.screen.escalation.send_button
    work, previewed = agent.work, visible_texts(agent, "escalation")
    expected = hand_over(
        work,
        f"{entitlement_text(work.contract, date.today())} · Covered",
        EscalationReason.ANSWER_FAILED,
        Impact.TEAM,
        Urgency.HIGH,
    )
    agent.press("Ctrl+Return")
    agent.wait(lambda: agent.calls.outcome.is_delivered)
    case = call_centre.cases.file(work.case_id)
    stored = case.hand_over
    assert stored == expected
    assert isinstance(stored, HandOver)
    for text in (
        case.summary.title,
        f"P{case.summary.priority}",
        stored.caller_name,
        readable(stored.caller_number),
        stored.customer_number,
        f"{stored.product}, {stored.serial}",
        stored.entitlement,
        "The answer did not help",
        stored.note,
        "restart",
        "Router restarts by itself (version 1)\n   ✓ Take the plug out",
    ):
        assert text in previewed
    _assert_passed_on(call_centre, agent, work)
    texts = visible_texts(agent, "confirmation")
    assert texts[:3] == [work.case_number, "Passed to second level", "Read this number to the customer."]
    watched = agent.child(RecordTable, "Cases I passed on").records
    agent.wait(lambda: [case.id for case in watched.records] == [work.case_id])
    assert focused() is agent.screen.note.field and agent.screen.note.field.toPlainText() == work.note


def _assert_passed_on(centre: Centre, agent: Console, work: CallWork) -> None:
    with centre.database.read() as session:
        row = session.get_one(CaseRow, work.case_id)
        assert (row.state, row.level, row.owner_id) == (CaseState.WAITING, Level.SECOND, None)
        assert row.call_id == work.call.id
        assert session.query(WatcherRow).filter_by(case_id=row.id).one().person_id == agent.desk.person.id
        assert session.query(TimelineRow).filter_by(case_id=row.id).count() == 2  # opened, escalated


def test_what_is_not_chosen_takes_the_focus_and_is_named(agent: Console) -> None:
    agent.take_call(CERTAIN)
    ask_for_escalation(agent)
    panel = agent.screen.escalation
    agent.press("Ctrl+Return")
    assert focused() is panel.reason
    assert "Still to choose: Why?  Who is hit?  How urgent?" in visible_texts(agent, "escalation")
    agent.press("4", "1", "Ctrl+Return")
    assert focused() is panel.urgency
    assert "Still to choose: How urgent?" in visible_texts(agent, "escalation")
    assert agent.work.outcome is None
    agent.press("2", "Ctrl+Return")
    assert agent.work.outcome is Outcome.ESCALATED


def test_the_products_version_and_what_was_promised_go_with_the_case(agent: Console) -> None:
    agent.take_call(CERTAIN)
    ask_for_escalation(agent, "322")
    panel = agent.screen.escalation
    panel.version.setFocus()
    agent.write("7.2 beta ")
    assert panel.version.text() == agent.work.version == "7.2 beta "
    panel.promised.setFocus()
    agent.write("A call before noon ")
    assert "A call before noon" in visible_texts(agent, "escalation")
    assert any("version 7.2 beta" in text for text in visible_texts(agent, "escalation"))
    agent.press("Esc")
    ask_for_escalation(agent)
    assert panel.promised.text() == agent.work.promised == "A call before noon "
    agent.press("Ctrl+Return")
    agent.wait(lambda: agent.calls.outcome.is_delivered)
    written = agent.desk.cases.file(agent.work.case_id).hand_over
    assert written is not None and (written.version, written.promised) == ("7.2 beta", "A call before noon")


def test_arrows_and_return_choose_as_well(agent: Console) -> None:
    agent.take_call(CERTAIN)
    ask_for_escalation(agent)
    panel = agent.screen.escalation
    agent.press("Down", "Down", "Down")
    assert panel.reason.value is EscalationReason.NEEDS_SPECIALIST and focused() is panel.reason
    assert "Needs a specialist" in visible_texts(agent, "escalation")
    agent.press("Return", "Right", "Return", "Right", "Return")
    assert panel.choices == (EscalationReason.NEEDS_SPECIALIST, Impact.PERSON, Urgency.LOW)
    assert focused() is panel.send_button


def test_escape_goes_back_and_loses_nothing(agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.note("Lamp is red")
    ask_for_escalation(agent, "32")
    agent.press("Esc")
    assert not agent.screen.escalation.isVisible() and focused() is agent.screen.note.field
    assert agent.screen.note.field.toPlainText() == "Lamp is red"
    agent.write(", still")
    ask_for_escalation(agent)
    panel = agent.screen.escalation
    assert panel.choices == (EscalationReason.NEEDS_SPECIALIST, Impact.TEAM, None) and focused() is panel.urgency
    assert panel.preview_text() == "Lamp is red, still"


def test_a_stray_digit_in_an_escalation_finishes_no_wrap_up(agent: Console) -> None:
    in_wrap_up(agent, "n")
    ask_for_escalation(agent, "3")
    agent.press("4")  # there are three impacts
    agent.screen.escalation.send_button.setFocus()
    agent.press("1")
    assert agent.has_call(CallState.WRAP_UP) and agent.screen.escalation.isVisible()


def test_an_escalation_open_when_the_language_changes_stays_open(agent: Console) -> None:
    agent.take_call("anonymous")
    ask_for_escalation(agent)
    agent.child(QLineEdit, "Name of the caller").setFocus()
    agent.write("Jo")
    agent.screen.escalation.reason.setFocus()
    agent.press("3", "2")
    agent.shell.switch_language()
    agent.wait(lambda: agent.screen.escalation.urgency.hasFocus())
    assert agent.screen.escalation.choices == (EscalationReason.NEEDS_SPECIALIST, Impact.TEAM, None)
    names = [f.text() for f in agent.screen.escalation.findChildren(QLineEdit) if f.isVisible()]
    assert names == ["Jo", "", ""]  # no version is known, nothing was promised


def test_an_escalation_is_taken_back_in_time(call_centre: Centre, open_console: OpenConsole) -> None:
    agent = open_console(undo_s=30.0)
    agent.take_call(CERTAIN)
    agent.note("Lamp is red")
    ask_for_escalation(agent, "321")
    agent.press("Ctrl+Return")
    agent.wait(agent.screen.confirmation.isVisible)  # once the command is in the journal
    assert agent.desk.journal.waiting_count() >= 1
    assert "kept, on its way" in [pill.text() for pill in agent.screen.confirmation.findChildren(Pill)]
    undo = next(b for b in agent.screen.confirmation.findChildren(QPushButton) if b.text() == "Undo")
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    agent.wait(lambda: agent.work.outcome is None)
    agent.wait(agent.is_delivered)
    assert not agent.screen.confirmation.isVisible() and agent.screen.note.escalate.isEnabled()
    with call_centre.database.read() as session:
        assert session.get(CaseRow, agent.work.case_id) is None
    assert agent.work.note == "Lamp is red"


def test_two_candidates_do_not_hinder_an_escalation(call_centre: Centre, agent: Console) -> None:
    agent.take_call(SHARED_NUMBER)
    ask_for_escalation(agent)
    assert agent.child(QLineEdit, "Name of the caller").isVisible()
    agent.screen.escalation.reason.setFocus()
    agent.press("3", "2", "1", "Ctrl+Return")
    agent.wait(lambda: agent.calls.outcome.is_delivered)
    stored = call_centre.cases.file(agent.work.case_id).hand_over
    assert stored is not None and stored.caller_name == "" and stored.customer_number == ""


def test_under_a_raised_hand_the_questions_are_scrolled_and_not_squeezed(agent: Console) -> None:
    panel = agent.screen.escalation
    agent.take_call("anonymous")
    agent.press("Ctrl+Shift+H", "F8")
    agent.wait(lambda: panel.isVisible() and panel.reason.hasFocus())
    agent.window.resize(1280, 640)
    for row in (panel.reason, panel.impact, panel.urgency):
        agent.wait(row.hasFocus)
        agent.wait(lambda row=row: row.visibleRegion().boundingRect().size() == row.size())  # type: ignore[misc]
        assert row.height() >= row.sizeHint().height()
        agent.press("1")
    assert focused() is panel.send_button
