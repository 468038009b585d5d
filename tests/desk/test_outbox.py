"""Commands are delivered in order, tried again, refused, held and withdrawn."""

import threading
import time
from pathlib import Path

import pytest

from app.desk import outbox as outbox_module
from app.desk.journal import Journal
from app.desk.outbox import OutboxStatus
from app.domain.commands import AnyCommand
from app.domain.errors import NotAllowed, NotFound, Unavailable
from tests.builders import escalation
from tests.conftest import ExpectedLog
from tests.desk.outbox_rig import NOBODY, World, received, running, some_commands
from tests.patience import LIMIT_S

pytestmark = pytest.mark.usefixtures("short_retries")


def test_commands_are_delivered_in_order(journal: Journal, world: World) -> None:
    commands = some_commands(30)
    with running(journal, world) as outbox:
        for command in commands:
            outbox.send(command)
        assert received(world.delivered, 30) == commands
        world.status(lambda status: status == OutboxStatus(waiting_count=0, refused_count=0))
    assert world.arrived.qsize() == 30
    assert journal.waiting_count() == 0


@pytest.mark.parametrize("kind", [NotAllowed, NotFound])
def test_a_refused_command_is_kept_and_the_later_go_on(journal: Journal, world: World, kind: type[Exception]) -> None:
    before, refused, after = some_commands(3)
    world.errors[refused.id] = [kind("Claim it first.")]
    with running(journal, world) as outbox:
        for command in (before, refused, after):
            outbox.send(command)
        assert received(world.delivered, 2) == [before, after]
        world.status(lambda status: (status.waiting_count, status.refused_count) == (0, 1))
        assert [(r.command, r.reason) for r in journal.refused()] == [(refused, "Claim it first.")]
        outbox.dismiss(refused.id)
        world.status(lambda status: status.refused_count == 0)
    assert world.arrived.qsize() == 3


def test_a_command_on_which_we_fail_holds_up_no_other(
    journal: Journal, world: World, expected_log: ExpectedLog
) -> None:
    expected_log("ERROR firstline.outbox: command EscalateCase")
    broken, after = some_commands(2)
    world.errors[broken.id] = [KeyError("bug")]
    with running(journal, world) as outbox:
        outbox.send(broken)
        outbox.send(after)
        assert received(world.delivered, 1) == [after]
    (kept,) = journal.refused()
    assert kept.command == broken
    assert "Your text is kept" in kept.reason


def test_an_unreachable_database_is_tried_until_it_works(journal: Journal, world: World) -> None:
    first, second = some_commands(2)
    world.errors[first.id] = [Unavailable("The database cannot be reached.")] * 3
    with running(journal, world) as outbox:
        outbox.send(first)
        outbox.send(second)
        hindered = world.status(lambda status: bool(status.hindrance))
        assert hindered.hindrance == "The database cannot be reached."
        assert hindered.waiting_count >= 1
        assert received(world.delivered, 2) == [first, second]
        world.status(lambda status: status == OutboxStatus(waiting_count=0, refused_count=0))
    assert received(world.arrived, 5) == [first] * 4 + [second]


def test_what_hinders_is_said_until_it_is_over(journal: Journal, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "RETRY_S", (10 * LIMIT_S, 10 * LIMIT_S))
    (command,) = some_commands(1)
    world.errors[command.id] = [Unavailable("away")]
    with running(journal, world) as outbox:
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
    (command,) = some_commands(1)
    world.errors[command.id] = [Unavailable("away")]
    with running(journal, world) as outbox:
        outbox.send(command)
        world.status(lambda status: status.hindrance == "away")
        outbox.retry_now()
        assert received(world.delivered, 1) == [command]


def test_stopping_does_not_wait_for_the_next_attempt(
    journal: Journal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "RETRY_S", (10 * LIMIT_S, 10 * LIMIT_S))
    (command,) = some_commands(1)
    world.errors[command.id] = [Unavailable("away")]
    with running(journal, world) as outbox:
        outbox.send(command)
        world.status(lambda status: status.hindrance == "away")
    assert journal.waiting_count() == 1


def test_what_is_taken_back_is_not_being_delivered(journal: Journal) -> None:
    """Who asked for the time and then waited for the journal took back what had become due meanwhile."""
    (held,) = some_commands(1)
    journal.enqueue(held, 100)
    taken: list[object] = []
    outbox = threading.Thread(target=lambda: taken.append(journal.next_due(101)[0]))

    def clock_s() -> float:
        outbox.start()
        outbox.join(0.2)  # time enough to take it, if the journal were free
        return 99

    assert journal.withdraw(held.id, clock_s)
    outbox.join()
    assert taken == [None]


def test_a_held_command_is_withdrawn_in_time(journal: Journal, world: World) -> None:
    held, sent = some_commands(2)
    with running(journal, world) as outbox:
        outbox.send(held, hold_s=10 * LIMIT_S)
        outbox.send(sent)
        assert received(world.delivered, 1) == [sent]  # a held one holds up no other
        assert outbox.withdraw(held.id)
        assert not outbox.withdraw(held.id)
    assert journal.waiting_count() == 0
    assert world.arrived.qsize() == 1


def test_a_held_command_is_delivered_when_its_time_comes_and_then_stays(journal: Journal, world: World) -> None:
    (held,) = some_commands(1)
    began_s = time.monotonic()
    with running(journal, world) as outbox:
        outbox.send(held, hold_s=0.2)
        assert received(world.delivered, 1) == [held]
        assert time.monotonic() - began_s >= 0.19
        assert not outbox.withdraw(held.id)


def test_a_clock_that_is_set_back_holds_up_nothing(
    journal: Journal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent before goes on at once, and before what was sent after."""
    monkeypatch.setattr(outbox_module, "RETRY_S", (10 * LIMIT_S, 10 * LIMIT_S))
    first, second = some_commands(2)
    world.errors[first.id] = [Unavailable("away")]
    with running(journal, world) as outbox:
        outbox.send(first)
        world.status(lambda status: status.hindrance == "away")
        set_back_s = time.time() - 3600
        monkeypatch.setattr(time, "time", lambda: set_back_s)
        outbox.send(second)
        assert received(world.delivered, 2) == [first, second]


def test_after_a_restart_nothing_is_held_any_more(tmp_path: Path) -> None:
    """Nobody can undo it; and where the clock was set back meanwhile it would wait for as long."""
    (held,) = some_commands(1)
    first = Journal(tmp_path / "held.db")
    first.enqueue(held, time.time() + 3600)
    first.close()
    second = Journal(tmp_path / "held.db")
    assert second.next_due(time.time()) == (held, None)
    second.close()


def test_a_command_under_way_is_not_withdrawn(journal: Journal, world: World) -> None:
    (held,) = some_commands(1)
    is_under_way, may_end = threading.Event(), threading.Event()

    def apply(_: AnyCommand) -> None:
        is_under_way.set()
        assert may_end.wait(LIMIT_S)

    with running(journal, world, apply) as outbox:
        outbox.send(held, hold_s=0.05)
        assert is_under_way.wait(LIMIT_S)
        assert not outbox.withdraw(held.id)
        may_end.set()
        assert received(world.delivered, 1) == [held]


def test_a_journal_at_fault_does_not_end_the_thread(tmp_path: Path, world: World) -> None:
    """It cannot even be read; the console says so and does not die silently."""
    journal = Journal(tmp_path / "faulty.db")
    with running(journal, world) as outbox:
        journal.close()
        outbox.retry_now()
        assert "cannot be written" in world.status(lambda status: bool(status.hindrance)).hindrance
        assert outbox._thread.is_alive()
