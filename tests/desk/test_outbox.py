"""Commands are delivered in order and exactly once, whatever happens on the way."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from uuid import UUID

import pytest
from sqlalchemy import func, make_url, select

from app.db.engine import Database
from app.db.rows import AppliedCommandRow, CaseRow, TimelineRow
from app.desk import outbox as outbox_module
from app.desk.journal import Journal
from app.desk.outbox import Outbox, OutboxStatus
from app.domain.commands import AnyCommand
from app.domain.errors import NotAllowed, NotFound, Unavailable
from app.services.commands import Commands
from tests.builders import Seeded, claim, escalation, person, seed
from tests.conftest import ExpectedLog
from tests.desk.children import child, next_line

LIMIT_S = 20.0
NOBODY = person()

DIES_AFTER_COMMIT = """
import os, pathlib, signal, sys
from app.db.engine import Database
from app.desk.journal import Journal
from app.desk.outbox import Outbox
from app.services.commands import Commands
commands = Commands(Database(sys.argv[2]))
def apply(command):
    commands.apply(command)
    os.kill(os.getpid(), signal.SIGKILL)
outbox = Outbox(Journal(pathlib.Path(sys.argv[1])), apply, lambda status: None)
outbox.start()
sys.stdin.read()
"""
DIES_BEFORE_DELIVERY = """
import os, pathlib, signal, sys, uuid
from app.desk.journal import Journal
from app.desk.outbox import Outbox
from tests.builders import escalation, person
outbox = Outbox(Journal(pathlib.Path(sys.argv[1])), lambda command: None, lambda status: None)
for n in range(3):
    command = escalation(person())
    outbox.send(command)
    print(command.id, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


class World:
    """Where commands arrive: notes each, and answers the next ones with the errors it was given."""

    def __init__(self) -> None:
        self.arrived: Queue[AnyCommand] = Queue()
        self.delivered: Queue[AnyCommand] = Queue()
        self.statuses: Queue[OutboxStatus] = Queue()
        self.errors: dict[UUID, list[Exception]] = {}

    def apply(self, command: AnyCommand) -> None:
        self.arrived.put(command)
        if errors := self.errors.get(command.id):
            raise errors.pop(0)

    def status(self, is_wanted: Callable[[OutboxStatus], bool]) -> OutboxStatus:
        while not is_wanted(status := self.statuses.get(timeout=LIMIT_S)):
            pass
        return status


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path / "journal.db")
    yield opened
    opened.close()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(autouse=True)
def short_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "RETRY_S", (0.01, 0.05))


@contextmanager
def _running(journal: Journal, world: World, apply: Callable[[AnyCommand], object] | None = None) -> Iterator[Outbox]:
    outbox = Outbox(journal, apply or world.apply, world.statuses.put, world.delivered.put)
    outbox.start()
    try:
        yield outbox
    finally:
        outbox.stop()


def _commands(count: int) -> list[AnyCommand]:
    return [escalation(NOBODY) for _ in range(count)]


def _received(queue: Queue[AnyCommand], count: int) -> list[AnyCommand]:
    return [queue.get(timeout=LIMIT_S) for _ in range(count)]


def test_commands_are_delivered_in_order(journal: Journal, world: World) -> None:
    commands = _commands(30)
    with _running(journal, world) as outbox:
        for command in commands:
            outbox.send(command)
        assert _received(world.delivered, 30) == commands
        world.status(lambda status: status == OutboxStatus(waiting_count=0, refused_count=0))
    assert world.arrived.qsize() == 30
    assert journal.waiting_count() == 0


@pytest.mark.parametrize("kind", [NotAllowed, NotFound])
def test_a_refused_command_is_kept_and_the_later_go_on(journal: Journal, world: World, kind: type[Exception]) -> None:
    before, refused, after = _commands(3)
    world.errors[refused.id] = [kind("Claim it first.")]
    with _running(journal, world) as outbox:
        for command in (before, refused, after):
            outbox.send(command)
        assert _received(world.delivered, 2) == [before, after]
        world.status(lambda status: (status.waiting_count, status.refused_count) == (0, 1))
        assert [(r.command, r.reason) for r in journal.refused()] == [(refused, "Claim it first.")]
        outbox.dismiss(refused.id)
        world.status(lambda status: status.refused_count == 0)
    assert world.arrived.qsize() == 3


def test_a_command_on_which_we_fail_holds_up_no_other(
    journal: Journal, world: World, expected_log: ExpectedLog
) -> None:
    expected_log("ERROR firstline.outbox: command EscalateCase")
    broken, after = _commands(2)
    world.errors[broken.id] = [KeyError("bug")]
    with _running(journal, world) as outbox:
        outbox.send(broken)
        outbox.send(after)
        assert _received(world.delivered, 1) == [after]
    (kept,) = journal.refused()
    assert kept.command == broken
    assert "Your text is kept" in kept.reason


def test_an_unreachable_database_is_tried_until_it_works(journal: Journal, world: World) -> None:
    first, second = _commands(2)
    world.errors[first.id] = [Unavailable("The database cannot be reached.")] * 3
    with _running(journal, world) as outbox:
        outbox.send(first)
        outbox.send(second)
        hindered = world.status(lambda status: bool(status.hindrance))
        assert hindered.hindrance == "The database cannot be reached."
        assert hindered.waiting_count >= 1
        assert _received(world.delivered, 2) == [first, second]
        world.status(lambda status: status == OutboxStatus(waiting_count=0, refused_count=0))
    assert _received(world.arrived, 5) == [first] * 4 + [second]


def test_what_hinders_is_said_until_it_is_over(journal: Journal, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "RETRY_S", (10 * LIMIT_S, 10 * LIMIT_S))
    (command,) = _commands(1)
    world.errors[command.id] = [Unavailable("away")]
    with _running(journal, world) as outbox:
        outbox.send(command)
        world.status(lambda status: status.hindrance == "away")
        outbox.dismiss(escalation(NOBODY).id)  # something else is told meanwhile
        assert world.statuses.get(timeout=LIMIT_S).hindrance == "away"
        outbox.retry_now()
        world.status(lambda status: status == OutboxStatus(waiting_count=0, refused_count=0))


def test_a_database_that_is_back_is_not_waited_for(
    journal: Journal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "RETRY_S", (10 * LIMIT_S, 10 * LIMIT_S))
    (command,) = _commands(1)
    world.errors[command.id] = [Unavailable("away")]
    with _running(journal, world) as outbox:
        outbox.send(command)
        world.status(lambda status: status.hindrance == "away")
        outbox.retry_now()
        assert _received(world.delivered, 1) == [command]


def test_stopping_does_not_wait_for_the_next_attempt(
    journal: Journal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "RETRY_S", (10 * LIMIT_S, 10 * LIMIT_S))
    (command,) = _commands(1)
    world.errors[command.id] = [Unavailable("away")]
    with _running(journal, world) as outbox:
        outbox.send(command)
        world.status(lambda status: status.hindrance == "away")
    assert journal.waiting_count() == 1


def test_a_held_command_is_withdrawn_in_time(journal: Journal, world: World) -> None:
    held, sent = _commands(2)
    with _running(journal, world) as outbox:
        outbox.send(held, hold_s=10 * LIMIT_S)
        outbox.send(sent)
        assert _received(world.delivered, 1) == [sent]  # a held one holds up no other
        assert outbox.withdraw(held.id)
        assert not outbox.withdraw(held.id)
    assert journal.waiting_count() == 0
    assert world.arrived.qsize() == 1


def test_a_held_command_is_delivered_when_its_time_comes_and_then_stays(journal: Journal, world: World) -> None:
    (held,) = _commands(1)
    began_s = time.monotonic()
    with _running(journal, world) as outbox:
        outbox.send(held, hold_s=0.2)
        assert _received(world.delivered, 1) == [held]
        assert time.monotonic() - began_s >= 0.19
        assert not outbox.withdraw(held.id)


def test_a_command_under_way_is_not_withdrawn(journal: Journal, world: World) -> None:
    (held,) = _commands(1)
    is_under_way, may_end = threading.Event(), threading.Event()

    def apply(_: AnyCommand) -> None:
        is_under_way.set()
        assert may_end.wait(LIMIT_S)

    with _running(journal, world, apply) as outbox:
        outbox.send(held, hold_s=0.05)
        assert is_under_way.wait(LIMIT_S)
        assert not outbox.withdraw(held.id)
        may_end.set()
        assert _received(world.delivered, 1) == [held]


def test_what_was_left_is_delivered_after_a_restart(journal: Journal, world: World) -> None:
    commands = _commands(3)
    sleeping = Outbox(journal, world.apply, world.statuses.put)
    for command in commands:
        sleeping.send(command)
    assert world.arrived.empty()
    with _running(journal, world):
        assert _received(world.delivered, 3) == commands


def test_commands_sent_before_kill_9_are_delivered_by_the_next_console(tmp_path: Path, world: World) -> None:
    path = tmp_path / "killed.db"
    with child(DIES_BEFORE_DELIVERY, path) as console:
        sent = [UUID(next_line(console)) for _ in range(3)]
        console.wait(LIMIT_S)
    journal = Journal(path)
    with _running(journal, world):
        assert [command.id for command in _received(world.delivered, 3)] == sent
    journal.close()


def test_a_journal_at_fault_does_not_end_the_thread(tmp_path: Path, world: World) -> None:
    """It cannot even be read; the console says so and does not die silently."""
    journal = Journal(tmp_path / "faulty.db")
    with _running(journal, world) as outbox:
        journal.close()
        outbox.retry_now()
        assert "cannot be written" in world.status(lambda status: bool(status.hindrance)).hindrance
        assert outbox._thread.is_alive()


def _escalated_count(database: Database) -> list[int]:
    with database.read() as session:
        rows = (CaseRow, TimelineRow, AppliedCommandRow)
        return [session.scalar(select(func.count()).select_from(row)) or 0 for row in rows]


@pytest.fixture
def centre(database: Database) -> Seeded:
    return seed(database)


def test_a_lost_answer_to_the_commit_is_no_second_delivery(
    database: Database, centre: Seeded, journal: Journal, world: World
) -> None:
    commands, losses = Commands(database), [Unavailable("lost after the commit")] * 2

    def apply(command: AnyCommand) -> None:
        commands.apply(command)
        if losses:
            raise losses.pop()

    with _running(journal, world, apply) as outbox:
        outbox.send(escalation(centre.agent))
        _received(world.delivered, 1)
    assert _escalated_count(database) == [1, 2, 1]
    assert losses == []


def test_a_claim_whose_answer_was_lost_is_one_claim(
    database: Database, centre: Seeded, journal: Journal, world: World
) -> None:
    commands, losses = Commands(database), [Unavailable("lost after the commit")]
    for _ in range(2):
        commands.apply(escalation(centre.agent))

    def apply(command: AnyCommand) -> None:
        commands.apply(command)
        if losses:
            raise losses.pop()

    with _running(journal, world, apply) as outbox:
        outbox.send(claim(centre.expert))
        _received(world.delivered, 1)
    with database.read() as session:
        owners = session.scalars(select(CaseRow.owner_id)).all()
    assert sorted(owners, key=str) == sorted([centre.expert.id, None], key=str)


def test_a_console_killed_between_commit_and_note_delivers_once(
    database: Database, database_url: str, centre: Seeded, tmp_path: Path, world: World
) -> None:
    path = tmp_path / "killed.db"
    journal, command = Journal(path), escalation(centre.agent)
    journal.enqueue(command, 0)
    journal.close()
    assert make_url(database_url).database
    with child(DIES_AFTER_COMMIT, path, database_url) as console:
        assert console.wait(LIMIT_S) == -9
    assert _escalated_count(database) == [1, 2, 1]
    journal = Journal(path)
    assert journal.waiting_count() == 1
    with _running(journal, world, Commands(database).apply):
        assert _received(world.delivered, 1) == [command]
    journal.close()
    assert _escalated_count(database) == [1, 2, 1]
