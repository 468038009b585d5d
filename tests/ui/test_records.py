"""The list model changes only where the records differ, and the view keeps its place."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from ui.models.records import RECORD_ROLE, Column, RecordModel
from ui.widgets.record_table import RecordTable

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    id: int
    text: str = ""


COLUMNS = (
    Column[Item](title=lambda: "Id", text=lambda item: str(item.id), width=60),
    Column[Item](title=lambda: "Text", text=lambda item: item.text, stretches=True),
)

lists = st.lists(st.tuples(st.integers(0, 12), st.sampled_from("ab")), max_size=12, unique_by=lambda pair: pair[0])


def items(*ids: int) -> list[Item]:
    return [Item(id=number) for number in ids]


@pytest.fixture
def model(qapp: QApplication) -> RecordModel[Item]:
    del qapp
    return RecordModel(COLUMNS)


def test_model_keeps_qts_rules(model: RecordModel[Item], qtmodeltester: ModelTester) -> None:
    model.replace(items(1, 2, 3))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.replace(items(3, 4, 1))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(sequence=st.lists(lists, min_size=1, max_size=6))
def test_any_sequence_of_replacements(qapp: QApplication, sequence: list[list[tuple[int, str]]]) -> None:
    del qapp
    model: RecordModel[Item] = RecordModel(COLUMNS)
    tester = QAbstractItemModelTester(model, FATAL)
    for pairs in sequence:
        wanted = [Item(id=number, text=text) for number, text in pairs]
        followed = {item.id: QPersistentModelIndex(model.index(row, 0)) for row, item in enumerate(model.records)}
        model.replace(wanted)
        assert list(model.records) == wanted
        rows = {item.id: row for row, item in enumerate(wanted)}
        assert {number: index.row() for number, index in followed.items()} == {
            number: rows.get(number, -1) for number in followed
        }
        assert [model.index(row, 0).data() for row in range(len(wanted))] == [str(item.id) for item in wanted]
    tester.deleteLater()


def test_one_row_to_the_end_is_one_move(model: RecordModel[Item], qtbot: QtBot) -> None:
    model.replace(items(1, 2, 3, 4, 5))
    moves: list[tuple[int, int]] = []
    model.rowsMoved.connect(lambda _p, first, _l, _q, target: moves.append((first, target)))
    with qtbot.assertNotEmitted(model.rowsInserted), qtbot.assertNotEmitted(model.dataChanged):
        model.replace(items(2, 3, 4, 5, 1))
    assert moves == [(0, 5)]


def test_equal_records_change_nothing(model: RecordModel[Item], qtbot: QtBot) -> None:
    model.replace(items(1, 2))
    with qtbot.assertNotEmitted(model.dataChanged), qtbot.assertNotEmitted(model.modelReset):
        model.replace(items(1, 2))


def test_changed_neighbours_are_one_signal(model: RecordModel[Item]) -> None:
    model.replace(items(1, 2, 3, 4))
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    model.replace([Item(id=1), Item(id=2, text="x"), Item(id=3, text="x"), Item(id=4)])
    assert changed == [(1, 2)]


def test_same_id_twice_is_a_bug(model: RecordModel[Item]) -> None:
    with pytest.raises(ValueError, match="one id"):
        model.replace(items(1, 1))
    assert model.records == ()


def test_tool_tip_is_never_markup(model: RecordModel[Item]) -> None:
    model.replace([Item(id=1, text="<b>Müller</b>")])
    assert "&lt;b&gt;" in model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert model.index(0, 1).data() == "<b>Müller</b>"
    assert model.index(0, 1).data(RECORD_ROLE) == Item(id=1, text="<b>Müller</b>")
    assert model.index(0, 1).data(Qt.ItemDataRole.SizeHintRole) is None


def test_record_of_no_row(model: RecordModel[Item]) -> None:
    model.replace(items(1))
    assert model.row_of(1) == 0
    assert model.row_of(7) is None
    with pytest.raises(IndexError):
        model.record(-1)


def test_table_keeps_choice_and_scroll(model: RecordModel[Item], qtbot: QtBot) -> None:
    table = RecordTable(model)
    qtbot.addWidget(table)
    table.resize(300, 200)
    table.show()
    model.replace(items(*range(100)))
    assert table.choose(50)
    offset = table.visualRect(table.currentIndex()).top()
    told: list[Item | None] = []
    table.current_record.connect(told.append)
    model.replace([*items(*range(40, 100)), Item(id=1000)])
    assert table.current() == Item(id=50)
    assert abs(table.visualRect(table.currentIndex()).top() - offset) < 100 * 26
    assert told == []
    model.replace([replace(item, text="new") for item in model.records])
    assert told == [Item(id=50, text="new")]
    assert not table.choose(7)


def test_return_and_arrows(model: RecordModel[Item], qtbot: QtBot) -> None:
    table = RecordTable(model, lambda: "nobody waits")
    qtbot.addWidget(table)
    table.resize(300, 200)
    table.show()
    table.step(1)
    table.grab()
    model.replace(items(1, 2, 3))
    taken: list[Item] = []
    table.activated_record.connect(taken.append)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert taken == []
    table.step(1)
    table.step(1)
    QTest.keyClick(table, Qt.Key.Key_Return)
    table.step(9)
    QTest.keyClick(table, Qt.Key.Key_Enter)
    assert taken == items(2, 3)
    assert table.rowHeight(0) == 26
    table.grab()


def test_why_it_is_empty_is_read_whole_in_a_list_of_two_rows(model: RecordModel[Item], qtbot: QtBot) -> None:
    """Three lines, which a list of ten rows has room for, too: the same ink in both."""
    table = RecordTable(model, lambda: "Nobody fits this number. Ask for the name, type it above.")
    qtbot.addWidget(table)
    table.setFixedWidth(190)
    table.show()
    inks = []
    for rows in (2, 10):
        table.fit_rows(rows, rows)
        picture = table.viewport().grab().toImage()
        ground = picture.pixel(0, 0)
        inked = [any(picture.pixel(x, y) != ground for x in range(picture.width())) for y in range(picture.height())]
        inks.append(sum(inked))
    assert inks[0] == inks[1] > 30
