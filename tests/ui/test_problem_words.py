"""The words of a known problem: typed, sent and refused while others write; nothing of them is lost or overwritten."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from app.domain.problems import ProblemState, ProblemWords
from app.services.problem_lists import ProblemLists
from tests.conftest import ExpectedLog
from tests.fakes import away
from tests.ui import bench_rig, problem_rig
from tests.ui.bench_rig import Centre
from tests.ui.problem_rig import WORDS, Screens, choose, edited, made, read, refused_at
from ui.keys import press, type_text
from ui.problems import ProblemScreen
from ui.problems.form import ProblemForm

centre, screens = bench_rig.centre, problem_rig.screens  # fixtures, here too


def test_what_is_typed_stays_when_others_write_and_comes_back(centre: Centre, screens: Screens, qtbot: QtBot) -> None:
    problem, other = made(centre), made(centre, replace(WORDS, title="Another"))
    screen, opened = screens(centre.seeded.expert)
    page = screen.page
    qtbot.waitUntil(lambda: page.shown is not None)
    choose(screen, problem, qtbot)
    page.said.setFocus()
    type_text(screen, "Firmware 7.3")
    page.form.texts["cause"].setFocus()
    type_text(screen, "A watchdog")
    edited(centre, problem, versions="7.2", cause="?")
    qtbot.waitUntil(lambda: page.shown is not None and page.shown.line.problem.revision == 2)
    assert (page.form.words.cause, page.form.words.versions) == ("A watchdog", "7.2")
    assert page.sentence.text().startswith(f"{centre.seeded.lead.name} has changed this meanwhile, too: Cause.")
    choose(screen, other, qtbot)
    assert page.form.words.cause == "" and page.said.said == "" and not page.save_button.isEnabled()
    choose(screen, problem, qtbot)
    assert page.form.words.cause == "A watchdog" and page.save_button.isEnabled()
    assert page.said.said == "Firmware 7.3"
    press(screen, "Ctrl+Return")
    qtbot.waitUntil(lambda: read(centre, problem.id).words.cause == "A watchdog")
    assert read(centre, problem.id).words.versions == "7.2"
    qtbot.waitUntil(lambda: list(opened.desk.case_texts.values()) == ["Firmware 7.3"])
    press(screen, "Ctrl+Shift+D")
    qtbot.waitUntil(lambda: read(centre, problem.id).state is ProblemState.SOLVED)
    qtbot.waitUntil(lambda: opened.desk.case_texts == {})


def test_a_comma_that_was_just_typed_stays(centre: Centre, screens: Screens, qtbot: QtBot) -> None:
    """It says nothing yet, so a refresh took it away below the hand that was writing."""
    problem, other = made(centre), made(centre, replace(WORDS, title="Another"))
    screen, _ = screens(centre.seeded.expert)
    page = screen.page
    qtbot.waitUntil(lambda: page.id is not None)
    choose(screen, problem, qtbot)
    page.form.products.setFocus()
    page.form.products.end(False)
    type_text(screen, ", ")
    assert page.shown
    page.show_problem(page.shown)
    assert page.form.products.text() == "link-7, "
    choose(screen, other, qtbot)
    assert page.form.products.text() == "link-7"


def test_a_new_problem_that_was_begun_comes_back(centre: Centre, screens: Screens, qtbot: QtBot) -> None:
    """Each press of the key began another one, and no list led back to what was typed."""
    other = made(centre)
    screen, opened = screens(centre.seeded.expert)
    page = screen.page
    qtbot.waitUntil(lambda: page.id == other.id)
    press(screen, "Ctrl+Shift+N")
    type_text(screen, "Fax dead")
    begun_id = page.id
    assert begun_id
    choose(screen, other, qtbot)
    page.form.forget(begun_id, ProblemWords(title="Fax"))  # what was typed after it was sent stays
    assert ProblemForm(opened.desk).begun(()) == begun_id  # so it does after a restart
    press(screen, "Ctrl+Shift+N")
    assert (page.id, page.form.title.text()) == (begun_id, "Fax dead")
    press(screen, "Ctrl+Return")
    qtbot.waitUntil(lambda: any(line.id == begun_id for line in ProblemLists(centre.database).all()))
    qtbot.waitUntil(lambda: opened.desk.case_texts == {})
    press(screen, "Ctrl+Shift+N")
    assert page.form.title.text() == "" and page.id != begun_id


def test_words_that_are_on_their_way_are_newer_than_those_that_are_read(
    centre: Centre, screens: Screens, qtbot: QtBot, expected_log: ExpectedLog
) -> None:
    expected_log.may_come("database: OperationalError|change feed")
    problem = made(centre)
    screen, opened = screens(centre.seeded.expert)
    page = screen.page
    qtbot.waitUntil(lambda: page.id == problem.id)
    older = page.shown
    assert older
    with away(opened.desk._database, centre.path):
        for cause in ("A watchdog", "!"):
            page.form.texts["cause"].setFocus()
            type_text(screen, cause)
            press(screen, "Ctrl+Return")
        qtbot.waitUntil(lambda: opened.desk.case_texts == {})  # both are safe on the desk's disk
        page.show_problem(older)
        assert page.form.words.cause.endswith("!") and not page.save_button.isEnabled()
    qtbot.waitUntil(lambda: read(centre, problem.id).revision == 3)
    assert read(centre, problem.id).words == page.form.words
    qtbot.waitUntil(lambda: page.shown is not None and page.shown.line.problem.revision == 3)
    assert page.sentence.isHidden()


def test_words_that_are_refused_stand_in_their_fields_again(centre: Centre, screens: Screens, qtbot: QtBot) -> None:
    problem = made(centre)
    screen, opened = screens(centre.seeded.expert)
    page = screen.page
    qtbot.waitUntil(lambda: page.id == problem.id)
    older = page.shown
    assert older
    edited(centre, problem, cause="Heat")
    qtbot.waitUntil(lambda: page.shown is not None and page.shown.line.problem.revision == 2)
    page.form.texts["cause"].selectAll()
    page.form.texts["cause"].setFocus()
    type_text(screen, "A watchdog")
    page.shown = older  # as if nothing of it had come here yet
    press(screen, "Ctrl+Return")
    qtbot.waitUntil(lambda: len(refused_at(opened)) == 1)
    opened.bridge.refused.emit(refused_at(opened)[0])  # as the window does
    assert "has changed this" in page.sentence.text()
    qtbot.waitUntil(lambda: page.shown is not None and page.shown.line.problem.revision == 2)
    assert page.form.words.cause == "A watchdog" and page.save_button.isEnabled()
    qtbot.waitUntil(lambda: refused_at(opened) == ())
    press(screen, "Ctrl+Return")
    qtbot.waitUntil(lambda: read(centre, problem.id).words.cause == "A watchdog")


@pytest.mark.parametrize("is_other_open", [False, True])
def test_words_that_are_refused_are_not_lost_whatever_is_shown_meanwhile(
    centre: Centre, screens: Screens, qtbot: QtBot, is_other_open: bool
) -> None:
    """Somebody else's words come before the refusal, or another problem was opened: each once took them away."""
    problem, other = made(centre), made(centre, replace(WORDS, title="Another"))
    screen, opened = screens(centre.seeded.expert)
    page = screen.page
    qtbot.waitUntil(lambda: page.id is not None)
    choose(screen, problem, qtbot)
    shown = page.shown
    assert shown
    page.form.texts["cause"].setFocus()
    type_text(screen, "A watchdog")
    edited(centre, problem, cause="Heat")
    page.shown = shown  # nothing of it has come here yet
    press(screen, "Ctrl+Return")
    theirs = replace(shown.line, problem=read(centre, problem.id))
    page.show_problem(replace(shown, line=theirs))
    if is_other_open:
        choose(screen, other, qtbot)
    qtbot.waitUntil(lambda: len(refused_at(opened)) == 1)
    opened.bridge.refused.emit(refused_at(opened)[0])  # as the window does
    if is_other_open:
        assert page.form.words.cause == ""
        choose(screen, problem, qtbot)
    qtbot.waitUntil(lambda: page.form.words.cause == "A watchdog" and page.save_button.isEnabled())


@pytest.mark.parametrize("is_other_open", [False, True])
def test_sent_twice_while_nothing_is_delivered_overwrites_nobody(
    centre: Centre, screens: Screens, qtbot: QtBot, is_other_open: bool
) -> None:
    """The second was taken for one that knew what somebody else had written in between."""
    problem, other = made(centre), made(centre, replace(WORDS, title="Another"))
    screen, opened = screens(centre.seeded.expert)
    page = screen.page
    qtbot.waitUntil(lambda: page.id is not None)
    choose(screen, problem, qtbot)
    opened.desk.outbox.stop()
    for count, text in enumerate(("A watchdog", " bites"), 1):
        _add(screen, "cause", text)
        press(screen, "Ctrl+Return")
        qtbot.waitUntil(lambda: opened.desk.journal.waiting_count() == count)  # noqa: B023
    _add(screen, "cause", " hard")
    if is_other_open:
        choose(screen, other, qtbot)
    edited(centre, problem, cause="Heat")
    opened.desk.outbox.flush()
    for refused in refused_at(opened):
        opened.bridge.refused.emit(refused)  # as the window does
    if is_other_open:
        screen.table.choose(problem.id)
    qtbot.waitUntil(lambda: page.shown is not None and page.shown.line.problem.words.cause == "Heat")
    assert read(centre, problem.id).words.cause == "Heat"
    assert page.form.words.cause == "A watchdog bites hard" and page.save_button.isEnabled()
    qtbot.waitUntil(lambda: refused_at(opened) == ())
    assert is_other_open or "has changed this" in page.sentence.text()
    press(screen, "Ctrl+Return")
    qtbot.waitUntil(lambda: opened.desk.journal.waiting_count() == 1)
    opened.desk.outbox.flush()
    assert read(centre, problem.id).words.cause == "A watchdog bites hard"


def test_a_new_problem_is_written_on_before_it_is_made(centre: Centre, screens: Screens, qtbot: QtBot) -> None:
    """The second time it would have been made again, and was refused for a case that was never attached."""
    screen, opened = screens(centre.seeded.expert)
    page = screen.page
    opened.desk.outbox.stop()
    press(screen, "Ctrl+Shift+N")
    type_text(screen, "Fax dead")
    press(screen, "Ctrl+Return")
    _add(screen, "symptoms", "no tone")
    press(screen, "Ctrl+Return")
    qtbot.waitUntil(lambda: opened.desk.journal.waiting_count() == 2)
    opened.desk.outbox.flush()
    assert refused_at(opened) == ()
    qtbot.waitUntil(lambda: page.shown is not None and page.shown.line.problem.revision == 2)
    assert page.shown and page.shown.line.problem.words == ProblemWords(title="Fax dead", symptoms="no tone")


def _add(screen: ProblemScreen, name: str, text: str) -> None:
    """Type at the end of a field."""
    field = screen.page.form.texts[name]
    field.setFocus()
    field.moveCursor(QTextCursor.MoveOperation.End)
    type_text(screen, text)
