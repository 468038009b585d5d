"""The desk put together: what is typed, sent and read goes where it belongs."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from queue import Queue

import pytest

from app.bootstrap import Desk, open_desk
from app.db.engine import Database
from app.desk.journal import Journal
from app.desk.keeper import INTERVAL_S
from app.desk.outbox import ClaimAnswer, OutboxStatus
from app.domain.answers import Audience
from app.domain.calls import CallEvent
from app.domain.commands import AnyCommand
from app.domain.errors import NotFound, Unavailable
from app.domain.ids import new_id
from app.domain.topics import Topic
from app.domain.work import Outcome
from app.services.answers import Answers
from app.services.case_lists import CaseLists
from app.telephony.demo import DemoSource
from app.telephony.source import SourceStatus
from tests.builders import Seeded, answer, call_work, escalation, record_call
from tests.conftest import ExpectedLog
from tests.patience import LIMIT_S, wait_for

KEY_STROKES = 300


class Listener:
    """Somebody who is told; what matters here is kept."""

    def __init__(self) -> None:
        self.journal: Queue[str] = Queue()
        self.delivered: Queue[AnyCommand] = Queue()
        self.answer_counts: Queue[int] = Queue()
        self.contact: Queue[bool] = Queue()

    def on_call_event(self, event: CallEvent) -> None: ...

    def on_source_status(self, status: SourceStatus) -> None: ...

    def on_topics_changed(self, topics: frozenset[Topic]) -> None: ...

    def on_contact_changed(self, is_there: bool, why: str = "") -> None:
        self.contact.put(is_there)

    def on_outbox_changed(self, status: OutboxStatus) -> None: ...

    def on_delivered(self, command: AnyCommand) -> None:
        self.delivered.put(command)

    def on_claim_answered(self, answer: ClaimAnswer) -> None: ...

    def on_journal_changed(self, sentence: str) -> None:
        self.journal.put(sentence)

    def on_problems_changed(self) -> None: ...

    def on_answers_changed(self, answer_count: int) -> None:
        self.answer_counts.put(answer_count)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "desk"


def _open(url: str, login: str, folder: Path) -> Desk:
    return open_desk(url, login, folder, lambda *_: DemoSource(()), undo_s=0.0)


def hold_up(desk: Desk) -> threading.Event:
    """The disk is busy with another write until the event is set."""
    is_writing, may_go_on = threading.Event(), threading.Event()

    def write() -> None:
        is_writing.set()
        assert may_go_on.wait(LIMIT_S)

    desk._keeper.keep(new_id(), write)
    assert is_writing.wait(LIMIT_S)
    return may_go_on


@pytest.fixture
def desk(database_url: str, centre: Seeded, folder: Path, listener: Listener) -> Iterator[Desk]:
    opened = _open(database_url, centre.agent.login, folder)
    opened.start(listener)
    yield opened
    opened.stop()


def test_of_fast_key_strokes_the_newest_is_kept(desk: Desk, listener: Listener, folder: Path) -> None:
    work = call_work()
    for count in range(1, KEY_STROKES + 1):
        desk.keep(replace(work, note="x" * count))
    desk.stop()
    assert 1 <= listener.journal.qsize() < KEY_STROKES
    journal = Journal(folder / "journal.db")
    assert [len(kept.note) for kept in journal.kept_work()] == [KEY_STROKES]
    journal.close()


def test_keeping_does_not_wait_for_the_disk(desk: Desk, listener: Listener) -> None:
    may_go_on, work = hold_up(desk), call_work()
    for note in ("first", "second", "third"):
        desk.keep(replace(work, note=note))
    assert desk.journal.kept_work() == ()
    may_go_on.set()
    assert [listener.journal.get(timeout=LIMIT_S) for _ in range(2)] == ["", ""]
    assert [kept.note for kept in desk.journal.kept_work()] == ["third"]


def test_a_call_forgotten_while_it_waits_to_be_kept_stays_forgotten(desk: Desk) -> None:
    may_go_on, work = hold_up(desk), call_work()
    desk.keep(work)
    desk.forget(work.call.id)
    desk.lanes.journal.submit(bool).result(LIMIT_S)
    may_go_on.set()
    desk._keeper.stop()
    assert desk.journal.kept_work() == ()


def test_a_call_is_forgotten_only_when_what_was_typed_in_it_is_in_the_outbox(desk: Desk, listener: Listener) -> None:
    """A program that is killed between the two would have lost it."""
    work, other, may_go_on = call_work(note="typed"), call_work(), threading.Event()
    desk.keep(work)
    assert listener.journal.get(timeout=LIMIT_S) == ""
    desk.lanes.journal.submit(may_go_on.wait)
    sent = desk.send(record_call(work.call, desk.person), hold_s=60.0)
    desk.forget(work.call.id, sent)
    desk.keep(other)
    assert listener.journal.get(timeout=LIMIT_S) == ""
    assert {kept.call.id for kept in desk.journal.kept_work()} == {work.call.id, other.call.id}
    may_go_on.set()
    wait_for(lambda: [kept.call.id for kept in desk.journal.kept_work()] == [other.call.id])
    assert desk.journal.waiting_count() == 1


def test_a_call_whose_record_the_disk_did_not_take_is_not_forgotten(
    desk: Desk, listener: Listener, folder: Path
) -> None:
    work = call_work(note="typed")
    desk.keep(work)
    assert listener.journal.get(timeout=LIMIT_S) == ""
    refused: Future[None] = Future()
    refused.set_exception(Unavailable("no space left"))
    desk.forget(work.call.id, refused)
    desk.stop()
    journal = Journal(folder / "journal.db")
    assert [kept.note for kept in journal.kept_work()] == ["typed"]
    journal.close()


def test_a_key_stroke_that_waits_does_not_undo_what_is_decided(desk: Desk) -> None:
    may_go_on, work = hold_up(desk), call_work(note="typed")
    desk.keep(work)
    sent = desk.send(escalation(desk.person), hold_s=60.0, work=replace(work, outcome=Outcome.ESCALATED))
    may_go_on.set()
    sent.result(LIMIT_S)
    desk._keeper.stop()  # with all that waits there
    assert [kept.outcome for kept in desk.journal.kept_work()] == [Outcome.ESCALATED]


def test_what_is_typed_after_the_decision_is_kept(desk: Desk) -> None:
    may_go_on, work = hold_up(desk), call_work(note="typed")
    done = replace(work, outcome=Outcome.ESCALATED)
    sent = desk.send(escalation(desk.person), hold_s=60.0, work=done)
    desk.keep(replace(done, note="typed on"))
    may_go_on.set()
    sent.result(LIMIT_S)
    desk._keeper.stop()
    assert [(kept.outcome, kept.note) for kept in desk.journal.kept_work()] == [(Outcome.ESCALATED, "typed on")]


def test_of_a_decision_that_the_disk_does_not_take_the_typing_is_kept(desk: Desk) -> None:
    may_go_on, work = hold_up(desk), call_work(note="typed")
    desk.keep(work)
    desk.journal._connection.execute("PRAGMA max_page_count = 1")
    sent = desk.send(escalation(desk.person, note="x" * 100_000), work=replace(work, outcome=Outcome.ESCALATED))
    may_go_on.set()
    with pytest.raises(Unavailable, match="no space left"):
        sent.result(LIMIT_S)
    desk.journal._connection.execute("PRAGMA max_page_count = 1000000")
    desk._keeper.stop()
    assert [(kept.outcome, kept.note) for kept in desk.journal.kept_work()] == [(None, "typed")]


def test_what_is_taken_back_is_undecided_at_once(desk: Desk) -> None:
    work, command = call_work(), escalation(desk.person)
    desk.send(command, hold_s=60.0, work=replace(work, outcome=Outcome.ESCALATED)).result(LIMIT_S)
    assert desk.withdraw(command.id, work)
    assert [kept.outcome for kept in desk.journal.kept_work()] == [None]
    desk.keep(replace(work, outcome=Outcome.SOLVED))
    assert not desk.withdraw(command.id, work)  # too late; it says so, and changes nothing
    desk._keeper.stop()
    assert [kept.outcome for kept in desk.journal.kept_work()] == [Outcome.SOLVED]


def test_a_full_disk_is_told_and_its_end_too(desk: Desk, listener: Listener) -> None:
    desk.journal._connection.execute("PRAGMA max_page_count = 1")
    desk.keep(call_work(note="x" * 100_000))
    assert "no space left" in listener.journal.get(timeout=LIMIT_S)
    assert desk.journal.kept_work() == ()
    desk.journal._connection.execute("PRAGMA max_page_count = 1000000")
    assert listener.journal.get(timeout=LIMIT_S) == ""
    assert [len(kept.note) for kept in desk.journal.kept_work()] == [100_000]  # without another key stroke


def test_what_cannot_be_kept_keeps_nothing_else_away(desk: Desk, listener: Listener, expected_log: ExpectedLog) -> None:
    expected_log("ERROR firstline.*: journal")
    may_go_on = hold_up(desk)
    desk.keep(call_work(note="half a sign: \ud83e"))
    desk.keep(call_work(note="whole"))
    may_go_on.set()
    assert listener.journal.get(timeout=LIMIT_S) == ""
    assert "made a mistake" in listener.journal.get(timeout=LIMIT_S)
    assert [kept.note for kept in desk.journal.kept_work()] == ["whole"]


def test_a_command_reaches_the_database(desk: Desk, listener: Listener, database: Database, centre: Seeded) -> None:
    command = escalation(centre.agent)
    desk.send(command).result(LIMIT_S)
    assert listener.delivered.get(timeout=LIMIT_S) == command
    assert [line.id for line in CaseLists(database).watched_by(centre.agent.id)] == [command.case.id]


def test_published_answers_reach_the_desk_by_themselves(desk: Desk, listener: Listener, database: Database) -> None:
    Answers(database).publish([answer("restart"), answer("flash", audience=Audience.SECOND)])
    while listener.answer_counts.get(timeout=LIMIT_S) != 1:  # the one for first level
        pass
    (hit,) = desk.index.search("plug")
    assert hit.answer.key == "restart"


def test_second_level_reads_the_answers_of_both(
    database: Database, database_url: str, centre: Seeded, folder: Path, listener: Listener
) -> None:
    Answers(database).publish([answer("restart"), answer("flash", audience=Audience.SECOND)])
    desk = _open(database_url, centre.expert.login, folder)
    desk.start(listener)
    assert listener.answer_counts.get(timeout=LIMIT_S) == 2
    desk.stop()


def test_a_second_window_at_one_desk_is_refused(desk: Desk, database_url: str, centre: Seeded, folder: Path) -> None:
    assert desk.person == centre.agent
    with pytest.raises(Unavailable, match="already runs on this desk"):
        _open(database_url, centre.agent.login, folder)


def test_a_stranger_leaves_nothing_open(database_url: str, centre: Seeded, folder: Path) -> None:
    with pytest.raises(NotFound, match="Nobody signs in as “nobody”"):
        _open(database_url, "nobody", folder)
    assert not folder.exists()
    _open(database_url, centre.agent.login, folder).stop()  # never started


def test_stopping_twice_does_no_harm(desk: Desk, listener: Listener) -> None:
    assert listener.contact.get(timeout=LIMIT_S)
    desk.stop()


def test_while_somebody_types_the_disk_is_written_at_most_every_300_ms(desk: Desk, listener: Listener) -> None:
    work, began_s, count = call_work(), time.monotonic(), 0
    while listener.journal.qsize() < 4:
        assert time.monotonic() < began_s + LIMIT_S
        count += 1
        desk.keep(replace(work, note="x" * count))
        threading.Event().wait(0.01)
    desk.stop()
    assert listener.journal.qsize() <= 2 + int((time.monotonic() - began_s) / INTERVAL_S)
    assert listener.journal.qsize() < count


def test_what_another_process_publishes_is_found_by_itself(
    desk: Desk, listener: Listener, command_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "new.csv"
    file.write_text("key,language,title,body\nnew,en,Blinking turbine,Stop it\n")
    program = "import sys; from app.cli import main; main(sys.argv[1:])"
    arguments = ("answers", "import", str(file), "--apply", "--database", command_url)
    subprocess.run([sys.executable, "-c", program, *arguments], check=True, capture_output=True)
    while not desk.index.search("turbine"):
        listener.answer_counts.get(timeout=LIMIT_S)
