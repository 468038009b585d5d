"""Known problems on their screen, on a case and on an agent's card, on a real database and with key presses."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.cases import CaseState
from app.domain.commands import AttachCase, MakeProblem
from app.domain.ids import new_id
from app.domain.people import Role
from app.domain.problems import Link, ProblemState
from app.services.radar_settings import RadarRule
from tests.ui import bench_rig, problem_rig
from tests.ui.bench_rig import Bench, Centre, claimed, full_disk
from tests.ui.console import Console
from tests.ui.problem_rig import WORDS, Screens, made, read, refused_at
from ui.keys import press, type_text
from ui.workbench.problem_card import ProblemCard

centre, at_desk, bench = bench_rig.centre, bench_rig.at_desk, bench_rig.bench  # fixtures, here too
screens = problem_rig.screens


def test_made_confirmed_and_solved_with_keys(centre: Centre, screens: Screens, qtbot: QtBot) -> None:
    screen, opened = screens(centre.seeded.expert)
    page = screen.page
    press(screen, "Ctrl+Shift+N")
    type_text(screen, "E-47 after the update")
    page.form.texts["symptoms"].setFocus()
    type_text(screen, "lamp red")
    press(screen, "Ctrl+Return")
    qtbot.waitUntil(lambda: page.shown is not None and page.shown.line.problem.state is ProblemState.CANDIDATE)
    assert page.shown and page.shown.line.problem.words.symptoms == "lamp red"
    problem_id = page.shown.line.id
    draft = centre.escalate("Lamp red")
    centre.do(AttachCase(id=new_id(), by=centre.seeded.lead.id, at=datetime.now(UTC), problem_id=problem_id,
                         case_id=draft.id))  # fmt: skip
    press(screen, "Ctrl+Shift+O")
    qtbot.waitUntil(lambda: read(centre, problem_id).state is ProblemState.CONFIRMED)
    qtbot.waitUntil(lambda: page.solve_button.isVisible() and page.cases.records.rowCount() == 1)
    press(screen, "Ctrl+Shift+D")
    assert "Write the solution first" in page.sentence.text() and page.said.hasFocus()
    type_text(screen, "Firmware 7.3")
    press(screen, "Ctrl+Shift+D")
    qtbot.waitUntil(lambda: centre.state(draft) is CaseState.SOLVED)
    qtbot.waitUntil(lambda: page.calls.records.rowCount() == 1)
    assert page.calls.records.record(0).name == "Ida Berg" and "Firmware 7.3" in page.facts.text()
    press(screen, "Ctrl+Shift+J")
    qtbot.waitUntil(lambda: page.calls.records.record(0).is_promised)
    assert not page.promise.isEnabled()
    qtbot.waitUntil(lambda: any("First level calls them" in text for text in opened.notifier.confirmed))


def test_what_is_decided_twice_is_done_once(centre: Centre, screens: Screens, qtbot: QtBot) -> None:
    """The second press was sent as well, and came back refused."""
    candidate, problem = made(centre, is_confirmed=False), made(centre)
    draft = centre.escalate("Lamp red")
    attach = AttachCase(id=new_id(), by=centre.seeded.lead.id, at=datetime.now(UTC), problem_id=problem.id,
                        case_id=draft.id)  # fmt: skip
    centre.do(attach)
    screen, opened = screens(centre.seeded.expert)
    page = screen.page
    qtbot.waitUntil(lambda: page.id is not None)
    opened.desk.outbox.stop()
    sent = 0
    for shown, keys in ((candidate, ("Ctrl+Shift+O",)), (problem, ("Ctrl+P", "Ctrl+Shift+D"))):
        screen.table.choose(shown.id)
        qtbot.waitUntil(lambda: page.id == shown.id)  # noqa: B023
        if shown is problem:
            assert page.cases.choose(draft.id)
        for key in keys:
            for _ in range(2):
                page.said.setPlainText("Firmware 7.3")
                press(screen, key)
            sent += 1
        assert not page.solve_button.isEnabled() and not page.confirm_button.isEnabled()
    assert opened.desk.lanes.journal.submit(opened.desk.journal.waiting_count).result() == sent == 3
    opened.desk.outbox.flush()
    assert refused_at(opened) == () and read(centre, problem.id).state is ProblemState.SOLVED
    qtbot.waitUntil(lambda: page.shown is not None and page.shown.line.problem.state is ProblemState.SOLVED)
    assert page.confirm_button.isEnabled()


@pytest.mark.parametrize("is_refused", [False, True])
def test_what_was_not_decided_can_be_decided_again(
    centre: Centre, screens: Screens, qtbot: QtBot, is_refused: bool
) -> None:
    candidate = made(centre, replace(WORDS, symptoms=""), is_confirmed=False)
    screen, opened = screens(centre.seeded.expert)
    page = screen.page
    qtbot.waitUntil(lambda: page.id == candidate.id)
    if is_refused:
        press(screen, "Ctrl+Shift+O")
        qtbot.waitUntil(lambda: len(refused_at(opened)) == 1)
        opened.bridge.refused.emit(refused_at(opened)[0])  # as the window does
    else:
        with full_disk(opened.desk.journal):
            press(screen, "Ctrl+Shift+O")
            qtbot.waitUntil(page.sentence.isVisible)
    qtbot.waitUntil(page.confirm_button.isEnabled)


@pytest.mark.parametrize(
    ("role", "makes", "writes"),
    [(Role.THIRD_LEVEL, True, True), (Role.SUPERVISOR, False, False), (Role.EDITOR, False, True)],
)
def test_who_does_not_decide_sees_no_way_to(
    centre: Centre, screens: Screens, qtbot: QtBot, role: Role, makes: bool, writes: bool
) -> None:
    made(centre)
    screen, _ = screens(replace(centre.seeded.expert, roles=frozenset({role})))
    page = screen.page
    qtbot.waitUntil(lambda: page.shown is not None)
    hidden: list[QWidget] = [page.confirm_button, page.solve_button, page.dismiss_button, page.said, page.calls_card]
    assert not any(widget.isVisible() for widget in hidden)
    assert screen.new_button.isVisible() is makes and page.save_button.isVisible() is writes
    assert page.form.title.isReadOnly() is not writes


def test_a_case_is_offered_its_problem_with_the_reason_and_attached_with_a_key(
    centre: Centre, bench: Bench, qtbot: QtBot
) -> None:
    view, _ = bench
    radar = RadarRule(centre.database)
    radar.set(replace(radar.now(), case_count=0))  # it would say the same, sooner or later
    problem = made(centre)
    draft = centre.escalate("Internet gone, E-47")
    claimed(qtbot, view)
    card = next(card for card in view.case.page.cards if isinstance(card, ProblemCard))
    qtbot.waitUntil(lambda: card.offered is not None and card.offered.id == problem.id)
    assert "E47" in card.why.text() and "same product" in card.why.text()
    assert card.workaround.text() == "Workaround: Back to 7.1\nRestart"
    press(view, "Ctrl+P")
    qtbot.waitUntil(lambda: card.shown is not None and card.shown.link is Link.ATTACHED)
    assert card.attach.text() == "Detach"
    card.editor.setFocus()
    type_text(view, "Restart only")
    card.keep.click()
    qtbot.waitUntil(lambda: card.workaround.text() == "For this customer: Restart only")
    assert card.editor.toPlainText() == ""
    press(view, "Ctrl+P")
    qtbot.waitUntil(lambda: card.shown is None)
    assert centre.state(draft) is CaseState.CLAIMED


def test_a_candidate_is_made_from_a_case_without_what_names_the_customer(
    centre: Centre, bench: Bench, qtbot: QtBot
) -> None:
    view, _ = bench
    centre.escalate("Frau Berg: 030 23125100 turbine whistles V12")
    claimed(qtbot, view)
    card = next(card for card in view.case.page.cards if isinstance(card, ProblemCard))
    qtbot.waitUntil(lambda: card.make.isVisible())
    press(view, "Ctrl+Shift+N")
    qtbot.waitUntil(lambda: card.shown is not None and card.shown.link is Link.ATTACHED)
    assert card.shown and card.shown.problem.state is ProblemState.CANDIDATE
    words = card.shown.problem.words
    assert words.title == "frau turbine whistles v12" and "berg" not in words.symptoms.lower()


def test_an_agent_reads_it_on_the_card_and_in_the_search(agent: Console) -> None:
    """Confirmed elsewhere during the call; one key attaches, and the escalation takes it along."""
    person = agent.desk.person
    words = replace(WORDS, products=(), symptoms="turbine whistles, E-99 blinks")
    command = MakeProblem(id=new_id(), by=person.id, at=datetime.now(UTC), problem_id=new_id(), words=words,
                          is_confirmed=True)  # fmt: skip
    agent.take_call()
    agent.search("turbine whistles")
    assert agent.screen.problem.isHidden()
    agent.desk.commands.apply(command)
    agent.wait(lambda: any(hit.answer.known_problem for hit in agent.screen.answers.list.hits.hits))
    press(agent.window, "Return")
    agent.wait(lambda: agent.screen.reading.answer is not None)
    line = agent.screen.problem
    agent.wait(line.isVisible)
    assert line.problem and line._pill.text() == f"Known problem {line.problem.name}"
    agent.press("Ctrl+P")
    assert line.button.text() == "Detach" and agent.work.problem_id == command.problem_id
    agent.press("Ctrl+P")
    assert line.button.text() == "Attach"
    agent.press("F9")
    agent.wait(agent.is_delivered)
    agent.wait(lambda: agent.desk.problems.one(command.problem_id).case_count == 1)


def test_keys_of_a_problem_are_reached_by_tab(centre: Centre, screens: Screens, qtbot: QtBot) -> None:
    made(centre)
    screen, _ = screens(centre.seeded.expert)
    qtbot.waitUntil(lambda: screen.page.shown is not None)
    for button in (screen.new_button, screen.page.solve_button, screen.page.dismiss_button):
        assert button.focusPolicy() is Qt.FocusPolicy.TabFocus
