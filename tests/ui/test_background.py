"""Results come back on the UI thread, once, and only to those who still are there."""

import gc
import logging
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.errors import FirstlineError, Unavailable
from tests.patience import LIMIT_S
from ui.background import Background


@pytest.fixture
def lane() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


@pytest.fixture
def background(qapp: QApplication) -> Background:
    del qapp
    return Background()


def failing(error: Exception) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


def test_result_comes_on_the_ui_thread(background: Background, lane: ThreadPoolExecutor, qtbot: QtBot) -> None:
    threads: list[threading.Thread] = []
    results: list[int] = []

    def work() -> int:
        threads.append(threading.current_thread())
        return 7

    def done(result: int) -> None:
        threads.append(threading.current_thread())
        results.append(result)

    future = background.run(lane, work, owner=background, done=done)
    qtbot.waitUntil(lambda: results == [7])
    assert future.result() == 7
    assert threads[0] is not threading.main_thread()
    assert threads[1] is threading.main_thread()


def test_results_keep_the_order_of_the_lane(background: Background, lane: ThreadPoolExecutor, qtbot: QtBot) -> None:
    results: list[int] = []
    for number in range(200):
        background.run(lane, partial(int, number), owner=background, done=results.append)
    qtbot.waitUntil(lambda: len(results) == 200)
    assert results == list(range(200))


def test_destroyed_owner_hears_nothing(background: Background, lane: ThreadPoolExecutor, qtbot: QtBot) -> None:
    gate = threading.Event()
    owner = QObject()
    heard: list[object] = []
    ends: list[str] = []
    background.run(lane, gate.wait, owner=owner, done=heard.append, ended=lambda: ends.append("owner"))
    background.run(lane, lambda: 1, owner=background, done=heard.append)
    shiboken6.delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: heard == [1])
    assert ends == []


def test_owner_is_let_go_after_the_result(background: Background, lane: ThreadPoolExecutor, qtbot: QtBot) -> None:
    owner = QObject()
    alive = weakref.ref(owner)
    heard: list[int] = []
    background.run(lane, lambda: 1, owner=owner, done=heard.append)
    qtbot.waitUntil(lambda: heard == [1])
    del owner
    gc.collect()
    assert alive() is None


def test_error_goes_to_failed_or_to_the_signal(background: Background, lane: ThreadPoolExecutor, qtbot: QtBot) -> None:
    error = Unavailable("no database")
    heard: list[FirstlineError] = []
    ends: list[int] = []
    background.run(
        lane,
        failing(error),
        owner=background,
        done=lambda _: pytest.fail("done"),
        failed=heard.append,
        ended=lambda: ends.append(1),
    )
    qtbot.waitUntil(lambda: heard == [error] and ends == [1])
    with qtbot.waitSignal(background.error_raised) as signal:
        background.run(lane, failing(error), owner=background, done=lambda _: None)
    assert signal.args == [error]


def test_bug_is_logged_and_told(
    background: Background, lane: ThreadPoolExecutor, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    ends: list[int] = []
    with qtbot.waitSignal(background.crashed) as signal, caplog.at_level(logging.ERROR, "firstline"):
        background.run(
            lane,
            failing(KeyError("x")),
            owner=background,
            done=lambda _: None,
            failed=lambda _: pytest.fail("failed"),
            ended=lambda: ends.append(1),
        )
    assert signal.args == ["KeyError"]
    assert caplog.records[0].exc_info is not None
    qtbot.waitUntil(lambda: ends == [1])


def test_cancelled_work_only_ends(background: Background, lane: ThreadPoolExecutor, qtbot: QtBot) -> None:
    gate = threading.Event()
    lane.submit(gate.wait)
    ends: list[int] = []
    future = background.run(
        lane, lambda: 1, owner=background, done=lambda _: pytest.fail("done"), ended=lambda: ends.append(1)
    )
    assert future.cancel()
    gate.set()
    qtbot.waitUntil(lambda: ends == [1])


def test_stopped_lane_is_said_at_once(background: Background) -> None:
    lane = ThreadPoolExecutor(1)
    lane.shutdown()
    with pytest.raises(RuntimeError):
        background.run(lane, lambda: 1, owner=background, done=lambda _: None)


def test_deliver_from_any_thread(background: Background, qtbot: QtBot) -> None:
    heard: list[threading.Thread] = []
    thread = threading.Thread(target=lambda: background.deliver(lambda: heard.append(threading.current_thread())))
    thread.start()
    thread.join()
    assert heard == []
    qtbot.waitUntil(lambda: heard == [threading.main_thread()])


def test_deliver_after_the_end_is_quiet(background: Background) -> None:
    shiboken6.delete(background)
    background.deliver(lambda: pytest.fail("called"))


def test_window_goes_on_while_work_blocks(background: Background, lane: ThreadPoolExecutor, qtbot: QtBot) -> None:
    gate = threading.Event()
    results: list[bool] = []
    background.run(lane, lambda: gate.wait(LIMIT_S), owner=background, done=results.append)
    beats: list[int] = []
    for _ in range(5):
        background.deliver(lambda: beats.append(1))
    qtbot.waitUntil(lambda: len(beats) == 5)
    assert results == []
    gate.set()
    qtbot.waitUntil(lambda: results == [True])
