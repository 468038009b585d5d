"""Who else has the open case open, and who types there: said above the case, and told of this desk."""

import pytest
from pytestqt.qtbot import QtBot

from app.domain import case_presence
from app.services.case_presence import CasePresence
from tests.ui import bench_rig
from tests.ui.bench_rig import Bench, Centre
from ui.keys import type_text
from ui.workbench import onlookers

centre, at_desk, bench = bench_rig.centre, bench_rig.at_desk, bench_rig.bench  # its fixtures, here too


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept apart, and each look comes soon."""
    monkeypatch.setattr(case_presence, "_APART_S", 0.0)
    monkeypatch.setattr(onlookers, "_LOOK_MS", 50)


def test_each_reads_who_else_is_there_and_who_types(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    view, opened = bench
    colleague = CasePresence(centre.database, centre.seeded.lead.id)
    draft, other = centre.escalate("Red lamp"), centre.escalate("Blue lamp")
    colleague.tell(draft.id)
    view.open_case(draft.id)
    line = view.case.onlookers
    qtbot.waitUntil(lambda: line.text() == "Cleo has this case open too.")
    colleague.tell(draft.id, is_typing=True)
    qtbot.waitUntil(lambda: line.text() == "Cleo is typing here.")

    mine = centre.seeded.expert.name
    qtbot.waitUntil(lambda: [one.name for one in colleague.others(draft.id)] == [mine])
    opened.desk.keep_case_text(other.id, "begun yesterday")
    view.open_case(other.id)
    qtbot.waitUntil(lambda: view.case.strip.editor.toPlainText() == "begun yesterday")
    qtbot.waitUntil(lambda: [one.is_typing for one in colleague.others(other.id)] == [False])  # a kept text is no key
    assert line.isHidden() and colleague.others(draft.id) == ()
    view.case.strip.editor.setFocus()
    type_text(view, "!")
    qtbot.waitUntil(lambda: [one.is_typing for one in colleague.others(other.id)] == [True])


def test_who_leaves_the_screen_is_not_there_and_who_comes_back_is(centre: Centre, bench: Bench, qtbot: QtBot) -> None:
    view, _ = bench
    colleague = CasePresence(centre.database, centre.seeded.lead.id)
    draft = centre.escalate("Red lamp")
    view.open_case(draft.id)
    qtbot.waitUntil(lambda: len(colleague.others(draft.id)) == 1)
    view.hide()
    qtbot.waitUntil(lambda: colleague.others(draft.id) == ())
    view.show()
    qtbot.waitUntil(lambda: len(colleague.others(draft.id)) == 1)
