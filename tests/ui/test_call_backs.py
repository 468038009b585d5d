"""The screen of call-backs on a real database, with key presses; and the promise made in wrap-up."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.db.engine import Database
from app.domain.call_backs import CallBack, CallBackKind
from app.domain.calls import CallState, EndReason
from app.domain.commands import PromiseCallBack
from app.domain.ids import new_id
from app.services.call_backs import CallBacks
from app.services.calls import Calls
from app.telephony.numbers import readable
from app.telephony.source import Capability
from tests.builders import LONE_NUMBER, Seeded, at_tomorrow, call, caller, record_call, seed
from tests.conftest import ExpectedLog
from tests.fakes import Station, away, station
from tests.ui.bench_rig import full_disk
from ui.call_backs import CallBackScreen
from ui.keys import press, type_text

NOW = datetime.now(UTC)


@pytest.fixture
def centre(sqlite_url: str) -> Seeded:
    database = Database(sqlite_url)
    seeded = seed(database)
    database.close()
    return seeded


@pytest.fixture
def desk(sqlite_url: str, centre: Seeded, tmp_path: Path) -> Iterator[Station]:
    with station(sqlite_url, centre.agent, tmp_path / "desk") as made:
        yield made


def give_up(desk: Station, centre: Seeded) -> None:
    ended_at = NOW - timedelta(minutes=5)
    made = replace(call(CallState.CLOSED), caller=caller(LONE_NUMBER, display_name="Zoe Meyer"), ended_at=ended_at)
    given_up = replace(made, end_reason=EndReason.ABANDONED, source="demo")
    Calls(desk.desk._database).record(record_call(given_up, centre.agent))


def show(desk: Station, qtbot: QtBot, count: int) -> CallBackScreen:
    screen = CallBackScreen(desk.context)
    qtbot.addWidget(screen)
    screen.resize(1280, 700)
    screen.show()
    qtbot.waitUntil(lambda: len(screen.table.records.records) == count)
    return screen


def test_a_line_that_cannot_dial_copies_the_number_and_says_why(desk: Station, centre: Seeded, qtbot: QtBot) -> None:
    give_up(desk, centre)
    screen = show(desk, qtbot, 1)
    assert screen.table.current() == screen.table.records.record(0)
    press(screen, "Ctrl+J")
    assert QGuiApplication.clipboard().text() == LONE_NUMBER
    (said,) = desk.notifier.warned
    assert "is copied" in said and "Nobody ever calls here." in said
    qtbot.waitUntil(lambda: screen.table.records.record(0).attempt_count == 1)
    (one,) = screen.table.records.records
    assert one.person_id == centre.agent.id and one.due_at > NOW


def test_one_key_dials_where_the_line_can(
    desk: Station, centre: Seeded, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_up(desk, centre)
    dialled: list[str] = []
    monkeypatch.setattr(desk.desk.source, "capabilities", frozenset({Capability.DIAL}), raising=False)
    monkeypatch.setattr(desk.desk.source, "dial", dialled.append)
    screen = show(desk, qtbot, 1)
    press(screen, "Ctrl+J")
    assert dialled == [LONE_NUMBER] and desk.notifier.warned == []


def test_reached_takes_it_off_the_list(desk: Station, centre: Seeded, qtbot: QtBot) -> None:
    give_up(desk, centre)
    screen = show(desk, qtbot, 1)
    press(screen, "Ctrl+E")
    qtbot.waitUntil(lambda: screen.table.records.records == ())
    assert not any(button.isEnabled() for button in screen._buttons)


def test_what_is_mine_and_due_is_said_once(desk: Station, centre: Seeded, qtbot: QtBot) -> None:
    mine = CallBack(id=new_id(), kind=CallBackKind.PROMISED, number=LONE_NUMBER, name="Zoe Meyer",
                    due_at=NOW - timedelta(minutes=1), made_at=NOW, person_id=centre.agent.id,
                    note="about the bill")  # fmt: skip
    CallBacks(desk.desk._database).promise(PromiseCallBack(id=new_id(), by=centre.agent.id, at=NOW, call_back=mine))
    give_up(desk, centre)  # anyone's: on the list, but no alert for everybody
    screen = show(desk, qtbot, 2)
    screen._tick()
    assert desk.notifier.confirmed == ["Call back now: Zoe Meyer (Ctrl+Shift+R)"]
    assert screen._count.text() == "2 are due"
    screen.table.choose(mine.id)
    assert screen._note.text() == "about the bill" and screen._note.isVisible()


def test_another_time_and_number_are_typed_in_place(desk: Station, centre: Seeded, qtbot: QtBot) -> None:
    give_up(desk, centre)
    screen = show(desk, qtbot, 1)
    press(screen, "Ctrl+I")
    row = screen.change_row
    assert row.when.hasFocus() and row.number.text() == readable(LONE_NUMBER)
    press(screen, "4")
    assert row.time.hasFocus()
    type_text(screen, "never")
    press(screen, "Return")
    assert row.is_open and "A time to come" in row._says.text()
    row.time.clear()
    before = datetime.now()
    type_text(screen, "tomorrow 8:15")
    row.number.setFocus()
    row.number.selectAll()
    type_text(screen, "030 / 23125-199")
    press(screen, "Return")
    qtbot.waitUntil(lambda: screen.table.records.record(0).number == "+493023125199")
    (one,) = screen.table.records.records
    assert one.due_at in {at_tomorrow(now, 8, 15) for now in (before, datetime.now())}
    assert one.person_id == centre.agent.id
    qtbot.waitUntil(lambda: (row.is_open, screen.table.hasFocus()) == (False, True))


def test_what_the_disk_does_not_take_of_a_change_is_still_there(desk: Station, centre: Seeded, qtbot: QtBot) -> None:
    give_up(desk, centre)
    screen = show(desk, qtbot, 1)
    press(screen, "Ctrl+I")
    press(screen, "4")
    row = screen.change_row
    type_text(screen, "tomorrow 8:15")
    with full_disk(desk.desk.journal):
        press(screen, "Return")
        qtbot.waitUntil(lambda: desk.notifier.warned != [])
    assert "no space left" in desk.notifier.warned[0]
    assert row.is_open and row.time.text() == "tomorrow 8:15"
    press(screen, "Return")
    press(screen, "Return")  # once is enough
    qtbot.waitUntil(lambda: not row.is_open)
    qtbot.waitUntil(lambda: screen.table.records.record(0).person_id == centre.agent.id)


def test_escape_changes_nothing(desk: Station, centre: Seeded, qtbot: QtBot) -> None:
    give_up(desk, centre)
    screen = show(desk, qtbot, 1)
    press(screen, "Ctrl+I")
    press(screen, "Escape")
    assert (screen.change_row.is_open, screen.table.hasFocus()) == (False, True)
    assert desk.desk.journal.waiting_count() == 0 and screen.table.records.record(0).person_id is None


def test_that_nobody_waits_is_said_when_it_is_known(
    sqlite_url: str, desk: Station, qtbot: QtBot, expected_log: ExpectedLog
) -> None:
    expected_log.may_come("database: OperationalError|change feed")
    before = show(desk, qtbot, 0)
    qtbot.waitUntil(lambda: before._refresher.last_success_at is not None and desk.desk.is_in_contact)
    with away(desk.desk._database, Path(sqlite_url.removeprefix("sqlite:///"))):
        screen = CallBackScreen(desk.context)
        qtbot.addWidget(screen)
        screen.show()
        qtbot.waitUntil(screen.unread.isVisible)
        assert screen.table._empty_text is not None and screen.table._empty_text() == "No data yet"
        assert "The database file cannot be opened." in screen.unread.text
    qtbot.waitUntil(screen.unread.isHidden)  # by itself
    assert screen.table._empty_text() == "Nobody waits for a call."
