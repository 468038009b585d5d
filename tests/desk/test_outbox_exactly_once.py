"""Restarts, kills and lost answers: each command is delivered all the same, and never twice."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, make_url, select

from app.db.engine import Database
from app.db.rows import AppliedCommandRow, CaseRow, TimelineRow
from app.desk.journal import Journal
from app.desk.outbox import Outbox
from app.domain.commands import AnyCommand
from app.domain.errors import Unavailable
from app.services.commands import Commands
from tests.builders import Seeded, claim, escalation
from tests.desk.children import child, next_line
from tests.desk.outbox_rig import World, received, running, some_commands
from tests.patience import LIMIT_S

pytestmark = pytest.mark.usefixtures("short_retries")

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


def test_what_was_left_is_delivered_after_a_restart(journal: Journal, world: World) -> None:
    commands = some_commands(3)
    sleeping = Outbox(journal, world.apply, world.statuses.put)
    for command in commands:
        sleeping.send(command)
    assert world.arrived.empty()
    with running(journal, world):
        assert received(world.delivered, 3) == commands


def test_commands_sent_before_kill_9_are_delivered_by_the_next_console(tmp_path: Path, world: World) -> None:
    path = tmp_path / "killed.db"
    with child(DIES_BEFORE_DELIVERY, path) as console:
        sent = [UUID(next_line(console)) for _ in range(3)]
        console.wait(LIMIT_S)
    journal = Journal(path)
    with running(journal, world):
        assert [command.id for command in received(world.delivered, 3)] == sent
    journal.close()


def _escalated_count(database: Database) -> list[int]:
    with database.read() as session:
        rows = (CaseRow, TimelineRow, AppliedCommandRow)
        return [session.scalar(select(func.count()).select_from(row)) or 0 for row in rows]


def test_a_lost_answer_to_the_commit_is_no_second_delivery(
    database: Database, centre: Seeded, journal: Journal, world: World
) -> None:
    commands, losses = Commands(database), [Unavailable("lost after the commit")] * 2

    def apply(command: AnyCommand) -> None:
        commands.apply(command)
        if losses:
            raise losses.pop()

    with running(journal, world, apply) as outbox:
        outbox.send(escalation(centre.agent))
        received(world.delivered, 1)
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

    with running(journal, world, apply) as outbox:
        outbox.send(claim(centre.expert))
        received(world.delivered, 1)
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
    with running(journal, world, Commands(database).apply):
        assert received(world.delivered, 1) == [command]
    journal.close()
    assert _escalated_count(database) == [1, 2, 1]
