"""The knowledge screen: from a gap to a published answer, two editors at once, nothing typed is lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from app.domain.ids import new_id
from app.domain.knowledge import AnswerState
from tests.conftest import ExpectedLog
from tests.fakes import away
from tests.ui import knowledge_rig
from tests.ui.console import Console, console
from tests.ui.knowledge_rig import LAMP, PAPER, Office, field, open_line, ready, screen_of, titles, type_into
from ui.knowledge.filters import Concern
from ui.knowledge.loading import Loaded

office, editor = knowledge_rig.office, knowledge_rig.editor  # its fixtures, here too

Open = Callable[..., Console]


def test_filters(editor: Open) -> None:
    opened = editor()
    ready(opened)
    filters = screen_of(opened).lists.filters
    for concern, wanted in (
        (Concern.FLAGGED, [PAPER.title]),
        (Concern.REVIEW_OVERDUE, [PAPER.title]),
        (Concern.UNUSED, 3),
        (Concern.ALL, 5),
    ):
        filters.concern.setCurrentIndex(filters.concern.findData(concern))
        assert titles(opened) == wanted if isinstance(wanted, list) else len(titles(opened)) == wanted, concern
    filters.product.setCurrentIndex(filters.product.findData("print-2"))
    assert titles(opened) == [LAMP.title, PAPER.title]
    filters.text.setText("jam")
    assert titles(opened) == [PAPER.title]


def test_a_gap_becomes_an_answer_that_is_published(editor: Open) -> None:
    """Ctrl+N on the gap, a text, Ctrl+Return hands it in, Ctrl+Return publishes it."""
    opened = editor()
    ready(opened)
    screen = screen_of(opened)
    screen.lists.show_tab(1)
    assert screen.lists.gaps.records.record(0).texts == ("toner smells", "toner smell burnt")
    screen.lists.gaps.choose("toner smells")
    opened.press("Ctrl+N")
    work = screen.editor.work
    assert work.working is not None
    assert work.working.answer.variants == ("toner smells", "toner smell burnt")
    assert work.working.answer.products == ("print-2",)
    opened.wait(lambda: getattr(screen.lists.lines.current(), "id", None) == work.answer_id)  # it is the one marked
    screen.editor.form.body.setFocus()
    opened.write("Please switch it off, {customer.name}.")
    assert "Ada Example" in screen.editor.preview._body.toPlainText()
    opened.press("Ctrl+Return")
    opened.wait(lambda: work.state is AnswerState.REVIEW)
    opened.press("Ctrl+Return")
    opened.wait(lambda: work.state is AnswerState.PUBLISHED and work.in_force is not None)
    opened.wait(lambda: _found_first(opened, "toner smells").startswith("Please switch it off"))
    assert opened.desk.case_texts == {}


def test_the_second_who_saves_is_told_and_keeps_the_text(office: Office, editor: Open) -> None:
    draft_id = office.draft(office.eva, replace(LAMP, key="new-lamp", title="New lamp"))
    mine = editor()
    ready(mine, 6)
    open_line(mine, replace(LAMP, key="new-lamp").id)
    type_into(mine, "Keywords", ", beacon")
    office.rewrite(office.max, draft_id, replace(LAMP, key="new-lamp", title="New lamp of Max"))
    editor_of_mine = screen_of(mine).editor
    mine.wait(lambda: "Max has saved another text" in editor_of_mine.notice.text)
    mine.press("Ctrl+S")
    mine.wait(lambda: "Max changed this draft while you wrote: title" in editor_of_mine.notice.text)
    assert mine.child(QLineEdit, "Keywords").text().endswith(", beacon")
    editor_of_mine.notice._action.click()
    mine.wait(lambda: editor_of_mine.history.events.records.rowCount() == 2)  # which was read after it was compared
    shown = mine.child(QPlainTextEdit, "Differences").toPlainText()
    assert "−  New lamp of Max" in shown and "+  beacon" in shown
    editor_of_mine.keep_mine.click()
    mine.wait(lambda: "beacon" in office.lists.draft(draft_id).answer.keywords)
    assert office.lists.draft(draft_id).answer.title == "New lamp"


def test_a_question_and_a_reason_belong_to_their_answer(office: Office, editor: Open) -> None:
    """Beside another answer "Take theirs" would have given up what was typed there."""
    opened = editor()
    ready(opened)
    draft_id = office.draft(office.max, replace(PAPER, body="Open it."), base_version=1)
    open_line(opened, PAPER.id)
    screen = screen_of(opened).editor
    opened.wait(lambda: screen.work.draft is not None)
    type_into(opened, "Keywords", ", jam")
    office.rewrite(office.max, draft_id, replace(PAPER, body="Open the tray."))
    opened.wait(screen.notice.isVisible)
    screen.notice._action.click()
    opened.wait(screen.take_theirs.isVisible)
    screen.buttons.reason.setText("shorter")
    open_line(opened, LAMP.id)
    assert not screen.take_theirs.isVisible() and not screen.notice.isVisible()
    assert screen.buttons.reason.text() == ""
    open_line(opened, PAPER.id)
    assert screen.buttons.reason.text() == "shorter"
    assert opened.child(QLineEdit, "Keywords").text().endswith("jam")


def test_nothing_is_typed_into_an_answer_that_is_not_read_yet(
    office: Office, editor: Open, expected_log: ExpectedLog
) -> None:
    """The fields were still those of the answer before, and what was typed in them was gone with them."""
    expected_log.may_come("database: OperationalError|change feed")
    opened = editor()
    ready(opened)
    open_line(opened, PAPER.id)
    screen = screen_of(opened).editor
    with away(opened.desk._database, office.centre.path):
        screen_of(opened).lists.lines.choose(LAMP.id)
        assert screen.form.title.isReadOnly() and screen.form.body.isReadOnly() and screen.script.isReadOnly()
        opened.wait(lambda: screen._empty._text.text() == "This answer could not be read.")
        assert not screen.form.isVisible()
    screen_of(opened).lists.line_chosen.emit(screen_of(opened).lists.line(LAMP.id))  # chosen once more
    opened.wait(lambda: screen.form.title.text() == LAMP.title)
    assert screen.form.isVisible() and not screen.form.title.isReadOnly()


def test_a_comma_that_was_just_typed_stays(editor: Open) -> None:
    """It says nothing yet, so a refresh took it away below the hand that was writing."""
    opened = editor()
    ready(opened)
    open_line(opened, LAMP.id)
    screen = screen_of(opened).editor
    type_into(opened, "Products", ", ")
    type_into(opened, "Keywords", ",")
    screen.work.loaded.emit()
    assert (screen.form.products.text(), screen.form.keywords.text()) == ("print-2, ", "lamp, E-47,")
    open_line(opened, PAPER.id)
    assert screen.form.products.text() == "print-2"


def test_an_older_read_takes_away_nothing_that_is_on_its_way(editor: Open) -> None:
    """A read from before the delivery knows nothing of a new draft; so the editor was empty, and a key did nothing."""
    opened = editor()
    ready(opened)
    open_line(opened, LAMP.id)
    work = screen_of(opened).editor.work
    assert work.working is not None and not work.is_dirty
    gate = Event()
    work._reads.read(partial(_older, gate), work._on_loaded)
    work._sent[new_id()] = work.working
    work._on_loaded(Loaded(LAMP.id, None, None))
    assert work.working is not None and work.working.answer.id == LAMP.id
    work._sent.clear()
    work.reload()
    gate.set()
    opened.wait(lambda: not opened.shell.background._jobs)
    assert work.working is not None  # it was overtaken by the read that was asked for last


def _older(gate: Event) -> Loaded:
    gate.wait(60.0)
    return Loaded(LAMP.id, None, None)


def test_what_is_typed_survives_the_end_of_the_window(office: Office, tmp_path: Path) -> None:
    with console(office.centre, tmp_path / "eva", person=office.eva, answer_count=5) as opened:
        ready(opened)
        open_line(opened, LAMP.id)
        type_into(opened, "Title", " today")
    with console(office.centre, tmp_path / "eva", person=office.eva, answer_count=5) as again:
        ready(again)
        open_line(again, LAMP.id)
        assert field(again, "Title").text() == LAMP.title + " today"
        assert screen_of(again).editor.work.is_dirty


def test_a_script_that_leads_nowhere_is_refused_by_its_step(editor: Open) -> None:
    opened = editor()
    ready(opened)
    open_line(opened, LAMP.id)
    screen = screen_of(opened)
    screen.editor.show_tab(1)
    assert screen.editor.preview.walk.choose(1)
    assert screen.editor.preview.walk.question == "Please wipe the sensor."
    screen.editor.script.setPlainText("## start\nIs it red?\n- Yes -> clean\n")
    assert "“start” leads to “clean”, which is no step" in screen.editor.checks.faults.text()
    opened.press("Ctrl+Return")
    opened.wait(lambda: screen.editor.work.state is AnswerState.REVIEW)
    opened.press("Ctrl+Return")
    assert "Not published yet: Step “start” leads to" in screen.editor.buttons._complaint.text()


def test_a_day_is_written_as_people_write_it(editor: Open) -> None:
    """What is no day is said before anything is handed in."""
    opened = editor()
    ready(opened)
    open_line(opened, LAMP.id)
    work, day_field = screen_of(opened).editor.work, field(opened, "Valid until")
    opened.window.activateWindow()
    opened.wait(opened.window.isActiveWindow)
    for written, day in (("31.3.2027", date(2027, 3, 31)), ("2 Apr 2027", date(2027, 4, 2)), ("", None)):
        day_field.setFocus()
        day_field.selectAll()
        opened.press("Del")
        opened.write(written)
        assert work.working is not None and work.working.answer.valid_until == day, written
    opened.write("soon")
    opened.press("Ctrl+Return")
    assert (
        "“soon” is no day. Valid until is written like 31 Mar 2027."
        in screen_of(opened).editor.buttons._complaint.text()
    )
    assert work.draft is None and day_field.text() == "soon"
    day_field.selectAll()
    opened.write("1.6.2027")
    opened.press("Ctrl+Return")
    opened.wait(lambda: work.state is AnswerState.REVIEW)
    assert day_field.text() == "1.6.2027"


def test_duplicates_are_shown_while_writing(editor: Open) -> None:
    opened = editor()
    ready(opened)
    opened.press("Ctrl+N")
    opened.write("Red lamp of the printer")
    screen = screen_of(opened)
    opened.wait(lambda: any("lamp-red" in text for text in screen.editor.checks.similar))
    assert screen.editor.checks.minimumSizeHint().width() < 200  # a long title does not make the fields wider


def _found_first(opened: Console, text: str) -> str:
    hits = opened.desk.index.search(text)
    return hits[0].answer.body if hits else ""
