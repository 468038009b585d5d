"""A workbench in a process of its own, to be killed: `python -m tests.ui.bench_process URL LOGIN FOLDER CASE REASON`.

It opens a case of third level's, types REASON into the row of what is passed down, prints TYPED and waits for its end.
"""

import sys
from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import QApplication

from app.db.engine import Database
from app.services.people import People
from tests.fakes import station
from ui.keys import press, type_text, wait_until
from ui.workbench import Workbench


def main(url: str, login: str, folder: str, case_id: str, reason: str) -> None:
    """Type until somebody ends this."""
    app = QApplication([])
    database = Database(url)
    with station(url, People(database).by_login(login), Path(folder)) as opened:
        view = Workbench(opened.context)
        view.show()
        wait_until(lambda: view.lists.is_read)
        view.open_case(UUID(case_id))
        passed = view.case.strip.passed
        wait_until(passed.isVisible)
        passed.answer.setFocus()
        type_text(view, "Lamp")
        press(view, "Tab")
        type_text(view, reason)
        wait_until(lambda: set(opened.desk.journal.kept_case_texts().values()) == {"Lamp", reason})
        sys.stdout.write("TYPED\n")
        sys.stdout.flush()
        app.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
