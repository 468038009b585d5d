"""A desk at work says so while its person has cases, looks after dead desks' cases, and otherwise asks nothing."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.bootstrap import open_desk
from app.db.engine import Database
from app.desk import at_work, sleeper
from app.desk.at_work import AtWork
from app.domain.cases import Level
from app.domain.commands import ClaimNext
from app.domain.errors import Unavailable
from app.domain.ids import new_id
from app.services.cases import Cases
from app.telephony.demo import DemoSource
from tests.builders import Seeded, escalation, seed
from tests.desk.test_desk import Listener
from tests.patience import LIMIT_S, wait_for

SPAN = timedelta(seconds=0.2)

DESK_AT_WORK = """
import sys
from pathlib import Path
from app.bootstrap import open_desk
from app.telephony.demo import DemoSource
from tests.desk.test_desk import Listener
desk = open_desk(sys.argv[1], sys.argv[2], Path(sys.argv[3]), lambda *_: DemoSource(()), undo_s=0.0)
desk.start(Listener())
print("open", flush=True)
sys.stdin.readline()
desk.stop()
"""


class Asked:
    """Stands where the database is asked, and says what was asked."""

    def __init__(self) -> None:
        self.has_cases = True
        self.left: timedelta | None = None
        self.error: Exception | None = None
        self.renewals = threading.Semaphore(0)
        self.looks = threading.Semaphore(0)
        self.count = 0
        self.meanwhile: list[Callable[[], None]] = []  # what is done while the database is asked for the first time

    def renew(self) -> bool:
        has_cases = self.has_cases
        if self.meanwhile:
            self.meanwhile.pop()()
        self._count(self.renewals)
        return has_cases

    def hand_back(self) -> timedelta | None:
        self._count(self.looks)
        return self.left

    def _count(self, kind: threading.Semaphore) -> None:
        self.count += 1
        kind.release()
        if self.error:
            raise self.error


def _times(kind: threading.Semaphore, count: int) -> None:
    for _ in range(count):
        assert kind.acquire(timeout=LIMIT_S)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RENEW_S", "SETTLED_S", "APART_S"):
        monkeypatch.setattr(at_work, name, 0.02)
    monkeypatch.setattr(sleeper, "AFTER_FAILURE_S", 0.02)


@contextmanager
def _at_work(asked: Asked) -> Iterator[AtWork]:
    made = AtWork(asked.renew, asked.hand_back, SPAN)
    made.start()
    try:
        yield made
    finally:
        made.stop()


@pytest.mark.usefixtures("quick")
def test_it_renews_as_long_as_there_are_cases_and_then_sleeps() -> None:
    asked = Asked()
    with _at_work(asked) as work:
        work.on_contact(True)
        _times(asked.renewals, 5)
        asked.has_cases = False
        _times(asked.looks, 1)
        _quiet(asked)
        asked.has_cases = True
        work.on_changed()
        _times(asked.renewals, 3)


@pytest.mark.usefixtures("quick")
def test_it_looks_again_when_the_next_lease_runs_out_and_else_never() -> None:
    asked = Asked()
    asked.has_cases, asked.left = False, timedelta(seconds=0.05)
    with _at_work(asked) as work:
        work.on_contact(True)
        _times(asked.looks, 4)
        asked.left = None
        _quiet(asked)
        work.on_changed()
        _times(asked.looks, 1)


def test_who_has_just_come_judges_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an outage all leases may have run out: first every desk renews its own."""
    monkeypatch.setattr(at_work, "RENEW_S", 0.02)
    asked = Asked()
    with _at_work(asked) as work:
        for _ in range(3):
            work.on_contact(True)
            work.on_changed()
            _times(asked.renewals, 3)
            work.on_contact(False)
    assert not asked.looks.acquire(blocking=False)


@pytest.mark.usefixtures("quick")
def test_a_case_that_comes_while_a_renewal_is_under_way_is_not_forgotten() -> None:
    """The answer on its way does not know of it yet."""
    asked = Asked()
    asked.has_cases = False
    with _at_work(asked) as work:
        asked.meanwhile.append(work.on_changed)
        work.on_contact(True)
        _times(asked.renewals, 2)
        _quiet(asked)


@pytest.mark.usefixtures("quick")
def test_without_contact_it_asks_nothing() -> None:
    asked = Asked()
    with _at_work(asked) as work:
        work.on_changed()
        work.on_contact(True)
        _times(asked.renewals, 2)
        work.on_contact(False)
        _quiet(asked)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("error", [Unavailable("The database is away."), KeyError("a bug")])
def test_what_fails_is_tried_again(error: Exception, expected_log: Callable[[str], None]) -> None:
    if isinstance(error, KeyError):
        expected_log("at work")
    asked = Asked()
    asked.error = error
    with _at_work(asked) as work:
        work.on_contact(True)
        _times(asked.renewals, 3)
        _times(asked.looks, 3)


def _quiet(asked: Asked) -> None:
    """What is under way may end; then nothing is asked any more, for a time in which it would be often."""
    limit_s = time.monotonic() + LIMIT_S
    while True:
        before = asked.count
        time.sleep(0.3)
        if asked.count == before:
            return
        assert time.monotonic() < limit_s


# --- the desk put together --------------------------------------------------------------------------------------------


@pytest.fixture
def centre(postgres_url: str) -> Iterator[Seeded]:
    """With a case that the expert has."""
    database = Database(postgres_url)
    seeded = seed(database)
    Cases(database).escalate(escalation(seeded.agent))
    expert = seeded.expert.id
    assert Cases(database).claim_next(ClaimNext(id=new_id(), by=expert, at=datetime.now(UTC), level=Level.SECOND))
    yield seeded
    database.close()


def _leases(url: str) -> int:
    database = Database(url)
    with database.read() as session:
        count: int = session.scalar(text("SELECT count(*) FROM lease WHERE until > now()")) or 0
    database.close()
    return count


def _until_leased(url: str) -> None:
    wait_for(lambda: _leases(url) == 1)


def test_a_desk_that_is_closed_in_order_takes_its_lease_back(postgres_url: str, centre: Seeded, tmp_path: Path) -> None:
    desk = open_desk(postgres_url, centre.expert.login, tmp_path, lambda *_: DemoSource(()), undo_s=0.0)
    desk.start(Listener())
    _until_leased(postgres_url)
    desk.stop()
    assert _leases(postgres_url) == 0


def test_the_lease_of_a_desk_that_is_killed_runs_out(postgres_url: str, centre: Seeded, tmp_path: Path) -> None:
    command = [sys.executable, "-c", DESK_AT_WORK, postgres_url, centre.expert.login, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as desk:
        assert desk.stdout
        assert desk.stdout.readline() == "open\n"
        _until_leased(postgres_url)
        desk.send_signal(signal.SIGKILL)
    assert _leases(postgres_url) == 1  # until its time is over


def test_the_desk_of_who_has_no_cases_has_no_lease(postgres_url: str, centre: Seeded, tmp_path: Path) -> None:
    desk = open_desk(postgres_url, centre.agent.login, tmp_path, lambda *_: DemoSource(()), undo_s=0.0)
    listener = Listener()
    desk.start(listener)
    assert listener.contact.get(timeout=LIMIT_S)
    time.sleep(0.5)
    assert _leases(postgres_url) == 0
    desk.stop()
