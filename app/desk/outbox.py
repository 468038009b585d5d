"""Delivers the desk's commands to the shared database: in order, exactly once, and again until it works.

A command is in the journal before the screen confirms it. The database records its id in the same transaction, so
one whose answer was lost is simply sent again. A refused command comes back to the person with the reason.

A claim is the exception: whoever claims waits for the case now. When the database does not answer, the person is told
that nothing was claimed, and from then on the claim is only settled: the database says whether it was carried out
before the answer was lost, and takes care that it never will be.
"""

import logging
import math
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from uuid import UUID

from app.desk.journal import Entry, Journal
from app.domain.commands import AnyCommand, Claim
from app.domain.errors import NotAllowed, NotFound, Unavailable
from app.domain.work import CallWork
from app.i18n import tr

RETRY_S = (0.5, 10.0)
CLAIM_WITHIN_S = 10.0  # how long somebody waits for the case that they claim

_log = logging.getLogger("firstline.outbox")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxStatus:
    """What is not yet delivered, and the sentence of what hinders it (empty: nothing does)."""

    waiting_count: int
    refused_count: int
    hindrance: str = ""
    waiting_since: datetime | None = None  # the oldest that waits


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAnswer:
    """What came of a claim.

    Attributes:
        case_id: the case that is the person's now; None: nothing waits, or it was not claimed.
        not_claimed: the sentence of why not; empty: the database has answered.
        is_late: it had been told as not claimed, or the program was started anew meanwhile.
    """

    command: Claim
    case_id: UUID | None = None
    not_claimed: str = ""
    is_late: bool = False


class Outbox:
    """A thread that delivers. `send` and `withdraw` write to the disk: call them on a lane, never on the UI thread."""

    def __init__(
        self,
        journal: Journal,
        apply: Callable[[AnyCommand], object],
        on_status: Callable[[OutboxStatus], None],
        on_delivered: Callable[[AnyCommand], None] = lambda _: None,
        *,
        settle: Callable[[Claim], UUID | None] | None = None,
        on_claim_answered: Callable[[ClaimAnswer], None] = lambda _: None,
    ) -> None:
        """
        Args:
            apply: does a command, once, and gives the id of what it was about.
            settle: gives the case of a claim that was carried out, and sees to it that one that was not never will be.
        """
        self._journal = journal
        self._apply = apply
        self._settle = settle or apply
        self._on_status = on_status
        self._on_delivered = on_delivered
        self._on_claim_answered = on_claim_answered
        self._began_s = time.time() - _clock_s()
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

    def flush(self) -> None:
        """Deliver what is left, also what is held back for undo, after `stop`; what cannot be delivered stays."""
        self._journal.expire_claims()
        try:
            while command := self._journal.next_due(math.inf)[0]:
                self._deliver(command)
        except Unavailable:  # the outbox of the next start tells what hinders it
            return

    def send(self, command: AnyCommand, *, hold_s: float = 0.0, work: CallWork | None = None) -> None:
        """Durable when this returns; delivered at once, or after `hold_s`, in which it can be withdrawn.

        With `work` that is kept in the same transaction.
        """
        now_s = self._now_s()
        until_s = now_s + CLAIM_WITHIN_S if isinstance(command, Claim) else None
        self._journal.enqueue(command, now_s + hold_s, until_s=until_s, work=work)
        self._tell()
        self._nudge()

    def withdraw(self, command_id: UUID, work: CallWork | None = None) -> bool:
        """Undo a held command; False when it is too late."""
        was_held = self._journal.withdraw(command_id, self._now_s, work)
        self._tell()
        return was_held

    def retry_now(self) -> None:
        """The database is back: do not wait for the next attempt."""
        self._nudge()

    def dismiss(self, command_id: UUID) -> None:
        """The person has seen the refused command and kept what they need of it."""
        self._journal.done(command_id)
        self._tell()

    def retry(self, command_id: UUID) -> None:
        """Deliver a refused command once more, after all that waits."""
        self._journal.retry(command_id)
        self._tell()
        self._nudge()

    def restore(self, entry: Entry) -> None:
        """What was dismissed just now is there again."""
        self._journal.put_back(entry)
        self._tell()

    def _now_s(self) -> float:
        """Seconds of the epoch by the clock as it was at the start: set back since, it would hold up what is sent."""
        return self._began_s + _clock_s()

    def _nudge(self) -> None:
        with self._wake:
            self._has_news = True
            self._wake.notify()

    def _run(self) -> None:
        retry_s = RETRY_S[0]
        while not self._is_stopping:
            try:
                command, due_at_s = self._journal.next_due(self._now_s())
                if command is None:
                    self._tell_what_changed()
                    self._wait(None if due_at_s is None else max(0.0, due_at_s - self._now_s()))
                    continue
                self._deliver(command)
                retry_s = RETRY_S[0]
            except Unavailable as error:
                self._hindrance = str(error)
                self._expire_claims(tr("Not claimed: the database does not answer."))
                self._tell()
                self._wait(retry_s * random.uniform(0.5, 1.5))
                retry_s = min(retry_s * 2, RETRY_S[1])

    def _deliver(self, command: AnyCommand) -> None:
        try:
            if isinstance(command, Claim):
                self._claim(command)
            else:
                self._apply(command)
        except (NotAllowed, NotFound) as error:
            self._refuse(command, str(error))
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 - the edge of this thread: one broken command must not hold up all others
            _log.exception("command %s %s", type(command).__name__, command.id)
            self._refuse(command, tr("Firstline made a mistake here. Your text is kept; tell your administrator."))
        else:
            self._journal.done(command.id)
            self._on_delivered(command)
        self._hindrance = ""
        self._tell()

    def _claim(self, command: Claim) -> None:
        """Carry the claim out, or settle it when nobody waits for it any more."""
        is_late = self._journal.is_expired(command.id, self._now_s())
        case_id = cast("UUID | None", (self._settle if is_late else self._apply)(command))
        sentence = tr("Not claimed: the database took too long.") if is_late and case_id is None else ""
        self._on_claim_answered(ClaimAnswer(command=command, case_id=case_id, not_claimed=sentence, is_late=is_late))

    def _refuse(self, command: AnyCommand, reason: str) -> None:
        """The command comes back to the person; of a claim there is nothing to keep."""
        if isinstance(command, Claim):
            self._journal.done(command.id)
            self._on_claim_answered(ClaimAnswer(command=command, not_claimed=reason))
        else:
            self._journal.refuse(command.id, reason)

    def _expire_claims(self, sentence: str) -> None:
        """Whoever waits for a case is told at once that there is none."""
        try:
            expired = self._journal.expire_claims()
        except Unavailable:  # the journal itself is at fault
            return
        for command in expired:
            self._on_claim_answered(ClaimAnswer(command=command, not_claimed=sentence))

    def _tell_what_changed(self) -> None:
        """What was hindered is withdrawn, the journal can be read again, or a command in it cannot be read."""
        if self._hindrance or self._status.refused_count != self._journal.refused_count():
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
                refused_count=self._journal.refused_count(),
                hindrance=self._hindrance,
                waiting_since=self._journal.waiting_since(),
            )
        except Unavailable as error:  # the journal itself is at fault: the counts stay what they were
            self._status = replace(self._status, hindrance=self._hindrance or str(error))
        self._on_status(self._status)


def _clock_s() -> float:
    """A clock that nobody sets; where there is one, that which goes on while the computer sleeps: nobody waits then."""
    boot_clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot_clock is None else time.clock_gettime(boot_clock)
