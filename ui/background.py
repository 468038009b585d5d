"""Work away from the UI thread: results come back through one QObject, and nothing else crosses threads."""

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from dataclasses import dataclass
from itertools import count
from queue import SimpleQueue
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from app.domain.errors import FirstlineError

R = TypeVar("R")

_log = logging.getLogger("firstline")


@dataclass(frozen=True, slots=True)
class _Job:
    """What waits on the UI thread for a result."""

    owner: QObject
    done: Callable[[Any], None]
    failed: Callable[[FirstlineError], None] | None
    ended: Callable[[], None] | None


class Background(QObject):
    """Runs work in the lanes and calls back on the UI thread, in the order in which work ends.

    A worker never holds an owner, a callback or any other QObject: were it the last to let go, Qt would destroy the
    object on the wrong thread. It holds a number; the callbacks wait here under that number.
    """

    error_raised = Signal(object)
    """A FirstlineError that nobody asked for by `failed`."""

    crashed = Signal(str)
    """The name of an exception that is our own bug; it is in the log with its traceback."""

    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: dict[int, _Job] = {}
        self._numbers = count()
        self._mail: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._is_closed = False
        self._woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        executor: Executor,
        work: Callable[[], R],
        *,
        owner: QObject,
        done: Callable[[R], None],
        failed: Callable[[FirstlineError], None] | None = None,
        ended: Callable[[], None] | None = None,
    ) -> Future[R]:
        """Do `work` in a lane, then call `done` with its result; call this on the UI thread.

        Args:
            work: a `functools.partial` over plain values, never over a QObject.
            owner: when it is destroyed before the work ends, none of the callbacks is called.
            failed: called instead of `done` with a FirstlineError; without it `error_raised` is emitted.
            ended: called last, whatever happened: result, error, bug or cancellation.
        """
        if self._is_closed:
            refused: Future[R] = Future()
            refused.cancel()
            return refused
        number = next(self._numbers)
        self._jobs[number] = _Job(owner, done, failed, ended)
        try:
            future = executor.submit(work)
        except RuntimeError:  # the lane was stopped
            del self._jobs[number]
            raise
        future.add_done_callback(lambda finished: self.deliver(lambda: self._finish(number, finished)))
        return future

    def deliver(self, call: Callable[[], None]) -> None:
        """Call `call` on the UI thread soon; from any thread, in the order of the deliveries."""
        self._mail.put(call)
        try:
            self._woken.emit()
        except RuntimeError:  # the window is gone and this object with it: nobody is left to be told
            _log.debug("a result came after the end")

    def close(self) -> None:
        """The desk ends: nothing is begun any more, and what still comes back is dropped."""
        self._is_closed = True
        self._jobs.clear()

    def _on_woken(self) -> None:
        call = self._mail.get_nowait()
        if not self._is_closed:
            call()

    def _finish(self, number: int, future: Future[Any]) -> None:
        job = self._jobs.pop(number)
        if not isValid(job.owner):
            return
        try:
            self._tell(job, future)
        finally:
            if job.ended and isValid(job.owner):
                job.ended()

    def _tell(self, job: _Job, future: Future[Any]) -> None:
        try:
            error = future.exception()
        except CancelledError:
            return
        if error is None:
            job.done(future.result())
        elif isinstance(error, FirstlineError):
            (job.failed or self.error_raised.emit)(error)
        else:
            _log.error("work in the background failed", exc_info=error)
            self.crashed.emit(type(error).__name__)
