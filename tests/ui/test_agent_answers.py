"""Searching and reading answers."""

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QTextEdit

from app.search.marking import marks
from app.services.answers import Answers
from tests import builders
from tests.builders import LONE_NUMBER
from tests.ui.console import ANSWERS, CERTAIN, HOSTILE, LAMP, RESTART, Centre, Console
from tests.ui.seen import boxes, titles
from ui.answer_text import AnswerText
from ui.widgets.banner import Banner
from ui.widgets.plain_label import PlainLabel


def parts(agent: Console) -> list[AnswerText]:
    return [part for part in agent.screen.reading.findChildren(AnswerText) if part.isVisible()]


def banner(agent: Console) -> str:
    """What the banner in the reading view says, or nothing."""
    shown = [b.text for b in agent.screen.reading.findChildren(Banner) if b.isVisible()]
    return shown[0] if shown else ""


def copy_button(agent: Console) -> QPushButton:
    return next(b for b in agent.screen.reading.findChildren(QPushButton) if b.text() == "Copy text")


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
