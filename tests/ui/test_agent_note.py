"""The note: each key stroke is kept, and nothing from elsewhere touches it."""

from PySide6.QtWidgets import QApplication, QWidget

from app.services.answers import Answers
from tests import builders
from tests.ui.console import ANSWERS, CERTAIN, RESTART, Centre, Console
from tests.ui.seen import boxes
from ui.widgets.banner import Banner
from ui.widgets.plain_label import PlainLabel


def kept_notes(agent: Console) -> list[str]:
    return [work.note for work in agent.desk.journal.kept_work()]


def test_each_key_stroke_is_kept(agent: Console) -> None:
    agent.take_call(CERTAIN)
    agent.press("F7")
    kept: set[str] = set()
    text = "Größe 5 µm, „läuft“ 🙂\nzweite Zeile"
    for end, character in enumerate(text, start=1):
        agent.write(character)
        agent.wait(lambda end=end: kept_notes(agent) == [text[:end]])  # type: ignore[misc]
        kept.update(kept_notes(agent))
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
    agent.wait(lambda: [note[-2:] for note in kept_notes(agent)] == ["xy"])
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
    agent.wait(lambda: kept_notes(agent) == ["half a sXnt"])
    assert isinstance(agent.screen.card, QWidget)


def test_the_note_is_closed_without_a_call(agent: Console) -> None:
    assert not agent.screen.note.field.isEnabled()
    agent.press("F7")
    agent.write("lost?")
    assert agent.screen.note.field.toPlainText() == ""
