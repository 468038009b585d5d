"""Everything one window works with: shared database, journal, outbox, search index, change feed and call source."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from app.bootstrap.door import Door
from app.bootstrap.listener import Listener
from app.bootstrap.services import DeskServices
from app.bootstrap.sleepers import LEVELS, make_sleepers
from app.db.engine import Database
from app.db.feed import ChangeFeed
from app.desk.journal import Journal
from app.desk.keeper import Keeper
from app.desk.outbox import Outbox
from app.domain.commands import AnyCommand
from app.domain.customers import Product
from app.domain.errors import FirstlineError, Unavailable
from app.domain.people import AgentRules, Person, Role
from app.domain.topics import Topic
from app.domain.work import CallWork
from app.lanes import Lanes
from app.search.index import AnswerIndex
from app.search.meaning import Meaning
from app.services.answer_copy import AnswerCopy
from app.services.leases import Leases
from app.services.reckoning import Reckoning
from app.telephony.source import CallSource, Wakes

LEASE = timedelta(minutes=15)
READERS = LEVELS | {Role.SUPERVISOR, Role.EDITOR}  # of answers and known problems: administrators see neither

_PRODUCTS = "products"


class Desk(DeskServices):
    """Everything one window works with. `start()` begins the threads, `stop()` ends them all.

    Attributes:
        data_at: when the database was last known to be there, if it was not at the start; None: it was.
        warnings: sentences to be said of how the desk was opened.
    """

    warnings: tuple[str, ...]

    def __init__(
        self,
        database: Database,
        person: Person,
        folder: Path,
        source: CallSource,
        *,
        undo_s: float,
        rules: AgentRules | None = None,
        lease: timedelta = LEASE,
        journal: Journal | None = None,
        data_at: datetime | None = None,
    ) -> None:
        """
        Args:
            lease: how long the desk may give no sign of life before its person's cases go back to their queues.
            journal: that of the folder, if it is open already; the desk closes it.
        """
        self.person = person
        self.source = source
        self.undo_s = undo_s
        self.rules = rules or AgentRules()
        self.data_at, self.warnings = data_at, ()
        self.journal = journal or Journal(folder / "journal.db")
        try:
            self.index = AnswerIndex(folder)
        except BaseException:
            self.journal.close()
            raise
        self.case_texts = self.journal.kept_case_texts()
        self.lanes = Lanes()
        self.answers = AnswerCopy(database, self.index, person, folder)
        self._make_services(database, person, self.journal)
        self._database = database
        self._door = Door(database, person, self.commands)
        self._leases = Leases(database, person.id, lease)
        self._sleepers = make_sleepers(database, person, self._leases, Reckoning(database, self.commands.rules))
        self.meaning: Meaning | None = None  # set before `start`
        self.is_in_contact = False  # with the shared database, as the change feed last said

    def start(self, listener: Listener) -> None:
        """Begin to deliver, to follow changes and to take calls."""
        self._listener = listener
        self._keeper = Keeper(listener.on_journal_changed)
        self.outbox = Outbox(
            self.journal,
            self._door.apply,
            listener.on_outbox_changed,
            listener.on_delivered,
            settle=self._door.settle,
            on_claim_answered=listener.on_claim_answered,
        )
        self._feed = ChangeFeed(
            self._database, self._on_changes, self._on_contact, self._door.check, person_id=self.person.id
        )
        for sleeper in self._sleepers:
            sleeper.start()
        self.outbox.start()
        self._feed.start()
        self.source.start(listener.on_call_event, listener.on_source_status)

    def stop(self) -> None:
        """End all threads; what cannot be delivered now waits in the journal."""
        if hasattr(self, "_feed"):
            self.source.stop()
            self._feed.stop()
            for sleeper in self._sleepers:
                sleeper.stop()
        self.lanes.stop()  # before the keeper: what is sent overtakes what it writes
        try:
            if hasattr(self, "_keeper"):
                self._keeper.stop()
            if hasattr(self, "outbox"):
                self.outbox.stop()
                if self.is_in_contact:  # nobody can undo any more; else all of it waits for the next start
                    self.outbox.flush()
                    self._release_lease()
                    self.is_in_contact = False
        finally:
            self.journal.close()
            self.index.close()
            self._database.close()

    def send(self, command: AnyCommand, *, hold_s: float = 0.0, work: CallWork | None = None) -> Future[None]:
        """Put a command into the outbox, with the work it belongs to; durable when the future is done."""
        if work is None:
            return self.lanes.journal.submit(partial(self.outbox.send, command, hold_s=hold_s))
        overtaking = self._keeper.overtake(work.call.id)
        return self.lanes.journal.submit(self._send, command, hold_s, work, overtaking)

    def withdraw(self, command_id: UUID, work: CallWork | None = None) -> bool:
        """Undo a held command, and keep `work` with it; False when it is too late. Runs on the calling lane."""
        if work is None:
            return self.outbox.withdraw(command_id)
        with self._keeper.overtake(work.call.id) as forget_older:
            was_held = self.outbox.withdraw(command_id, work)
            if was_held:
                forget_older()
        return was_held

    def keep(self, work: CallWork) -> None:
        """Keep what was typed in a call; returns at once."""
        self._keeper.keep(work.call.id, partial(self.journal.keep_work, work))

    def forget(self, call_id: UUID, sent: Future[None] | None = None) -> None:
        """The call is wrapped up: forget what was typed in it, once all of it is in the outbox.

        Args:
            sent: what has the last of it; if that is not durable, the work stays.
        """
        self.lanes.journal.submit(self._forget, call_id, sent)

    def keep_case_text(self, case_id: UUID, text: str) -> None:
        """Keep what was typed for a case or a draft and is not sent, or forget an empty one; returns at once."""
        self.case_texts[case_id] = text
        if not text:
            del self.case_texts[case_id]
        self._keeper.keep(case_id, partial(self.journal.keep_case_text, case_id, text))

    def products(self) -> tuple[Product, ...]:
        """All products, or those of last time while the database is away; runs on the calling lane."""
        try:
            products = self.customers.products()
        except Unavailable:
            known = self.journal.known(_PRODUCTS, tuple[Product, ...])
            if known is None:
                raise
            return known[0]
        self.journal.keep_known(_PRODUCTS, products)
        return products

    def refresh_answers(self) -> None:
        """Bring the desk's copy of the published answers up to date; runs on the calling lane."""
        self.answers.refresh()
        self._listener.on_answers_changed(self.index.count())
        if self.meaning:
            self.lanes.meaning.submit(self.meaning.take_in, self.index.answers())
            self.lanes.meaning.submit(self._learn_meanings)

    def refresh_problems(self) -> None:
        """Bring the desk's copy of the known problems up to date; runs on the calling lane."""
        if self.known_problems.refresh():
            self._listener.on_problems_changed()

    def _learn_meanings(self) -> None:
        """Some at a time, so that a search by meaning waits for no more than these."""
        if self.meaning and self.meaning.learn():
            with suppress(RuntimeError):  # the desk stops
                self.lanes.meaning.submit(self._learn_meanings)

    def _send(
        self, command: AnyCommand, hold_s: float, work: CallWork, overtaking: AbstractContextManager[Callable[[], None]]
    ) -> None:
        with overtaking as forget_older:  # a key stroke that waits to be kept would bring the undecided work back
            self.outbox.send(command, hold_s=hold_s, work=work)
            forget_older()

    def _forget(self, call_id: UUID, sent: Future[None] | None) -> None:
        if sent is None or sent.exception() is None:  # the lane has one worker: when it comes to this, that is done
            self._keeper.keep(call_id, partial(self.journal.forget_work, call_id))

    def _release_lease(self) -> None:
        """Whoever goes home keeps the cases; a desk that cannot say so is taken for dead."""
        if LEVELS & self.person.roles:
            with suppress(FirstlineError):
                self._leases.release()

    def _on_changes(self, topics: frozenset[Topic]) -> None:
        reads = bool(READERS & self.person.roles)
        if reads and (Topic.ANSWERS in topics or (Topic.CASES in topics and self.answers.is_count_due)):
            self._later(self.refresh_answers)
        for sleeper, followed in self._sleepers.items():
            if followed & topics:
                sleeper.on_changed()
        if reads and Topic.PROBLEMS in topics:
            self._later(self.refresh_problems)
        if Topic.RULES in topics:
            self._later(self.rulebook.refresh)
        if Topic.LINE in topics and isinstance(self.source, Wakes):
            self.source.wake()
        self._listener.on_topics_changed(topics)

    def _on_contact(self, is_there: bool) -> None:
        self.is_in_contact = is_there
        for sleeper in self._sleepers:
            sleeper.on_contact(is_there)
        if is_there:
            self.outbox.retry_now()
            self._later(self.rulebook.refresh)
        else:
            self._door.shut()
        self._listener.on_contact_changed(is_there, "" if is_there else self._feed.hindrance)

    def _later(self, work: Callable[[], None]) -> None:
        def quietly() -> None:
            try:
                work()
            except FirstlineError:  # the feed notices a lost database itself, and all topics come when it is back
                return

        self.lanes.queries.submit(quietly)
