"""What is typed to supervisors and to the desks: whose it is, and until when it is kept."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.bootstrap import Desk
from app.domain.commands import LowerHand
from app.domain.ids import new_id
from app.services.commands import Commands
from tests.fakes import station
from tests.ui.console import Centre, Console
from ui.supervisor.notice_panel import NoticePanel


@contextmanager
def _panel_of(centre: Centre, folder: Path) -> Iterator[tuple[NoticePanel, Desk]]:
    """Cleo's panel for notices, on a desk of her own."""
    with station(centre.url, centre.seeded.lead, folder) as opened:
        panel = NoticePanel(opened.context)
        panel.show()
        yield panel, opened.desk
        panel.hide()
        panel.deleteLater()


def test_what_is_typed_for_a_hand_is_not_for_the_next_one(agent: Console, call_centre: Centre) -> None:
    """Wherever it is lowered: here, or at another desk of the same person."""
    strip, ada, now = agent.shell.strips.hand, call_centre.seeded.agent, datetime.now(UTC)
    assert strip is not None
    for is_lowered_here in (False, True):
        agent.press("Ctrl+Shift+H")
        agent.wait(lambda: strip.hand is not None and strip.is_up)
        assert strip.hand is not None and strip.field.text() == ""
        QTest.keyClicks(strip.field, "I still need")
        assert agent.desk.case_texts == {strip.hand.id: "I still need"}
        if is_lowered_here:
            agent.press("Ctrl+Shift+H")
        else:
            lowered = LowerHand(id=new_id(), by=ada.id, at=now, hand_id=strip.hand.id)
            Commands(call_centre.database).apply(lowered)
        agent.wait(lambda: strip.hand is None)
        assert strip.isHidden() and strip.field.text() == "" and agent.desk.case_texts == {}


def test_a_notice_survives_the_end_of_the_program_and_is_kept_until_it_is_sent(
    call_centre: Centre, tmp_path: Path, qtbot: QtBot
) -> None:
    for typed in ("Fire drill", " at noon"):
        with _panel_of(call_centre, tmp_path / "lead") as (panel, desk):
            QTest.keyClicks(panel.field, typed)
    with _panel_of(call_centre, tmp_path / "lead") as (panel, desk):
        assert panel.field.text() == "Fire drill at noon"
        may_go_on = threading.Event()
        desk.lanes.journal.submit(may_go_on.wait)
        panel.send()
        panel.send()
        assert panel.field.text() == "Fire drill at noon"
        may_go_on.set()
        qtbot.waitUntil(lambda: panel.field.text() == "")
        qtbot.waitUntil(lambda: desk.journal.kept_case_texts() == {})
        qtbot.waitUntil(lambda: len(desk.supervision.notices.standing(datetime.now(UTC))) == 1)
