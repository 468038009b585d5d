"""A figure opens its formula and its rows, and they agree to the unit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.board import GapNow
from app.domain.board_figures import Counted, Figure, Measure
from app.domain.calls import CallState
from app.domain.metrics.call_figures import QueueRules, ServiceLevel
from app.domain.search_report import GapKind
from app.services.queue_rules import Queues
from tests import builders
from tests.conftest import ExpectedLog
from tests.fakes import Station, away
from tests.ui import board_rig
from tests.ui.board_rig import Centre, ago
from ui.models.records import Column
from ui.supervisor import SupervisorBoard
from ui.supervisor.drill_down import CountedRows
from ui.supervisor.figure import FigureControl
from ui.widgets.record_table import RecordTable

centre, open_board = board_rig.centre, board_rig.open_board  # its fixtures, here too


def _answered(centre: Centre, seconds: int) -> None:
    """A call of half an hour ago that waited so long; `call` answers after 20."""
    made = builders.call(CallState.CLOSED, queued_at=ago(30))
    assert made.answered_at
    moved = replace(made, queue="Router", answered_at=made.queued_at + timedelta(seconds=seconds))
    centre.do(builders.record_call(moved, centre.seeded.agent))


def _control(board: SupervisorBoard, measure: Measure) -> FigureControl:
    found = [one for tile in board.tiles.all for one in tile.figures if one.figure.measure is measure]
    return found[0]


def test_a_figure_opens_its_formula_and_its_rows_and_they_agree(
    centre: Centre, open_board: Callable[[], tuple[SupervisorBoard, Station]], qtbot: QtBot
) -> None:
    for seconds in (10, 20, 21):
        _answered(centre, seconds)
    board, _ = open_board()
    control = _control(board, Measure.SERVICE_LEVEL)
    assert control.number.text() == "67%"
    control.setFocus()
    QTest.keyClick(control, Qt.Key.Key_Return)
    drill_down = board.drill_down
    qtbot.waitUntil(drill_down.isVisible)
    assert drill_down.table is not None
    assert drill_down.facts.value("Value") == "67%"
    assert drill_down.facts.value("Numerator").startswith("2 ")
    assert drill_down.facts.value("Denominator") == "3" == str(drill_down.table.records.rowCount())
    assert "within 20 s" in drill_down.formula.text() and "within 5 s is left out" in drill_down.formula.text()
    assert "Genesys" in drill_down.facts.value("Source")
    assert control.isChecked() and drill_down.table.hasFocus()
    rules = QueueRules(answer_within=timedelta(seconds=10), service_level=ServiceLevel.OF_OFFERED)
    Queues(centre.database).set_rules("Router", rules)
    qtbot.waitUntil(lambda: drill_down.facts.value("Value") == "33%")
    assert control.number.text() == "33%" and "within 10 s" in drill_down.formula.text()
    _answered(centre, 5)
    qtbot.waitUntil(lambda: drill_down.facts.value("Denominator") == "4")
    assert control.number.text() == "50%" == drill_down.facts.value("Value")
    QTest.keyClick(drill_down.table, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: board.lists.isVisible())
    assert control.hasFocus() and not control.isChecked()


def test_the_rows_of_one_figure_are_gone_before_another_has_its_heading(
    centre: Centre, open_board: Callable[[], tuple[SupervisorBoard, Station]], qtbot: QtBot
) -> None:
    """Qt takes the old table away only when it comes to it: until then it must not be seen."""
    _answered(centre, 10)
    centre.escalate(3)
    board, _ = open_board()
    _control(board, Measure.SERVICE_LEVEL).click()
    drill_down = board.drill_down
    qtbot.waitUntil(drill_down.isVisible)
    shown = drill_down.shown
    _control(board, Measure.CASES_WAITING).click()
    qtbot.waitUntil(lambda: drill_down.shown is not shown)
    assert [one for one in drill_down.findChildren(RecordTable) if one.isVisible()] == [drill_down.table]


def test_the_rows_behind_a_figure_name_no_agent(
    centre: Centre, open_board: Callable[[], tuple[SupervisorBoard, Station]], qtbot: QtBot
) -> None:
    _answered(centre, 10)
    centre.escalate(3)
    centre.do(builders.claim(centre.seeded.expert))
    board, _ = open_board()
    for measure in set(Measure) - {Measure.AGENTS}:
        assert not _texts_behind(board, measure, qtbot) & {centre.seeded.agent.name, centre.seeded.expert.name}


def _texts_behind(board: SupervisorBoard, measure: Measure, qtbot: QtBot) -> set[str]:
    drill_down = board.drill_down
    board.open_figure(Figure(measure=measure))
    qtbot.waitUntil(lambda: drill_down.shown is not None and drill_down.shown.figure.measure is measure)
    assert drill_down.table is not None and drill_down.formula.text()
    model = drill_down.table.records
    cells = [model.index(row, column) for row in range(model.rowCount()) for column in range(model.columnCount())]
    return {model.data(cell) for cell in cells}


def test_rows_are_there_while_the_database_is_away(
    centre: Centre,
    open_board: Callable[[], tuple[SupervisorBoard, Station]],
    qtbot: QtBot,
    expected_log: ExpectedLog,
) -> None:
    expected_log.may_come("change feed: Unavailable")
    expected_log("database: OperationalError")
    centre.escalate(1)
    board, opened = open_board()
    with away(opened.desk._database, centre.path):
        qtbot.waitUntil(lambda: board.is_old)
        QTest.mouseClick(board.tiles.second.figures[0], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(board.drill_down.isVisible)
        assert board.drill_down.table is not None and board.drill_down.table.records.rowCount() == 1


def test_no_answer_is_an_answer_too(open_board: Callable[[], tuple[SupervisorBoard, Station]], qtbot: QtBot) -> None:
    """A database that says nothing at all, without an error: grey 5 s after the last figures."""
    board, opened = open_board()
    with opened.desk.boards._lock:
        qtbot.waitUntil(lambda: board.is_old)
        assert board.board is not None
        silent_s = (datetime.now(UTC) - board.board.read_at).total_seconds()
    assert silent_s > 3
    qtbot.waitUntil(lambda: not board.is_old)


def test_many_rows_are_shown_as_quickly_as_few() -> None:
    record = GapNow(kind=GapKind.NOT_FOUND, text="", count=1)
    rows = [Counted(record=replace(record, text=str(number))) for number in range(100_000)]
    model = CountedRows((Column[Counted](title=lambda: "", text=lambda row: str(row.id)),))
    model.replace(rows)
    model.replace(rows[1:])
    assert model.rowCount() == 99_999 and model.record(0) == rows[1]
    model.replace(rows[:3])
    assert model.rowCount() == 3
