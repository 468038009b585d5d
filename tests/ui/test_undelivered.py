"""What is not delivered, or was refused: read, copied, sent again, thrown away and taken back, by keys."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app import i18n
from app.db import engine
from app.domain.commands import SolveCase
from app.domain.ids import case_number, new_id
from app.services.commands import Commands
from tests.builders import claim, escalation
from tests.conftest import ExpectedLog
from tests.patience import LIMIT_S
from tests.ui.console import Centre, Console
from ui.undelivered import UndeliveredPage
from ui.widgets.banner import Banner

OpenConsole = Callable[..., Console]
TEXT = "Firmware getauscht: größte Mühe, <b>nichts</b>"


@pytest.fixture
def expert(call_centre: Centre, open_console: OpenConsole) -> Iterator[Console]:
    yield open_console(person=call_centre.seeded.expert)


def page_of(console: Console) -> UndeliveredPage:
    page = console.shell.screens.currentWidget()
    assert isinstance(page, UndeliveredPage)
    return page


def click(button: QPushButton) -> None:
    assert button.isVisible() and button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def refused_solution(call_centre: Centre, console: Console) -> SolveCase:
    """A case that waits for anybody is solved by somebody who does not have it."""
    case_id = Commands(call_centre.database).apply(escalation(call_centre.seeded.agent, told_at=datetime.now(UTC)))
    assert case_id is not None
    command = SolveCase(id=new_id(), by=console.desk.person.id, at=datetime.now(UTC), case_id=case_id, solution=TEXT)
    console.desk.send(command).result(LIMIT_S)
    console.wait(lambda: console.shell.line.outbox.isVisible())
    return command


def test_a_refused_command_is_read_copied_and_sent_again(call_centre: Centre, expert: Console) -> None:
    command = refused_solution(call_centre, expert)
    expert.wait(lambda: any(b.isVisible() for b in expert.window.findChildren(Banner)))
    (banner,) = [b for b in expert.window.findChildren(Banner) if b.isVisible()]
    assert banner.text == "Not done: You do not have this case. Claim it first."
    click(next(b for b in banner.findChildren(QPushButton) if b.text() == "Read it"))
    page = page_of(expert)
    expert.wait(lambda: page.table.records.rowCount() == 1)
    assert page.title.text() == f"Case {case_number(command.case_id)} solved"
    assert page.reason.text() == "You do not have this case. Claim it first."
    assert page.text.toPlainText() == TEXT and page.text.isReadOnly()
    click(page.copy)
    assert QGuiApplication.clipboard().text() == TEXT
    Commands(call_centre.database).apply(claim(call_centre.seeded.expert))
    click(page.again)
    expert.wait(lambda: page.table.records.rowCount() == 0)
    assert not page.card.isVisible()
    assert call_centre.cases.owned_by(command.by) == ()  # solved, and with it gone from the list
    expert.press("Esc")
    assert not isinstance(expert.shell.screens.currentWidget(), UndeliveredPage)
    expert.wait(lambda: not expert.shell.line.outbox.isVisible() and not banner.isVisible())


def test_what_is_thrown_away_comes_back_with_undo(call_centre: Centre, expert: Console) -> None:
    command = refused_solution(call_centre, expert)
    expert.press("Ctrl+Shift+U")
    page = page_of(expert)
    expert.wait(lambda: page.table.records.rowCount() == 1)
    before = expert.desk.journal.entries()
    click(page.discard)
    expert.wait(lambda: page.table.records.rowCount() == 0)
    undo = next(b for b in expert.window.findChildren(QPushButton) if b.text().startswith("Undo") and b.isVisible())
    click(undo)
    expert.wait(lambda: page.table.records.rowCount() == 1)
    assert expert.desk.journal.entries() == before
    assert before[0].command == command
    expert.press("Ctrl+Shift+U")  # the same key goes back
    assert expert.desk.journal.refused_count() == 1


def test_what_waits_is_listed_with_its_age_and_cannot_be_thrown_away(
    call_centre: Centre, open_console: OpenConsole, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectedLog
) -> None:
    expected_log.may_come("database: OperationalError|change feed")
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    agent = open_console()
    agent.wait(agent.is_delivered)
    with closing(sqlite3.connect(call_centre.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        sent = escalation(agent.desk.person, told_at=datetime.now(UTC), note=TEXT)
        agent.desk.send(sent).result(LIMIT_S)
        agent.wait(lambda: "since" in agent.shell.line.outbox.text() and agent.shell.line.outbox.isVisible())
        click(agent.shell.line.outbox)
        page = page_of(agent)
        agent.wait(lambda: page.table.records.rowCount() == 1)
        model = page.table.records
        shown = [str(model.data(model.index(0, column))) for column in range(3)]
        assert shown == [f"Case {sent.case.number} escalated", f"{sent.at.astimezone():%H:%M}", "waits"]
        assert TEXT in page.text.toPlainText() and page.copy.isVisible()
        assert not page.discard.isVisible() and not page.again.isVisible()
        agent.shell.switch_language()
        page = page_of(agent)
        agent.wait(lambda: page.table.records.rowCount() == 1)
        assert page.title.text() == f"Fall {sent.case.number} weitergeleitet"
        other.execute("ROLLBACK")
    agent.wait(lambda: page.table.records.rowCount() == 0)
    assert not page.card.isVisible()
    click(page.back)
    assert agent.screen.isVisible()
    i18n.set_language("en")


def test_what_cannot_be_read_is_shown_as_it_is(
    call_centre: Centre, open_console: OpenConsole, expected_log: ExpectedLog
) -> None:
    expected_log("cannot be read")
    agent = open_console()
    agent.wait(agent.is_delivered)
    broken = escalation(call_centre.seeded.agent)
    agent.desk.journal.enqueue(broken, 9e9)
    agent.desk.journal._run("UPDATE outbox SET document = ?, due_at = 0 WHERE id = ?", (TEXT.encode(), str(broken.id)))
    agent.desk.outbox.retry_now()
    agent.press("Ctrl+Shift+U")
    page = page_of(agent)
    agent.wait(lambda: page.text.toPlainText() == TEXT and page.discard.isVisible())
    assert page.title.text() == "Cannot be read: EscalateCase" and not page.again.isVisible()
    agent.wait(lambda: agent.shell.line.outbox.text() == "1 refused")
