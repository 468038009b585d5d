"""Searching, reading and ticking answers, solving with one; and the note beside them."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QTextEdit, QWidget

from app.db.answer_rows import AnswerRow
from app.db.rows import CaseRow, TimelineRow
from app.domain.cases import CaseState, Level
from app.domain.work import Outcome, steps_tried
from app.search.marking import marks
from app.services.answers import Answers
from tests import builders
from tests.builders import LONE_NUMBER
from tests.ui.console import ANSWERS, CERTAIN, HOSTILE, LAMP, RESTART, Centre, Console
from ui.answer_text import AnswerText
from ui.widgets.banner import Banner
from ui.widgets.plain_label import PlainLabel

OpenConsole = Callable[..., Console]


def titles(agent: Console) -> list[str]:
    return [hit.answer.title for hit in agent.screen.answers.list.hits.hits]


def parts(agent: Console) -> list[AnswerText]:
    return [part for part in agent.screen.reading.findChildren(AnswerText) if part.isVisible()]


def banner(agent: Console) -> str:
    """What the banner in the reading view says, or nothing."""
    shown = [b.text for b in agent.screen.reading.findChildren(Banner) if b.isVisible()]
    return shown[0] if shown else ""


def copy_button(agent: Console) -> QPushButton:
    return next(b for b in agent.screen.reading.findChildren(QPushButton) if b.text() == "Copy text")


def boxes(agent: Console) -> list[QCheckBox]:
    """The boxes of the steps, as soon as they are laid out."""
    answer = agent.screen.reading.answer
    assert answer is not None

    def shown() -> list[QCheckBox]:
        return [box for box in agent.screen.reading.findChildren(QCheckBox) if box.isVisible()]

    agent.wait(lambda: len(shown()) == len(answer.steps))
    return shown()


def confirmation(agent: Console) -> list[str]:
    labels = agent.screen.confirmation.findChildren(PlainLabel)
    return [label.text() for label in labels if label.isVisible() and label.text()]


def undo_button(agent: Console) -> QPushButton:
    return next(b for b in agent.screen.confirmation.findChildren(QPushButton) if b.text() == "Undo")


# --- searching ------------------------------------------------------------------------------------------------


def test_typing_shows_hits_with_their_words_marked(agent: Console) -> None:
    agent.search("router rest")
    assert titles(agent)[0] == RESTART.title and set(titles(agent)) == {RESTART.title, LAMP.title}
    hit = agent.screen.answers.list.hits.hits[0]
    assert [hit.answer.title[a:b] for a, b in marks(hit.answer.title, hit.words)] == ["Router", "restarts"]
    assert underlined_pixels(agent, "router rest") > underlined_pixels(agent, "itself") > 0


def underlined_pixels(agent: Console, text: str) -> int:
    """Dark pixels of the first row: bold and underlined words have more of them."""
    agent.press("Ctrl+K")
    agent.write(text)
    agent.wait(lambda: agent.screen.answers.shown_text == text and titles(agent)[0] == RESTART.title)
    view = agent.screen.answers.list
    rect = view.visualRect(view.hits.index(0))
    picture = view.viewport().grab(rect).toImage()
    return sum(
        picture.pixelColor(x, y).lightness() < 110 for x in range(30, rect.width()) for y in range(rect.height())
    )


def test_arrows_move_through_the_hits_while_the_caret_stays(agent: Console) -> None:
    agent.search("router")
    field, view = agent.screen.answers.field, agent.screen.answers.list
    caret = field.cursorPosition()
    assert view.currentIndex().row() == 0
    agent.press("Down")
    assert view.currentIndex().row() == 1
    agent.press("Down", "PgDown")
    assert view.currentIndex().row() == len(titles(agent)) - 1
    agent.press("PgUp")
    assert view.currentIndex().row() == 0
    assert QApplication.focusWidget() is field and field.cursorPosition() == caret
    agent.press("Down", "Return")
    assert agent.screen.reading.answer is not None and agent.screen.reading.answer.title == titles(agent)[1]
    assert QApplication.focusWidget() is field


@pytest.mark.parametrize("key", ["Return", "Enter"])
def test_return_before_the_hits_are_there_takes_the_first(agent: Console, key: str) -> None:
    agent.take_call(CERTAIN)
    agent.press("Ctrl+K")
    agent.write("router lamp")
    assert agent.screen.answers.shown_text == ""
    agent.press(key)
    assert agent.screen.reading.answer is None
    agent.line.ring(LONE_NUMBER)  # news in between change nothing
    agent.wait(lambda: agent.screen.reading.answer is not None and agent.screen.reading.answer.id == LAMP.id)
    assert agent.work.searches == ("router lamp",)


def test_typing_on_takes_a_waiting_return_back(agent: Console) -> None:
    agent.press("Ctrl+K")
    agent.write("router lamp")
    agent.press("Return")
    agent.write(" is")
    agent.wait(lambda: agent.screen.answers.shown_text == "router lamp is")
    assert agent.screen.reading.answer is None


def test_ctrl_and_a_digit_take_the_nth_hit_from_anywhere(agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.search("router")
    second = titles(agent)[1]
    agent.note("typing")
    agent.press("Ctrl+2")
    assert agent.screen.reading.answer is not None and agent.screen.reading.answer.title == second
    agent.press("Ctrl+9")
    assert agent.screen.reading.answer.title == second
    assert agent.work.note == "typing" and QApplication.focusWidget() is agent.screen.note.field


def test_no_hit_is_said(agent: Console) -> None:
    agent.search("zzzz")
    shown = [label.text() for label in agent.screen.answers.findChildren(PlainLabel) if label.isVisible()]
    assert "No answer has these words." in shown


def test_newly_published_answers_are_found_and_the_choice_stays(call_centre: Centre, agent: Console) -> None:
    agent.search("router")
    agent.press("Down")
    chosen = titles(agent)[1]
    new = builders.answer("new", title="Router router router on fire", body="Router", steps=())
    Answers(call_centre.database).publish([*ANSWERS, new])
    agent.wait(lambda: new.title in titles(agent))
    assert titles(agent)[agent.screen.answers.list.currentIndex().row()] == chosen


# --- reading --------------------------------------------------------------------------------------------------


def test_placeholders_are_filled_for_the_caller(agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.read(RESTART, "restart")
    texts = [part.toPlainText() for part in parts(agent)]
    assert texts == [
        "We will look at it together, Nora Voss. Your contract is V-2001.",
        "Thank you for calling, says Ada.",
    ]
    assert banner(agent) == "" and copy_button(agent).isEnabled()
    copy_button(agent).click()
    copied = QGuiApplication.clipboard().text()
    assert "Nora Voss" in copied and "1. Take the plug out" in copied and "{" not in copied


def test_a_gap_is_shown_named_and_not_copied(agent: Console) -> None:
    agent.take_call(LONE_NUMBER)  # no contract
    agent.read(RESTART, "restart")
    body = parts(agent)[0]
    assert "Your contract is {contract.number}." in body.toPlainText()
    assert banner(agent).startswith("Not known yet: {contract.number}.")
    assert not copy_button(agent).isEnabled()
    QGuiApplication.clipboard().setText("before")
    agent.screen.answers.clear()
    body.setFocus()
    agent.press("Ctrl+A", "Ctrl+C")
    QTest.mouseDClick(body.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(10, 8))
    agent.press("Ctrl+C")
    assert not body.textCursor().hasSelection()
    assert QGuiApplication.clipboard().text() == "before"


def test_a_text_without_gaps_is_copied_by_key(agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.read(RESTART, "restart")
    parts(agent)[0].setFocus()
    agent.press("Ctrl+A", "Ctrl+C")
    assert QGuiApplication.clipboard().text() == parts(agent)[0].toPlainText()


def test_a_gap_is_filled_as_soon_as_the_caller_is_known(agent: Console) -> None:
    agent.take_call("anonymous")
    agent.read(RESTART, "restart")
    assert "{customer.name}" in banner(agent) and "{contract.number}" in banner(agent)
    voss = agent.desk.customers.find("voss")[0]
    agent.calls.choose_customer(voss)
    assert banner(agent) == "" and "Nora Voss" in parts(agent)[0].toPlainText()


def test_markup_in_an_answer_is_characters_and_nothing_is_loaded(
    agent: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []

    def load(_part: QTextEdit, _kind: int, url: QUrl) -> object:
        loaded.append(url.toString())
        return None

    monkeypatch.setattr(AnswerText, "loadResource", load)  # Qt asks here for all that a text refers to
    agent.take_call(CERTAIN)
    agent.read(HOSTILE, "hostile")
    assert boxes(agent)[0].accessibleName() == HOSTILE.steps[0]
    agent.window.grab()
    assert [part.toPlainText() for part in parts(agent)] == [HOSTILE.body, HOSTILE.closing]
    shown = [label.text() for label in agent.screen.reading.findChildren(PlainLabel) if label.isVisible()]
    assert HOSTILE.title in shown and HOSTILE.steps[0] in shown
    for part in parts(agent):
        assert "<img" not in part.document().toHtml() and "<a " not in part.document().toHtml()
    assert loaded == []


# --- steps and solving ----------------------------------------------------------------------------------------


def test_ticked_steps_become_part_of_the_case(agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.read(RESTART, "restart")
    boxes(agent)[2].setFocus()
    agent.press("Space")
    boxes(agent)[0].setFocus()
    agent.press("Space")
    assert QApplication.focusWidget() is boxes(agent)[0]
    assert steps_tried(agent.work, RESTART.id) == ("Take the plug out", "Plug it in")
    agent.press("Space")
    assert steps_tried(agent.work, RESTART.id) == ("Plug it in",)
    agent.wait(lambda: steps_tried(agent.desk.journal.kept_work()[0], RESTART.id) == ("Plug it in",))
    agent.read(LAMP, "lamp")
    agent.read(RESTART, "restart")
    assert [box.isChecked() for box in boxes(agent)] == [False, False, True]


def test_f9_solves_the_case_in_the_database(call_centre: Centre, agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.read(RESTART, "restart")
    boxes(agent)[0].setFocus()
    agent.press("Space")
    agent.note("Größe ändert nichts: lief danach wieder")
    agent.press("F9")
    agent.wait(lambda: agent.calls.outcome.is_delivered)
    assert confirmation(agent)[:2] == [agent.work.case_number, "Solved at first level"]
    agent.press("F9", "F8")  # nothing is done twice
    with call_centre.database.read() as session:
        case = session.get_one(CaseRow, agent.work.case_id)
        assert (case.state, case.answer_id, case.level) == (CaseState.SOLVED, RESTART.id, Level.FIRST)
        assert case.customer_id == call_centre.voss.id and case.product_id == call_centre.seeded.router.id
        assert session.query(AnswerRow).filter_by(id=case.answer_id).count() == 1
        texts = [row.text for row in session.query(TimelineRow).filter_by(case_id=case.id)]
    assert f"{RESTART.title}\nGröße ändert nichts: lief danach wieder" in texts
    assert not agent.screen.reading.solved.isEnabled()
    assert not agent.screen.escalation.isVisible()


def test_f9_without_call_or_answer_does_nothing(agent: Console) -> None:
    agent.read(RESTART, "restart")
    agent.press("F9")
    shown = [label.text() for label in agent.screen.reading.findChildren(PlainLabel) if label.isVisible()]
    assert "There is no call that it could have solved." in shown
    agent.take_call(CERTAIN)
    agent.press("F9")
    assert agent.work.outcome is None


def test_solving_is_taken_back_in_time(call_centre: Centre, open_console: OpenConsole) -> None:
    agent = open_console(undo_s=30.0)
    agent.take_call(CERTAIN)
    agent.read(RESTART, "restart")
    agent.press("F9")
    agent.wait(lambda: agent.desk.journal.waiting_count() == 1)
    agent.wait(lambda: undo_button(agent).isVisible())
    undo_button(agent).click()
    agent.wait(lambda: agent.work.outcome is None)
    agent.wait(agent.is_delivered)
    assert confirmation(agent) == [] and agent.screen.reading.solved.isEnabled()
    with call_centre.database.read() as session:
        assert session.get(CaseRow, agent.work.case_id) is None
    agent.press("F9")
    assert agent.work.outcome is Outcome.SOLVED


def test_there_is_no_undo_after_its_time(agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.read(RESTART, "restart")
    agent.press("F9")
    agent.wait(lambda: agent.calls.outcome.is_delivered)
    assert not undo_button(agent).isVisible()
    agent.calls.outcome.undo()
    agent.shell.switch_language()
    agent.shell.switch_language()
    assert agent.work.outcome is Outcome.SOLVED and not undo_button(agent).isVisible()


# --- the note -------------------------------------------------------------------------------------------------


def test_each_key_stroke_is_kept(agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.press("F7")
    kept: set[str] = set()
    text = "Größe 5 µm, „läuft“ 🙂\nzweite Zeile"
    for end, character in enumerate(text, start=1):
        agent.write(character)
        agent.wait(lambda end=end: agent.desk.journal.kept_work()[0].note == text[:end])  # type: ignore[misc]
        kept.add(agent.desk.journal.kept_work()[0].note)
    assert len(kept) == len(text)
    assert "kept on this desk" in [label.text() for label in agent.screen.note.findChildren(PlainLabel)]


def test_a_disk_that_keeps_nothing_is_said_beside_the_note(agent: Console) -> None:
    agent.take_call(CERTAIN)
    journal = agent.desk.journal
    agent.wait(agent.is_delivered)
    with journal._lock:
        pages = journal._connection.execute("PRAGMA page_count").fetchone()[0]
        journal._connection.execute(f"PRAGMA max_page_count = {pages}")
    agent.screen.note.field.insertPlainText("x" * 40_000)
    agent.press("F7")
    agent.wait(lambda: any("no space left" in t.text() for t in agent.screen.note.findChildren(PlainLabel)))
    assert any("no space left" in b.text for b in agent.window.findChildren(Banner) if b.isVisible())
    with journal._lock:
        journal._connection.execute("PRAGMA max_page_count = 1000000")
    agent.write("y")
    agent.wait(lambda: journal.kept_work()[0].note.endswith("xy"))
    agent.wait(lambda: any("kept on this desk" in t.text() for t in agent.screen.note.findChildren(PlainLabel)))


def test_the_note_is_not_touched_by_what_changes_elsewhere(call_centre: Centre, agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.note("half a sent")
    field = agent.screen.note.field
    agent.press("Left", "Left")
    position = field.textCursor().position()
    Answers(call_centre.database).publish([builders.answer("more", title="More")])
    agent.wait(lambda: agent.desk.index.count() == len(ANSWERS) + 1)
    agent.calls.choose_customer(agent.desk.customers.find("meyer")[0])
    agent.calls.changed.emit()
    assert field.toPlainText() == "half a sent" and field.textCursor().position() == position
    assert QApplication.focusWidget() is field


def test_the_language_changes_in_a_call_and_nothing_is_lost(agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.read(RESTART, "restart")
    boxes(agent)[0].setFocus()
    agent.press("Space")
    agent.note("half a sent")
    agent.press("Left", "Left", "Shift+Left")
    old = agent.screen
    agent.shell.switch_language()
    agent.wait(lambda: agent.screen is not old and agent.screen.note.field.hasFocus())
    field = agent.screen.note.field
    assert field.toPlainText() == "half a sent" == agent.work.note
    assert (field.textCursor().anchor(), field.textCursor().position()) == (9, 8)
    assert agent.screen.answers.field.text() == "restart"
    assert agent.screen.reading.answer is not None and agent.screen.reading.answer.id == RESTART.id
    assert [box.isChecked() for box in boxes(agent)] == [True, False, False]
    assert agent.shell.line.state_button.text() == "Im Gespräch"
    agent.write("X")
    agent.wait(lambda: agent.desk.journal.kept_work()[0].note == "half a sXnt")
    assert isinstance(agent.screen.card, QWidget)


def test_the_note_is_closed_without_a_call(agent: Console) -> None:
    assert not agent.screen.note.field.isEnabled()
    agent.press("F7")
    agent.write("lost?")
    assert agent.screen.note.field.toPlainText() == ""
