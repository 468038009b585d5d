"""Pictures of the knowledge screen: `python -m tests.ui.show_knowledge FOLDER [--language de] [--scheme dark]`."""

import argparse
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from app.db import schema
from app.db.engine import Database
from tests.ui.console import Console, console, make_centre
from tests.ui.knowledge_rig import LAMP, PAPER, make_office, screen_of
from tests.ui.pictures import picture_options, prepared, save, size_of
from ui.keys import let_run

NOWHERE = "## start\nIs the lamp red?\n- Yes -> clean\n- No -> stop\n\n## lost\nNobody comes here.\n"


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
        _take(opened, options, f"knowledge-{page}")
    screen.editor.history.versions.choose(1)
    screen.editor.show_tab(3)
    _take(opened, options, "knowledge-older-version")
    screen.editor.show_tab(0)
    screen.editor.form.valid_until.setText("bald")
    screen.editor.form.valid_until.textEdited.emit("bald")
    screen.editor.form.ensureWidgetVisible(screen.editor.form.valid_until)
    opened.press("Ctrl+Return")
    _take(opened, options, "knowledge-no-day")
    screen.editor.form.valid_until.setText("")
    screen.editor.form.valid_until.textEdited.emit("")
    screen.editor.show_tab(1)
    screen.editor.script.setPlainText(
        "## start\nIs the lamp red?\n- Yes -> clean\n- No -> stop\n\n## lost\nNobody comes here.\n"
    )
    opened.press("Ctrl+Return")
    _take(opened, options, "knowledge-script-refused")
    screen.lists.lines.choose(PAPER.id)
    opened.wait(lambda: screen.editor.work.answer_id == PAPER.id and screen.editor.work.working is not None)
    screen.editor.show_tab(4)
    _take(opened, options, "knowledge-flags")
    screen.editor.show_tab(0)
    screen.lists.show_tab(1)
    screen.lists.gaps.step(1)
    _take(opened, options, "knowledge-gaps")
    opened.press("Ctrl+N")
    _take(opened, options, "knowledge-new")


def _take(opened: Console, options: argparse.Namespace, name: str) -> None:
    let_run(900)
    save(opened.window, options, name)


if __name__ == "__main__":
    main()
