"""The agents on the board: in groups while the works-council mode is on, by name where it is off."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QTableView
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.db.rows import AgentRow
from app.domain.board_figures import Figure, Measure
from app.domain.calls import CallState
from app.domain.people import AgentState
from app.services.works_council import WorksCouncil
from tests import builders, seeding
from tests.fakes import Station
from tests.ui import board_rig
from tests.ui.board_rig import Centre, numbers
from ui.supervisor import SupervisorBoard

OpenBoard = Callable[[], tuple[SupervisorBoard, Station]]

centre, open_board = board_rig.centre, board_rig.open_board  # its fixtures, here too


def _fill(centre: Centre, count: int = 5) -> None:
    """So many on a call, one on a pause, and a call of one of them."""
    with centre.database.write() as session:
        others = [builders.person(f"agent {n}", team=centre.seeded.office) for n in range(count - 1)]
        for one in others:
            seeding.add_person(session, one)
    for minutes, one in enumerate((centre.seeded.agent, *others), start=1):
        centre.be(one, AgentState.ON_CALL, minutes=minutes)
    centre.be(centre.seeded.lead, AgentState.PAUSED)
    centre.call(CallState.CONNECTED, 2)


def _cells(board: SupervisorBoard) -> Iterator[str]:
    """Whatever is written in a table of the board, shown or not."""
    for table in board.findChildren(QTableView):
        model = table.model()
        for row in range(model.rowCount()):
            for column in range(model.columnCount()):
                yield str(model.index(row, column).data())


def test_groups_stand_in_the_place_of_names_while_the_mode_is_on(
    centre: Centre, open_board: OpenBoard, qtbot: QtBot
) -> None:
    _fill(centre)
    board, _ = open_board()
    groups = board.lists.groups
    assert groups.isVisible() and board.lists.nameless.isVisible() and not board.lists.agents.isVisible()
    assert [(one.state, one.count) for one in groups.records.records] == [
        (AgentState.AVAILABLE, 0),
        (AgentState.RINGING, 0),
        (AgentState.ON_CALL, 5),
        (AgentState.WRAP_UP, 0),
        (AgentState.PAUSED, 1),
    ]
    times = [groups.records.index(row, 2).data() for row in range(5)]
    assert times[2].startswith("03:") and {*times[:2], *times[3:]} == {"–"}
    assert not {"Ada", "Cleo"} & set(_cells(board))
    groups.choose(AgentState.ON_CALL)
    groups.setFocus()
    QTest.keyClick(groups, Qt.Key.Key_Return)
    assert board.opened == Figure(measure=Measure.AGENTS, state=AgentState.ON_CALL)
    qtbot.waitUntil(board.drill_down.isVisible)
    assert board.drill_down.facts.value("Value") == "5" == numbers(board.tiles.agents)[1]
    assert not {"Ada", "Cleo"} & set(_cells(board))


def test_the_names_come_and_go_with_the_mode(centre: Centre, open_board: OpenBoard, qtbot: QtBot) -> None:
    _fill(centre)
    board, _ = open_board()
    board.open_figure(Figure(measure=Measure.AGENTS, state=AgentState.ON_CALL))
    qtbot.waitUntil(board.drill_down.isVisible)
    centre.name_agents()
    qtbot.waitUntil(lambda: list(_cells(board)).count("Ada") == 3)  # agents, calls, behind the figure
    table = board.drill_down.table
    assert table is not None and table.records.rowCount() == 5
    board.close_figure()
    assert board.lists.agents.isVisible() and not board.lists.groups.isVisible()
    WorksCouncil(centre.database).change(centre.seeded.lead.id, is_on=True, reason="the agreement has ended")
    qtbot.waitUntil(lambda: "Ada" not in set(_cells(board)))
    assert board.lists.groups.isVisible()


def test_a_dead_desk_is_put_right_by_name_without_the_list(centre: Centre, open_board: OpenBoard, qtbot: QtBot) -> None:
    centre.be(centre.seeded.agent, AgentState.ON_CALL)
    centre.be(centre.seeded.lead, AgentState.SIGNED_OUT)
    board, _ = open_board()
    button = board.lists.sign_out
    _choose_ada(board, qtbot)
    assert button.text() == "The desk is dead: sign out Ada?" and board.lists.nameless.isHidden()
    QTest.keyClick(button, Qt.Key.Key_Escape)  # not her after all
    assert button.text() == "Put right …" and board.lists.nameless.isVisible()
    _choose_ada(board, qtbot)
    board.lists.groups.setFocus()  # nor by going on to something else
    assert button.text() == "Put right …"
    _choose_ada(board, qtbot)
    assert button.text() == "The desk is dead: sign out Ada?"
    assert _states(centre) == {"on_call", "signed_out"}  # asked first
    QTest.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: _states(centre) == {"signed_out"})
    assert button.text() == "Put right …"
    qtbot.waitUntil(lambda: numbers(board.tiles.agents)[1] == "0")


def _choose_ada(board: SupervisorBoard, qtbot: QtBot) -> None:
    button = board.lists.sign_out
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: _open_menu(board) is not None)
    menu = _open_menu(board)
    assert menu is not None
    assert [one.text() for one in menu.actions()] == ["Office"]  # who takes calls; who is there, it does not say
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: _open_menu(board, "Ada") is not None)
    team = _open_menu(board, "Ada")
    assert team is not None
    QTest.keyClick(team, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _open_menu(board) is None)


def _states(centre: Centre) -> set[str]:
    with centre.database.read() as session:
        return {str(state) for state in session.scalars(select(AgentRow.state))}


def _open_menu(board: SupervisorBoard, of: str = "Office") -> QMenu | None:
    menus = (menu for menu in board.findChildren(QMenu) if menu.isVisible())
    return next((menu for menu in menus if of in [action.text() for action in menu.actions()]), None)
