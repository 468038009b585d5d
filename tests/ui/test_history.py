"""The screen of the past on a real database: what it shows, saves and says, and that all of them agree."""

import csv
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.adapters.sheet_files import csv_text
from app.db.engine import Database
from app.domain.history.behind import TOTAL
from app.domain.history.figures import Figure, Unit, definition
from app.domain.history.requests import Days
from app.domain.history.sheets import Heading, Sheet, SheetRow, text_of
from app.domain.people import Team
from app.i18n import set_language
from app.services.people import People
from app.services.roll_ups import RollUps
from tests import builders, seeding
from tests.fakes import Station, station
from tests.services.past import Past, happen, make_past
from ui.history import HistoryScreen
from ui.history.chart import Chart, load
from ui.history.pdf import html, pdf_bytes
from ui.history.table import CHANGE, cell_text
from ui.history.views import VIEWS, Shape, Span, days_of


@pytest.fixture
def past(postgres_url: str) -> Iterator[Past]:
    """Ten days of 12 agents, summed up, on PostgreSQL."""
    database = Database(postgres_url)
    made = make_past(database)
    now = datetime.now(UTC)
    happen(made, random.Random(5), now - timedelta(days=10), 10, calls=150, cases=40)
    RollUps(database).run(now, zone="UTC")
    with database.write() as session:
        lead = builders.person("lea", team=Team(id=made.teams[0], name="Team 0"))
        seeding.add_person(session, lead)
    yield made
    database.close()


@pytest.fixture
def open_screen(
    past: Past, postgres_url: str, tmp_path: Path, qtbot: QtBot
) -> Iterator[Callable[[], tuple[HistoryScreen, Station]]]:
    opened = []

    def open_now() -> tuple[HistoryScreen, Station]:
        person = People(past.database).by_login("lea")
        context = station(postgres_url, person, tmp_path / "desk")
        there = context.__enter__()
        opened.append(context)
        screen = HistoryScreen(there.context)
        qtbot.addWidget(screen)
        screen.resize(1280, 760)
        screen.show()
        qtbot.waitUntil(lambda: screen.sheet is not None and screen.panel.chart is not None)
        return screen, there

    yield open_now
    for context in opened:
        context.__exit__(None, None, None)


def show(screen: HistoryScreen, key: str, qtbot: QtBot) -> Sheet:
    before = screen.sheet
    if screen.view.key != key:
        screen.show_view(key)
        qtbot.waitUntil(lambda: screen.sheet is not before)
    assert screen.sheet is not None
    return screen.sheet


def wait_for_other(screen: HistoryScreen, before: Sheet | None, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: screen.sheet is not before)


def test_table_chart_and_exports_show_the_same(
    open_screen: Callable[[], tuple[HistoryScreen, Station]], qtbot: QtBot, tmp_path: Path
) -> None:
    screen, there = open_screen()
    for view in VIEWS:
        sheet = show(screen, view.key, qtbot)
        table = screen.panel.table
        assert table is not None
        QAbstractItemModelTester(table.records)
        for row_number, row in enumerate(sheet.rows):
            shown = [table.records.index(row_number, column + 1).data() for column in range(len(sheet.headings))]
            assert shown == [cell_text(sheet, place, row) for place in range(len(sheet.headings))]
        path = tmp_path / f"{view.key}.csv"
        with qtbot.waitSignal(screen.saved):
            screen.save(path)
        assert _numbers_of(path, len(sheet.rows)) == [[_as_float(v) for v in row.values] for row in sheet.rows]
        page = html(sheet, datetime.now(UTC))
        assert all(cell_text(sheet, 0, row) in page and one.formula.split("<")[0][:20] in page
                   for row in sheet.rows for one in sheet.headings)  # fmt: skip
    assert there.notifier.warned == []
    assert sum(row.values[0] for row in show(screen, "volume", qtbot).rows) > 100  # type: ignore[misc]


def _numbers_of(path: Path, row_count: int) -> list[list[float | None]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[2 : 2 + row_count]
    return [[float(cell) if cell else None for cell in row[1:]] for row in rows]


def _as_float(value: Fraction | int | None) -> float | None:
    return None if value is None else float(value)


def test_a_pdf_and_a_picture_are_written(
    open_screen: Callable[[], tuple[HistoryScreen, Station]], qtbot: QtBot, tmp_path: Path
) -> None:
    screen, _ = open_screen()
    for name, start in (("a.pdf", b"%PDF-"), ("a.png", b"\x89PNG")):
        with qtbot.waitSignal(screen.saved):
            screen.save(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)


def test_what_cannot_be_saved_is_said_and_the_old_file_stays(
    open_screen: Callable[[], tuple[HistoryScreen, Station]], qtbot: QtBot, tmp_path: Path
) -> None:
    screen, there = open_screen()
    said: list[str] = []
    there.background.error_raised.connect(lambda error: said.append(str(error)))
    screen.save(tmp_path / "missing" / "a.csv")
    qtbot.waitUntil(lambda: len(said) == 1)
    assert f"There is no folder {tmp_path / 'missing'}" in said[0]
    full = Path("/dev/full")
    if full.exists():
        (tmp_path / "b.csv.part").symlink_to(full)
        (tmp_path / "b.csv").write_text("old")
        screen.save(tmp_path / "b.csv")
        qtbot.waitUntil(lambda: len(said) == 2)
        assert "The disk is full" in said[1]
        assert (tmp_path / "b.csv").read_text() == "old"


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


def strange(value: Fraction | int | None = 3) -> Sheet:
    row = SheetRow(id="1", name='=HYPERLINK("http://127.0.0.1")', values=(value,))
    heading = Heading("<b>Share</b>", Unit.SHARE, "a / b")
    return Sheet(
        title="+title", subtitle="<img src=x>", headings=(heading,), rows=(row,), total=(value,), before=(None,)
    )


def test_no_cell_is_a_formula_and_no_name_is_markup() -> None:
    rows = list(csv.reader(csv_text(strange()).splitlines()))
    assert rows[0][0] == "'+title"
    assert rows[2][0] == '\'=HYPERLINK("http://127.0.0.1")'
    page = html(strange(), datetime.now(UTC))
    assert "<img" not in page and "&lt;b&gt;Share" in page
    assert pdf_bytes(strange(), datetime.now(UTC)).startswith(b"%PDF-")


def test_text_on_paper_is_as_large_whatever_it_is_in_the_window(qapp: QApplication) -> None:
    """Sizes in pixels would be tiny at 300 dots an inch, and other positions of the letters make another file."""
    before, now = qapp.font(), datetime.now(UTC)
    lengths = set()
    try:
        for size_px in (11, 18):
            font = qapp.font()
            font.setPixelSize(size_px)
            qapp.setFont(font)
            lengths.add(len(pdf_bytes(strange(), now)))
    finally:
        qapp.setFont(before)
    assert len(lengths) == 1


def test_german_files_have_semicolons_and_decimal_commas() -> None:
    set_language("de")
    assert csv_text(strange(Fraction(1, 8))).splitlines()[3] == "Gesamt;0,125"
    assert text_of(Fraction(1, 8), Unit.SHARE) == "12,5 %"


def test_nothing_is_neither_no_nor_every_call() -> None:
    sheet = strange(None)
    assert cell_text(sheet, 0, sheet.rows[0]) == "–"
    assert cell_text(sheet, 0, SheetRow(id=CHANGE, name="", values=())) == ""
    assert cell_text(sheet, 0, SheetRow(id=TOTAL, name="", values=sheet.total)) == "–"


def test_the_period_before_has_as_many_days() -> None:
    days = Days(first=datetime(2026, 3, 1).date(), last=datetime(2026, 3, 7).date(), zone=ZoneInfo("UTC"))
    assert (days.before.first.isoformat(), days.before.last.isoformat()) == ("2026-02-22", "2026-02-28")
