"""The person at a desk, without a window: types, asks, reads what the desk says, and writes down what it was told."""

import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from app.bootstrap import Desk
from app.desk.outbox import ClaimAnswer, OutboxStatus
from app.domain.calls import CallEvent
from app.domain.commands import AnyCommand, ClaimNext
from app.domain.errors import Unavailable
from app.domain.ids import new_id
from app.domain.topics import Topic
from app.domain.work import CallWork
from app.telephony.source import SourceStatus
from tests.faults.truth import Deed, Pen

T = TypeVar("T")

MOST_WAITING = 40  # commands; with more the person waits for the database, so that an outage ends in finite time
LOOK_S = 0.03
SHARE_LONG = 0.1
LATE_S = 0.05
MOST_SLOWNESS = 20.0
SHARE_NOT_MINE = 0.02  # tries to solve a case that somebody else is to have: the database must say no
WORDS = ("Zähler", "größer", "5 €", "‚Strom‘", "=1+1", "\U0001f4de", "O'Neil;--", "a\\b", "%s{x}")


class Leaving:
    """How a desk is told to end: its window is closed, with what is open, or the day is over and all is finished."""

    def __init__(self) -> None:
        self.window_closes = threading.Event()
        self.day_is_over = threading.Event()

    @property
    def takes_more(self) -> bool:
        return not (self.window_closes.is_set() or self.day_is_over.is_set())


class Person:
    """What all people have in common; also the listener of the desk."""

    def __init__(self, desk: Desk, pen: Pen, leaving: Leaving, *, seed: int, keys_s: float) -> None:
        self.desk = desk
        self.pen = pen
        self.leaving = leaving
        self.random = random.Random(seed)
        self.claims: queue.SimpleQueue[ClaimAnswer] = queue.SimpleQueue()
        self._is_refused = threading.Event()
        self._is_refused.set()  # perhaps, before a crash
        self.news = threading.Event()  # cases changed somewhere
        self.keys_s = keys_s
        self.share_long = SHARE_LONG  # of the texts
        self._slowness = 1.0
        self.share_not_mine = SHARE_NOT_MINE

    # --- what the desk tells, from its threads ---

    def on_call_event(self, event: CallEvent) -> None: ...

    def on_source_status(self, status: SourceStatus) -> None: ...

    def on_topics_changed(self, topics: frozenset[Topic]) -> None:
        if Topic.CASES in topics:
            self.news.set()

    def on_contact_changed(self, is_there: bool, why: str = "") -> None: ...

    def on_outbox_changed(self, status: OutboxStatus) -> None:
        if status.refused_count:
            self._is_refused.set()

    def on_delivered(self, command: AnyCommand) -> None:
        if not isinstance(command, ClaimNext):  # of which `on_claim_answered` says more
            self.pen.write(Deed.DELIVERED, command.id)

    def on_claim_answered(self, answer: ClaimAnswer) -> None: ...

    def on_journal_changed(self, sentence: str) -> None: ...

    def on_problems_changed(self) -> None: ...

    def on_answers_changed(self, answer_count: int) -> None: ...

    # --- what the person does ---

    @property
    def me(self) -> UUID:
        return self.desk.person.id

    def ask(
        self, command: AnyCommand, case_id: UUID, text: str, *, hold_s: float = 0.0, work: CallWork | None = None
    ) -> bool:
        """Ask for a command; True when the desk confirmed it, False when it said that it could not keep it."""
        self.pen.write(Deed.ASKED, command.id, case_id=case_id, kind=type(command).__name__, text=text)
        try:
            self.desk.send(command, hold_s=hold_s, work=work).result()
        except Unavailable as error:
            self.pen.write(Deed.NOT_KEPT, command.id, text=str(error))
            time.sleep(LOOK_S)
            return False
        self.pen.write(Deed.CONFIRMED, command.id)
        return True

    def typed(self, text: str = "") -> Iterator[str]:
        """A text as it grows, at the pace of the keys; no other is like it. Some are long: most kills meet those."""
        text = text or f"{new_id().hex[-12:]}: "
        is_long = self.random.random() < self.share_long
        for _ in range(self.random.randint(30, 60) if is_long else self.random.randint(2, 6)):
            text += self.random.choice(WORDS) + "·"
            yield text
            self._pause()

    def types(self, id_: UUID, text: str, keep: Callable[[], None]) -> None:
        """A key stroke in the text of a call or case. Killed in between, the journal may know more than the truth."""
        at_s = time.monotonic()
        keep()
        self.pen.write_typed(id_, text, at_s)

    def _pause(self) -> None:
        """Between two keys. Where the machine comes late to its processes, everybody types slower: all these desks
        share it, and what is to be shown of one desk with a computer of its own cannot be shown on one that is choked.
        """
        wanted_s = self.keys_s * self._slowness * self.random.uniform(0.5, 1.5)
        began_s = time.monotonic()
        time.sleep(wanted_s)
        is_late = time.monotonic() - began_s - wanted_s > LATE_S
        self._slowness = min(MOST_SLOWNESS, self._slowness * 1.2) if is_late else max(1.0, self._slowness * 0.95)

    def patiently(self, read: Callable[[], T]) -> T | None:
        """What a read gives, tried again while the database is away; None when the window is closed meanwhile."""
        while not self.leaving.window_closes.is_set():
            try:
                return read()
            except Unavailable:
                time.sleep(LOOK_S * self.random.uniform(1, 10))
        return None

    def wait_for_delivery(self, most_waiting: int = 0) -> None:
        """Until the outbox holds no more than that. The person reads refusals meanwhile."""
        self.read_refusals()
        while not self.leaving.window_closes.is_set() and self.waiting_count() > most_waiting:
            time.sleep(LOOK_S)
            self.read_refusals()

    def waiting_count(self) -> int:
        return self.patiently(self.desk.journal.waiting_count) or 0

    def read_refusals(self) -> None:
        """Read each refused command and why, and put it away."""
        if not self._is_refused.is_set():
            return
        self._is_refused.clear()
        try:
            for refused in self.desk.journal.refused():
                self.pen.write(Deed.REFUSED, refused.command.id, text=refused.reason)
                self.desk.outbox.dismiss(refused.command.id)
        except Unavailable:
            self._is_refused.set()  # the disk is full; they stay in the journal


def now() -> datetime:
    return datetime.now(UTC)
