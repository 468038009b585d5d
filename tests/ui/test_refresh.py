"""However often a refresh is asked for, one query runs and at most one is owed."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.errors import FirstlineError, Unavailable
from tests.conftest import ExpectedLog
from tests.patience import LIMIT_S
from ui.background import Background
from ui.refresh import Latest, Refresher


class Source:
    """A query that waits until the test lets it pass."""

    def __init__(self) -> None:
        self.runs = 0
        self.gate = threading.Semaphore(0)
        self.error: Exception | None = None

    def query(self) -> int:
        self.gate.acquire(timeout=LIMIT_S)
        self.runs += 1
        if self.error:
            raise self.error
        return self.runs


@pytest.fixture
def lane() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def shown() -> list[int]:
    return []


@pytest.fixture
def refresher(qapp: QApplication, lane: ThreadPoolExecutor, source: Source, shown: list[int]) -> Refresher[int]:
    return Refresher(Background(qapp), lane, source.query, shown.append, QObject(qapp))


def test_many_requests_are_two_queries(
    refresher: Refresher[int], source: Source, shown: list[int], qtbot: QtBot
) -> None:
    for _ in range(50):
        refresher.refresh()
    source.gate.release(10)
    qtbot.waitUntil(lambda: shown == [1, 2] and not refresher.is_under_way)
    assert refresher.last_success_at is not None
    assert refresher.last_success_at.tzinfo is UTC


def test_failure_is_told_and_the_next_works(
    refresher: Refresher[int], source: Source, shown: list[int], qtbot: QtBot
) -> None:
    source.error = Unavailable("away")
    source.gate.release(2)
    errors: list[FirstlineError] = []
    refresher.failed.connect(errors.append)
    refresher.refresh()
    qtbot.waitUntil(lambda: len(errors) == 1 and not refresher.is_under_way)
    assert refresher.last_success_at is None
    source.error = None
    refresher.refresh()
    qtbot.waitUntil(lambda: shown == [2])


def test_bug_does_not_stop_the_next(
    refresher: Refresher[int], source: Source, shown: list[int], qtbot: QtBot, expected_log: ExpectedLog
) -> None:
    expected_log("work in the background failed")
    source.error = KeyError("bug")
    source.gate.release(2)
    refresher.refresh()
    qtbot.waitUntil(lambda: not refresher.is_under_way)
    source.error = None
    refresher.refresh()
    qtbot.waitUntil(lambda: shown == [2])


def test_answer_to_the_old_question_is_not_shown(
    refresher: Refresher[int], source: Source, shown: list[int], qtbot: QtBot
) -> None:
    refresher.refresh()
    refresher.ask(lambda: 40)
    refresher.ask(lambda: 41)
    source.gate.release()
    qtbot.waitUntil(lambda: shown == [41] and not refresher.is_under_way)


def test_what_runs_while_more_becomes_known_is_not_shown(
    refresher: Refresher[int], source: Source, shown: list[int], qtbot: QtBot
) -> None:
    refresher.refresh()
    refresher.overtake()
    source.gate.release(2)
    qtbot.waitUntil(lambda: shown == [2] and not refresher.is_under_way)


def test_only_the_newest_of_different_reads_is_shown(qapp: QApplication, source: Source, qtbot: QtBot) -> None:
    """Also when it ends first; and an error of an older one is nobody's any more."""
    shown: list[object] = []
    background = Background(qapp)
    with ThreadPoolExecutor(2) as lanes:
        latest = Latest(background, lanes, QObject(qapp))
        latest.read(source.query, shown.append, shown.append)
        latest.read(lambda: 40, shown.append, shown.append)
        qtbot.waitUntil(lambda: shown == [40])
        source.gate.release()
        qtbot.waitUntil(lambda: not background._jobs)
        source.error = Unavailable("away")
        latest.read(source.query, shown.append, shown.append)
        latest.drop()
        latest.read(source.query, shown.append, shown.append)
        source.gate.release(2)
        qtbot.waitUntil(lambda: not background._jobs)
    assert shown == [40, source.error]


def test_ends_with_its_owner(
    qapp: QApplication, lane: ThreadPoolExecutor, source: Source, shown: list[int], qtbot: QtBot
) -> None:
    owner = QObject()
    background = Background(qapp)
    refresher = Refresher(background, lane, source.query, shown.append, owner)
    refresher.refresh()
    shiboken6.delete(owner)
    assert not shiboken6.isValid(refresher)
    source.gate.release()
    passed: list[int] = []
    background.run(lane, lambda: 1, owner=background, done=passed.append)
    qtbot.waitUntil(lambda: passed == [1])
    assert shown == []
