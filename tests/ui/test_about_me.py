"""What is stored about a person is told in words, whatever table it is in."""

from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.db.engine import Database
from app.services.person_records import columns_of_people
from tests import builders
from tests.fakes import station
from ui.about_me import AboutMe
from ui.about_me.words import thing_text, why_text


def test_each_column_that_names_a_person_has_words() -> None:
    columns = [str(column) for column in columns_of_people()]
    assert len(columns) > 30  # those of all tables: the desk of `station` knows them
    assert [what for what in columns if thing_text(what) == what or not why_text(what)] == []


def test_the_window_tells_what_there_is(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> None:
    database = Database(sqlite_url)
    ada = builders.seed(database).agent
    database.close()
    with station(sqlite_url, ada, tmp_path / "desk") as opened:
        opened.desk.commands.apply(builders.record_call(builders.call(), ada))
        host = QWidget()
        qtbot.addWidget(host)
        window = AboutMe(opened.context, host)
        window.show()
        qtbot.waitUntil(lambda: window.things.records.rowCount() > 0)
        rows = window.things.records
        shown = {rows.index(row, 0).data(): rows.index(row, 1).data() for row in range(rows.rowCount())}
        assert shown["Calls that you answered"] == "1"
        assert window.mode.text().startswith("Supervisors see figures of groups of five people or more.")
