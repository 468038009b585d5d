"""What was typed survives: power cuts, second consoles, full disks."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.desk.journal import VERSION, Journal
from app.domain.commands import AnyCommand, ReturnCase, SetAgentState, SolveCase
from app.domain.errors import Unavailable
from app.domain.ids import new_id
from app.domain.people import Agent, AgentState, Choice, PauseCode, Person
from app.domain.work import CallWork, with_answer, with_customer, with_search
from tests.builders import (
    NOW,
    TODAY,
    answer,
    call,
    call_work,
    claim,
    contract,
    customer,
    escalation,
    person,
    record_call,
    solution,
)
from tests.desk.children import child, next_line

KEY_STROKES = 60

TYPES_ON = """
import pathlib, sys
from dataclasses import replace
from app.desk.journal import Journal
from tests.builders import call_work
journal, work, count = Journal(pathlib.Path(sys.argv[1])), call_work(), 0
while True:
    count += 1
    journal.keep_work(replace(work, note="x" * count))
    print(count, flush=True)
"""
OPENS = """
import pathlib, sys
from app.desk.journal import Journal
from app.domain.errors import Unavailable
try:
    journal = Journal(pathlib.Path(sys.argv[1]))
    print("open", flush=True)
    sys.stdin.read()
except Unavailable as error:
    print(error, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    opened = Journal(path)
    yield opened
    opened.close()


def _rich_work() -> CallWork:
    work = with_customer(call_work(note="Lamp is <b>red</b>\n🦊"), customer(contracts=(contract(),)), TODAY)
    return with_answer(with_search(work, "no internet"), answer())


def _commands() -> list[AnyCommand]:
    ada = person()
    paused = Choice(state=AgentState.PAUSED, pause_code=PauseCode.LUNCH)
    agent = Agent(person_id=ada.id, state=AgentState.ON_CALL, since=NOW, then=paused)
    return [
        record_call(call(), ada),
        SetAgentState(id=new_id(), by=ada.id, at=NOW, agent=agent),
        solution(ada),
        escalation(ada),
        claim(ada),
        SolveCase(id=new_id(), by=ada.id, at=NOW, case_id=new_id(), solution="Firmware"),
        ReturnCase(id=new_id(), by=ada.id, at=NOW, case_id=new_id(), reason="Serial?"),
    ]


def test_work_comes_back_as_it_was(journal: Journal) -> None:
    works = (_rich_work(), call_work(note="second"))
    for work in works:
        journal.keep_work(work)
    assert journal.kept_work() == works


def test_the_newest_of_a_call_is_kept(journal: Journal) -> None:
    work = call_work()
    for note in ("a", "ab", "abc"):
        journal.keep_work(replace(work, note=note))
    assert [kept.note for kept in journal.kept_work()] == ["abc"]


def test_work_that_is_wrapped_up_is_forgotten(journal: Journal) -> None:
    work, other = call_work(), call_work()
    journal.keep_work(work)
    journal.keep_work(other)
    journal.forget_work(work.call.id)
    journal.forget_work(work.call.id)
    assert journal.kept_work() == (other,)


def test_work_and_commands_are_there_after_a_restart(path: Path) -> None:
    work, commands = _rich_work(), _commands()
    first = Journal(path)
    first.keep_work(work)
    for command in commands:
        first.enqueue(command, 0)
    first.refuse(commands[0].id, "Claim it first.")
    first.close()
    second = Journal(path)
    assert second.kept_work() == (work,)
    assert [(r.command, r.reason) for r in second.refused()] == [(commands[0], "Claim it first.")]
    for command in commands[1:]:
        assert second.next_due(1) == (command, None)
        second.done(command.id)
    assert (second.next_due(1), second.waiting_count()) == ((None, None), 0)
    second.close()


def test_a_killed_console_loses_at_most_the_last_key_stroke(path: Path) -> None:
    with child(TYPES_ON, path) as console:
        confirmed = 0
        while confirmed < KEY_STROKES:
            confirmed = int(next_line(console))
        console.kill()
        assert console.stdout is not None
        confirmed = max([confirmed, *map(int, console.stdout.read().split())])
        console.wait()
    journal = Journal(path)
    (kept,) = journal.kept_work()
    journal.close()
    assert confirmed <= len(kept.note) <= confirmed + 1


def test_a_second_console_in_this_process_is_refused(journal: Journal, path: Path) -> None:
    with pytest.raises(Unavailable, match=r"already runs on this desk\. Use the window that is open"):
        Journal(path)
    journal.keep_work(call_work())


def test_a_second_console_in_another_process_is_refused(journal: Journal, path: Path) -> None:
    journal.keep_work(call_work())
    with child(OPENS, path) as console:
        assert "already runs on this desk" in next_line(console)


def test_the_desk_is_free_when_the_other_console_was_killed(path: Path) -> None:
    with child(OPENS, path) as console:
        assert next_line(console) == "open"
        with pytest.raises(Unavailable, match="already runs on this desk"):
            Journal(path)
        console.kill()
        console.wait()
    Journal(path).close()


def test_a_journal_of_a_newer_program_is_left_alone(path: Path) -> None:
    Journal(path).close()
    _set_version(path, VERSION + 1)
    before = path.read_bytes()
    with pytest.raises(Unavailable, match=r"newer Firstline\. Install the newer program"):
        Journal(path)
    assert path.read_bytes() == before


def _set_version(path: Path, version: int) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "desk").write_text("a file where the folder should be")
    with pytest.raises(Unavailable, match=r"journal\.db cannot be written"):
        Journal(tmp_path / "desk" / "journal.db")


def test_nobody_else_may_read_what_customers_said(journal: Journal, path: Path) -> None:
    journal.keep_work(_rich_work())
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert "journal.db" in modes
    assert set(modes.values()) == {0o600}, modes


def test_a_file_that_was_open_to_others_is_closed_to_them(path: Path) -> None:
    path.parent.mkdir()
    path.touch(0o644)
    journal = Journal(path)
    journal.keep_work(call_work())
    modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    journal.close()
    assert modes == {0o600}


def test_a_full_disk_is_said_and_what_was_kept_stays(journal: Journal) -> None:
    journal.keep_work(call_work(note="kept before"))
    journal._connection.execute("PRAGMA max_page_count = 1")  # SQLite takes the present size instead
    with pytest.raises(Unavailable, match=r"no space left on this desk's disk.*not kept"):
        for _ in range(1_000):
            journal.keep_work(call_work(note="x" * 5_000))
    with pytest.raises(Unavailable, match="no space left"):
        for command in _commands() * 100:
            journal.enqueue(replace(command, id=new_id()), 0)
    assert journal.kept_work()[0].note == "kept before"
    journal._connection.execute("PRAGMA max_page_count = 1000000")
    journal.keep_work(call_work(note="space again"))
    assert journal.kept_work()[-1].note == "space again"


def test_a_journal_that_is_closed_says_so(path: Path) -> None:
    journal = Journal(path)
    journal.close()
    journal.close()
    with pytest.raises(Unavailable, match="cannot be written"):
        journal.keep_work(call_work())


def test_due_commands_come_in_order_and_held_ones_wait(journal: Journal) -> None:
    first, held, third = _commands()[:3]
    journal.enqueue(first, 10)
    journal.enqueue(held, 99)
    journal.enqueue(third, 10)
    assert journal.next_due(5) == (None, 10)
    assert journal.next_due(20) == (first, None)
    journal.done(first.id)
    assert journal.next_due(20) == (third, None)
    journal.done(third.id)
    assert journal.next_due(20) == (None, 99)
    assert journal.next_due(99) == (held, None)


def test_only_a_held_command_is_withdrawn(journal: Journal) -> None:
    held, due = _commands()[:2]
    journal.enqueue(held, 100)
    journal.enqueue(due, 10)
    assert not journal.withdraw(due.id, lambda: 50)
    assert journal.withdraw(held.id, lambda: 50)
    assert not journal.withdraw(held.id, lambda: 50)
    assert journal.waiting_count() == 1


def test_a_decision_and_its_command_are_kept_together_or_not_at_all(journal: Journal) -> None:
    work, command = call_work(note="decided"), escalation(person())
    journal.enqueue(command, 0, work=work)
    with pytest.raises(Unavailable):
        journal.enqueue(command, 0, work=replace(work, note="twice"))  # the id is there
    assert ([kept.note for kept in journal.kept_work()], journal.waiting_count()) == (["decided"], 1)


def test_a_refused_command_is_sent_again_after_all_that_waits(journal: Journal) -> None:
    refused, waiting, later = _commands()[:3]
    for command in (refused, waiting):
        journal.enqueue(command, 0)
    journal.refuse(refused.id, "Claim it first.")
    assert [(entry.command, entry.reason) for entry in journal.entries()] == [
        (refused, "Claim it first."),
        (waiting, None),
    ]
    journal.retry(refused.id)
    journal.retry(waiting.id)  # was not refused: stays where it is
    journal.enqueue(later, 0)
    assert [entry.command for entry in journal.entries()] == [waiting, refused, later]
    assert {entry.reason for entry in journal.entries()} == {None}


def test_what_the_database_said_is_known_at_the_next_start(path: Path) -> None:
    ada = person()
    with closing(Journal(path)) as journal:
        assert journal.known("person", Person) is None
        journal.keep_known("person", ada)
    with closing(Journal(path)) as journal:
        known = journal.known("person", Person)
        assert known is not None and known[0] == ada
        assert journal.known("person", CallWork) is None  # it is something else
