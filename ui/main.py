"""`firstline`: opens the window at once, then the desk behind it.

Only Qt and the empty window are imported here: the database and the rest come in a thread after the first paint.
"""

import argparse
import logging
import os
import sys
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from app.domain.errors import FirstlineError, NotFound, SignInRefused
from app.i18n import LANGUAGES, language, set_language, system_language, tr
from app.settings import Settings, load
from ui import garbage
from ui.application import make_application
from ui.background import Background
from ui.theme import Scheme
from ui.window import Window

if TYPE_CHECKING:
    from app.bootstrap import Desk, SignIn, Target
    from ui.shell import Shell
    from ui.sign_in import SignInPage


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the exit status."""
    chosen = _settings()
    set_language(chosen.language or system_language())
    options = _parse(arguments, chosen)
    if options.tour is not None:
        from ui.tour.run import run_tour

        return run_tour(options)
    if options.wallboard and _has_screen():
        from ui.wallboard.run import run_wallboard

        return run_wallboard(options)
    if not _has_screen():
        sys.stderr.write(
            tr("There is no screen here. Start Firstline on a desktop, or see pictures: firstline demo --tour FOLDER")
            + "\n"
        )
        return 2
    app = make_application(options)
    console = Console(options)
    console.open()
    status = app.exec()
    console.close()
    return status


class Console:
    """The window and the desk behind it."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.window = Window()
        self.background = Background(self.window)
        self.shell: Shell | None = None
        self._page: SignInPage | None = None
        self._leaving: threading.Thread | None = None
        garbage.collect_here(self.window)
        width, height = options.size
        self.window.resize(width, height)

    def open(self) -> None:
        """Show the window, then open the desk in a thread."""
        self.window.show()
        QTimer.singleShot(0, self._open_desk)

    def close(self) -> None:
        """End the desk; returns when its threads are gone."""
        if self.shell:
            self.shell.stop()
            self.shell = None
        if self._leaving:
            self._leaving.join()

    def _open_desk(self, typed: "SignIn | None" = None) -> None:
        if self._page is None:
            self.window.show_opening()
        threading.Thread(target=self._open_in_thread, args=(typed,), name="opening", daemon=True).start()

    def _open_in_thread(self, typed: "SignIn | None") -> None:
        from app.bootstrap import open_from

        try:
            desk = open_from(
                is_demo=self._is_demo,
                database=self.options.database,
                login=self.options.login,
                folder=self.options.folder,
                typed=typed,
            )
        except (SignInRefused, NotFound) as error:
            self._ask(str(error))
        except FirstlineError as error:
            self.background.deliver(partial(self._show_fault, str(error)))
        except Exception as error:  # the edge of this thread: without a word the window would wait for ever
            logging.getLogger("firstline").exception("opening the desk")
            sentence = tr(
                "Firstline made a mistake ({kind}). Your work is kept; please tell your administrator.",
                kind=type(error).__name__,
            )
            self.background.deliver(partial(self._show_fault, sentence))
        else:
            self.background.deliver(partial(self._show_desk, desk))

    @property
    def _is_demo(self) -> bool:
        return bool(self.options.demo == "demo")

    def _ask(self, sentence: str) -> None:
        """Show the page where somebody signs in; in a thread, as the settings are read and the keyring is asked."""
        from app.bootstrap import sign_in

        try:
            where = sign_in.target(self.options.database, self.options.login, is_demo=self._is_demo)
        except FirstlineError as error:  # the settings, damaged since they were read
            self.background.deliver(partial(self._show_fault, str(error)))
            return
        self.background.deliver(partial(self._show_sign_in, sentence, where))
        hindrance = sign_in.keyring_hindrance() if where.asks_password else ""
        self.background.deliver(partial(self._show_keyring, hindrance))

    def _show_sign_in(self, sentence: str, where: "Target") -> None:
        from ui.sign_in import SignInPage

        is_first = self._page is None
        if self._page is None:
            self._page = SignInPage(where)
            self._page.submitted.connect(self._open_desk)
            self.window.show_content(self._page)
        self._page.refuse(sentence, is_error=not is_first)

    def _show_keyring(self, hindrance: str) -> None:
        if self._page:
            self._page.show_keyring(hindrance)

    def _show_fault(self, sentence: str) -> None:
        """On the page where somebody signs in it can be tried again as it is."""
        if self._page:
            self._page.refuse(sentence)
        else:
            self.window.show_fault(sentence, self._open_desk)

    def _show_desk(self, desk: "Desk") -> None:
        from ui.shell import Shell

        self._page = None
        self.shell = Shell(self.window, desk, self.background)
        self.shell.sign_out_asked.connect(self._sign_out)
        self.shell.start()
        garbage.keep_all()

    def _sign_out(self, is_forgetting: bool) -> None:
        """End the desk in a thread, for the database may be slow; then let somebody sign in."""
        if not self.shell:
            return
        shell, self.shell = self.shell, None
        shell.leave()
        self.window.show_leaving()
        self.background = Background(self.window)
        forgets = shell.desk.person.login if is_forgetting else ""
        self._leaving = threading.Thread(target=self._leave_in_thread, args=(shell.desk, forgets), name="leaving")
        self._leaving.start()

    def _leave_in_thread(self, desk: "Desk", forgets: str) -> None:
        from app.bootstrap import sign_in

        desk.stop()
        sentence = ""
        if forgets:
            try:
                sign_in.forget(self.options.database, forgets)
            except FirstlineError as error:
                sentence = str(error)
        self._ask(sentence)


def _has_screen() -> bool:
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _settings() -> Settings:
    """The settings as far as they can be read; what is wrong with them is said when the desk is opened."""
    try:
        return load()
    except FirstlineError:
        return Settings()


def _parse(arguments: Sequence[str] | None, chosen: Settings) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="firstline", description=tr("The console for first-level agents."))
    parser.add_argument("demo", nargs="?", choices=["demo"], help=tr("open the demo centre; needs no server"))
    parser.add_argument("--database", default="", metavar="URL", help=tr("address of the shared database"))
    parser.add_argument("--login", default="", metavar="NAME", help=tr("who signs in"))
    parser.add_argument("--folder", type=Path, default=None, help=tr("folder of this desk's journal"))
    parser.add_argument("--language", choices=LANGUAGES, default="")
    parser.add_argument("--theme", choices=[str(scheme) for scheme in Scheme], default=chosen.theme)
    parser.add_argument("--font", type=int, default=chosen.font_px, metavar="PX")
    parser.add_argument("--size", type=_size, default=(1280, 800), metavar="WIDTHxHEIGHT")
    parser.add_argument("--wallboard", action="store_true", help=tr("show the figures of now on a television"))
    parser.add_argument("--tour", type=Path, default=None, metavar="FOLDER", help=tr("show the main job in pictures"))
    options = parser.parse_args(arguments)
    set_language(options.language or language())
    if options.tour is not None and options.demo is None:
        parser.error(tr("--tour belongs to the demo: firstline demo --tour FOLDER"))
    return options


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


if __name__ == "__main__":
    sys.exit(main())
