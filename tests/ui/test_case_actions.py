"""What a supervisor does with a case that is chosen behind a figure, and what becomes of it in the database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.db.rows import CaseRow
from app.domain.board import CaseNow
from app.domain.board_figures import Figure, Measure
from app.domain.cases import CaseState, Level, Priority
from app.domain.commands import ReturnCase
from app.domain.ids import new_id
from tests import builders
from tests.conftest import ExpectedLog
from tests.fakes import Station, away
from tests.ui import board_rig
from tests.ui.bench_rig import full_disk
from tests.ui.board_rig import Centre, ago
from ui.supervisor import SupervisorBoard
from ui.supervisor.case_actions import CaseActions

centre, open_board = board_rig.centre, board_rig.open_board  # its fixtures, here too

OpenBoard = Callable[[], tuple[SupervisorBoard, Station]]


def _choose_only_case(board: SupervisorBoard, figure: Figure, qtbot: QtBot) -> CaseActions:
    board.open_figure(figure)
    qtbot.waitUntil(lambda: board.drill_down.table is not None and board.drill_down.table.records.rowCount() == 1)
    table = board.drill_down.table
    assert table is not None and table.choose(table.records.record(0).id)
    actions = board.drill_down.case_actions
    qtbot.waitUntil(lambda: actions.isVisible() and actions.person.count() > 0)
    return actions


def _case(centre: Centre) -> tuple[UUID, CaseState, Level, Priority, UUID | None]:
    with centre.database.read() as session:
        row = session.execute(
            select(CaseRow.id, CaseRow.state, CaseRow.level, CaseRow.priority, CaseRow.owner_id)
        ).one()
        return row.id, row.state, row.level, row.priority, row.owner_id


def test_a_case_that_waits_gets_a_priority_and_a_person(centre: Centre, open_board: OpenBoard, qtbot: QtBot) -> None:
    centre.escalate(5)
    board, _ = open_board()
    actions = _choose_only_case(board, Figure(measure=Measure.CASES_WAITING, level=Level.SECOND), qtbot)
    actions.priority.choose(Priority.P1)
    actions.priority.chosen.emit(Priority.P1)
    qtbot.waitUntil(lambda: _case(centre)[3] is Priority.P1)
    actions.person.setCurrentText(centre.seeded.expert.name)
    actions.assign_button.click()
    qtbot.waitUntil(lambda: _case(centre)[1:3] == (CaseState.CLAIMED, Level.SECOND))
    assert _case(centre)[4] == centre.seeded.expert.id


def test_a_case_that_first_level_has_goes_back_up_whoevers_it_is(
    centre: Centre, open_board: OpenBoard, qtbot: QtBot
) -> None:
    centre.escalate(9)
    centre.do(builders.claim(centre.seeded.expert, told_at=ago(8)))
    back = {"id": new_id(), "by": centre.seeded.expert.id, "at": ago(8) + timedelta(minutes=1)}
    centre.do(ReturnCase(case_id=_case(centre)[0], reason="ask for the serial", **back))  # type: ignore[arg-type]
    board, _ = open_board()
    actions = _choose_only_case(board, Figure(measure=Measure.CASES_CLAIMED, level=Level.FIRST), qtbot)
    assert actions.priority.isHidden() and actions.person.isHidden()
    assert centre.seeded.agent.name not in actions.title.text()
    actions.assign_button.click()
    qtbot.waitUntil(lambda: _case(centre)[1:3] == (CaseState.WAITING, Level.SECOND))
    assert _case(centre)[4] is None


def test_what_this_desk_cannot_keep_is_not_told_as_done(centre: Centre, open_board: OpenBoard, qtbot: QtBot) -> None:
    centre.escalate(5)
    board, opened = open_board()
    actions = _choose_only_case(board, Figure(measure=Measure.CASES_WAITING, level=Level.SECOND), qtbot)
    before = _case(centre)[3]
    with full_disk(opened.desk.journal):
        actions.priority.choose(Priority.P1)
        actions.priority.chosen.emit(Priority.P1)
        qtbot.waitUntil(lambda: opened.notifier.warned != [])
    assert "no space left" in opened.notifier.warned[0] and opened.notifier.confirmed == []
    assert actions.priority.value is before and _case(centre)[3] is before


def test_nobody_of_another_level_is_offered_when_reading_fails(
    centre: Centre, open_board: OpenBoard, qtbot: QtBot, expected_log: ExpectedLog
) -> None:
    """Second level's people were offered for a case of third level, which none of them can have."""
    expected_log.may_come("database: OperationalError|change feed")
    centre.escalate(5)
    board, opened = open_board()
    actions = _choose_only_case(board, Figure(measure=Measure.CASES_WAITING, level=Level.SECOND), qtbot)
    second = {actions.person.itemText(row) for row in range(actions.person.count())}
    assert actions.unread.isHidden() and centre.seeded.expert.name in second
    assert board.drill_down.table is not None
    shown = board.drill_down.table.records.record(0).record
    assert isinstance(shown, CaseNow)
    with away(opened.desk._database, centre.path):
        actions.show_case(replace(shown, id=new_id(), level=Level.THIRD))
        qtbot.waitUntil(actions.unread.isVisible)
        assert actions.person.count() == 0 and not actions.assign_button.isEnabled()
        assert "This could not be read. The database file cannot be opened." in actions.unread.text
    qtbot.waitUntil(lambda: actions.unread.isHidden() and actions.person.count() > 0)  # by itself
    third = {actions.person.itemText(row) for row in range(actions.person.count())}
    assert "Back into the queue" in third and centre.seeded.expert.name not in third
    assert actions.assign_button.isEnabled()
