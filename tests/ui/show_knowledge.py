"""Pictures of the knowledge screen: `python -m tests.ui.show_knowledge FOLDER [--language de] [--scheme dark]`."""

import argparse
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from app.db import schema
from app.db.engine import Database
from app.i18n import set_language
from tests.ui.console import Console, console, make_centre
from tests.ui.knowledge_rig import LAMP, make_office, screen_of
from ui import theme
from ui.keys import let_run
from ui.theme import Scheme


def main() -> None:
    """Each page of the editor, and the gaps."""
    options = _options()
    app = QApplication([])
    app.setFont(QFont("DejaVu Sans"))
    set_language(options.language)
    theme.apply(app, Scheme(options.scheme), theme.BASE_FONT_PX)
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
            _pictures(opened, Path(options.folder), f"{options.language}-{options.scheme}")
        office.centre.database.close()
        shutil.rmtree(Path(folder) / "eva", ignore_errors=True)


def _pictures(opened: Console, folder: Path, name: str) -> None:
    screen = screen_of(opened)
    opened.wait(lambda: screen.lists.lines.records.rowCount() == 5)
    screen.lists.lines.choose(LAMP.id)
    opened.wait(lambda: screen.editor.work.working is not None)
    for number, page in enumerate(("text", "script", "pair", "history", "use")):
        screen.editor.show_tab(number)
        let_run(900)
        opened.window.grab().save(str(folder / f"knowledge-{page}-{name}.png"))
    screen.editor.show_tab(0)
    screen.lists.show_tab(1)
    screen.lists.gaps.step(1)
    opened.press("Ctrl+N")
    let_run(900)
    opened.window.grab().save(str(folder / f"knowledge-new-{name}.png"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--scheme", default="light", choices=[scheme.value for scheme in Scheme])
    parser.add_argument("--language", default="de")
    return parser.parse_args()


if __name__ == "__main__":
    main()
