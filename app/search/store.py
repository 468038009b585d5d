"""The file in which a desk keeps its copy of the answers, shared by all programs of the desk."""

import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from app.domain.errors import Unavailable
from app.i18n import tr

FILE = "answers.db"
VERSION = 3  # a file of another version is made anew

_TABLE = "CREATE TABLE IF NOT EXISTS answer (id BLOB PRIMARY KEY, change INTEGER NOT NULL, document BLOB NOT NULL)"
_BY_CHANGE = "CREATE INDEX IF NOT EXISTS by_change ON answer (change)"  # for the next one's number
_NEWEST_CHANGE = "SELECT coalesce(max(change), 0) FROM answer"


class Store:
    """Documents by id, each with the number of the change that brought it. One call at a time.

    The numbers are milliseconds of the clock, or one more than the one before. So they grow from one file to the next,
    too, and what a snapshot or another program knows by its number is never taken for something else.
    """

    def __init__(self, folder: Path) -> None:
        """Open the file, or make it anew when it is damaged or of another version: it is only a copy.

        Raises:
            Unavailable: the folder cannot be written to.
        """
        self.path = folder / FILE
        self._seen = 0  # SQLite's count of other programs' writes
        self._inode = 0
        try:
            self._connection = self._open()
        except (sqlite3.DatabaseError, OSError):
            self._make_anew()

    def close(self) -> None:
        self._connection.close()

    def rows(self) -> dict[UUID, tuple[int, bytes]]:
        """By id: the change that brought the answer, and its document."""
        rows = self._connection.execute("SELECT id, change, document FROM answer ORDER BY id").fetchall()
        return {UUID(bytes=key): (int(change), bytes(document)) for key, change, document in rows}

    def changes(self) -> dict[UUID, int]:
        """By id: the change that brought the answer."""
        rows = self._connection.execute("SELECT id, change FROM answer").fetchall()
        return {UUID(bytes=key): int(change) for key, change in rows}

    def documents(self, ids: Iterable[UUID]) -> dict[UUID, bytes]:
        query = "SELECT document FROM answer WHERE id = ?"
        found = ((key, self._connection.execute(query, (key.bytes,)).fetchone()) for key in ids)
        return {key: bytes(row[0]) for key, row in found if row}

    def write(self, documents: dict[UUID, bytes], gone: Iterable[UUID], after: int = 0) -> int:
        """Put these in and take those out, in one transaction; the number of the change, which is after this one."""
        self._ensure_file()
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            change = max(time.time_ns() // 1_000_000, self._newest() + 1, after + 1)
            self._connection.executemany("DELETE FROM answer WHERE id = ?", [(key.bytes,) for key in gone])
            self._connection.executemany(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?)",
                [(key.bytes, change, document) for key, document in documents.items()],
            )
        return change

    def was_changed_elsewhere(self) -> bool:
        """Whether another program wrote since this was last asked."""
        now = self._data_version(self._connection)
        is_changed = now != self._seen
        self._seen = now
        return is_changed

    def rewrite(self, documents: dict[UUID, bytes], after: int) -> int:
        """Make the file anew with these: it was damaged or deleted. The number of the change is after this one."""
        self._connection.close()
        self._make_anew()
        return self.write(documents, (), after)

    def go_over(self, newest: int) -> bool:
        """To the file that another program made in place of ours; False if none has changes after this one."""
        try:
            if self.path.is_file():
                self._connection.close()
                self._connection = self._open()
                return self._newest() > newest
        except (sqlite3.DatabaseError, OSError):
            pass  # it is damaged, too
        return False

    def is_in_place(self) -> bool:
        """False: the file was deleted or exchanged under us."""
        try:
            return self.path.stat().st_ino == self._inode
        except OSError:
            return False

    def _newest(self) -> int:
        return int(self._connection.execute(_NEWEST_CHANGE).fetchone()[0])

    def _ensure_file(self) -> None:
        if not self.is_in_place():
            raise sqlite3.DatabaseError("the file is gone")

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
        try:
            # Not WAL: its index is mapped into memory, and a file that somebody cuts would kill the program.
            connection.execute("PRAGMA journal_mode = TRUNCATE")
            connection.execute("PRAGMA synchronous = OFF")  # what a power cut damages is seen and made anew
            if connection.execute("PRAGMA user_version").fetchone()[0] not in (0, VERSION):
                raise sqlite3.DatabaseError("of another version")
            connection.execute(_TABLE)
            connection.execute(_BY_CHANGE)
            if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("damaged")
            connection.execute(f"PRAGMA user_version = {VERSION}")
            self._seen = self._data_version(connection)
            self._inode = self.path.stat().st_ino
        except BaseException:
            connection.close()
            raise
        return connection

    def _make_anew(self) -> None:
        try:
            for leftover in (self.path, *(self.path.with_name(FILE + end) for end in ("-journal", "-wal", "-shm"))):
                leftover.unlink(missing_ok=True)
            self._connection = self._open()
        except (sqlite3.DatabaseError, OSError) as error:
            raise Unavailable(
                tr("The copy of the answers cannot be written to {folder}. Free some space or ask for the right.",
                   folder=self.path.parent)
            ) from error  # fmt: skip

    @staticmethod
    def _data_version(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA data_version").fetchone()[0])
