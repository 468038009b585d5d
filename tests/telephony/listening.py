"""A receiver of a call source's news that waits for the next one, with a limit; and what a source leaves behind."""

import queue
from collections.abc import Iterator
from multiprocessing import resource_tracker
from pathlib import Path

from app.domain.calls import CallEvent, EventKind
from app.telephony.source import SourceState, SourceStatus
from tests.patience import LIMIT_S


class Listener:
    """Keeps events and states in the order in which they came."""

    def __init__(self) -> None:
        self.events: queue.Queue[CallEvent] = queue.Queue()
        self.statuses: queue.Queue[SourceStatus] = queue.Queue()

    def event(self, kind: EventKind, limit_s: float = LIMIT_S) -> CallEvent:
        """The next event, which must be of this kind."""
        event = self.events.get(timeout=limit_s)
        assert event.kind is kind, event
        return event

    def status(self, state: SourceState, limit_s: float = LIMIT_S) -> SourceStatus:
        """The next state, which must be this one."""
        status = self.statuses.get(timeout=limit_s)
        assert status.state is state, status
        return status


_SHARED = ("postgres", "Xvfb")


def children() -> Iterator[tuple[int, str]]:
    """Process id and name of this process's children, less the servers that all tests share.

    One of these is Python's own: after the first use of `multiprocessing` it keeps a process until the end.
    """
    tracker = getattr(resource_tracker, "_resource_tracker", None)
    for listing in Path("/proc/self/task").glob("*/children"):
        try:
            pids = listing.read_text().split()
        except (FileNotFoundError, ProcessLookupError):  # a thread that ended meanwhile
            continue
        for pid in pids:
            comm = Path(f"/proc/{pid}/comm")
            name = comm.read_text().strip() if comm.exists() else ""
            if name not in _SHARED and int(pid) != getattr(tracker, "_pid", None):
                yield int(pid), name
