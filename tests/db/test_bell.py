"""A bell wakes who waits, at once, from any thread, and is not missed by who waits later."""

import socket
import threading
from collections.abc import Iterator

import pytest

from app.db.bell import Bell
from tests.patience import LIMIT_S


@pytest.fixture
def bell() -> Iterator[Bell]:
    made = Bell()
    yield made
    made.close()


def test_rung_from_another_thread_it_ends_the_wait(bell: Bell) -> None:
    ringing = threading.Timer(0.05, bell.ring)
    ringing.start()
    assert bell.wait(LIMIT_S)
    ringing.join()


def test_rung_before_it_is_heard_once(bell: Bell) -> None:
    for _ in range(3):
        bell.ring()
    assert bell.wait(LIMIT_S)
    assert not bell.wait(0)


def test_what_else_is_waited_for_ends_the_wait(bell: Bell) -> None:
    here, there = socket.socketpair()
    with here, there:
        assert not bell.wait(0, here)
        there.send(b"!")
        assert bell.wait(LIMIT_S, here)


def test_it_may_be_rung_for_ever_and_after_the_end(bell: Bell) -> None:
    for _ in range(100_000):
        bell.ring()
    bell.close()
    bell.ring()
