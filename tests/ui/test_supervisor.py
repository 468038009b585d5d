"""The board on a real database: its figures, their age, and what it shows when the database is away."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.db.line_rows import GatewayRow
from app.domain.calls import CallState
from app.domain.cases import Level
from app.domain.lines import GatewayPhase
from app.domain.people import AgentState, PauseCode
from app.domain.topics import Topic
from app.i18n import PSEUDO, set_language
from tests import builders
from tests.conftest import ExpectedLog
from tests.fakes import Station, away, station
from tests.patience import LIMIT_MS, LIMIT_S
from tests.ui import board_rig
from tests.ui.board_rig import Centre, numbers
from tests.ui.texts import unwrapped
from ui.supervisor import SupervisorBoard, screen
from ui.theme import Tone

centre, open_board = board_rig.centre, board_rig.open_board  # its fixtures, here too


def test_the_figures_are_those_of_the_database(
    centre: Centre, open_board: Callable[[], tuple[SupervisorBoard, Station]]
) -> None:
    for minutes in (70 * 60, 3):  # P3 is to be claimed within four hours
        centre.escalate(minutes)
    centre.escalate(1, Level.THIRD)
    centre.do(builders.solution(centre.seeded.agent, told_at=datetime.now(UTC)))
    centre.name_agents()
    centre.be(centre.seeded.agent, AgentState.ON_CALL)
    centre.be(centre.seeded.expert, AgentState.PAUSED, PauseCode.LUNCH)
    centre.be(centre.seeded.lead, AgentState.AVAILABLE)
    for state in CallState:
        if state is not CallState.WRAP_UP:
            centre.call(state, 4)
    board, _ = open_board()
    assert numbers(board.tiles.calls)[::2] == ["2", "3"]
    assert numbers(board.tiles.agents) == ["1", "1", "0", "1"]
    assert numbers(board.tiles.second) == ["2", "0", "1"]
    assert numbers(board.tiles.third) == ["1", "0", "0"]
    assert numbers(board.tiles.today) == ["2", "2", "1"]
    assert board.tiles.second.remark.text() == "max. 2 d 22 h"
    assert board.tiles.second.figures[2].number.tone is Tone.DANGER
    assert board.tiles.third.figures[2].number.tone is Tone.NEUTRAL
    assert [call.state for call in board.lists.calls.records.records].count(CallState.CLOSED) == 0


def test_the_lists_show_state_and_time(
    centre: Centre, open_board: Callable[[], tuple[SupervisorBoard, Station]]
) -> None:
    centre.name_agents()
    centre.be(centre.seeded.expert, AgentState.PAUSED, PauseCode.LUNCH, minutes=61)
    centre.call(CallState.QUEUED, 2)
    board, _ = open_board()
    agents, calls, queues = board.lists.agents.records, board.lists.calls.records, board.lists.queues.records
    shown = [agents.data(agents.index(0, column)) for column in range(agents.columnCount())]
    assert shown[2].startswith("1:01:")
    assert shown[:2] + shown[3:] == ["Ben", "Paused", "Lunch", "Network"]
    assert calls.data(calls.index(0, 0)) == "Ida Berg"
    assert calls.data(calls.index(0, 2)).startswith("02:")
    assert [queues.data(queues.index(row, 0)) for row in range(3)] == ["First level", "Second level", "Third level"]


def test_a_change_elsewhere_is_shown_and_the_choice_stays(
    centre: Centre, open_board: Callable[[], tuple[SupervisorBoard, Station]], qtbot: QtBot
) -> None:
    centre.name_agents()
    centre.be(centre.seeded.lead, AgentState.AVAILABLE)
    board, _ = open_board()
    board.lists.agents.choose(centre.seeded.lead.id)
    centre.be(centre.seeded.agent, AgentState.ON_CALL)
    qtbot.waitUntil(lambda: numbers(board.tiles.agents) == ["1", "1", "0", "0"])
    current = board.lists.agents.current()
    assert current is not None and current.id == centre.seeded.lead.id


def test_empty_lists_say_why(open_board: Callable[[], tuple[SupervisorBoard, Station]]) -> None:
    board, _ = open_board()
    assert numbers(board.tiles.calls) == ["0", "–", "0"]
    assert board.tiles.agents.figures[0].number.tone is Tone.DANGER  # nobody can take a call
    assert board.lists.queues.records.rowCount() == 3


def test_the_age_of_the_data_is_told_and_counts(
    open_board: Callable[[], tuple[SupervisorBoard, Station]], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "_LOST_S", LIMIT_S)
    board, opened = open_board()

    def read_at() -> datetime:
        assert board.board is not None
        return board.board.read_at

    with opened.desk.boards._lock:  # nothing is read meanwhile
        board._now = lambda: read_at() + timedelta(seconds=2)
        qtbot.waitUntil(lambda: board.age.text() == f"Data from {read_at().astimezone():%H:%M:%S}, 2 s old")
        assert {tile.age.text() for tile in board.tiles.all} == {"2 s"}


def test_without_database_the_board_is_grey_and_says_since_when(
    centre: Centre,
    open_board: Callable[[], tuple[SupervisorBoard, Station]],
    qtbot: QtBot,
    expected_log: ExpectedLog,
) -> None:
    expected_log.may_come("change feed: Unavailable")  # the board may notice it first
    expected_log("database: OperationalError")
    centre.name_agents()
    centre.be(centre.seeded.agent, AgentState.AVAILABLE)
    centre.escalate(70 * 60)
    board, opened = open_board()
    assert board.board is not None
    read_at = board.board.read_at
    with away(opened.desk._database, centre.path):
        qtbot.waitUntil(lambda: board.is_old)
        minutes = int((datetime.now(UTC) - read_at).total_seconds() // 60) + 1
        said = {f"since {read_at.astimezone() + timedelta(minutes=n):%H:%M}." for n in range(minutes + 1)}
        assert board.strip.isVisible() and any(part in board.strip.text for part in said)
        assert "The figures are from then." in board.strip.text
        assert {figure.number.tone for tile in board.tiles.all for figure in tile.figures} == {Tone.NEUTRAL}
        assert numbers(board.tiles.second) == ["1", "0", "1"]
        assert {tile.age.text()[:6] for tile in board.tiles.all} == {"since "}
        agents = board.lists.agents.records
        time = agents.data(agents.index(0, 2))
        qtbot.waitUntil(lambda: int(board.age.text().split()[-3]) >= 2)
        assert agents.data(agents.index(0, 2)) == time  # nobody knows how long that state has lasted
    centre.escalate(1)
    qtbot.waitUntil(lambda: numbers(board.tiles.second) == ["2", "0", "1"])
    assert not board.is_old and not board.strip.isVisible()
    assert board.board.read_at > read_at
    assert board.tiles.second.figures[2].number.tone is Tone.DANGER


def test_a_board_that_never_had_data_says_so(
    centre: Centre, sqlite_url: str, tmp_path: Path, qtbot: QtBot, expected_log: ExpectedLog
) -> None:
    expected_log.may_come("change feed: Unavailable")
    expected_log("database: OperationalError")
    with station(sqlite_url, centre.seeded.lead, tmp_path / "desk") as opened:
        with qtbot.waitSignal(opened.bridge.topics_changed):
            """The feed has its connection and makes no new file."""
        with away(opened.desk._database, centre.path):
            board = SupervisorBoard(opened.context)
            qtbot.addWidget(board)
            board.show()
            qtbot.waitUntil(lambda: board.is_old)
            assert "There are no figures yet." in board.strip.text
            assert board.age.text() == "No data yet"
            assert numbers(board.tiles.calls) == ["–", "–", "–"]
        qtbot.waitUntil(lambda: board.is_showing_data)


def test_the_models_keep_the_rules_of_qt(
    centre: Centre, open_board: Callable[[], tuple[SupervisorBoard, Station]], qtbot: QtBot
) -> None:
    centre.name_agents()
    board, _ = open_board()
    tables = (board.lists.agents, board.lists.calls, board.lists.queues)
    testers = [
        QAbstractItemModelTester(table.records, QAbstractItemModelTester.FailureReportingMode.Warning)
        for table in tables
    ]
    centre.be(centre.seeded.lead, AgentState.AVAILABLE)
    centre.be(centre.seeded.agent, AgentState.WRAP_UP)
    centre.call(CallState.QUEUED, 1)
    centre.escalate(1)
    qtbot.waitUntil(lambda: all(table.records.rowCount() for table in tables))
    qtbot.waitUntil(lambda: numbers(board.tiles.second) == ["1", "0", "0"])
    assert all(testers)


def test_every_text_is_translated(centre: Centre, open_board: Callable[[], tuple[SupervisorBoard, Station]]) -> None:
    set_language(PSEUDO)
    centre.name_agents()
    centre.be(centre.seeded.expert, AgentState.PAUSED, PauseCode.TECHNICAL)
    for state in (CallState.QUEUED, CallState.CONNECTED):
        centre.call(state, 1)
    centre.escalate(70 * 60)
    board, opened = open_board()
    data = {"Ada", "Ben", "Network", "Ida Berg", "Router", "P3", "<qt>P3</qt>"}
    data |= {"Scroll Left", "Scroll Right"}  # Qt's own, on buttons that are never shown
    assert unwrapped(board, data) == []
    opened.bridge.contact_changed.emit(False)
    assert board.is_old
    assert unwrapped(board, data) == []


def test_a_hidden_board_does_not_ask(
    centre: Centre,
    open_board: Callable[[], tuple[SupervisorBoard, Station]],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(screen, "_HIDDEN_MS", 10 * LIMIT_MS)  # but for the alerts
    board, opened = open_board()
    board.hide()
    qtbot.waitUntil(lambda: not board._refresher.is_under_way)  # what was asked for while it was shown
    with qtbot.waitSignal(opened.bridge.topics_changed, check_params_cb=lambda topics: Topic.CASES in topics):
        centre.escalate(1)
    qtbot.wait(400)  # longer than it waits for more changes
    assert numbers(board.tiles.second) == ["0", "0", "0"]
    board.show()
    qtbot.waitUntil(lambda: numbers(board.tiles.second) == ["1", "0", "0"])


@pytest.mark.parametrize(
    ("phase", "silent_s", "words"),
    [
        (GatewayPhase.READY, -60.0, ""),  # however slow this machine is
        (GatewayPhase.READY, 60.0, "No word from the gateway since"),
        (GatewayPhase.LOST, -60.0, "no connection to the telephone system since"),
        (GatewayPhase.STOPPED, 60.0, "The gateway was stopped at"),
    ],
)
def test_a_lost_gateway_shows_on_the_board(
    centre: Centre,
    open_board: Callable[[], tuple[SupervisorBoard, Station]],
    qtbot: QtBot,
    phase: GatewayPhase,
    silent_s: float,
    words: str,
) -> None:
    board, _ = open_board()
    told_at = datetime.now(UTC) - timedelta(seconds=silent_s)
    with centre.database.write() as session:
        session.add(GatewayRow(name="main", holder="h", phase=phase, since=told_at, beat_at=told_at, waiting_count=0,
                               capabilities=[]))  # fmt: skip
    if words:
        qtbot.waitUntil(lambda: words in board.line_strip.text)
        assert not board.line_strip.isHidden()
        old = [tile for tile in board.tiles.all if tile.age.text().startswith("since ")]
        assert old == list(board.tiles.of_the_line)
        assert {figure.number.is_old for tile in old for figure in tile.figures} == {True}
    else:
        qtbot.waitUntil(lambda: board.line_strip._refresher.last_success_at is not None)
        assert board.line_strip.isHidden()
