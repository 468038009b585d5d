"""The desk's own file: what was typed, and commands not yet confirmed. It survives `kill -9` and a lost database."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, get_args
from uuid import UUID

import msgspec

from app.desk.journal_file import VERSION, errors_translated, open_file
from app.domain.commands import AnyCommand, Claim
from app.domain.ids import made_at
from app.domain.work import CallWork

__all__ = ["VERSION", "Entry", "Journal", "Refused"]

# Made before there are threads: two that decode a type for the first time at once make msgspec crash the program.
_WORK = msgspec.json.Decoder(CallWork)
_COMMANDS: dict[str, msgspec.json.Decoder[AnyCommand]] = {
    kind.__name__: msgspec.json.Decoder(kind) for kind in get_args(AnyCommand)
}
_UNREADABLE = ""  # as a refusal: it is not the database that says no
_TOLD = 0.0  # as the end of a claim: the person knows that it was not claimed

_NEXT_DUE = "SELECT id, kind, document FROM outbox WHERE refusal IS NULL AND due_at <= ? ORDER BY seq LIMIT 1"
_KEEP_WORK = (
    "INSERT INTO work VALUES (?, ?, ?) ON CONFLICT (call_id) DO UPDATE SET"
    " document = excluded.document, saved_at = excluded.saved_at"
)

T = TypeVar("T")
_log = logging.getLogger("firstline.desk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A command that the database said no to, with the reason and all that the person typed in it."""

    command: AnyCommand
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What stands in the outbox.

    Attributes:
        command: None: this program cannot read it.
        raw: what is stored, for a person's eyes.
        since: when the command was made.
        reason: why the database refused it; None: it waits.
    """

    id: UUID
    command: AnyCommand | None
    kind: str
    raw: str
    since: datetime
    reason: str | None


class Journal:
    """One desk's journal. A second console on the same file is refused. Safe to use from all threads.

    Attributes:
        warning: the sentence to be said of how it was opened; empty: all is well.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._connection, self.warning = open_file(path)
        self._path = path

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    # --- what was typed -----------------------------------------------------------------------------------------

    def keep_work(self, work: CallWork) -> None:
        """Keep what was typed in a call; the newest replaces the one before. Durable when this returns."""
        self._run(_KEEP_WORK, _work_row(work))

    def kept_work(self) -> tuple[CallWork, ...]:
        """What was typed in calls that are not wrapped up, oldest first.

        What this program cannot read is not lost: it goes to the entries that wait for a person.
        """
        kept = []
        for call_id, document in self._run("SELECT call_id, document FROM work ORDER BY saved_at"):
            try:
                kept.append(_WORK.decode(document))
            except msgspec.MsgspecError:
                self._put_aside(call_id, document)
        return tuple(kept)

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

    # --- what the database said last ----------------------------------------------------------------------------

    def keep_known(self, name: str, value: object) -> None:
        """Keep a value of the database's for when it is away."""
        row = (name, msgspec.json.encode(value), datetime.now(UTC).isoformat())
        self._run("INSERT OR REPLACE INTO known VALUES (?, ?, ?)", row)

    def known(self, name: str, kind: type[T]) -> tuple[T, datetime] | None:
        """A value and when it was kept; None: there is none, or one that this program cannot read."""
        for document, saved_at in self._run("SELECT document, saved_at FROM known WHERE name = ?", (name,)):
            try:
                return msgspec.json.decode(document, type=kind), datetime.fromisoformat(saved_at)
            except (msgspec.MsgspecError, ValueError):
                return None
        return None

    # --- the outbox ---------------------------------------------------------------------------------------------

    def enqueue(
        self, command: AnyCommand, due_at_s: float, *, until_s: float | None = None, work: CallWork | None = None
    ) -> None:
        """Put a command at the end of the outbox; durable when this returns.

        Args:
            due_at_s: delivered from then on (seconds of the epoch, as all times here).
            until_s: not carried out after then; None: whenever it can be delivered.
            work: kept in the same transaction, so that a call never forgets what was decided in it.
        """
        row = (str(command.id), type(command).__name__, msgspec.json.encode(command), due_at_s, until_s)
        with self._transaction() as run:
            run("INSERT INTO outbox (id, kind, document, due_at, until) VALUES (?, ?, ?, ?, ?)", row)
            if work:
                run(_KEEP_WORK, _work_row(work))

    def withdraw(self, command_id: UUID, clock_s: Callable[[], float], work: CallWork | None = None) -> bool:
        """Take back a command that is still held; False when it was not: it is due or delivered.

        `work` is kept in the same transaction if it was, so that a call never says what was taken back. The clock is
        read when nobody else can use the journal: by an earlier time a command seems held that is being delivered.
        """
        with self._transaction() as run:
            taken = "DELETE FROM outbox WHERE id = ? AND due_at > ? RETURNING id"
            was_held = bool(run(taken, (str(command_id), clock_s())).fetchall())
            if was_held and work:
                run(_KEEP_WORK, _work_row(work))
        return was_held

    def next_due(self, now_s: float) -> tuple[AnyCommand | None, float | None]:
        """The oldest command that is due, else None; and when the next held one is due (seconds of the epoch)."""
        while rows := self._run(_NEXT_DUE, (now_s,)):
            if command := _decoded(rows[0][1], rows[0][2]):
                return command, None
            _log.error("a command in the journal cannot be read; it is left there: %s", rows[0][0])
            self._run("UPDATE outbox SET refusal = ? WHERE id = ?", (_UNREADABLE, rows[0][0]))
        return None, self._run("SELECT min(due_at) FROM outbox WHERE refusal IS NULL")[0][0]

    def is_expired(self, command_id: UUID, now_s: float) -> bool:
        """Whether the command may not be carried out any more."""
        rows = self._run("SELECT 1 FROM outbox WHERE id = ? AND until < ?", (str(command_id), now_s))
        return bool(rows)

    def expire_claims(self) -> tuple[Claim, ...]:
        """Nobody waits any more for what was to be claimed; the claims of which that is new."""
        rows = self._run("UPDATE outbox SET until = ? WHERE until > ? RETURNING kind, document", (_TOLD, _TOLD))
        decoded = (_decoded(kind, document) for kind, document in rows)
        return tuple(command for command in decoded if isinstance(command, Claim))

    def done(self, command_id: UUID) -> None:
        self._run("DELETE FROM outbox WHERE id = ?", (str(command_id),))

    def refuse(self, command_id: UUID, reason: str) -> None:
        """Keep a command that was refused, with the reason, until the person has seen it."""
        self._run("UPDATE outbox SET refusal = ? WHERE id = ?", (reason, str(command_id)))

    def retry(self, command_id: UUID) -> None:
        """Put a refused command at the end of the outbox, to be delivered once more."""
        statement = (
            "UPDATE outbox SET refusal = NULL, seq = (SELECT max(seq) + 1 FROM outbox)"
            " WHERE id = ? AND refusal IS NOT NULL"
        )
        self._run(statement, (str(command_id),))

    def refused(self) -> tuple[Refused, ...]:
        return tuple(
            Refused(command=entry.command, reason=entry.reason)
            for entry in self.entries()
            if entry.command and entry.reason is not None
        )

    def entries(self) -> tuple[Entry, ...]:
        """All of the outbox, in the order in which it is delivered."""
        rows = self._run("SELECT id, kind, document, refusal FROM outbox ORDER BY seq")
        return tuple(_entry(*row) for row in rows)

    def waiting_count(self) -> int:
        return int(self._run("SELECT count(*) FROM outbox WHERE refusal IS NULL")[0][0])

    def refused_count(self) -> int:
        return int(self._run("SELECT count(*) FROM outbox WHERE refusal IS NOT NULL")[0][0])

    def is_empty(self) -> bool:
        """Whether nothing is kept that somebody typed or did."""
        rows = self._run("SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM work)"
                         " + (SELECT count(*) FROM case_text)")  # fmt: skip
        return not rows[0][0]

    def waiting_since(self) -> datetime | None:
        """When the oldest command that waits was made."""
        rows = self._run("SELECT id FROM outbox WHERE refusal IS NULL ORDER BY seq LIMIT 1")
        return made_at(UUID(rows[0][0])) if rows else None

    def put_back(self, entry: Entry) -> None:
        """A refused command that was forgotten too early."""
        row = (str(entry.id), entry.kind, entry.raw.encode(), entry.reason)
        self._run("INSERT OR IGNORE INTO outbox (id, kind, document, due_at, refusal) VALUES (?, ?, ?, 0, ?)", row)

    def _put_aside(self, call_id: str, document: bytes) -> None:
        _log.error("the work of a call in the journal cannot be read; it is put aside: %s", call_id)
        row = (call_id, CallWork.__name__, document, _UNREADABLE)
        with self._transaction() as run:
            run("INSERT OR IGNORE INTO outbox (id, kind, document, due_at, refusal) VALUES (?, ?, ?, 0, ?)", row)
            run("DELETE FROM work WHERE call_id = ?", (call_id,))

    def _run(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock, errors_translated(self._path):
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        with self._lock, errors_translated(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection.execute
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk has rolled it back already
                    self._connection.execute("ROLLBACK")
                raise


def _work_row(work: CallWork) -> tuple[str, bytes, str]:
    return str(work.call.id), msgspec.json.encode(work), datetime.now(UTC).isoformat()


def _decoded(kind: str, document: bytes) -> AnyCommand | None:
    try:
        return _COMMANDS[kind].decode(document)
    except (KeyError, msgspec.MsgspecError):
        return None


def _entry(id_: str, kind: str, document: bytes, refusal: str | None) -> Entry:
    command = _decoded(kind, document)
    return Entry(
        id=UUID(id_),
        command=command,
        kind=kind,
        raw=document.decode("utf-8", "replace"),
        since=command.at if command else made_at(UUID(id_)),
        reason=refusal,
    )
