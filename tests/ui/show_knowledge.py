"""Pictures of the knowledge screen: `python -m tests.ui.show_knowledge FOLDER [--language de] [--scheme dark]`."""

import argparse
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from app.db import schema
from app.db.engine import Database
from tests.ui.console import Console, console, make_centre
from tests.ui.knowledge_rig import LAMP, make_office, screen_of
from tests.ui.pictures import picture_options, prepared, save, size_of
from ui.keys import let_run


def main() -> None:
    """Each page of the editor, and the gaps."""
    options = picture_options().parse_args()
    _app = prepared(options)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'shared.db'}"
        database = Database(url)
        schema.upgrade(database)
        database.close()
        office = make_office(make_centre(url))
        draft_id = office.draft(office.max, replace(LAMP, body="Wipe it, **please**."), submits=True, base_version=1)
        office.publish(office.eva, draft_id, "shorter")
        office.draft(office.max, replace(LAMP, title="The red lamp, and what to do"), submits=True, base_version=2)
        with console(office.centre, Path(folder) / "eva", person=office.eva, answer_count=5) as opened:
            opened.window.resize(*size_of(options))
            _pictures(opened, options)
        office.centre.database.close()
        shutil.rmtree(Path(folder) / "eva", ignore_errors=True)


def _pictures(opened: Console, options: argparse.Namespace) -> None:
    screen = screen_of(opened)
    opened.wait(lambda: screen.lists.lines.records.rowCount() == 5)
    screen.lists.lines.choose(LAMP.id)
    opened.wait(lambda: screen.editor.work.working is not None)
    for number, page in enumerate(("text", "script", "pair", "history", "use")):
        screen.editor.show_tab(number)
        let_run(900)
        save(opened.window, options, f"knowledge-{page}")
    screen.editor.show_tab(0)
    screen.lists.show_tab(1)
    screen.lists.gaps.step(1)
    opened.press("Ctrl+N")
    let_run(900)
    save(opened.window, options, "knowledge-new")


if __name__ == "__main__":
    main()
