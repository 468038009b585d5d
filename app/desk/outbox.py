"""Delivers the desk's commands to the shared database: in order, exactly once, and again until it works.

A command is in the journal before the screen confirms it. The database records its id in the same transaction, so
one whose answer was lost is simply sent again. A refused command comes back to the person with the reason.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from app.desk.journal import Journal
from app.domain.commands import AnyCommand
from app.domain.errors import NotAllowed, NotFound, Unavailable
from app.i18n import tr

RETRY_S = (0.5, 10.0)

_log = logging.getLogger("firstline.outbox")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxStatus:
    """What is not yet delivered, and the sentence of what hinders it (empty: nothing does)."""

    waiting_count: int
    refused_count: int
    hindrance: str = ""


class Outbox:
    """A thread that delivers. `send` and `withdraw` write to the disk: call them on a lane, never on the UI thread."""

    def __init__(
        self,
        journal: Journal,
        apply: Callable[[AnyCommand], object],
        on_status: Callable[[OutboxStatus], None],
        on_delivered: Callable[[AnyCommand], None] = lambda _: None,
    ) -> None:
        self._journal = journal
        self._apply = apply
        self._on_status = on_status
        self._on_delivered = on_delivered
        self._wake = threading.Condition()
        self._is_stopping = False
        self._has_news = False
        self._status = OutboxStatus(waiting_count=0, refused_count=0)
        self._hindrance = ""
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the command under way; the rest waits in the journal for the next start."""
        with self._wake:
            self._is_stopping = True
            self._wake.notify()
        self._thread.join()

    def send(self, command: AnyCommand, *, hold_s: float = 0.0) -> None:
        """Durable when this returns; delivered at once, or after `hold_s`, in which it can be withdrawn."""
        self._journal.enqueue(command, time.time() + hold_s)
        self._tell()
        self._nudge()

    def withdraw(self, command_id: UUID) -> bool:
        """Undo a held command; False when it is too late."""
        was_held = self._journal.withdraw(command_id, time.time())
        self._tell()
        return was_held

    def retry_now(self) -> None:
        """The database is back: do not wait for the next attempt."""
        self._nudge()

    def dismiss(self, command_id: UUID) -> None:
        """The person has seen the refused command and kept what they need of it."""
        self._journal.done(command_id)
        self._tell()

    def _nudge(self) -> None:
        with self._wake:
            self._has_news = True
            self._wake.notify()

    def _run(self) -> None:
        retry_s = RETRY_S[0]
        while not self._is_stopping:
            try:
                command, due_at_s = self._journal.next_due(time.time())
                if command is None:
                    self._clear_hindrance()
                    self._wait(None if due_at_s is None else max(0.0, due_at_s - time.time()))
                    continue
                self._deliver(command)
                retry_s = RETRY_S[0]
            except Unavailable as error:
                self._hindrance = str(error)
                self._tell()
                self._wait(retry_s * random.uniform(0.5, 1.5))
                retry_s = min(retry_s * 2, RETRY_S[1])

    def _deliver(self, command: AnyCommand) -> None:
        try:
            self._apply(command)
        except (NotAllowed, NotFound) as error:
            self._journal.refuse(command.id, str(error))
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 - the edge of this thread: one broken command must not hold up all others
            _log.exception("command %s %s", type(command).__name__, command.id)
            self._journal.refuse(
                command.id, tr("Firstline made a mistake here. Your text is kept; tell your administrator.")
            )
        else:
            self._journal.done(command.id)
            self._on_delivered(command)
        self._hindrance = ""
        self._tell()

    def _clear_hindrance(self) -> None:
        """What was hindered is withdrawn, or the journal can be read again."""
        if self._hindrance:
            self._hindrance = ""
            self._tell()

    def _wait(self, seconds: float | None) -> None:
        with self._wake:
            if not self._has_news and not self._is_stopping:
                self._wake.wait(seconds)
            self._has_news = False

    def _tell(self) -> None:
        try:
            self._status = OutboxStatus(
                waiting_count=self._journal.waiting_count(),
                refused_count=len(self._journal.refused()),
                hindrance=self._hindrance,
            )
        except Unavailable as error:  # the journal itself is at fault: the counts stay what they were
            self._status = replace(self._status, hindrance=self._hindrance or str(error))
        self._on_status(self._status)
