"""The pages beside an answer's text: its history, the other language, its use and its flags."""

from collections.abc import Callable
from dataclasses import replace

from tests.conftest import ExpectedLog
from tests.fakes import away
from tests.ui import knowledge_rig
from tests.ui.console import Console
from tests.ui.knowledge_rig import LAMP, PAPER, Office, open_line, ready, screen_of

office, editor = knowledge_rig.office, knowledge_rig.editor  # its fixtures, here too

Open = Callable[..., Console]


def test_no_past_of_another_answer_stands_under_this_ones_title(
    office: Office, editor: Open, expected_log: ExpectedLog
) -> None:
    expected_log.may_come("database: OperationalError|change feed")
    opened = editor()
    ready(opened)
    screen = screen_of(opened).editor
    open_line(opened, PAPER.id)
    screen.show_tab(3)
    opened.wait(lambda: screen.history.versions.records.rowCount() == 1)
    screen.show_tab(4)
    opened.wait(lambda: screen.remarks.flags.records.rowCount() == 1)
    with away(opened.desk._database, office.centre.path):
        for page in (screen.history, screen.remarks):
            page.show_answer(LAMP.id)
        assert screen.history.versions.records.rowCount() == screen.remarks.flags.records.rowCount() == 0


def test_history_pair_and_use(office: Office, editor: Open) -> None:
    draft_id = office.draft(office.max, replace(LAMP, body="Clean it."), submits=True, base_version=1)
    office.publish(office.eva, draft_id, "shorter")
    opened = editor()
    ready(opened)
    open_line(opened, LAMP.id)
    screen = screen_of(opened)
    screen.editor.show_tab(3)
    history = screen.editor.history
    opened.wait(lambda: len(history.events.records.records) == 3)
    opened.wait(lambda: "+  Clean it." in history.view.toPlainText())
    screen.editor.show_tab(4)
    opened.wait(lambda: screen.editor.remarks.use.value("Read") == "4")
    assert screen.editor.remarks.use.value("Solved the case") == "3  (75%)"
    screen.editor.show_tab(2)
    assert screen.editor.pair.go.text() == "Write it in German"
    screen.editor.pair.go.click()
    working = screen.editor.work.working
    assert working is not None and (working.answer.language, working.answer.key) == ("de", "lamp-red")


def test_a_flag_is_settled(editor: Open) -> None:
    opened = editor()
    ready(opened)
    open_line(opened, PAPER.id)
    remarks = screen_of(opened).editor.remarks
    screen_of(opened).editor.show_tab(4)
    opened.wait(lambda: len(remarks.flags.records.records) == 1)
    remarks.reply.setFocus()
    opened.write("Corrected")
    opened.press("Return")
    opened.wait(lambda: len(remarks.flags.records.records) == 0)
    opened.wait(lambda: all(line.flag_count == 0 for line in screen_of(opened).lists.lines.records.records))


def test_a_reply_is_about_its_flag_and_is_sent_once(office: Office, editor: Open) -> None:
    """What was typed about one flag settled whichever was chosen when Return was pressed."""
    office.flag(office.centre.seeded.agent, PAPER, "And the lid?")
    opened = editor()
    ready(opened)
    open_line(opened, PAPER.id)
    remarks = screen_of(opened).editor.remarks
    screen_of(opened).editor.show_tab(4)
    opened.wait(lambda: len(remarks.flags.records.records) == 2)
    first, second = remarks.flags.records.records
    remarks.flags.choose(first.id)
    opened.window.activateWindow()
    opened.wait(opened.window.isActiveWindow)
    remarks.reply.setFocus()
    opened.write("Corrected")
    remarks.flags.choose(second.id)
    assert remarks.reply.text() == ""
    remarks.flags.choose(first.id)
    assert remarks.reply.text() == "Corrected" and opened.desk.case_texts == {first.id: "Corrected"}
    opened.press("Return")
    opened.press("Return")
    opened.wait(lambda: [flag.id for flag in remarks.flags.records.records] == [second.id])
    opened.wait(lambda: opened.desk.case_texts == {} and opened.desk.journal.waiting_count() == 0)
    assert opened.desk.journal.refused() == () and remarks.reply.text() == ""
