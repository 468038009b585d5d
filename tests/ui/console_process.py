"""A console in a process of its own, to be killed: `python -m tests.ui.console_process URL LOGIN FOLDER TEXT`.

It answers a call, types TEXT into the note, prints TYPED and waits for its end.
"""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.bootstrap import Desk
from app.db.engine import Database
from app.domain.calls import CallState
from app.services.people import People
from tests.builders import SHARED_NUMBER
from tests.ui.scripted_line import ScriptedLine
from ui import theme
from ui.background import Background
from ui.keys import press, type_text, wait_until
from ui.shell import Shell
from ui.theme import Scheme
from ui.window import Window


def main(url: str, login: str, folder: str, text: str) -> None:
    """Type until somebody ends this."""
    app = QApplication([])
    theme.apply(app, Scheme.LIGHT)
    database = Database(url)
    line = ScriptedLine()
    desk = Desk(database, People(database).by_login(login), Path(folder), line, undo_s=5.0)
    window = Window()
    window.show()
    shell = Shell(window, desk, Background(window))
    shell.start()
    line.ring(SHARED_NUMBER)
    wait_until(lambda: shell.calls.ringing is not None)
    press(window, "F2")
    wait_until(lambda: shell.calls.work is not None and shell.calls.work.call.state is CallState.CONNECTED)
    press(window, "F7")
    type_text(window, text)
    wait_until(lambda: [work.note for work in desk.journal.kept_work()] == [text])
    sys.stdout.write("TYPED\n")
    sys.stdout.flush()
    app.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
