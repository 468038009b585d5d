"""The floor of the call center: desks are opened, killed and closed here, and their journals read from outside."""

import json
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from uuid import UUID

from app.domain.ids import new_id
from tests.faults.desk_process import Seat
from tests.faults.disk import SmallDisk
from tests.faults.ledger import JournalTexts, Ledger
from tests.faults.truth import Deed, Pen, Reader
from tests.faults.zygote import Zygote

LIMIT_S = 60.0  # for what ends in a moment unless something is wrong
LOOK_S = 0.02


class Floor:
    """Safe to use from all threads; of two who want the same desk one waits."""

    def __init__(self, seats: Sequence[Seat], truth: Path, small_disks: Mapping[int, SmallDisk]) -> None:
        self.ledger = Ledger()
        self.ended_by_itself: list[str] = []
        self.left: dict[int, list[str]] = {}  # in the journals, when all has ended
        self.disks = small_disks
        self.seats = {seat.number: seat for seat in seats}
        self._truth = truth
        self._locks = {number: threading.Lock() for number in self.seats}
        self._processes: dict[int, int] = {}
        self._reader = Reader(truth, self.ledger.take)
        self._zygote = Zygote()
        self._exits = threading.Lock()

    def open_all(self) -> None:
        for number in self.seats:
            self._start(number)

    def kill(self, number: int, pause_s: float) -> None:
        """Kill a desk, see what its journal has, and open it again after `pause_s`."""
        with self._locks[number]:
            died_at_s = self._zygote.kill(self._processes.pop(number))
            marker = new_id()
            texts = journal_texts(self.seats[number].folder)
            self.ledger.journals[marker] = JournalTexts(died_at_s=died_at_s, texts=texts)
            with closing(Pen(self._truth, number)) as pen:
                pen.write(Deed.KILLED, marker)
            time.sleep(pause_s)
            self._start(number)

    def fill_disk(self, number: int) -> bool:
        """The disk of a desk that has just opened is full until the desk has said so; False when it never did.

        Just opened: an older write-ahead log has room that was paid for, in which SQLite goes on for a while.
        """
        with self._locks[number]:
            opened = self.ledger.opened[number]
            self._zygote.signal(self._processes[number], signal.SIGTERM)
            self._until(lambda: self._has_ended(number))
            self._start(number)
            if not self._until(lambda: self.ledger.opened[number] > opened):
                return False  # the database is away; it may open when that is back
            said_before = self.ledger.not_kept[number]
            self.disks[number].fill(self._processes[number])
            is_said = self._until(lambda: self.ledger.not_kept[number] > said_before, 10.0)
            self.disks[number].free(self._processes[number])
            time.sleep(1.5)  # what was typed meanwhile is kept again within a second
            return is_said

    def finish(self, limit_s: float) -> bool:
        """Tell all that the day is over; True when all desks have delivered everything and ended in that time."""
        for process_id in self._processes.values():
            self._zygote.signal(process_id, signal.SIGUSR1)
        return self._until(lambda: self._collect() and not self._processes, limit_s)

    def stop(self) -> None:
        """End what still runs, read the truth to its end, and what is left in the journals before their disks go."""
        self._zygote.__exit__()
        self._reader.stop()
        self.left = {number: journal_rest(seat.folder) for number, seat in self.seats.items()}
        for disk in self.disks.values():
            disk.remove()

    def _start(self, number: int) -> None:
        self._processes[number] = self._zygote.start(self.seats[number])

    def _has_ended(self, number: int) -> bool:
        return self._collect() and number not in self._processes

    def _collect(self) -> bool:
        """Take note of desks that ended; an exit code that is not 0 is a finding."""
        with self._exits:
            numbers = {process_id: number for number, process_id in self._processes.items()}
            for process_id, code in self._zygote.ended().items():
                number = numbers[process_id]
                self._processes.pop(number)
                if code:
                    self.ended_by_itself.append(f"desk {number} ended with code {code}, see {self.seats[number].log}")
        return True

    def _until(self, is_so: Callable[[], bool], limit_s: float = LIMIT_S) -> bool:
        deadline_s = time.monotonic() + limit_s
        while not is_so():
            if time.monotonic() > deadline_s:
                return False
            time.sleep(LOOK_S)
        return True


def journal_texts(folder: Path) -> dict[UUID, str]:
    """The typed texts in the journal of a desk that does not run, by call or case.

    From a copy: opening the file itself would mend it, and that is the program's work.
    """
    texts: dict[UUID, str] = {}
    for call_id, document in _rows(folder, "SELECT call_id, document FROM work"):
        texts[UUID(call_id)] = json.loads(document)["note"]
    for case_id, text in _rows(folder, "SELECT case_id, text FROM case_text"):
        texts[UUID(case_id)] = text
    return texts


def journal_rest(folder: Path) -> list[str]:
    """What is left in the journal of a desk that does not run, one sentence each; empty at the end of a good day."""
    commands = _rows(folder, "SELECT kind, id, refusal FROM outbox")
    rest = [f"{kind} {id_} waits (refusal: {refusal})" for kind, id_, refusal in commands]
    return rest + [f"text {text!r} of {id_}" for id_, text in journal_texts(folder).items()]


def _rows(folder: Path, statement: str) -> list[tuple[str, ...]]:
    copy = folder.with_name(f"{folder.name}-copy")
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    try:
        for file in folder.glob("journal.db*"):
            shutil.copy(file, copy)
        if not (copy / "journal.db").exists():
            return []
        with closing(sqlite3.connect(copy / "journal.db")) as connection:
            has_tables = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'outbox'").fetchone()
            return connection.execute(statement).fetchall() if has_tables else []
    finally:
        shutil.rmtree(copy)
