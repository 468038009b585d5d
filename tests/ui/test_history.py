"""The screen of the past on a real database: what it shows, opens and says."""

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from math import isfinite
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.domain.history.behind import TOTAL
from app.domain.history.figures import Figure, Unit, definition
from app.domain.history.requests import Days
from app.domain.history.sheets import Heading, Sheet, SheetRow
from tests.conftest import ExpectedLog
from tests.fakes import Station, away
from tests.ui import history_rig
from tests.ui.console import Centre, Console
from tests.ui.history_rig import show, wait_for_other
from ui.history import HistoryScreen
from ui.history.chart import Chart, load
from ui.history.table import cell_text
from ui.history.views import Shape, Span, days_of

past, open_screen = history_rig.past, history_rig.open_screen  # its fixtures, here too


def test_a_period_the_wrong_way_round_is_said_and_saves_what_is_shown(
    open_screen: Callable[[], tuple[HistoryScreen, Station]], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, _ = open_screen()
    screen.bar.first.setDate(screen.bar.last.date().addDays(1))
    assert screen.strip.text.startswith("The last day is before the first")
    assert screen.bar.span.currentData() is Span.OTHER
    asked: list[str] = []

    def leave(_: object, __: str, path: str, ___: str) -> tuple[str, str]:
        asked.append(Path(path).name)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", leave)
    screen.bar.csv.click()  # of what is still shown
    assert screen._shown is not None
    days = screen._shown.answer.request.days
    assert asked == [f"volume-{days.first}-{days.last}.csv"]


def test_a_period_by_name_is_of_the_day_that_it_is_when_it_is_seen(
    open_screen: Callable[[], tuple[HistoryScreen, Station]],
) -> None:
    """The window stays open over night."""
    screen, _ = open_screen()
    screen.hide()
    for edit in (screen.bar.first, screen.bar.last):
        with QSignalBlocker(edit):
            edit.setDate(edit.date().addDays(-3))  # as it was three days ago
    screen.show()
    assert (screen.bar.first.day, screen.bar.last.day) == days_of(Span.MONTH, screen.bar.days.zone)
    chosen = screen.bar.last.date().addDays(-3)
    screen.bar.last.setDate(chosen)
    screen.hide()
    screen.show()
    assert screen.bar.last.date() == chosen  # a person's own period stays


def test_one_day_is_shown_by_hours(open_screen: Callable[[], tuple[HistoryScreen, Station]], qtbot: QtBot) -> None:
    screen, _ = open_screen()
    before = screen.sheet
    screen.bar.choose(Span.YESTERDAY)
    qtbot.waitUntil(lambda: screen.sheet is not before)
    assert screen.sheet is not None
    assert all(":" in row.name or row.name == "Not told apart" for row in screen.sheet.rows)


def test_the_formulas_are_one_click_away(open_screen: Callable[[], tuple[HistoryScreen, Station]]) -> None:
    screen, _ = open_screen()
    assert not screen.panel.formulas.isVisible()
    screen.panel.formula_button.click()
    assert screen.panel.formulas.isVisible()
    for figure in screen.view.figures:
        assert definition(figure).formula() in screen.panel.formulas.text()


def test_a_figure_opens_what_it_was_counted_from(
    open_screen: Callable[[], tuple[HistoryScreen, Station]], qtbot: QtBot
) -> None:
    """With keys alone: from the total of a month to a day, to its hours, and back."""
    screen, _ = open_screen()
    months = show(screen, "volume", qtbot)
    place = [heading.figure for heading in months.headings].index(Figure.SERVICE_LEVEL)
    told = [months.total[place]]
    for id_ in (TOTAL, max(months.rows, key=_offered).id):
        before, table = screen.sheet, screen.panel.table
        assert table is not None and table.choose(id_)
        column = place + 1 if before is months else 1
        table.setCurrentIndex(table.currentIndex().siblingAtColumn(column))
        QTest.keyClick(table, Qt.Key.Key_Return)
        wait_for_other(screen, before, qtbot)
        sheet = screen.sheet
        assert sheet is not None and [one.name for one in sheet.headings[1:]] == ["Numerator", "Denominator"]
        assert sheet.total[0] == told[-1]
        for number in (1, 2):
            assert sum(row.values[number] or 0 for row in sheet.rows) == sheet.total[number]
        assert screen.panel.formulas.isVisible() and "Genesys Cloud" in screen.panel.formulas.text()
        told.append(next((row.values[0] for row in sheet.rows if row.id == max(months.rows, key=_offered).id), None))
    for _ in range(2):
        before = screen.sheet
        screen.panel.back.click()
        wait_for_other(screen, before, qtbot)
    assert screen.sheet is not None and screen.sheet.rows == months.rows and screen.panel.back.isHidden()


def _offered(row: SheetRow) -> Fraction | int:
    return row.values[0] or 0


def test_the_mouse_at_a_chart_tells_its_values(
    open_screen: Callable[[], tuple[HistoryScreen, Station]], qtbot: QtBot
) -> None:
    screen, _ = open_screen()
    sheet = show(screen, "volume", qtbot)
    assert screen.panel.chart is not None
    screen.panel.chart.row_pointed.emit(0)
    row = sheet.rows[0]
    assert screen.panel.pointed.text() == (
        f"{row.name}: " + " · ".join(f"{one.name} {cell_text(sheet, i, row)}" for i, one in enumerate(sheet.headings))
    )


def test_a_day_without_a_value_is_a_gap_in_the_line(qtbot: QtBot) -> None:
    chart = Chart(load())
    qtbot.addWidget(chart)
    values = (Fraction(1, 2), Fraction(3, 4), None, None, Fraction(1, 4), None)
    rows = tuple(SheetRow(id=str(i), name=f"day {i}", values=(value,)) for i, value in enumerate(values))
    headings = (Heading("Share", Unit.SHARE, "a / b"),)
    chart.show_sheet(Sheet(title="Past", subtitle="", headings=headings, rows=rows), Shape.LINE)
    assert [list(line.xData) for line in chart.plots[0].listDataItems()] == [[0, 1], [4]]


def test_the_past_is_read_as_soon_as_the_database_is_back(
    call_centre: Centre, open_console: Callable[..., Console], expected_log: ExpectedLog, qtbot: QtBot
) -> None:
    """It said why it could not be read, and stayed empty until somebody asked again."""
    expected_log.may_come("database: OperationalError|change feed")
    lead = open_console(person=call_centre.seeded.lead)
    screen = HistoryScreen(lead.shell._context)
    qtbot.addWidget(screen)
    with away(lead.desk._database, call_centre.path):
        screen.show()
        lead.wait(screen.unread.isVisible)
        assert "This could not be read. The database file cannot be opened." in screen.unread.text
        assert screen.sheet is None
    lead.wait(lambda: screen.sheet is not None and screen.unread.isHidden())


def test_no_chart_is_given_what_is_no_number(qtbot: QtBot) -> None:
    """NaN in a curve once ended the process while it was painted."""
    chart = Chart(load())
    qtbot.addWidget(chart)
    units = (Unit.COUNT, Unit.SHARE, Unit.COUNT, Unit.COUNT)
    headings = tuple(Heading(unit.name, unit, "a / b") for unit in units)
    nothing, much = (None,) * 4, (10**9, Fraction(3, 2), 0, 10**9)
    for lines in ((), (nothing,), (nothing, much, nothing)):
        rows = tuple(SheetRow(id=str(i), name=f"day {i}", values=line) for i, line in enumerate(lines))
        for shape in set(Shape) - {Shape.TABLE}:
            chart.show_sheet(Sheet(title="Past", subtitle="", headings=headings, rows=rows), shape, limit=0.85)
            drawn = [number for plot in chart.plots for item in plot.items for number in _numbers_of(item)]
            assert all(map(isfinite, drawn)), (shape, lines)
            assert all(isfinite(number) for plot in chart.plots for pair in plot.viewRange() for number in pair)
            assert not chart.grab().isNull()


def _numbers_of(item: Any) -> list[float]:
    """Where pyqtgraph draws an item."""
    if isinstance(item, load().PlotDataItem):
        return [float(number) for data in item.getData() for number in data]
    if isinstance(item, load().BarGraphItem):
        below = item.opts["y0"] or [0.0]
        return [*map(float, item.opts["x"]), *map(float, item.opts["height"]), *map(float, below)]
    return [item.pos().x(), item.pos().y()]


def test_the_period_before_has_as_many_days() -> None:
    days = Days(first=datetime(2026, 3, 1).date(), last=datetime(2026, 3, 7).date(), zone=ZoneInfo("UTC"))
    assert (days.before.first.isoformat(), days.before.last.isoformat()) == ("2026-02-22", "2026-02-28")
