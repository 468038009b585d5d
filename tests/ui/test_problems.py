"""Known problems on their screen, on a case and on an agent's card, on a real database and with key presses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desk.journal import Refused
from app.domain.cases import CaseState
from app.domain.commands import AttachCase, EditProblem, MakeProblem
from app.domain.ids import new_id
from app.domain.people import Person, Role
from app.domain.problems import Link, Problem, ProblemState, ProblemWords
from app.services.problem_lists import ProblemLists
from app.services.radar_settings import RadarRule
from tests.conftest import ExpectedLog
from tests.fakes import Station, away
from tests.ui import bench_rig
from tests.ui.bench_rig import Bench, Centre, claimed
from tests.ui.console import Console
from ui.keys import press, type_text
from ui.problems import ProblemScreen
from ui.problems.form import ProblemForm
from ui.workbench.problem_card import ProblemCard

centre, at_desk, bench = bench_rig.centre, bench_rig.at_desk, bench_rig.bench
WORDS = ProblemWords(
    title="Red lamp, E-47 after the update",
    symptoms="internet gone, lamp red\nE-47 in the menu",
    workaround="Back to 7.1\nRestart",
    products=("link-7",),
)
Screens = Callable[[Person], tuple[ProblemScreen, Station]]


@pytest.fixture
def screens(centre: Centre, qtbot: QtBot) -> Screens:
    def open_for(person: Person) -> tuple[ProblemScreen, Station]:
        opened = centre.open(person)
        screen = ProblemScreen(opened.context)
        qtbot.addWidget(screen)
        screen.resize(1280, 800)
        screen.show()
        screen.activateWindow()
        qtbot.waitUntil(screen.isActiveWindow)
        return screen, opened

    return open_for


def made(centre: Centre, words: ProblemWords = WORDS, *, is_confirmed: bool = True) -> Problem:
    command = MakeProblem(id=new_id(), by=centre.seeded.expert.id, at=datetime.now(UTC), problem_id=new_id(),
                          words=words, is_confirmed=is_confirmed)  # fmt: skip
    centre.do(command)
    return read(centre, command.problem_id)


def refused_at(opened: Station) -> tuple[Refused, ...]:
    return opened.desk.lanes.journal.submit(opened.desk.journal.refused).result()


def read(centre: Centre, problem_id: object) -> Problem:
    return next(line.problem for line in ProblemLists(centre.database).all() if line.id == problem_id)


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


def test_what_is_typed_stays_when_others_write_and_comes_back(centre: Centre, screens: Screens, qtbot: QtBot) -> None:
    problem, other = made(centre), made(centre, replace(WORDS, title="Another"))
    screen, opened = screens(centre.seeded.expert)
    page = screen.page
    qtbot.waitUntil(lambda: page.shown is not None)
    screen.table.choose(problem.id)
    qtbot.waitUntil(lambda: page.id == problem.id)
    page.said.setFocus()
    type_text(screen, "Firmware 7.3")
    page.form.texts["cause"].setFocus()
    type_text(screen, "A watchdog")
    edit = EditProblem(id=new_id(), by=centre.seeded.lead.id, at=datetime.now(UTC), problem_id=problem.id,
                       words=replace(WORDS, versions="7.2", cause="?"), revision=1)  # fmt: skip
    centre.do(edit)
    qtbot.waitUntil(lambda: page.shown is not None and page.shown.line.problem.revision == 2)
    assert (page.form.words.cause, page.form.words.versions) == ("A watchdog", "7.2")
    assert page.sentence.text().startswith(f"{centre.seeded.lead.name} has changed this meanwhile, too: Cause.")
    screen.table.choose(other.id)
    qtbot.waitUntil(lambda: page.id == other.id)
    assert page.form.words.cause == "" and page.said.said == "" and not page.save_button.isEnabled()
    screen.table.choose(problem.id)
    qtbot.waitUntil(lambda: page.id == problem.id)
    assert page.form.words.cause == "A watchdog" and page.save_button.isEnabled()
    assert page.said.said == "Firmware 7.3"
    press(screen, "Ctrl+Return")
    qtbot.waitUntil(lambda: read(centre, problem.id).words.cause == "A watchdog")
    assert read(centre, problem.id).words.versions == "7.2"
    qtbot.waitUntil(lambda: list(opened.desk.case_texts.values()) == ["Firmware 7.3"])
    press(screen, "Ctrl+Shift+D")
    qtbot.waitUntil(lambda: read(centre, problem.id).state is ProblemState.SOLVED)
    qtbot.waitUntil(lambda: opened.desk.case_texts == {})


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
    screen.table.choose(other.id)
    qtbot.waitUntil(lambda: page.id == other.id)
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
    edit = EditProblem(id=new_id(), by=centre.seeded.lead.id, at=datetime.now(UTC), problem_id=problem.id,
                       words=replace(WORDS, cause="Heat"), revision=1)  # fmt: skip
    centre.do(edit)
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
    screen.table.choose(problem.id)
    qtbot.waitUntil(lambda: page.id == problem.id)
    shown = page.shown
    assert shown
    page.form.texts["cause"].setFocus()
    type_text(screen, "A watchdog")
    edit = EditProblem(id=new_id(), by=centre.seeded.lead.id, at=datetime.now(UTC), problem_id=problem.id,
                       words=replace(WORDS, cause="Heat"), revision=1)  # fmt: skip
    centre.do(edit)
    page.shown = shown  # nothing of it has come here yet
    press(screen, "Ctrl+Return")
    theirs = replace(shown.line, problem=read(centre, problem.id))
    page.show_problem(replace(shown, line=theirs))
    if is_other_open:
        screen.table.choose(other.id)
        qtbot.waitUntil(lambda: page.id == other.id)
    qtbot.waitUntil(lambda: len(refused_at(opened)) == 1)
    opened.bridge.refused.emit(refused_at(opened)[0])  # as the window does
    if is_other_open:
        assert page.form.words.cause == ""
        screen.table.choose(problem.id)
        qtbot.waitUntil(lambda: page.id == problem.id)
    qtbot.waitUntil(lambda: page.form.words.cause == "A watchdog" and page.save_button.isEnabled())


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
