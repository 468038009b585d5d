"""What goes down from the workbench: an answer that would have done, a solution as a known problem, what was read."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from app.domain.cases import AnswerRead, CaseDraft, CaseState, Level
from app.domain.commands import ClaimCase, MakeProblem, SolveCase
from app.domain.ids import new_id
from app.domain.messages import MessageKind
from app.domain.passing_down import PassedDown, PassedKind
from app.domain.people import Person, Role
from app.domain.problems import ProblemWords
from app.services.answers import Answers
from app.services.case_lists import CaseLists
from app.services.messages import Messages
from app.services.problem_lists import ProblemLists
from tests import builders, seeding
from tests.ui import bench_rig
from tests.ui.bench_rig import AtDesk, Bench, Centre, claimed
from ui.keys import press, type_text
from ui.workbench import Workbench
from ui.workbench.learned_card import LearnedCard

centre, at_desk, bench = bench_rig.centre, bench_rig.at_desk, bench_rig.bench  # its fixtures, here too
LAMP = builders.answer("lamp", title="Lamp is red", body="The **old** text, {customer.name}.", steps=("Wait", "Go"))


def card_of(view: Workbench) -> LearnedCard:
    return next(card for card in view.case.page.cards if isinstance(card, LearnedCard))


def test_first_level_could_have_with_keys(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    view, opened = bench
    Answers(centre.database).publish([LAMP])
    qtbot.waitUntil(lambda: opened.desk.index.count() == 1)
    draft = centre.escalate("Red lamp")
    assert card_of(view).isHidden()
    claimed(qtbot, view)
    centre.do(_solution(centre, draft.id))
    card = card_of(view)
    qtbot.waitUntil(lambda: view.case.shown is not None and view.case.shown.is_solved_by_me)
    press(view, "Shift+F4")
    assert card.field.hasFocus() and card.complaint.isHidden()
    type_text(view, "Lamp is blue")
    press(view, "Return")
    assert "No answer of first level has this title" in card.complaint.text()
    card.field.selectAll()
    type_text(view, LAMP.title)
    press(view, "Return")
    assert view.lists.own.hasFocus()  # nothing is left to do to this case: the next one is chosen here
    qtbot.waitUntil(card.take_back.isVisible)
    assert view.lists.own.hasFocus()
    assert card.could.text() == f"First level could have solved it with “Lamp is red”, says {centre.seeded.expert.name}"
    assert not card.mark.isVisible()
    qtbot.waitUntil(lambda: any(text.startswith("The agent is told") for text in opened.notifier.confirmed))
    kinds = [one.kind for one in Messages(centre.database).of(centre.seeded.agent.id)]
    assert MessageKind.FIRST_COULD in kinds
    card.take_back.click()
    qtbot.waitUntil(lambda: CaseLists(centre.database).file(draft.id).first_could is None)
    qtbot.waitUntil(card.mark.isVisible)


def test_who_still_works_on_the_case_goes_on_writing(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    view, opened = bench
    Answers(centre.database).publish([LAMP])
    qtbot.waitUntil(lambda: opened.desk.index.count() == 1)
    centre.escalate("Red lamp")
    claimed(qtbot, view)
    press(view, "Shift+F4")
    type_text(view, LAMP.title)
    press(view, "Shift+F4")
    assert view.case.strip.editor.hasFocus()
    qtbot.waitUntil(card_of(view).take_back.isVisible)
    assert view.case.strip.editor.hasFocus()
    card_of(view).take_back.setFocus()
    press(view, "Space")
    assert view.case.strip.editor.hasFocus()


def test_who_did_not_work_on_a_case_says_nothing_of_it(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    view, _ = bench
    draft = centre.escalate("Red lamp")
    centre.claim(centre.seeded.lead)
    view.open_case(draft.id)
    qtbot.waitUntil(lambda: view.case.shown is not None)
    assert card_of(view).isHidden()


def test_third_level_passes_its_solution_down_as_a_known_problem(centre: Centre, at_desk: AtDesk, qtbot: QtBot) -> None:
    tina = builders.person("tina", team=centre.seeded.network, roles=frozenset({Role.THIRD_LEVEL}))
    with centre.database.write() as session:
        seeding.add_person(session, tina)
    words = ProblemWords(title="Restarts on line 2")
    centre.do(MakeProblem(id=new_id(), by=tina.id, at=_now(), problem_id=new_id(), words=words))
    view, opened = at_desk(tina)
    qtbot.waitUntil(lambda: opened.desk.known_problems.problems != ())
    draft = _at_third(centre, tina, view, qtbot)
    type_text(view, "P-1 · Restarts on line 2")
    press(view, "Ctrl+D")
    qtbot.waitUntil(lambda: CaseLists(centre.database).file(draft.id).summary.state is CaseState.SOLVED)
    (problem,) = ProblemLists(centre.database).open()
    passed = PassedDown(kind=PassedKind.PROBLEM, id=problem.id, title="P-1 · Restarts on line 2")
    assert CaseLists(centre.database).file(draft.id).passed_down == passed
    qtbot.waitUntil(lambda: card_of(view).became.text() == "The solution is passed down: P-1 · Restarts on line 2")


def test_third_level_may_keep_its_solution_back_with_a_reason(centre: Centre, at_desk: AtDesk, qtbot: QtBot) -> None:
    tina = builders.person("tina", team=centre.seeded.network, roles=frozenset({Role.THIRD_LEVEL}))
    with centre.database.write() as session:
        seeding.add_person(session, tina)
    view, _ = at_desk(tina)
    draft = _at_third(centre, tina, view, qtbot)
    press(view, "Tab")
    assert view.case.strip.passed.reason.hasFocus()
    type_text(view, "A board of this one customer")
    press(view, "Ctrl+D")
    qtbot.waitUntil(lambda: centre.state(draft) is CaseState.SOLVED)
    said = "Nothing is passed down: A board of this one customer"
    qtbot.waitUntil(lambda: card_of(view).became.text() == said)


def test_why_nothing_is_passed_down_belongs_to_its_case(centre: Centre, at_desk: AtDesk, qtbot: QtBot) -> None:
    """What was typed for one case is not sent with another; it is there again with its own."""
    tina = builders.person("tina", team=centre.seeded.network, roles=frozenset({Role.THIRD_LEVEL}))
    with centre.database.write() as session:
        seeding.add_person(session, tina)
    view, _ = at_desk(tina)
    first = _at_third(centre, tina, view, qtbot)
    press(view, "Tab")
    type_text(view, "A board of this one customer")
    passed = view.case.strip.passed
    second = _at_third(centre, tina, view, qtbot)  # without what was typed for the first
    assert passed.reason.text() == ""
    view.open_case(first.id)
    qtbot.waitUntil(lambda: passed.reason.text() == "A board of this one customer")
    passed.reason.setFocus()
    press(view, "Ctrl+D")
    qtbot.waitUntil(lambda: centre.state(first) is CaseState.SOLVED)
    qtbot.waitUntil(lambda: passed.reason.text() == "")
    assert centre.state(second) is not CaseState.SOLVED


def _at_third(centre: Centre, who: Person, view: Workbench, qtbot: QtBot) -> CaseDraft:
    """A case that third level has, and has been refused to end with a solution alone."""
    draft = centre.escalate("Restarts")
    centre.claim(centre.seeded.expert)
    centre.do(builders.escalation(centre.seeded.expert, case=draft, to_level=Level.THIRD, told_at=_now()))
    centre.do(ClaimCase(id=new_id(), by=who.id, at=_now(), case_id=draft.id))
    view.open_case(draft.id)
    qtbot.waitUntil(lambda: view.case.shown is not None and view.case.shown.id == draft.id)
    assert view.case.strip.passed.isVisible()
    view.case.strip.editor.setFocus()
    type_text(view, "Check interval 0")
    press(view, "Ctrl+D")
    assert "ends with its solution passed down" in view.case.strip.sentence.text()
    assert view.case.strip.passed.answer.hasFocus()
    return draft


@pytest.mark.parametrize("version", [1, 0])
def test_an_answer_is_read_as_it_was_in_the_call(centre: Centre, bench: Bench, qtbot: QtBot, version: int) -> None:
    """Also where the hand-over does not say which version that was: then the one in force at that time."""
    view, _ = bench
    answers = Answers(centre.database)
    answers.publish([LAMP])
    read = AnswerRead(answer_id=LAMP.id, title=LAMP.title, steps_tried=("Wait",), version=version)
    command = builders.escalation(centre.seeded.agent, case=builders.case_draft(), told_at=_now())
    centre.do(replace(command, hand_over=replace(command.hand_over, answers=(read,))))
    answers.publish([replace(LAMP, body="The new text.")])
    claimed(qtbot, view)
    press(view, "Ctrl+1")
    page = view.case.answer
    qtbot.waitUntil(page.isVisible)
    assert page.body_text.toPlainText() == "The old text, Ida Berg."
    assert page.steps.toPlainText() == "1. Wait ✓\n2. Go" and page.about.text().startswith("Version 1, published ")
    view.refresh()
    centre.escalate("another")
    qtbot.waitUntil(lambda: len(view.lists.queue.records.records) == 1)
    assert page.isVisible()  # what comes from elsewhere closes nothing
    press(view, "Esc")
    qtbot.waitUntil(view.case.page.isVisible)


def test_an_answer_that_is_not_kept_is_said_to_be_gone(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    view, opened = bench
    centre.escalate("No internet")
    claimed(qtbot, view)
    press(view, "Ctrl+1")
    qtbot.waitUntil(lambda: opened.notifier.warned != [])
    assert opened.notifier.warned == ["This version was published before versions were kept."]
    assert view.case.page.isVisible()


def _solution(centre: Centre, case_id: UUID) -> SolveCase:
    return SolveCase(id=new_id(), by=centre.seeded.expert.id, at=_now(), case_id=case_id, solution="The lamp")


def _now() -> datetime:
    return datetime.now(UTC)
