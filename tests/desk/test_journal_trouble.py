"""What may befall the desk's journal, each with its rule, said in the person's language."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app import i18n
from app.desk.journal import Journal
from app.desk.journal_file import STEPS, VERSION
from app.domain.errors import Unavailable
from app.domain.ids import new_id
from tests.builders import call_work, claim, escalation, person
from tests.conftest import ExpectedLog
from tests.desk.children import child, next_line

ROOT = Path(__file__).parents[2]
DISK_KIB = 300

HOLDS = """
import pathlib, sys
from app.desk.journal import Journal
journal = Journal(pathlib.Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""

# In a mount of its own: a small disk that really fills, and becomes free again.
FILLS_THE_DISK = """
import pathlib, sys
from app import i18n
from app.desk.journal import Journal
from app.domain.errors import Unavailable
from tests.builders import call_work, escalation, person
i18n.set_language(sys.argv[2])
folder = pathlib.Path(sys.argv[1])
(folder / "ballast").write_bytes(b"x" * 100_000)
journal = Journal(folder / "journal.db")
kept = 0
try:
    for count in range(1_000):
        journal.keep_work(call_work(note=str(count) + "x" * 5_000))
        kept = count + 1
except Unavailable as error:
    print(error)
try:
    for _ in range(100):
        journal.enqueue(escalation(person(), note="x" * 5_000), 0)
except Unavailable as error:
    print(error)
sent = journal.waiting_count()
(folder / "ballast").unlink()
journal.keep_work(call_work(note="space again"))
journal.close()
journal = Journal(folder / "journal.db")
notes = [work.note for work in journal.kept_work()]
print(kept > 3, len(notes) == kept + 1, notes[-1], journal.waiting_count() == sent, journal.warning == "")
"""


@pytest.fixture(params=["en", "de"])
def said(request: pytest.FixtureRequest) -> Iterator[Callable[[str, str], str]]:
    """Chooses the person's language; gives what is to be read in it, of the English and the German."""
    i18n.set_language(request.param)
    yield lambda english, german: english if request.param == "en" else german
    i18n.set_language("en")


Said = Callable[[str, str], str]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "journal.db"


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_disk_that_is_full(tmp_path: Path, language: str) -> None:
    mount = f'mount -t tmpfs -o size={DISK_KIB}k none "$1" && exec "$2" -c "$3" "$1" "$4"'
    command = ["unshare", "--mount", "sh", "-c", mount, "sh", str(tmp_path), sys.executable, FILLS_THE_DISK, language]
    if os.geteuid() != 0:
        command[1:2] = ["--user", "--map-root-user", "--mount"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False)
    if "mount" in ended.stderr or "unshare" in ended.stderr:
        pytest.skip(f"No small disk can be mounted here: {ended.stderr.strip()}")
    sentence = {
        "en": "There is no space left on this desk's disk. Free some space now: what you type is not kept.",
        "de": "Auf diesem Platz ist kein Speicher mehr frei. Schaffen Sie jetzt Platz: Was Sie tippen,"
        " wird nicht gesichert.",
    }[language]
    assert ended.stdout.splitlines() == [sentence, sentence, "True True space again True True"], ended.stderr


def test_a_second_console(path: Path, said: Said) -> None:
    with child(HOLDS, path) as other:
        assert next_line(other) == "open"
        with pytest.raises(Unavailable) as refused:
            Journal(path)
    assert str(refused.value) == said(
        "Firstline already runs on this desk. Use the window that is open.",
        "Firstline läuft auf diesem Platz schon. Benutzen Sie das offene Fenster.",
    )


def test_a_journal_of_a_newer_program_is_left_alone(path: Path, said: Said) -> None:
    Journal(path).close()
    _run(path, f"PRAGMA user_version = {VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(Unavailable) as refused:
        Journal(path)
    assert str(refused.value).startswith(
        said(
            "The desk's journal was written by a newer Firstline.",
            "Das Journal dieses Platzes stammt von einem",
        )
    )
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["journal.db"]


@pytest.mark.parametrize("version", range(1, VERSION))
def test_a_journal_of_an_older_program_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    new, old = tmp_path / "new.db", tmp_path / "old.db"
    work, command = call_work(note="typed before"), escalation(person())
    with closing(Journal(new)) as journal:
        journal.keep_work(work)
        journal.enqueue(command, 7.0)
    _copy_as_of(version, new, old)
    with closing(Journal(old)) as journal:
        assert journal.warning == ""
        assert (journal.kept_work(), journal.next_due(8.0)) == ((work,), (command, None))
        journal.enqueue(claim(person()), 0, until_s=1.0)
        journal.keep_known("name", "value")


def _copy_as_of(version: int, new: Path, old: Path) -> None:
    """The same rows as that version of the program wrote them."""
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript(";".join(STEPS[:version]))
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("ATTACH ? AS new", (str(new),))
        for (table,) in connection.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'").fetchall():
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            if table != "sqlite_sequence":
                connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
        connection.commit()


def test_a_file_that_is_no_journal_is_set_aside(path: Path, said: Said, expected_log: ExpectedLog) -> None:
    expected_log("ERROR firstline.desk: the desk's journal is damaged; it is set aside")
    path.parent.mkdir()
    path.write_bytes(b"not what it was " * 300)
    with closing(Journal(path)) as journal:
        aside = _aside(path)
        assert aside.read_bytes() == b"not what it was " * 300
        assert journal.warning == said(
            f"The desk's journal was damaged. Nothing could be saved. The damaged file is kept: {aside}. Please tell"
            " your administrator.",
            f"Das Journal dieses Platzes war beschädigt. Nichts konnte gerettet werden. Die beschädigte Datei ist"
            f" noch da: {aside}. Bitte sagen Sie es Ihrer Administration.",
        )
        journal.keep_work(call_work(note="goes on"))
    with closing(Journal(path)) as journal:
        assert (journal.warning, len(journal.kept_work())) == ("", 1)


def test_of_a_damaged_journal_what_can_be_read_is_saved(path: Path, said: Said, expected_log: ExpectedLog) -> None:
    expected_log("is set aside")
    commands = [escalation(person(), note=f"{number} " + "x" * 3_000) for number in range(40)]
    with closing(Journal(path)) as journal:
        journal.keep_work(call_work(note="typed"))
        for command in commands:
            journal.enqueue(command, 0)
        journal.enqueue(claim(person()), 0, until_s=9e9)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 8_192] = b"\xff" * 8_192  # two pages, in the middle of the commands
    path.write_bytes(data)
    with closing(Journal(path)) as journal:
        saved = [entry.command for entry in journal.entries()]
        assert [work.note for work in journal.kept_work()] == ["typed"]
        assert 1 <= len(saved) < len(commands) and saved == commands[: len(saved)]
        assert said(f"{len(saved) + 1} entries were saved", f"{len(saved) + 1} Einträge") in journal.warning
        assert not journal.expire_claims()  # nobody waits for what was to be claimed
    assert _aside(path).read_bytes() == data


def _aside(path: Path) -> Path:
    (aside,) = path.parent.glob("journal-damaged-*.db")
    return aside


def test_a_command_that_cannot_be_read_holds_up_nothing_and_is_shown(path: Path, expected_log: ExpectedLog) -> None:
    expected_log("a command in the journal cannot be read; it is left there")
    with closing(Journal(path)) as journal:
        broken, strange, sound = (escalation(person(), note=note) for note in ("broken", "strange", "sound"))
        for command in (broken, strange, sound):
            journal.enqueue(command, 0.0)
        journal._run("UPDATE outbox SET document = ? WHERE id = ?", (b'{"note": "Gr\xc3\xb6\xc3\x9fe', str(broken.id)))
        journal._run("UPDATE outbox SET kind = 'FlyToTheMoon' WHERE id = ?", (str(strange.id),))
        assert journal.next_due(1.0)[0] == sound
        assert journal.refused() == () and journal.refused_count() == 2
        first, second, third = journal.entries()
        assert (first.command, first.raw, first.reason) == (None, '{"note": "Größe', "")
        assert (second.command, second.kind, "strange" in second.raw) == (None, "FlyToTheMoon", True)
        assert (third.command, third.reason, third.since) == (sound, None, sound.at)
        assert abs((first.since - second.since).total_seconds()) < 60  # of the id: nothing else can be read


def test_work_that_cannot_be_read_is_put_where_it_can_be_seen(path: Path, expected_log: ExpectedLog) -> None:
    expected_log("the work of a call in the journal cannot be read; it is put aside")
    with closing(Journal(path)) as journal:
        broken, sound = call_work(note="broken"), call_work(note="sound")
        for work in (broken, sound):
            journal.keep_work(work)
        document = journal._run("SELECT document FROM work WHERE call_id = ?", (str(broken.call.id),))[0][0]
        damaged = document.replace(b'"call"', b'"cull"')
        journal._run("UPDATE work SET document = ? WHERE call_id = ?", (damaged, str(broken.call.id)))
        assert journal.kept_work() == (sound,)
        (entry,) = journal.entries()
        assert (entry.kind, entry.command, "broken" in entry.raw) == ("CallWork", None, True)
        assert journal.next_due(9e9) == (None, None)
        journal.done(entry.id)
        assert journal.kept_work() == (sound,)


def test_a_claim_of_before_the_start_is_not_waited_for(path: Path) -> None:
    asked = replace(claim(person()), id=new_id())
    with closing(Journal(path)) as journal:
        journal.enqueue(asked, 0.0, until_s=9e9)
        assert not journal.is_expired(asked.id, 1.0)
    with closing(Journal(path)) as journal:
        assert journal.is_expired(asked.id, 1.0)


def _run(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
