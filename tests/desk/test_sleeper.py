"""Work that is due is done while the database is there, once more when it is asked for meanwhile, and after errors."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.desk import sleeper
from app.desk.lookout import Lookout
from app.desk.sleeper import Sleeper
from app.domain.errors import Unavailable
from tests.conftest import ExpectedLog
from tests.patience import LIMIT_S

NEVER_S = 10_000.0


class Work:
    """Is done as often as the test lets it, and says how often it was."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Semaphore(0), threading.Semaphore(0)
        self.count = 0
        self.errors: list[Exception] = []

    def __call__(self) -> float:
        self.count += 1
        self.begun.release()
        assert self.may_end.acquire(timeout=LIMIT_S)
        if self.errors:
            raise self.errors.pop()
        return NEVER_S

    def has_begun(self) -> bool:
        return self.begun.acquire(timeout=LIMIT_S)


@contextmanager
def asleep(work: Work) -> Iterator[Sleeper]:
    made = Sleeper("test sleeper", work)
    made.start()
    try:
        yield made
    finally:
        for _ in range(9):
            work.may_end.release()
        made.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "test sleeper"]


def test_nothing_is_done_until_the_database_is_there() -> None:
    work = Work()
    with asleep(work) as it:
        it.hurry(0.0)
        assert work.count == 0
        it.on_contact(True)
        assert work.has_begun()


def test_what_is_asked_for_during_the_work_is_done_afterwards() -> None:
    work = Work()
    with asleep(work) as it:
        it.on_contact(True)
        assert work.has_begun()
        it.hurry(0.0)  # what changed just now this work may not have seen
        work.may_end.release()
        assert work.has_begun()
        work.may_end.release()
    assert work.count == 2


def test_each_contact_is_a_reason_to_work() -> None:
    work = Work()
    with asleep(work) as it:
        for _ in range(3):
            it.on_contact(True)
            assert work.has_begun()
            it.on_contact(False)
            work.may_end.release()


@pytest.mark.parametrize("error", [Unavailable("away"), KeyError("bug")])
def test_after_an_error_it_goes_on(
    error: Exception, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectedLog
) -> None:
    monkeypatch.setattr(sleeper, "AFTER_FAILURE_S", 0.01)
    if isinstance(error, KeyError):
        expected_log("ERROR firstline.desk: test sleeper")
    work = Work()
    work.errors.append(error)
    with asleep(work) as it:
        it.on_contact(True)
        for _ in range(2):
            assert work.has_begun()
            work.may_end.release()
    assert work.count == 2


def test_a_lookout_whose_turn_it_is_not_looks_again_soon_for_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.desk.lookout.SOON_S", (0.0, 0.0))
    monkeypatch.setattr("app.desk.lookout.AGAIN_S", (0.01, 0.01))
    turns, looked = [False, True], threading.Event()
    it = Lookout(lambda: turns.pop(0), looked.set)
    it.start()
    it.on_changed()
    it.on_contact(True)
    assert looked.wait(LIMIT_S)
    it.stop()
    assert turns == []
