"""Pictures of a case between the levels, each signed in to PostgreSQL: `python -m tests.ui.show_cases FOLDER`."""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import QToolButton

from app.bootstrap.lines import callers
from app.bootstrap.opening import open_desk
from app.db import schema
from app.db.engine import Database
from app.domain.case_filters import CaseFilter
from app.domain.cases import Priority
from app.domain.commands import GrantContact
from app.domain.ids import new_id
from app.services import demo_centre
from app.services.commands import Commands
from app.services.levels import Levels
from app.services.people import People
from app.telephony.demo import DemoSource
from tests import people, postgres
from tests.ui.pictures import picture_options, prepared, save, save_with_menus, size_of
from ui.background import Background
from ui.keys import let_run, press, type_text, wait_until
from ui.knowledge.suggestion import SuggestionPage
from ui.problems import ProblemScreen
from ui.shell import Shell
from ui.window import Window
from ui.workbench import Workbench

SETTLE_MS = 900
SECOND, THIRD = "henrik.vollmer", "milan.dvorsky"
CHARGEABLE = "Ausdrucke haben weiße Streifen, Garantie abgelaufen"
KNOWN = "Wi-Fi drops in the extension since the mesh point was added"
URGENT = "VPN zur Niederlassung bricht nach dem Update ab"


def main() -> None:
    """Each state of a case once, in one language, one scheme and one size."""
    options = picture_options().parse_args()
    _app = prepared(options)
    with tempfile.TemporaryDirectory() as folder, postgres.start(Path(folder)) as server:
        url = server.create_database("pictures")
        keeper = Database(url)
        schema.upgrade(keeper)
        demo_centre.create(keeper, now=datetime.now(UTC))
        try:
            with _desk(url, SECOND, Path(folder), options) as (window, bench):
                _second_level(window, bench, options)
            with _desk(url, THIRD, Path(folder), options) as (window, bench):
                _third_level(window, bench, options, keeper)
            with _desk(url, SECOND, Path(folder), options) as (window, _):
                _problems(window, options)
        finally:
            keeper.close()


@contextmanager
def _desk(url: str, login: str, folder: Path, options: argparse.Namespace) -> Iterator[tuple[Window, Workbench]]:
    """The window of a person, at the queue."""
    address = people.sign_in(url, login)
    desk = open_desk(
        address, login, folder / login, lambda shared, person: DemoSource(callers(shared, person)), undo_s=0.0
    )
    window = Window()
    window.resize(*size_of(options))
    window.show()
    shell = Shell(window, desk, Background(window))
    shell.start()
    _wait(lambda: desk.is_in_contact and desk.index.count() > 0)
    press(window, "Ctrl+Shift+Q")
    bench = shell.screens.currentWidget()
    assert isinstance(bench, Workbench)
    _wait(lambda: bench.lists.is_read)
    yield window, bench
    shell.stop()
    window.close()


def _second_level(window: Window, bench: Workbench, options: argparse.Namespace) -> None:
    take = partial(_take, window, options)
    take("cases-none-open")
    _take_menu(window, bench.lists.filter, options, "cases-filters")
    _kept_filter(window, bench, options)
    _wait(lambda: bench.lists.absent.isVisible())
    _take_menu(window, bench.lists.absent, options, "cases-absent")
    _chargeable(window, bench, options)
    _open(bench, KNOWN)
    bench.case.page.ensureWidgetVisible(bench.case.page.cards[0])
    take("cases-problem-suggested")
    _open(bench, URGENT)
    take("cases-to-claim")
    press(window, "Ctrl+Shift+L")
    _wait(lambda: bench.case.strip.can_solve)
    press(window, "Ctrl+B")
    take("cases-return-refused")
    for text, key, name in (
        ("Can the key exchange be set from here?", "Shift+F8", "cases-consulted"),
        ("The line is fine; the tunnel ends at the exchange of keys.", "Ctrl+Shift+E", "cases-passed-on"),
    ):
        _wait(lambda: bench.case.strip.can_solve)
        bench.case.strip.editor.setFocus()
        type_text(window, text)
        press(window, key)
        _wait(lambda: not bench.case._sent)
        let_run(SETTLE_MS)
        bench.case.page.ensureWidgetVisible(bench.case.page.timeline)
        take(name)
    _draft_of_solved(window, bench, options)


def _kept_filter(window: Window, bench: Workbench, options: argparse.Namespace) -> None:
    """Chosen, kept, and offered again."""
    button = bench.lists.filter
    button.choose(CaseFilter(least_priority=Priority.P2))
    button.menu().popup(window.mapToGlobal(window.rect().center()))
    button.menu().actions()[-1].trigger()
    button.menu().hide()
    _wait(lambda: len(button.saved) == 1)
    _take_menu(window, button, options, "cases-filter-kept")
    button.choose(CaseFilter())


def _draft_of_solved(window: Window, bench: Workbench, options: argparse.Namespace) -> None:
    """What solved a case, as the draft of an answer."""
    _open(bench, CHARGEABLE)
    _wait(lambda: bench.case.strip.can_solve)
    bench.case.strip.editor.setFocus()
    press(window, "Ctrl+D")
    _wait(lambda: bench.case.shown is not None and bench.case.shown.is_solved_by_me)
    _take(window, options, "cases-solved")
    press(window, "Shift+F5")
    _wait(lambda: bool(window.findChildren(SuggestionPage)))
    _take(window, options, "cases-draft-of-solved")
    press(window, "Esc")


def _chargeable(window: Window, bench: Workbench, options: argparse.Namespace) -> None:
    take = partial(_take, window, options)
    _open(bench, CHARGEABLE)
    press(window, "Ctrl+Shift+L")
    _wait(lambda: bench.case.strip.can_solve and bench.case.clocks.book is not None)
    bench.case.strip.editor.setFocus()
    type_text(window, "Neuer Druckkopf, die Streifen sind weg.")
    press(window, "Ctrl+D")
    take("cases-chargeable-refused")
    press(window, "Ctrl+Shift+G")
    type_text(window, "Zwei Monate nach Ablauf, erste Störung.")
    take("cases-goodwill-asked")
    press(window, "Return")
    _wait(lambda: bench.case.clocks.book is not None and bench.case.clocks.book.is_settled)
    press(window, "Ctrl+Shift+T")
    take("cases-time-asked")
    press(window, "Ctrl+Shift+W")
    take("cases-wait-asked")


def _third_level(window: Window, bench: Workbench, options: argparse.Namespace, keeper: Database) -> None:
    take = partial(_take, window, options)
    take("third-queue")
    press(window, "Ctrl+L")
    _wait(lambda: bench.case.strip.can_solve)
    take("third-case")
    bench.case.strip.editor.setFocus()
    type_text(window, "Set the key exchange to version 1.")
    press(window, "Shift+F9")
    take("third-refused")
    assert bench.case.shown
    by = People(keeper).by_login(SECOND).id
    grant = GrantContact(id=new_id(), by=by, at=datetime.now(UTC), case_id=bench.case.shown.id, is_granted=True)
    Commands(keeper).apply(grant)
    _wait(lambda: bench.case.shown is not None and bench.case.shown.file.shows_contact)
    take("third-granted")
    Levels(keeper).merge()
    _wait(lambda: not bench.lists.switch.isVisible())
    take("third-merged")
    Levels(keeper).split()


def _problems(window: Window, options: argparse.Namespace) -> None:
    take = partial(_take, window, options)
    press(window, "Ctrl+Shift+P")
    screen = next(iter(window.findChildren(ProblemScreen)))
    _wait(lambda: screen.page.shown is not None)
    take("problems-candidate")
    press(window, "Ctrl+Shift+N")
    press(window, "Ctrl+Return")
    take("problems-new")
    screen.table.choose(next(line.id for line in screen.table.records.records if line.problem.name == "P-3"))
    _wait(lambda: screen.page.shown is not None and screen.page.shown.line.problem.name == "P-3")
    take("problems-confirmed")
    screen.page.said.setFocus()
    type_text(window, "Firmware 7.3 negotiates anew; it comes by itself at night.")
    press(window, "Ctrl+Shift+D")
    _wait(lambda: screen.page.shown is not None and bool(screen.page.shown.calls))
    take("problems-to-call-back")


def _open(bench: Workbench, title: str) -> None:
    for table in (bench.lists.own, bench.lists.queue):
        for case in table.records.records:
            if case.title == title:
                bench.open_case(case.id)
                _wait(partial(_shows, bench, case.id))
                return
    raise AssertionError(f"no list shows {title}")


def _shows(bench: Workbench, case_id: UUID) -> bool:
    return bench.case.shown is not None and bench.case.shown.id == case_id


def _take(window: Window, options: argparse.Namespace, name: str) -> None:
    let_run(SETTLE_MS)
    save(window, options, name)


def _take_menu(window: Window, button: QToolButton, options: argparse.Namespace, name: str) -> None:
    let_run(SETTLE_MS)
    menu = button.menu()
    place = button.mapTo(window, button.rect().bottomLeft())
    menu.popup(window.mapToGlobal(place))
    let_run(SETTLE_MS)
    save_with_menus(window, [(place, menu)], options, name)
    menu.hide()


def _wait(claim: Callable[[], bool]) -> None:
    assert wait_until(claim), "the screen does not show what it should"


if __name__ == "__main__":
    main()
