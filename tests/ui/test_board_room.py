"""What stands between tiles and lists gives way: nothing on the board is ever squeezed into half a line."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.board_figures import Figure, Measure
from app.domain.commands import RaiseHand
from app.domain.ids import new_id
from tests.fakes import station
from tests.ui import board_rig
from tests.ui.board_rig import Centre, ago
from tests.ui.test_board_agents import OpenBoard
from ui.supervisor import SupervisorBoard
from ui.supervisor.room import share
from ui.theme import row_px

centre, open_board = board_rig.centre, board_rig.open_board  # its fixtures, here too


@dataclass
class Part:
    whole_px: int
    is_line: bool = False

    def set_line(self, is_line: bool) -> None:
        self.is_line = is_line


def test_the_first_part_becomes_a_line_first_and_no_more_than_needed() -> None:
    for room_px, is_opened, lines in (
        (600, False, [False, False]),
        (500, False, [True, False]),
        (400, False, [True, True]),
        (600, True, [True, True]),
    ):
        parts = [Part(125), Part(150)]
        share(room_px, parts, is_opened=is_opened)
        assert [part.is_line for part in parts] == lines


def test_a_raised_hand_gives_way_to_an_opened_figure_and_comes_back_to_be_answered(
    centre: Centre, open_board: OpenBoard, qtbot: QtBot
) -> None:
    hand = RaiseHand(id=new_id(), by=centre.seeded.agent.id, at=ago(2), about="Ida Berg")
    centre.do(hand)
    board, _ = open_board()
    qtbot.waitUntil(lambda: board.hands.isVisible() and board.hands.table.isVisible())
    assert not board.hands.summary.isVisible()
    board.open_figure(Figure(measure=Measure.CALLS_WAITING))
    qtbot.waitUntil(board.drill_down.isVisible)
    assert not board.hands.table.isVisible() and board.hands.summary.text().startswith("Ada, ")
    board.activateWindow()
    QTest.keyClick(board, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(board.hands.field.isVisible)
    assert board.lists.isVisible() and not board.hands.summary.isVisible()


def test_a_board_that_was_never_shown_owns_all_its_parts(
    centre: Centre, sqlite_url: str, tmp_path: Path, qtbot: QtBot
) -> None:
    """What has no parent would be a window of its own, and be destroyed in whatever thread collects garbage."""
    with station(sqlite_url, centre.seeded.lead, tmp_path / "desk") as opened:
        board = SupervisorBoard(opened.context)
        qtbot.addWidget(board)
        parts = [part for part in (*vars(board).values(), *vars(board.lists).values()) if isinstance(part, QWidget)]
        assert len(parts) > 20
        assert [part for part in parts if part.window() is not board] == []


def test_tiles_keep_their_height_in_the_smallest_window(centre: Centre, open_board: OpenBoard, qtbot: QtBot) -> None:
    centre.do(RaiseHand(id=new_id(), by=centre.seeded.agent.id, at=ago(2), about="Ida Berg"))
    board, _ = open_board()
    qtbot.waitUntil(board.hands.isVisible)
    wanted = board.tiles.sizeHint().height()
    board.resize(1100, 560)
    qtbot.waitUntil(lambda: board.tiles.height() == wanted)
    assert board.below.height() >= 100 and not board.lists._call_card.isVisible()


@pytest.mark.parametrize("names_agents", [False, True])
def test_what_is_left_of_the_lists_takes_all_the_room(
    centre: Centre, open_board: OpenBoard, qtbot: QtBot, names_agents: bool
) -> None:
    if names_agents:
        centre.name_agents()
    board, _ = open_board()
    lists = board.lists
    for height, has_calls in ((800, True), (560, False), (800, True)):
        board.resize(1280, height)
        qtbot.waitUntil(lambda shown=has_calls: lists._call_card.isVisible() is shown)  # type: ignore[misc]
        qtbot.waitUntil(lambda shown=has_calls: _fills(board, has_calls=shown))  # type: ignore[misc]


def _fills(board: SupervisorBoard, *, has_calls: bool) -> bool:
    """Without calls both cards are as high as all, with their rows; else the lowest card stands at the lower edge."""
    lists = board.lists
    cards = [lists._agent_card, lists._figures_card]
    if not has_calls:
        head_px = lists._agent_card.header.geometry().height()  # no room above the rows goes to the heading
        return {card.height() for card in cards} == {lists.height()} and head_px < 2 * row_px()
    return max(card.geometry().bottom() for card in (*cards, lists._call_card)) == lists.height() - 1
