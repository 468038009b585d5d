"""The end of a call: wrap-up, escalation, and what happens to both while the database is away."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QToolButton

from app.db import engine
from app.db.rows import AppliedCommandRow, CallRow, CaseRow, TimelineRow, WatcherRow
from app.domain.calls import CallState, Disposition
from app.domain.cases import CaseState, EscalationReason, HandOver, Impact, Level, Urgency
from app.domain.commands import EscalateCase
from app.domain.people import AgentState
from app.domain.work import Outcome, hand_over
from app.services.commands import Commands
from tests import builders
from tests.builders import LONE_NUMBER, SHARED_NUMBER
from tests.conftest import ExpectedLog
from tests.fakes import away
from tests.ui.console import CERTAIN, LAMP, RESTART, Centre, Console
from ui.agent.entitlement import entitlement_text
from ui.widgets.banner import Banner
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable

OpenConsole = Callable[..., Console]


def visible_texts(agent: Console, of: str) -> list[str]:
    labels = getattr(agent.screen, of).findChildren(PlainLabel)
    return [label.text() for label in labels if label.isVisible() and label.text()]


def banners(agent: Console) -> list[str]:
    return [b.text for b in agent.window.findChildren(Banner) if b.isVisible()]


def recorded(centre: Centre, call_id: UUID) -> CallRow:
    with centre.database.read() as session:
        return session.get_one(CallRow, call_id)


def focused() -> object:
    return QApplication.focusWidget()


def ask_for_escalation(agent: Console, digits: str = "") -> None:
    agent.press("F8")
    agent.wait(agent.screen.escalation.isVisible)
    agent.press(*digits)


# --- wrap-up --------------------------------------------------------------------------------------------------


def in_wrap_up(agent: Console, note: str = "") -> UUID:
    call_id = agent.take_call(CERTAIN)
    if note:
        agent.note(note)
    agent.hang_up()
    return call_id


def is_finished(agent: Console) -> bool:
    return agent.calls.work is None and agent.is_agent(AgentState.AVAILABLE)


def test_a_digit_finishes_where_nothing_is_typed(call_centre: Centre, agent: Console) -> None:
    call_id = in_wrap_up(agent, "Lamp was red")
    agent.screen.note.escalate.setFocus()
    agent.press("4")
    agent.wait(lambda: is_finished(agent) and agent.is_delivered())
    row = recorded(call_centre, call_id)
    assert (row.state, row.disposition, row.note) == (CallState.CLOSED, Disposition.INFORMATION, "Lamp was red")
    assert row.case_id is None and row.customer_id == call_centre.voss.id
    agent.wait(lambda: agent.desk.journal.kept_work() == ())


@pytest.mark.parametrize("where", ["table", "box", "answer"])
def test_a_digit_finishes_from_lists_boxes_and_texts_that_are_read(agent: Console, where: str) -> None:
    agent.take_call(CERTAIN)
    agent.read(RESTART, "restart")
    agent.hang_up()
    parts = {
        "table": agent.child(RecordTable, "Products and contracts"),
        "box": agent.screen.reading.solved,
        "answer": agent.screen.reading._body,
    }
    parts[where].setFocus()
    QTest.keyClick(parts[where], Qt.Key.Key_5, Qt.KeyboardModifier.KeypadModifier)
    agent.wait(lambda: is_finished(agent))


def test_digits_in_the_note_and_the_search_stay_text(agent: Console) -> None:
    in_wrap_up(agent)
    agent.press("F7", "4", "2")
    agent.press("Ctrl+K", "1", "7")
    assert agent.work.note == "42" and agent.screen.answers.field.text() == "17"
    assert agent.has_call(CallState.WRAP_UP)


def test_f10_then_a_digit(call_centre: Centre, agent: Console) -> None:
    call_id = in_wrap_up(agent, "n")
    agent.press("F10", "5")
    agent.wait(lambda: is_finished(agent) and agent.is_delivered())
    assert recorded(call_centre, call_id).disposition is Disposition.WRONG_NUMBER
    assert focused() is agent.screen.answers.field


@pytest.mark.parametrize("last", ["F10", "Return"])
def test_f10_and_once_more_takes_what_is_suggested(call_centre: Centre, agent: Console, last: str) -> None:
    agent.take_call(CERTAIN)
    agent.read(RESTART, "restart")
    agent.press("F9")
    call_id, case_id = agent.work.call.id, agent.work.case_id
    agent.hang_up()
    agent.press("F10")
    assert agent.has_call(CallState.WRAP_UP)
    agent.press(last)
    agent.wait(lambda: is_finished(agent) and agent.is_delivered())
    row = recorded(call_centre, call_id)
    assert (row.disposition, row.case_id) == (Disposition.SOLVED, case_id)


def test_without_a_suggestion_f10_twice_waits(agent: Console) -> None:
    in_wrap_up(agent)
    agent.press("F10", "F10", "Return")
    assert agent.has_call(CallState.WRAP_UP)
    agent.press("Right", "Right")
    assert agent.has_call(CallState.WRAP_UP) and agent.screen.wrap_up.row.value is Disposition.ESCALATED
    agent.ring(LONE_NUMBER)  # news leave the choice alone
    assert agent.screen.wrap_up.row.value is Disposition.ESCALATED
    agent.press("Return")
    agent.wait(lambda: agent.calls.work is None)


def test_outside_of_wrap_up_digits_do_nothing(agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.screen.note.escalate.setFocus()
    agent.press("1", "F10", "1")
    assert agent.has_call(CallState.CONNECTED)


# --- escalation -----------------------------------------------------------------------------------------------


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
        stored.caller_number,
        stored.customer_number,
        f"{stored.product}, {stored.serial}",
        stored.entitlement,
        "The answer did not help",
        stored.note,
        "restart",
        "Router restarts by itself (version 1)\n   ✓ Take the plug out",
    ):
        assert text in previewed
    with call_centre.database.read() as session:
        row = session.get_one(CaseRow, work.case_id)
        assert (row.state, row.level, row.owner_id, row.call_id) == (
            CaseState.WAITING,
            Level.SECOND,
            None,
            work.call.id,
        )
        assert session.query(WatcherRow).filter_by(case_id=row.id).one().person_id == agent.desk.person.id
        assert session.query(TimelineRow).filter_by(case_id=row.id).count() == 2  # opened, escalated
    texts = visible_texts(agent, "confirmation")
    assert texts[:3] == [work.case_number, "Passed to second level", "Read this number to the customer."]
    watched = agent.child(RecordTable, "Cases I passed on").records
    agent.wait(lambda: [case.id for case in watched.records] == [work.case_id])
    assert focused() is agent.screen.note.field and agent.screen.note.field.toPlainText() == work.note


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


def test_what_was_promised_goes_with_the_case(agent: Console) -> None:
    agent.take_call(CERTAIN)
    ask_for_escalation(agent, "322")
    panel = agent.screen.escalation
    panel.promised.setFocus()
    agent.write("A call before noon ")
    assert "A call before noon" in visible_texts(agent, "escalation")
    agent.press("Esc")
    ask_for_escalation(agent)
    assert panel.promised.text() == agent.work.promised == "A call before noon "
    agent.press("Ctrl+Return")
    agent.wait(lambda: agent.calls.outcome.is_delivered)
    written = agent.desk.cases.file(agent.work.case_id).hand_over
    assert written is not None and written.promised == "A call before noon"


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
    assert names == ["Jo", ""]  # nothing was promised


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


# --- without the database -------------------------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A locked database is given up soon."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)


def escalation_rows(centre: Centre, case_id: UUID) -> list[str]:
    with centre.database.read() as session:
        return [row.event for row in session.query(TimelineRow).filter_by(case_id=case_id)]


@pytest.mark.usefixtures("impatient")
def test_with_a_locked_database_all_is_kept_and_delivered_once(
    call_centre: Centre, open_console: OpenConsole, expected_log: ExpectedLog
) -> None:
    expected_log("database: OperationalError")
    agent = open_console()
    agent.take_call(CERTAIN)
    agent.wait(agent.is_delivered)
    with closing(sqlite3.connect(call_centre.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        agent.note("Lamp is red")
        ask_for_escalation(agent, "321")
        agent.press("Ctrl+Return")
        case_id = agent.work.case_id
        agent.wait(lambda: agent.work.case_number in visible_texts(agent, "confirmation"))
        waiting = agent.shell.line.outbox
        agent.wait(lambda: waiting.isVisible() and "Another program holds" in waiting.toolTip())
        assert "not delivered since" in waiting.text()
        agent.hang_up()
        agent.press("F10", "F10")
        agent.wait(lambda: is_finished(agent))
        other.execute("ROLLBACK")
    agent.wait(agent.is_delivered, 10.0)
    agent.wait(lambda: not waiting.isVisible())
    assert escalation_rows(call_centre, case_id) == ["opened", "escalated"]
    with call_centre.database.read() as session:
        ids = session.query(AppliedCommandRow).filter_by(subject_id=case_id).count()
    assert ids == 2  # the escalation, and the time of the conversation


def test_a_lost_database_is_a_banner_with_its_time_and_work_goes_on(
    call_centre: Centre, agent: Console, expected_log: ExpectedLog
) -> None:
    expected_log("database: OperationalError")
    expected_log("change feed: Unavailable")
    agent.wait(agent.is_delivered)
    with away(agent.desk._database, call_centre.path):
        agent.wait(lambda: any(text.startswith("No connection to the database since ") for text in banners(agent)))
        now = datetime.now(UTC).astimezone().strftime("%H:")
        assert f"since {now}" in banners(agent)[0]
        call_id = agent.line.ring(LONE_NUMBER)
        agent.wait(lambda: agent.calls.ringing is not None)
        agent.press("F2")
        agent.wait(lambda: agent.has_call(CallState.CONNECTED))
        agent.read(LAMP, "lamp")
        agent.note("typed without a database")
        ask_for_escalation(agent, "321")
        agent.press("Ctrl+Return")
        assert agent.work.outcome is Outcome.ESCALATED
        case_id = agent.work.case_id
    agent.wait(lambda: not any("No connection" in text for text in banners(agent)), 10.0)
    agent.wait(lambda: agent.calls.outcome.is_delivered, 10.0)
    assert escalation_rows(call_centre, case_id) == ["opened", "escalated"]
    agent.wait(agent.is_delivered, 10.0)
    assert recorded(call_centre, call_id).note != "" or agent.work.note == "typed without a database"


@pytest.mark.usefixtures("impatient")
def test_typing_goes_on_while_the_database_is_blocked(
    call_centre: Centre, open_console: OpenConsole, expected_log: ExpectedLog
) -> None:
    expected_log.may_come("database: OperationalError")
    agent = open_console()
    agent.take_call(CERTAIN)
    agent.press("F7")
    with closing(sqlite3.connect(call_centre.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        agent.press("F3")  # a command that cannot be delivered now
        for end, letter in enumerate("typed while locked", start=1):
            agent.write(letter)
            QApplication.processEvents()  # one turn
            assert agent.screen.note.field.toPlainText() == "typed while locked"[:end] == agent.work.note
        other.execute("ROLLBACK")
    agent.wait(agent.is_delivered, 10.0)


def test_a_refused_escalation_comes_back_with_reason_and_text(call_centre: Centre, agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.note("Lamp is red")
    seeded = call_centre.seeded
    taken = builders.escalation(seeded.expert, told_at=datetime.now(UTC))
    draft = builders.case_draft("theirs")
    draft = type(draft)(
        id=agent.work.case_id, number=agent.work.case_number, title=draft.title, opened_at=draft.opened_at
    )
    Commands(call_centre.database).apply(
        EscalateCase(id=taken.id, by=seeded.expert.id, at=taken.at, case=draft, hand_over=taken.hand_over)
    )
    ask_for_escalation(agent, "321")
    agent.press("Ctrl+Return")
    agent.wait(lambda: any(text.startswith("Not done: ") for text in banners(agent)))
    told = next(text for text in banners(agent) if text.startswith("Not done: "))
    assert "higher level" in told
    assert agent.work.outcome is None and agent.screen.note.escalate.isEnabled()
    assert not agent.screen.confirmation.isVisible()
    agent.window.warn("another notice")
    assert told in banners(agent)
    banner = next(b for b in agent.window.findChildren(Banner) if b.text == told)
    close = next(b for b in banner.findChildren(QToolButton) if b.accessibleName() == "Close")
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    agent.wait(lambda: told not in banners(agent))
    assert len(agent.desk.journal.refused()) == 1  # until the person decides
    agent.wait(lambda: agent.shell.line.outbox.isVisible() and agent.shell.line.outbox.text() == "1 refused")


def test_two_candidates_do_not_hinder_an_escalation(call_centre: Centre, agent: Console) -> None:
    agent.take_call(SHARED_NUMBER)
    ask_for_escalation(agent)
    assert agent.child(QLineEdit, "Name of the caller").isVisible()
    agent.screen.escalation.reason.setFocus()
    agent.press("3", "2", "1", "Ctrl+Return")
    agent.wait(lambda: agent.calls.outcome.is_delivered)
    stored = call_centre.cases.file(agent.work.case_id).hand_over
    assert stored is not None and stored.caller_name == "" and stored.customer_number == ""
