"""Steps that are ticked, and solving a case with an answer."""

from PySide6.QtWidgets import QApplication

from app.db.answer_rows import AnswerRow
from app.db.rows import CaseRow, TimelineRow
from app.domain.cases import CaseState, Level
from app.domain.work import Outcome, steps_tried
from tests.ui.console import CERTAIN, LAMP, RESTART, Centre, Console
from tests.ui.seen import OpenConsole, boxes, confirmation, undo_button
from ui.widgets.plain_label import PlainLabel
from ui.widgets.toast import Toast


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
    kept = agent.desk.journal.kept_work
    agent.wait(lambda: [steps_tried(work, RESTART.id) for work in kept()] == [("Plug it in",)])
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


def test_a_key_that_can_do_nothing_says_what_it_needs(agent: Console) -> None:
    def says(key: str, sentence: str) -> bool:
        agent.press(key)
        return any(sentence in toast.text for toast in agent.window.findChildren(Toast))

    assert says("F7", "The note opens when you answer a call.")
    assert says("F10", "There is no call to finish")
    agent.take_call(CERTAIN)
    assert says("F9", "Open the answer that helped first: Ctrl+K finds it.")
    assert agent.work.outcome is None


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
