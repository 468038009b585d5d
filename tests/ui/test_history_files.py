"""What the screen of the past saves: table, chart and files agree, and no file is broken or overwritten unasked."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.adapters.sheet_files import csv_text
from app.domain.history.behind import TOTAL
from app.domain.history.figures import Unit
from app.domain.history.sheets import Heading, Sheet, SheetRow, text_of
from app.i18n import set_language
from tests.fakes import Station
from tests.ui import history_rig
from tests.ui.history_rig import show
from ui.history import HistoryScreen
from ui.history.pdf import html, pdf_bytes
from ui.history.table import CHANGE, cell_text
from ui.history.views import VIEWS

past, open_screen = history_rig.past, history_rig.open_screen  # its fixtures, here too


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


def test_a_name_keeps_its_points_and_replaces_no_file_unasked(
    open_screen: Callable[[], tuple[HistoryScreen, Station]],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    """“2026.Q1” was saved as “2026.csv”, over the file of that name."""
    screen, _ = open_screen()
    answers: list[str] = []
    asked: list[str] = []

    def choose(_: object, __: str, path: str, ___: str) -> tuple[str, str]:
        asked.append(path)
        return answers.pop(0), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    for button, name, saved, start in (
        (screen.bar.csv, "2026.Q1", "2026.Q1.csv", b"\xef\xbb\xbf"),
        (screen.bar.pdf, "report.PDF", "report.PDF", b"%PDF-"),
    ):
        answers.append(str(tmp_path / name))
        with qtbot.waitSignal(screen.saved):
            button.click()
        assert (tmp_path / saved).read_bytes().startswith(start)
    (tmp_path / "2026.Q1.csv").write_text("old")
    answers[:] = [str(tmp_path / "2026.Q1"), ""]
    screen.bar.csv.click()
    assert asked[-1] == str(tmp_path / "2026.Q1.csv")  # the dialog asks whether it is to be replaced; no
    assert (tmp_path / "2026.Q1.csv").read_text() == "old"


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
