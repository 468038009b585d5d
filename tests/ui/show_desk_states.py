"""Pictures: signing in, a desk without its database, the undelivered. `python -m tests.ui.show_desk_states FOLDER`."""

import argparse
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from PySide6.QtWidgets import QMenu, QWidget

from app.bootstrap import Desk, Target
from app.db import schema
from app.db.engine import Database
from app.desk.journal import Journal
from app.domain.commands import SolveCase
from app.domain.ids import new_id
from app.i18n import tr
from app.services.answers import Answers
from app.services.demo_centre import create
from app.services.people import People
from tests.builders import call, case_draft, escalation, record_call
from tests.fakes import SilentSource, away
from tests.ui.pictures import picture_options, prepared, save, size_of
from ui.background import Background
from ui.keys import let_run, wait_until
from ui.shell import Shell
from ui.sign_in import SignInPage
from ui.undelivered import UndeliveredPage
from ui.window import Window

NOTE = (
    "Seit dem Update heute früh startet das Gerät alle paar Minuten neu, der ganze Betrieb (12 Plätze) ist ohne Netz.\n"
    "Strom und Kabel geprüft, Werksreset am Telefon ohne Erfolg. Rückruf unter der Durchwahl ab 14 Uhr."
)


def main() -> None:
    """Take all pictures in one language and scheme."""
    options = picture_options().parse_args()
    _app = prepared(options)
    with tempfile.TemporaryDirectory() as folder:
        for name, widget in chain(_sign_in(options), _desk(options, Path(folder))):
            let_run(400)
            save(widget, options, name)


def _window(options: argparse.Namespace) -> Window:
    window = Window()
    window.resize(*size_of(options))
    window.show()
    window.activateWindow()
    return window


def _sign_in(options: argparse.Namespace) -> Iterator[tuple[str, QWidget]]:
    window = _window(options)
    page = SignInPage(Target(shown="db1.example.org,db2.example.org/firstline", login="", asks_password=True))
    window.show_content(page)
    page.refuse(tr("Who works here? Please sign in."), is_error=False)
    page.show_keyring("")
    yield "sign-in", window
    page.name.setText("anna.berger")
    page.refuse(tr("The database does not accept this name and password. Check both; capital letters matter."))
    page.show_keyring(
        tr("This session has no keyring, so passwords are not remembered. "
           "Install and start GNOME Keyring or KWallet, then start Firstline again.")
    )  # fmt: skip
    page.password.setText("secret")
    yield "sign-in-refused", window
    window.close()


def _desk(options: argparse.Namespace, folder: Path) -> Iterator[tuple[str, QWidget]]:
    path = folder / "shared.db"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    create(database, now=datetime.now(UTC))
    person = People(database).by_login("anna.berger")
    journal = Journal(folder / "journal.db")
    desk = Desk(Database(f"sqlite:///{path}"), person, folder, SilentSource(), undo_s=5.0, journal=journal)
    desk.index.replace(Answers(database).published())
    _fill(journal, desk)
    desk.data_at = datetime.now(UTC) - timedelta(hours=16)
    window = _window(options)
    with away(database, path):
        desk._database.engine.dispose()
        shell = Shell(window, desk, Background(window))
        shell.start()
        wait_until(lambda: "9" in shell.line.outbox.text() or shell.line.outbox.isVisible())
        yield "offline-at-start", window
        shell.show_page(UndeliveredPage)
        yield "undelivered", window
        _refuse(journal, desk)
        desk.outbox.retry_now()
        let_run(600)
        window.findChildren(UndeliveredPage)[0].choose_first()
        yield "refused", window
        shell.line.open_person_menu()
        yield "person-menu", next(menu for menu in shell.line.findChildren(QMenu) if menu.isVisible())
        shell.stop()
    window.close()
    database.close()


def _fill(journal: Journal, desk: Desk) -> None:
    at = datetime.now(UTC) - timedelta(minutes=42)
    draft = case_draft("Router startet nach dem Update immer wieder neu")
    for command in (
        record_call(call(), desk.person, told_at=at),
        escalation(desk.person, case=draft, note=NOTE, told_at=at),
        record_call(call(), desk.person, told_at=at + timedelta(minutes=9)),
    ):
        journal.enqueue(command, 0)


def _refuse(journal: Journal, desk: Desk) -> None:
    solution = SolveCase(id=new_id(), by=desk.person.id, at=datetime.now(UTC), case_id=new_id(), solution=NOTE)
    journal.enqueue(solution, 0)
    journal.refuse(solution.id, tr("You do not have this case. Claim it first."))


if __name__ == "__main__":
    main()
