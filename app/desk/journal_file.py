"""The journal's file: locked for one console, private, brought up to date, set aside when it is damaged."""

import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from app.domain.errors import Unavailable
from app.i18n import plural, tr

# What each version of the program added. Never changed afterwards: journals of all versions are on somebody's desk.
STEPS = (
    """
    CREATE TABLE work (call_id TEXT PRIMARY KEY, document BLOB NOT NULL, saved_at TEXT NOT NULL);
    CREATE TABLE case_text (case_id TEXT PRIMARY KEY, text TEXT NOT NULL);
    CREATE TABLE outbox (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, document BLOB NOT NULL,
        due_at REAL NOT NULL, refusal TEXT)
    """,
    """
    ALTER TABLE outbox ADD COLUMN until REAL;
    CREATE TABLE known (name TEXT PRIMARY KEY, document BLOB NOT NULL, saved_at TEXT NOT NULL)
    """,
)
VERSION = len(STEPS)

_NOBODY_WAITS = "UPDATE outbox SET until = 0 WHERE kind IN ('ClaimNext', 'ClaimCase') AND until IS NOT 0"
_NOBODY_CAN_UNDO = "UPDATE outbox SET due_at = 0 WHERE due_at > ?"
_SALVAGE = (
    ("work", "call_id, document, saved_at"),
    ("case_text", "case_id, text"),
    ("outbox", "id, kind, document, due_at, refusal"),
)

_log = logging.getLogger("firstline.desk")


def open_file(path: Path) -> tuple[sqlite3.Connection, str]:
    """The locked file with the tables of this version, and the sentence to be said of it (empty: all is well).

    Raises:
        Unavailable: another console has it, a newer program wrote it, or the disk does not give it.
    """
    with errors_translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _opened(path), ""
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
        _log.error("the desk's journal is damaged; it is set aside")
        aside = _set_aside(path)
        connection = _opened(path)
        count = _salvage(aside, connection)
        _begin_anew(connection)
        return connection, _said(count, aside)


@contextmanager
def errors_translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into Unavailable with what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            sentence = tr("Firstline already runs on this desk. Use the window that is open.")
        elif "full" in str(error):
            sentence = tr("There is no space left on this desk's disk. Free some space now: what you type is not kept.")
        elif _is_damage(error):
            sentence = tr("The desk's journal {path} is damaged. Start Firstline again: it saves what it can.",
                          path=path)  # fmt: skip
        else:
            sentence = tr("The desk's journal {path} cannot be written. Check that you may write there.", path=path)
        raise Unavailable(sentence) from error
    except OSError as error:
        raise Unavailable(
            tr("The desk's journal {path} cannot be written. Check that you may write there.", path=path)
        ) from error


def _opened(path: Path) -> sqlite3.Connection:
    _keep_private(path)
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=0.2)
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Lock the file for this process, then check its pages and bring its tables up to date."""
    run = connection.execute
    run("PRAGMA locking_mode = EXCLUSIVE")
    run("PRAGMA journal_mode = WAL")
    run("PRAGMA synchronous = FULL")
    run("BEGIN IMMEDIATE")
    version = run("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise Unavailable(tr("The desk's journal was written by a newer Firstline. Install the newer program."))
    if run("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("malformed")
    for step in STEPS[version:]:
        for statement in step.split(";\n"):
            run(statement)
    if version < VERSION:  # nothing is written that need not be: the disk may be full
        run(f"PRAGMA user_version = {VERSION}")
    _begin_anew(connection)
    run("COMMIT")


def _begin_anew(connection: sqlite3.Connection) -> None:
    """Who claimed before this program began does not wait, and what was held then cannot be undone any more.

    Else it would be held for as long as the clock was set back meanwhile.
    """
    connection.execute(_NOBODY_WAITS)
    connection.execute(_NOBODY_CAN_UNDO, (time.time(),))


def _keep_private(path: Path) -> None:
    """What customers said is in this file: only its owner may read it. On Windows the profile's own rights do that.

    Before SQLite opens it: the log beside it gets the rights that the file has at that moment.
    """
    if os.name == "posix":
        path.touch(0o600)
        for file in (path, path.with_name(path.name + "-wal")):
            if file.exists():
                file.chmod(0o600)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return "not a database" in str(error) or "malformed" in str(error)


def _set_aside(path: Path) -> Path:
    """Move the file and its log out of the way; nothing of them is changed."""
    stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    aside = path.with_name(f"{path.stem}-damaged-{stamp}{path.suffix}")
    for ending in ("", "-wal"):
        file = path.with_name(path.name + ending)
        if file.exists():
            file.rename(aside.with_name(aside.name + ending))
    return aside


def _salvage(aside: Path, connection: sqlite3.Connection) -> int:
    """Take over what can still be read of a copy of the damaged file, row by row; how many rows."""
    count = 0
    with closing(sqlite3.connect(f"{aside.absolute().as_uri()}?mode=ro", uri=True)) as damaged:
        for table, columns in _SALVAGE:
            places = ", ".join("?" * len(columns.split(", ")))
            statement = f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})"
            try:
                for row in damaged.execute(f"SELECT {columns} FROM {table}"):
                    count += connection.execute(statement, row).rowcount
            except sqlite3.DatabaseError:  # what follows in this table cannot be read
                continue
    return count


def _said(count: int, aside: Path) -> str:
    saved = plural(count, "1 entry was saved.", "{n} entries were saved.") if count else tr("Nothing could be saved.")
    return tr("The desk's journal was damaged. {saved} The damaged file is kept: {path}. Please tell your "
              "administrator.", saved=saved, path=aside)  # fmt: skip
