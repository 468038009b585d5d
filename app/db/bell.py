"""Wakes a waiting thread at once, from any thread, also while it waits for a connection to say something."""

import selectors
import socket
from typing import Protocol


class HasSocket(Protocol):
    def fileno(self) -> int: ...


class Bell:
    """Rung, it rings until somebody waits for it; so nothing is missed between two waits."""

    def __init__(self) -> None:
        self._here, self._there = socket.socketpair()
        self._here.setblocking(False)
        self._there.setblocking(False)

    def ring(self) -> None:
        try:
            self._there.send(b"!")
        except (BlockingIOError, OSError):  # it rings already, or nobody waits any more
            return

    def wait(self, seconds: float, *others: HasSocket) -> bool:
        """Until it rings, one of the others has something to read, or the time is over; whether it was not the time."""
        with selectors.DefaultSelector() as selector:
            for source in (self._here, *others):
                selector.register(source, selectors.EVENT_READ)
            ready = [key.fileobj for key, _ in selector.select(max(0.0, seconds))]
        if self._here in ready:
            self._here.recv(4096)
        return bool(ready)

    def close(self) -> None:
        self._here.close()
        self._there.close()
