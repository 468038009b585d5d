"""The past, the council's pages and the wallboard with the demo centre, as pictures, and the PDF's last page.

`python -m tests.ui.show_supervision FOLDER --language de --scheme dark`; the board itself is in `show_screens`.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget

from app.bootstrap.wall import WallSource, open_wall
from app.db import schema
from app.db.engine import Database
from app.domain.board_figures import Figure, Measure
from app.domain.cases import Level
from app.domain.history.behind import TOTAL
from app.services import demo_centre
from app.services.people import People
from app.services.roll_ups import RollUps
from tests.fakes import Station, station
from tests.ui.pictures import picture_options, prepared, save, save_with_menus, size_of
from ui.about_me import AboutMe
from ui.background import Background
from ui.council import CouncilModePage, OnePersonPage
from ui.history import HistoryScreen
from ui.history.pdf import write_pdf
from ui.history.views import VIEWS
from ui.keys import let_run, wait_until
from ui.supervisor import SupervisorBoard
from ui.wallboard.pages import pages_of
from ui.wallboard.wall import Wall

PURPOSE = "Gespräch über die Einarbeitung, von ihr gewünscht"


def main() -> None:
    """Take them all in one language, one scheme and one size."""
    options = picture_options().parse_args()
    _app = prepared(options)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'demo.db'}"
        database = Database(url)
        schema.upgrade(database)
        now = datetime.now(UTC)
        demo_centre.create(database, now=now)
        RollUps(database).run(now)
        person = People(database).by_login(demo_centre.LOGIN)
        with station(url, person, folder / "desk") as opened:
            for screen, widget in _screens(opened, options):
                _take(widget, options, screen)
        for screen, widget in _wall_pages(open_wall(is_demo=True, folder=folder)):
            _take(widget, options, screen)
        database.close()


def _take(widget: QWidget, options: argparse.Namespace, name: str) -> None:
    widget.resize(*size_of(options))
    widget.show()
    let_run(400)
    save(widget, options, name)


def _screens(opened: Station, options: argparse.Namespace) -> Iterator[tuple[str, QWidget]]:
    history = HistoryScreen(opened.context)
    history.resize(*size_of(options))
    history.show()
    _until(lambda: history.sheet is not None and history.panel.chart is not None)
    yield from _past(history, options)
    history.hide()
    yield from _board(opened, options)
    page = OnePersonPage(opened.context)
    page.show()
    _until(lambda: page.person.count() > 0)
    page.purpose.setText(PURPOSE)
    yield "one-person-asked", page
    page.look_button.click()
    _until(lambda: page.figures.records.rowCount() > 0 and page.looks.records.rowCount() > 0)
    yield "one-person", page
    page.hide()
    mode = CouncilModePage(opened.context)
    mode.show()
    _until(lambda: bool(mode.why.text()))
    yield "council-mode", mode
    mode.hide()
    host = QWidget()
    about = AboutMe(opened.context, host)
    about.show()
    _until(lambda: about.things.records.rowCount() > 0)
    save(about, options, "about-me")
    about.hide()


def _past(history: HistoryScreen, options: argparse.Namespace) -> Iterator[tuple[str, QWidget]]:
    """Each view; what a figure of the first was counted from; table and definitions as a PDF."""
    for view in VIEWS:
        if history.view.key != view.key:
            before = history.sheet
            history.show_view(view.key)
            _until(lambda shown=before: history.sheet is not shown)  # type: ignore[misc]
        yield f"history-{view.key}", history
    before = history.sheet
    history.show_view("volume")
    _until(lambda: history.sheet is not before)
    sheet = history.sheet
    assert sheet is not None and history.panel.table is not None
    write_pdf(sheet, options.folder / f"history-{options.language}.pdf", datetime.now(UTC))
    history.panel.table.choose(TOTAL)
    history.panel.table.setCurrentIndex(history.panel.table.currentIndex().siblingAtColumn(2))
    row = history.panel.table.current()
    assert row is not None
    history.open_figure(row, 1)
    _until(lambda: history.sheet is not sheet)
    yield "history-behind", history


def _board(opened: Station, options: argparse.Namespace) -> Iterator[tuple[str, QWidget]]:
    """The lists, what first level has, and the agents as they are told."""
    board = SupervisorBoard(opened.context)
    board.show()
    _until(lambda: board.board is not None)
    yield "demo-board", board
    board.open_figure(Figure(measure=Measure.CASES_CLAIMED, level=Level.FIRST))
    let_run(300)
    table = board.drill_down.table
    if table is not None and table.records.rowCount():
        table.choose(table.records.record(0).id)
    yield "board-first-level", board
    board.open_figure(Figure(measure=Measure.AGENTS))
    yield "board-agents", board
    board.close_figure()
    for place in range(board.lists.tabs.count()):
        board.lists.tabs.setCurrentIndex(place)
        yield f"board-tab-{place}", board
    _put_right(board, options)
    yield "board-put-right-asked", board
    board.hide()


def _put_right(board: SupervisorBoard, options: argparse.Namespace) -> None:
    """Whose desk died, by name, as the list names nobody; taken with the key that chooses the first."""
    button = board.lists.sign_out
    while not button.isVisible():
        board.lists.tabs.setCurrentIndex(board.lists.tabs.currentIndex() - 1)
    let_run(300)
    button.click()
    _until(lambda: bool(_menus(board)))
    teams = _menus(board)[0]
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(_menus(board)[-1], key)
        let_run(300)
    shown = [(board.mapFromGlobal(menu.pos()), menu) for menu in _menus(board)]
    save_with_menus(board, shown, options, "board-put-right")
    QTest.keyClick(_menus(board)[-1], Qt.Key.Key_Return)
    teams.close()


def _menus(board: SupervisorBoard) -> list[QMenu]:
    """Those that are open, the outer one first."""
    return [menu for menu in board.findChildren(QMenu) if menu.isVisible()]


def _wall_pages(source: WallSource) -> Iterator[tuple[str, QWidget]]:
    background = Background()
    with ThreadPoolExecutor(1, thread_name_prefix="wall") as lane:
        wall = Wall(background, lane, source.now)
        wall.show()
        _until(lambda: wall.wall is not None)
        assert wall.wall is not None
        for place in range(len(pages_of(wall.wall, datetime.now(UTC)))):
            yield f"wallboard-{place}", wall
            wall.turn()
        wall.hide()
        background.close()
    source.close()


def _until(claim: Callable[[], bool]) -> None:
    assert wait_until(claim), "the screen did not show what it should"


if __name__ == "__main__":
    main()
