"""Claims go through the outbox like all commands, and yet none is carried out behind the person's back."""

import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from uuid import UUID

import pytest
from sqlalchemy import select

from app.bootstrap.door import Door
from app.db import engine
from app.db.engine import Database
from app.db.rows import AppliedCommandRow, CaseRow
from app.desk import outbox as outbox_module
from app.desk.journal import Journal
from app.desk.outbox import ClaimAnswer, Outbox
from app.domain.commands import AnyCommand, Claim
from app.domain.errors import NotAllowed, Unavailable
from app.domain.ids import new_id
from app.services.commands import Commands
from tests.builders import Seeded, claim, escalation, seed
from tests.conftest import ExpectedLog
from tests.desk.children import child
from tests.patience import LIMIT_S, wait_for

pytestmark = pytest.mark.usefixtures("short_retries")


DIES_AFTER_CLAIMING = """
import os, pathlib, signal, sys
from app.db.engine import Database
from app.desk.journal import Journal
from app.desk.outbox import Outbox
from app.domain.commands import ClaimNext
from app.domain.ids import new_id
from datetime import UTC, datetime
from uuid import UUID
from app.services.commands import Commands
commands = Commands(Database(sys.argv[2]))
def apply(command):
    if sys.argv[4] == "after":
        commands.apply(command)
    os.kill(os.getpid(), signal.SIGKILL)
outbox = Outbox(Journal(pathlib.Path(sys.argv[1])), apply, lambda status: None)
outbox.start()
outbox.send(ClaimNext(id=new_id(), by=UUID(sys.argv[3]), at=datetime.now(UTC), level=2))
sys.stdin.read()
"""


class Way:
    """To a real database, and what happens on the way: each `trouble` is met once, before or after the commit."""

    def __init__(self, database: Database) -> None:
        self.commands = Commands(database)
        self.before: list[Exception] = []
        self.after: list[Exception] = []
        self.is_open = threading.Event()
        self.is_open.set()
        self.asked: Queue[str] = Queue()
        self.answers: Queue[ClaimAnswer] = Queue()

    def apply(self, command: AnyCommand) -> UUID | None:
        self.asked.put("apply")
        if self.before:
            raise self.before.pop()
        case_id = self.commands.apply(command)
        if self.after:
            raise self.after.pop()
        return case_id

    def settle(self, command: Claim) -> UUID | None:
        assert self.is_open.wait(LIMIT_S)
        self.asked.put("settle")
        return self.commands.settle(command)

    def answer(self) -> ClaimAnswer:
        return self.answers.get(timeout=LIMIT_S)


@pytest.fixture
def way(database: Database) -> Way:
    return Way(database)


@contextmanager
def running(journal: Journal, way: Way) -> Iterator[Outbox]:
    outbox = Outbox(journal, way.apply, lambda _: None, settle=way.settle, on_claim_answered=way.answers.put)
    outbox.start()
    try:
        yield outbox
    finally:
        outbox.stop()


def escalated(way: Way, centre: Seeded, count: int = 1) -> list[UUID]:
    return [case_id for _ in range(count) if (case_id := way.commands.apply(escalation(centre.agent)))]


def owners(database: Database) -> list[UUID | None]:
    with database.read() as session:
        return list(session.scalars(select(CaseRow.owner_id).order_by(CaseRow.id)))


def test_a_claim_is_answered_with_the_case(journal: Journal, way: Way, centre: Seeded) -> None:
    (case_id,) = escalated(way, centre)
    first, second = claim(centre.expert), claim(centre.expert)
    with running(journal, way) as outbox:
        outbox.send(first)
        outbox.send(second)
        assert way.answer() == ClaimAnswer(command=first, case_id=case_id)
        assert way.answer() == ClaimAnswer(command=second)  # nothing waits
    assert journal.waiting_count() == 0


def test_a_claim_that_is_not_allowed_leaves_nothing_behind(journal: Journal, way: Way, centre: Seeded) -> None:
    way.before = [NotAllowed("Not your queue.")]
    with running(journal, way) as outbox:
        outbox.send(asked := claim(centre.expert))
        assert way.answer() == ClaimAnswer(command=asked, not_claimed="Not your queue.")
    assert journal.entries() == ()


def test_while_the_database_is_away_nothing_is_claimed_then_or_later(
    journal: Journal, way: Way, centre: Seeded, database: Database
) -> None:
    escalated(way, centre)
    way.before = [Unavailable("away")]
    with running(journal, way) as outbox:
        outbox.send(asked := claim(centre.expert))
        answer = way.answer()
        assert (answer.command, answer.case_id) == (asked, None)
        assert answer.not_claimed == "Not claimed: the database does not answer."
        late = way.answer()
        assert (late.case_id, late.is_late) == (None, True)
    assert [way.asked.get_nowait() for _ in range(2)] == ["apply", "settle"]
    assert way.commands.apply(asked) is None  # also if a copy of it still arrived
    assert owners(database) == [None]
    assert journal.waiting_count() == 0


def test_a_claim_whose_answer_was_lost_is_told_when_the_database_is_back(
    journal: Journal, way: Way, centre: Seeded, database: Database
) -> None:
    (case_id, _) = escalated(way, centre, 2)
    way.after = [Unavailable("lost after the commit")]
    with running(journal, way) as outbox:
        outbox.send(asked := claim(centre.expert))
        assert way.answer().not_claimed
        assert way.answer() == ClaimAnswer(command=asked, case_id=case_id, is_late=True)
    assert owners(database) == [centre.expert.id, None]


def test_a_claim_behind_others_that_cannot_be_delivered_is_told_at_once(
    journal: Journal, way: Way, centre: Seeded, database: Database
) -> None:
    way.before = [Unavailable("away")] * 40
    with running(journal, way) as outbox:
        outbox.send(escalation(centre.agent))
        outbox.send(asked := claim(centre.expert))
        assert (answer := way.answer()).not_claimed and answer.command == asked
        assert way.answer().case_id is None
    assert owners(database) == [None]  # escalated, and not claimed


def test_a_claim_that_came_too_late_is_not_carried_out(
    journal: Journal, way: Way, centre: Seeded, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    escalated(way, centre)
    monkeypatch.setattr(outbox_module, "CLAIM_WITHIN_S", -1.0)
    with running(journal, way) as outbox:
        outbox.send(claim(centre.expert))
        assert way.answer().not_claimed == "Not claimed: the database took too long."
    assert owners(database) == [None]


def test_what_closes_the_window_claims_nothing(journal: Journal, way: Way, centre: Seeded, database: Database) -> None:
    escalated(way, centre)
    outbox = Outbox(journal, way.apply, lambda _: None, settle=way.settle)
    outbox.send(claim(centre.expert))
    outbox.send(escalation(centre.agent), hold_s=9e6)
    outbox.flush()
    assert owners(database) == [None, None]
    assert journal.waiting_count() == 0


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_console_killed_while_it_claims(
    database: Database, database_url: str, centre: Seeded, way: Way, tmp_path: Path, moment: str
) -> None:
    (case_id,) = escalated(way, centre)
    path = tmp_path / "killed.db"
    with child(DIES_AFTER_CLAIMING, path, database_url, centre.expert.id, moment) as console:
        assert console.wait(LIMIT_S) == -signal.SIGKILL
    journal = Journal(path)
    (asked,) = [entry.command for entry in journal.entries()]
    with running(journal, way):
        answer = way.answer()
    journal.close()
    assert answer.command == asked and answer.is_late
    assert answer.case_id == (case_id if moment == "after" else None)
    assert owners(database) == [centre.expert.id if moment == "after" else None]
    assert way.asked.get_nowait() == "settle" and way.asked.empty()


def test_settling_waits_for_the_claim_that_is_still_under_way(postgres_url: str) -> None:
    """The server carries the claim out while the desk, whose connection broke, already asks what became of it."""
    first, second = Database(postgres_url), Database(postgres_url)
    people = seed(first)
    case_id = Commands(first).apply(escalation(people.agent))
    asked = claim(people.expert)
    settled: Queue[UUID | None] = Queue()
    thread = threading.Thread(target=lambda: settled.put(Commands(second).settle(asked)))
    with first.write() as session:
        session.add(AppliedCommandRow(id=asked.id, by=asked.by, applied_at=datetime.now(UTC), subject_id=case_id))
        session.flush()
        thread.start()
        _wait_for_a_lock(first)
        assert settled.empty()
    assert settled.get(timeout=LIMIT_S) == case_id
    thread.join()
    first.close()
    second.close()


def _wait_for_a_lock(database: Database) -> None:
    def is_waiting() -> bool:
        with database.engine.connect() as connection:
            return bool(connection.exec_driver_sql("SELECT count(*) FROM pg_locks WHERE NOT granted").scalar())

    wait_for(is_waiting)


def test_after_a_settling_that_failed_the_door_is_checked_again(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectedLog
) -> None:
    """As after any command that did: what comes back may be another database."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    database = Database(sqlite_url)
    centre = seed(database)
    door = Door(database, centre.expert, Commands(database))
    door.check()
    expected_log("database: OperationalError")
    with closing(sqlite3.connect(database.file or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="holds the database file"):
            door.settle(claim(centre.expert))
        other.execute("UPDATE person SET id = ? WHERE login = ?", (new_id().hex, centre.expert.login))
        other.execute("COMMIT")
    with pytest.raises(Unavailable, match="another database"):
        door.settle(claim(centre.expert))
    database.close()
