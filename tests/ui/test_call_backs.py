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
from app.telephony.source import Capability
from tests.builders import LONE_NUMBER, Seeded, call, call_work, caller, record_call, seed
from tests.fakes import Station, station
from ui.agent.promise import promise
from ui.call_backs import CallBackScreen
from ui.keys import press

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
    qtbot.waitUntil(lambda: len(screen.table.records.records) == count, timeout=5_000)
    return screen


def test_a_line_that_cannot_dial_copies_the_number_and_says_why(desk: Station, centre: Seeded, qtbot: QtBot) -> None:
    give_up(desk, centre)
    screen = show(desk, qtbot, 1)
    assert screen.table.current() == screen.table.records.record(0)
    press(screen, "Ctrl+J")
    assert QGuiApplication.clipboard().text() == LONE_NUMBER
    (said,) = desk.notices.warned
    assert "is copied" in said and "Nobody ever calls here." in said
    qtbot.waitUntil(lambda: screen.table.records.record(0).attempt_count == 1, timeout=5_000)
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
    assert dialled == [LONE_NUMBER] and desk.notices.warned == []


def test_reached_takes_it_off_the_list(desk: Station, centre: Seeded, qtbot: QtBot) -> None:
    give_up(desk, centre)
    screen = show(desk, qtbot, 1)
    press(screen, "Ctrl+E")
    qtbot.waitUntil(lambda: screen.table.records.records == (), timeout=5_000)
    assert not any(button.isEnabled() for button in screen._buttons)


def test_what_is_mine_and_due_is_said_once(desk: Station, centre: Seeded, qtbot: QtBot) -> None:
    mine = CallBack(id=new_id(), kind=CallBackKind.PROMISED, number=LONE_NUMBER, name="Zoe Meyer",
                    due_at=NOW - timedelta(minutes=1), made_at=NOW, person_id=centre.agent.id)  # fmt: skip
    CallBacks(desk.desk._database).promise(PromiseCallBack(id=new_id(), by=centre.agent.id, at=NOW, call_back=mine))
    give_up(desk, centre)  # anyone's: on the list, but no alert for everybody
    screen = show(desk, qtbot, 2)
    screen._tick()
    assert desk.notices.confirmed == ["Call back now: Zoe Meyer (Ctrl+Shift+R)"]
    assert screen._count.text() == "2 are due"


def test_a_promise_in_wrap_up_is_due_in_an_hour(desk: Station, centre: Seeded, qtbot: QtBot) -> None:
    promised = call_work(replace(call(CallState.WRAP_UP), caller=caller(LONE_NUMBER)), note="about the bill")
    promise(desk.context, promised)
    screen = show(desk, qtbot, 1)
    (one,) = screen.table.records.records
    assert (one.number, one.person_id, one.note) == (LONE_NUMBER, centre.agent.id, "about the bill")
    assert timedelta(minutes=59) < one.due_at - datetime.now(UTC) <= timedelta(hours=1)
    assert len(desk.notices.confirmed) == 1
    promise(desk.context, call_work(replace(call(CallState.WRAP_UP), caller=caller(None))))
    assert "No number of this caller is known" in desk.notices.warned[0]
