"""The end of a call while the database is away, or refuses."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from app.db import engine
from app.db.rows import AppliedCommandRow, TimelineRow
from app.domain.calls import CallState
from app.domain.commands import EscalateCase
from app.domain.work import Outcome
from app.services.commands import Commands
from tests import builders
from tests.builders import LONE_NUMBER
from tests.conftest import ExpectedLog
from tests.fakes import away
from tests.ui.console import CERTAIN, LAMP, Centre, Console
from tests.ui.seen import OpenConsole, ask_for_escalation, banners, is_finished, recorded, visible_texts
from ui.widgets.banner import Banner


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
    agent.wait(agent.is_delivered)
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
    began_at = datetime.now().astimezone()
    with away(agent.desk._database, call_centre.path):
        agent.wait(lambda: any(text.startswith("No connection to the database since ") for text in banners(agent)))
        hours = {f"since {at:%H:}" for at in (began_at, datetime.now().astimezone())}
        assert any(hour in banners(agent)[0] for hour in hours)
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
    agent.wait(lambda: not any("No connection" in text for text in banners(agent)))
    agent.wait(lambda: agent.calls.outcome.is_delivered)
    assert escalation_rows(call_centre, case_id) == ["opened", "escalated"]
    agent.wait(agent.is_delivered)
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
    agent.wait(agent.is_delivered)


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
