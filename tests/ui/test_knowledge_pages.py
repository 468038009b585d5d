"""History, other language, use and flags of an answer, when the database does not answer."""

from collections.abc import Callable
from dataclasses import replace

from app.services.answers import Answers
from tests.conftest import ExpectedLog
from tests.fakes import away
from tests.ui import knowledge_rig
from tests.ui.console import Console
from tests.ui.knowledge_rig import LAMP, PAPER, Office, screen_of
from ui.knowledge.editor import Editor

office, editor = knowledge_rig.office, knowledge_rig.editor  # its fixtures, here too

GERMAN = replace(PAPER, language="de", title="Papierstau im Fach", body="Bitte das Fach öffnen.")
PAIR, HISTORY, REMARKS = 2, 3, 4


def _opened(opened: Console, count: int) -> Editor:
    """With the answer on paper, of whose pages none was read yet."""
    screen = screen_of(opened)
    opened.wait(lambda: len(screen.lists.lines.records.records) == count)
    screen.lists.lines.choose(PAPER.id)
    opened.wait(lambda: screen.editor.work.working is not None)
    opened.wait(lambda: not opened.shell.background._jobs)
    return screen.editor


def test_what_cannot_be_read_is_not_told_as_nothing(
    office: Office, editor: Callable[..., Console], expected_log: ExpectedLog
) -> None:
    """Each page said that there is nothing, as if it had been looked at; and it is read as soon as that can be."""
    expected_log.may_come("database: OperationalError|change feed")
    opened = editor()
    Answers(office.centre.database).publish([GERMAN])
    shown = _opened(opened, 6)
    history, remarks, pair = shown.history, shown.remarks, shown.pair
    with away(opened.desk._database, office.centre.path):
        for number, notice in ((PAIR, pair.notice), (HISTORY, history.notice), (REMARKS, remarks.notice)):
            shown.show_tab(number)
            opened.wait(lambda notice=notice: not notice.isHidden())  # type: ignore[misc]
            assert "This could not be read. The database file cannot be opened." in notice.text
            assert notice._action.text() == "Try again"
        assert remarks.use.value("Read") == "–"
        for table in (history.events, history.versions, remarks.flags):
            assert table._empty_text is not None and table._empty_text() == "No data yet"
        assert pair.texts[1].toPlainText() == ""
    opened.wait(lambda: remarks.notice.isHidden() and remarks.flags.records.rowCount() == 1)  # by itself
    assert remarks.use.value("Read") == "3"
    for number in (PAIR, HISTORY):
        shown.show_tab(number)
    opened.wait(lambda: history.notice.isHidden() and history.versions.records.rowCount() == 1)
    opened.wait(lambda: pair.notice.isHidden() and "Bitte das Fach öffnen." in pair.texts[1].toPlainText())


def test_what_was_read_stays_when_it_cannot_be_read_again(
    office: Office, editor: Callable[..., Console], expected_log: ExpectedLog
) -> None:
    expected_log.may_come("database: OperationalError|change feed")
    opened = editor()
    shown = _opened(opened, 5)
    shown.show_tab(REMARKS)
    flags, notice = shown.remarks.flags, shown.remarks.notice
    opened.wait(lambda: flags.records.rowCount() == 1)
    with away(opened.desk._database, office.centre.path):
        shown.remarks.show_answer(PAPER.id)
        opened.wait(lambda: not notice.isHidden())
        assert flags.records.rowCount() == 1 and shown.remarks.use.value("Read") == "3"
        shown.remarks.show_answer(LAMP.id)
        assert notice.isHidden() and flags.records.rowCount() == 0  # it was said of the other one
        opened.wait(lambda: not notice.isHidden())
    notice._action.click()
    opened.wait(lambda: notice.isHidden())
    assert flags._empty_text is not None and "No agent has flagged" in flags._empty_text()
