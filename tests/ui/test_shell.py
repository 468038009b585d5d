"""The shell around the screens: what it says of line, database and disk, and what comes back after a crash."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from sqlalchemy import Engine, event

from app.db.rows import AgentRow, CallRow
from app.desk.journal import Journal
from app.domain.calls import CallState, EndReason
from app.domain.people import AgentState
from app.telephony.source import SourceState
from tests.conftest import ExpectedLog
from tests.ui.console import CERTAIN, Centre, Console, console
from ui import main as program
from ui.agent.screen import AgentScreen
from ui.call_backs import CallBackScreen
from ui.keys import wait_until
from ui.sign_in import SignInPage
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel

OpenConsole = Callable[..., Console]
ROOT = Path(__file__).parents[2]


def banners(window: QWidget) -> list[str]:
    return [b.text for b in window.findChildren(Banner) if b.isVisible()]


def pills(agent: Console) -> list[str]:
    return [pill.text() for pill in agent.shell.line.findChildren(Pill) if pill.isVisible()]


class ShownWindows(QObject):
    """Notes each widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False


def test_no_other_window_is_ever_shown(call_centre: Centre, tmp_path: Path, qapp: QApplication) -> None:
    shown = ShownWindows()
    qapp.installEventFilter(shown)
    with console(call_centre, tmp_path / "desk", person=call_centre.all_roles) as opened:
        for keys in ("Ctrl+Shift+Q", "Ctrl+Shift+B", "Ctrl+Shift+A"):
            opened.press(keys)
        opened.take_call(CERTAIN)
        opened.shell.switch_language()
        opened.shell.switch_theme()
        opened.press("Ctrl++")
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.removeEventFilter(shown)
    assert shown.names == ["Window"]


def test_the_state_line_says_what_is(open_console: OpenConsole) -> None:
    agent = open_console()
    line = agent.shell.line
    assert line.person.text() == "Ada" and pills(agent) == ["Line ready"]
    assert line.state_button.text() == "Available"
    agent.take_call(CERTAIN)
    assert line.state_button.text() == "On a call"
    agent.line.report(SourceState.LOST, "The telephone does not answer. Check its cable.")
    agent.wait(lambda: [text[: len("Line lost since ")] for text in pills(agent)] == ["Line lost since "])
    assert banners(agent.window) == ["The telephone does not answer. Check its cable."]
    agent.line.report(SourceState.READY)
    agent.wait(lambda: banners(agent.window) == [])


def test_only_the_screens_of_the_persons_roles_are_there(call_centre: Centre, open_console: OpenConsole) -> None:
    agent = open_console(person=call_centre.seeded.agent)
    assert [type(agent.shell.screens.widget(n)) for n in range(agent.shell.screens.count())] == [
        AgentScreen,
        CallBackScreen,
    ]


def test_a_call_is_answered_from_any_screen(call_centre: Centre, open_console: OpenConsole) -> None:
    agent = open_console(person=call_centre.all_roles)
    agent.press("Ctrl+Shift+B")
    assert not agent.screen.isVisible()
    agent.press("F2")
    assert not agent.screen.isVisible()
    agent.ring(CERTAIN)
    agent.press("F2")
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    assert agent.screen.isVisible() and agent.line.asked == ["answer"]


def test_the_look_changes_and_is_remembered(open_console: OpenConsole) -> None:
    from app import settings

    agent = open_console()
    agent.shell.switch_theme()
    agent.press("Ctrl++")
    agent.shell.switch_language()

    def is_saved() -> bool:
        saved = settings.load()
        return (saved.theme, saved.font_px, saved.language) == ("dark", 14, "de")

    agent.wait(is_saved)


def test_closing_signs_out(call_centre: Centre, tmp_path: Path) -> None:
    with console(call_centre, tmp_path / "desk") as agent:
        agent.wait(agent.is_delivered)
    kept = Journal(tmp_path / "desk" / "journal.db")
    waiting = kept.waiting_count()
    kept.close()
    with call_centre.database.read() as session:
        state = session.get_one(AgentRow, call_centre.seeded.agent.id).state
    assert state is AgentState.SIGNED_OUT or waiting == 1  # at the latest with the next start


def test_a_killed_console_has_its_note_back(call_centre: Centre, tmp_path: Path) -> None:
    text = "Größe: 5 µm, „läuft nicht“\nzweite Zeile"
    folder = tmp_path / "desk"
    folder.mkdir()
    arguments = [call_centre.url, call_centre.seeded.agent.login, str(folder), text]
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.console_process", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
    )
    with child:
        assert child.stdout is not None and child.stdout.readline() == "TYPED\n"
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    with console(call_centre, folder) as agent:
        agent.wait(lambda: agent.has_call(CallState.WRAP_UP))
        assert agent.screen.note.field.toPlainText() == text and agent.screen.note.field.isEnabled()
        assert banners(agent.window) == [
            "Firstline was closed during a call. Your note is back; please finish the wrap-up."
        ]
        assert agent.is_agent(AgentState.WRAP_UP) and agent.screen.wrap_up.isVisible()
        call_id = agent.work.call.id
        agent.press("F7")
        agent.write("+")
        agent.press("F10", "6")
        agent.wait(lambda: agent.calls.work is None and agent.is_delivered())
        assert agent.is_agent(AgentState.AVAILABLE)
    with call_centre.database.read() as session:
        row = session.get_one(CallRow, call_id)
        assert (row.state, row.end_reason) == (CallState.CLOSED, EndReason.UNKNOWN)
        assert sorted(row.note) == sorted(text + "+")


# --- the fault page -------------------------------------------------------------------------------------------


def fault(made: program.Console) -> str:
    """The sentence of the fault page, as soon as it is there."""
    assert wait_until(lambda: banners(made.window) != [])
    assert isinstance(made.window.content, EmptyState) and made.shell is None
    shown = [label.text() for label in made.window.content.findChildren(PlainLabel)]
    assert "Firstline cannot open its desk." in shown
    return banners(made.window)[0]


def try_again(made: program.Console) -> None:
    button = next(b for b in made.window.findChildren(QPushButton) if b.text() == "Try again" and b.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not button.isVisible()  # so that nobody opens two desks
    assert wait_until(lambda: made.shell is not None)
    assert banners(made.window) == []


def test_a_locked_database_file(
    open_program: Callable[..., program.Console], call_centre: Centre, expected_log: ExpectedLog
) -> None:
    expected_log("database: OperationalError")
    call_centre.database.close()
    with closing(sqlite3.connect(call_centre.path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        made = open_program(call_centre.url)
        assert fault(made).startswith("Another program holds the database file.")
        other.execute("ROLLBACK")
    try_again(made)


def test_a_missing_database_file(open_program: Callable[..., program.Console], call_centre: Centre) -> None:
    call_centre.database.close()
    hidden = call_centre.path.rename(call_centre.path.with_suffix(".away"))
    made = open_program(call_centre.url)
    assert fault(made).startswith("There is no database file")
    assert not call_centre.path.exists()
    hidden.rename(call_centre.path)
    try_again(made)


def test_a_database_of_a_newer_version(open_program: Callable[..., program.Console], call_centre: Centre) -> None:
    with closing(sqlite3.connect(call_centre.path, isolation_level=None)) as other:
        known = other.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        made = open_program(call_centre.url)
        assert fault(made).startswith("This database is of a newer version of Firstline.")
        other.execute("UPDATE alembic_version SET version_num = ?", (known,))
    try_again(made)


def test_a_damaged_database(
    open_program: Callable[..., program.Console], tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("database: DatabaseError")
    (tmp_path / "damaged.db").write_bytes(b"no database at all " * 500)
    made = open_program(f"sqlite:///{tmp_path / 'damaged.db'}")
    assert fault(made).startswith("The database file is damaged or is no database.")


def test_no_space_left_for_the_demo_and_then_some(
    open_program: Callable[..., program.Console], expected_log: ExpectedLog
) -> None:
    expected_log("database: OperationalError")

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 60")  # SQLite itself says that the disk is full

    event.listen(Engine, "connect", limit)
    try:
        made = open_program(demo="demo", login="")
        assert fault(made).startswith("There is no space left for the database.")
    finally:
        event.remove(Engine, "connect", limit)
    try_again(made)


def test_a_journal_in_use_by_a_second_console(
    open_program: Callable[..., program.Console], call_centre: Centre, tmp_path: Path
) -> None:
    first = Journal(tmp_path / "desk" / "journal.db")
    made = open_program(call_centre.url)
    assert fault(made) == "Firstline already runs on this desk. Use the window that is open."
    first.close()
    try_again(made)


def test_nothing_set_up_and_nobody_known(open_program: Callable[..., program.Console], call_centre: Centre) -> None:
    assert fault(open_program(login="")).startswith("No database is set up on this desk. Try “firstline demo”")
    made = open_program(call_centre.url, login="nobody")
    assert wait_until(lambda: isinstance(made.window.content, SignInPage))
    page = made.window.content
    assert isinstance(page, SignInPage) and page.sentence.text().startswith("Nobody signs in as “nobody”.")


def test_our_own_bug_at_the_start_is_said_too(
    open_program: Callable[..., program.Console], call_centre: Centre, expected_log: ExpectedLog
) -> None:
    expected_log("opening the desk")
    made = open_program(call_centre.url, login="\ud800")  # half a character, which no database takes
    assert fault(made).startswith("Firstline made a mistake (UnicodeEncodeError).")
