"""The desk's own file: what was typed, and commands not yet confirmed. It survives `kill -9` and a lost database."""

import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from app.domain import commands
from app.domain.commands import AnyCommand
from app.domain.errors import Unavailable
from app.domain.work import CallWork
from app.i18n import tr

VERSION = 1

_KINDS: dict[str, type[AnyCommand]] = {
    kind.__name__: kind
    for kind in (
        commands.RecordCall,
        commands.SetAgentState,
        commands.SolveWithAnswer,
        commands.EscalateCase,
        commands.ClaimNext,
        commands.SolveCase,
        commands.ReturnCase,
        commands.ReportSearch,
    )
}
_TABLES = """
CREATE TABLE IF NOT EXISTS work (call_id TEXT PRIMARY KEY, document BLOB NOT NULL, saved_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS case_text (case_id TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, document BLOB NOT NULL,
    due_at REAL NOT NULL, refusal TEXT);
"""


_NEXT_DUE = "SELECT id, kind, document FROM outbox WHERE refusal IS NULL AND due_at <= ? ORDER BY seq LIMIT 1"

_log = logging.getLogger("firstline.desk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A command that the database said no to, with the reason and all that the person typed in it."""

    command: AnyCommand
    reason: str


class Journal:
    """One desk's journal. A second console on the same file is refused. Safe to use from all threads."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        with _errors_translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            _keep_private(path)
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=0.2)
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise
        self._path = path

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def keep_work(self, work: CallWork) -> None:
        """Keep what was typed in a call; the newest replaces the one before. Durable when this returns."""
        self._run(
            "INSERT INTO work VALUES (?, ?, ?) ON CONFLICT (call_id) DO UPDATE SET"
            " document = excluded.document, saved_at = excluded.saved_at",
            (str(work.call.id), msgspec.json.encode(work), datetime.now(UTC).isoformat()),
        )

    def kept_work(self) -> tuple[CallWork, ...]:
        """What was typed in calls that are not wrapped up, oldest first."""
        rows = self._run("SELECT document FROM work ORDER BY saved_at")
        return tuple(msgspec.json.decode(row[0], type=CallWork) for row in rows)

    def forget_work(self, call_id: UUID) -> None:
        """The call is wrapped up: all of it is in the outbox or delivered."""
        self._run("DELETE FROM work WHERE call_id = ?", (str(call_id),))

    def keep_case_text(self, case_id: UUID, text: str) -> None:
        """Keep what was typed for a case and is not sent; an empty text is forgotten."""
        if text:
            self._run("INSERT OR REPLACE INTO case_text VALUES (?, ?)", (str(case_id), text))
        else:
            self._run("DELETE FROM case_text WHERE case_id = ?", (str(case_id),))

    def kept_case_texts(self) -> dict[UUID, str]:
        return {UUID(row[0]): row[1] for row in self._run("SELECT case_id, text FROM case_text")}

    def enqueue(self, command: AnyCommand, due_at_s: float) -> None:
        """Put a command at the end of the outbox, to be delivered from `due_at_s` (seconds of the epoch) on."""
        document = msgspec.json.encode(command)
        self._run(
            "INSERT INTO outbox (id, kind, document, due_at) VALUES (?, ?, ?, ?)",
            (str(command.id), type(command).__name__, document, due_at_s),
        )

    def withdraw(self, command_id: UUID, now_s: float) -> bool:
        """Take back a command that is still held; False when it was not: it is due or delivered."""
        return bool(self._run("DELETE FROM outbox WHERE id = ? AND due_at > ? RETURNING id", (str(command_id), now_s)))

    def next_due(self, now_s: float) -> tuple[AnyCommand | None, float | None]:
        """The oldest command that is due, else None; and when the next held one is due (seconds of the epoch)."""
        while rows := self._run(_NEXT_DUE, (now_s,)):
            if command := _decoded(rows[0][1], rows[0][2]):
                return command, None
            _log.error("a command in the journal cannot be read; it is left there: %s", rows[0][0])
            self._run("UPDATE outbox SET refusal = 'unreadable' WHERE id = ?", (rows[0][0],))
        return None, self._run("SELECT min(due_at) FROM outbox WHERE refusal IS NULL")[0][0]

    def done(self, command_id: UUID) -> None:
        self._run("DELETE FROM outbox WHERE id = ?", (str(command_id),))

    def refuse(self, command_id: UUID, reason: str) -> None:
        """Keep a command that was refused, with the reason, until the person has seen it."""
        self._run("UPDATE outbox SET refusal = ? WHERE id = ?", (reason, str(command_id)))

    def refused(self) -> tuple[Refused, ...]:
        rows = self._run("SELECT kind, document, refusal FROM outbox WHERE refusal IS NOT NULL ORDER BY seq")
        decoded = ((_decoded(kind, document), reason) for kind, document, reason in rows)
        return tuple(Refused(command=command, reason=reason) for command, reason in decoded if command)

    def waiting_count(self) -> int:
        return int(self._run("SELECT count(*) FROM outbox WHERE refusal IS NULL")[0][0])

    def _prepare(self) -> None:
        """Lock the file for this process, then make or check its tables."""
        run = self._connection.execute
        run("PRAGMA locking_mode = EXCLUSIVE")
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        run("BEGIN IMMEDIATE")
        version = run("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise Unavailable(tr("The desk's journal was written by a newer Firstline. Install the newer program."))
        for statement in filter(str.strip, _TABLES.split(";")):
            run(statement)
        run(f"PRAGMA user_version = {VERSION}")
        run("COMMIT")

    def _run(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock, _errors_translated(self._path):
            return self._connection.execute(statement, values).fetchall()


def _decoded(kind: str, document: bytes) -> AnyCommand | None:
    try:
        return msgspec.json.decode(document, type=_KINDS[kind])
    except (KeyError, msgspec.MsgspecError):
        return None


def _keep_private(path: Path) -> None:
    """What customers said is in this file: only its owner may read it. On Windows the profile's own rights do that.

    Before SQLite opens it: the log beside it gets the rights that the file has at that moment.
    """
    if os.name == "posix":
        path.touch(0o600)
        for file in (path, path.with_name(path.name + "-wal")):
            if file.exists():
                file.chmod(0o600)


@contextmanager
def _errors_translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            sentence = tr("Firstline already runs on this desk. Use the window that is open.")
        elif "full" in str(error):
            sentence = tr("There is no space left on this desk's disk. Free some space now: what you type is not kept.")
        elif "not a database" in str(error) or "malformed" in str(error):
            sentence = tr("The desk's journal {path} is damaged. Move it away and start again.", path=path)
        else:
            sentence = tr("The desk's journal {path} cannot be written. Check that you may write there.", path=path)
        raise Unavailable(sentence) from error
    except OSError as error:
        raise Unavailable(
            tr("The desk's journal {path} cannot be written. Check that you may write there.", path=path)
        ) from error
