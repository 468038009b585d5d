"""What is typed in the lines beside a case is kept on the desk until a command that takes it along is in the outbox."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shiboken6
from pytestqt.qtbot import QtBot

from app.desk.journal import Refused
from app.domain.cases import CaseDraft, Level
from app.domain.commands import ClaimCase, NoteFirstCould, SolveCase
from app.domain.ids import new_id
from app.domain.people import Person, Role
from app.services.answers import Answers
from app.services.case_lists import CaseLists
from tests import builders, seeding
from tests.fakes import Station, station
from tests.ui import bench_rig
from tests.ui.bench_rig import AtDesk, Bench, Centre, claimed, full_disk
from ui.keys import press, type_text
from ui.workbench import Workbench
from ui.workbench.learned_card import LearnedCard

centre, at_desk, bench = bench_rig.centre, bench_rig.at_desk, bench_rig.bench  # its fixtures, here too
ROOT = Path(__file__).parents[2]
LAMP = builders.answer("lamp", title="Lamp is red")
REASON = "Eine Platine dieses einen Kunden, „Größe 5“"


@pytest.fixture
def tina(centre: Centre) -> Person:
    person = builders.person("tina", team=centre.seeded.network, roles=frozenset({Role.THIRD_LEVEL}))
    with centre.database.write() as session:
        seeding.add_person(session, person)
    return person


def test_a_killed_workbench_has_the_row_of_third_level_back(
    centre: Centre, at_desk: AtDesk, tina: Person, qtbot: QtBot
) -> None:
    draft = at_third(centre, tina)
    arguments = [centre.url, tina.login, str(centre.folder / tina.login), str(draft.id), REASON]
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.bench_process", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
    )
    with child:
        assert child.stdout is not None and child.stdout.readline() == "TYPED\n"
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    view, opened = at_desk(tina)
    show(view, draft, qtbot)
    passed = view.case.strip.passed
    assert (passed.answer.text(), passed.reason.text()) == ("Lamp", REASON)
    passed.answer.setFocus()
    passed.answer.selectAll()
    press(view, "Backspace")
    solve(view)
    qtbot.waitUntil(lambda: CaseLists(centre.database).file(draft.id).kept_back == REASON)
    qtbot.waitUntil(lambda: opened.desk.journal.kept_case_texts() == {})
    assert passed.reason.text() == ""


def test_a_row_is_there_again_after_the_desk_was_closed(
    centre: Centre, at_desk: AtDesk, tina: Person, qtbot: QtBot
) -> None:
    draft, other = at_third(centre, tina), at_third(centre, tina)
    with station(centre.url, tina, centre.folder / tina.login) as opened:
        view = Workbench(opened.context)
        view.show()
        show(view, draft, qtbot)
        view.case.strip.passed.reason.setFocus()
        type_text(view, REASON)
        show(view, other, qtbot)
        assert not view.case.strip.passed.has_text
        shiboken6.delete(view)
    view, _ = at_desk(tina)
    show(view, draft, qtbot)
    assert view.case.strip.passed.reason.text() == REASON


def test_a_row_stays_until_a_command_takes_it_along(
    centre: Centre, at_desk: AtDesk, tina: Person, qtbot: QtBot
) -> None:
    """Neither a full disk takes it away, nor what says nothing of it."""
    draft = at_third(centre, tina)
    view, opened = at_desk(tina)
    show(view, draft, qtbot)
    strip = view.case.strip
    strip.passed.reason.setFocus()
    type_text(view, REASON)
    with full_disk(opened.desk.journal):
        solve(view)
        qtbot.waitUntil(lambda: "no space left" in strip.sentence.text())
        assert strip.passed.reason.text() == REASON and opened.notifier.confirmed == []
    press(view, "Ctrl+B")  # back to second level, which is told nothing of what is passed down
    qtbot.waitUntil(lambda: CaseLists(centre.database).file(draft.id).summary.level is Level.SECOND)
    assert strip.passed.reason.text() == REASON and strip.passed.isVisible()
    assert REASON in opened.desk.case_texts.values()


def test_a_row_that_is_refused_is_typed_again(centre: Centre, at_desk: AtDesk, tina: Person, qtbot: QtBot) -> None:
    draft = at_third(centre, tina)
    view, opened = at_desk(tina)
    show(view, draft, qtbot)
    passed = view.case.strip.passed
    passed.reason.setFocus()
    type_text(view, REASON)
    head = {"id": new_id(), "by": tina.id, "at": datetime.now(UTC)}
    centre.do(SolveCase(**head, case_id=draft.id, solution="At another desk", kept_back="Told there"))  # type: ignore[arg-type]
    solve(view)  # before this desk has heard of it
    qtbot.waitUntil(lambda: len(opened.desk.journal.refused()) == 1)
    qtbot.waitUntil(lambda: passed.reason.text() == "")
    opened.bridge.refused.emit(opened.desk.journal.refused()[0])  # as the window does
    assert passed.reason.text() == REASON and passed.isVisible()
    assert REASON in opened.desk.case_texts.values()


def test_first_could_stays_in_its_field_until_the_outbox_has_it(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    card, view, opened, draft = at_card(centre, bench, qtbot)
    type_text(view, LAMP.title)
    with full_disk(opened.desk.journal):
        press(view, "Shift+F4")
        assert card.field.text() == LAMP.title
        qtbot.waitUntil(lambda: "no space left" in card.complaint.text())
        assert card.field.text() == LAMP.title and opened.notifier.confirmed == []
        assert LAMP.title in opened.desk.case_texts.values()
    go_on = hold_up(opened)
    press(view, "Shift+F4")
    press(view, "Shift+F4")
    assert card.field.text() == LAMP.title and opened.notifier.confirmed == []
    go_on()
    qtbot.waitUntil(lambda: opened.notifier.confirmed == ["The agent is told which answer would have done."])
    assert card.field.text() == "" and card.complaint.isHidden()
    qtbot.waitUntil(lambda: CaseLists(centre.database).file(draft.id).first_could is not None)
    qtbot.waitUntil(lambda: opened.desk.journal.kept_case_texts() == {})


def test_first_could_belongs_to_its_case_and_comes_back(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    card, view, opened, draft = at_card(centre, bench, qtbot)
    type_text(view, "Lamp is")
    other = centre.escalate("Another")
    show(view, other, qtbot)
    assert card.field.text() == ""
    show(view, draft, qtbot)
    assert card.field.text() == "Lamp is"
    card.field.clear()
    by, at = centre.seeded.expert.id, datetime.now(UTC)
    command = NoteFirstCould(id=new_id(), by=by, at=at, case_id=draft.id, answer_id=LAMP.id)
    opened.bridge.refused.emit(Refused(command=command, reason="No."))
    assert card.field.text() == LAMP.title


def at_card(centre: Centre, bench: Bench, qtbot: QtBot) -> tuple[LearnedCard, Workbench, Station, CaseDraft]:
    """A case of this person's, and the caret in the field for what first level could have done."""
    view, opened = bench
    Answers(centre.database).publish([LAMP])
    qtbot.waitUntil(lambda: opened.desk.index.count() == 1)
    draft = centre.escalate("Red lamp")
    claimed(qtbot, view)
    press(view, "Shift+F4")
    assert view.case.page.learned.field.hasFocus()
    return view.case.page.learned, view, opened, draft


def at_third(centre: Centre, who: Person) -> CaseDraft:
    """A case that third level has."""
    draft = centre.escalate("Restarts")
    centre.claim(centre.seeded.expert)
    centre.do(builders.escalation(centre.seeded.expert, case=draft, to_level=Level.THIRD, told_at=datetime.now(UTC)))
    centre.do(ClaimCase(id=new_id(), by=who.id, at=datetime.now(UTC), case_id=draft.id))
    return draft


def show(view: Workbench, draft: CaseDraft, qtbot: QtBot) -> None:
    view.open_case(draft.id)
    qtbot.waitUntil(lambda: view.case.shown is not None and view.case.shown.id == draft.id)


def solve(view: Workbench) -> None:
    view.case.strip.editor.setFocus()
    if not view.case.strip.text:
        type_text(view, "Check interval 0")
    press(view, "Ctrl+D")


def hold_up(opened: Station) -> Callable[[], None]:
    """The disk takes nothing until what this gives is called."""
    may_go_on = threading.Event()
    opened.desk.lanes.journal.submit(may_go_on.wait)
    return may_go_on.set
