"""Tells what changed in the shared database, whoever changed it, and when the database goes and comes."""

import logging
import random
import threading
import time
from collections.abc import Callable
from uuid import UUID

import psycopg

from app.db.bell import Bell
from app.db.changes import ALL_TOPICS, ChangeReader
from app.db.engine import Database
from app.db.wakers import waker
from app.domain.errors import FirstlineError, NotAllowed, NotFound, SignInRefused, Untrusted, WrongVersion
from app.domain.topics import Topic

RETRY_S = (0.5, 5.0)
# Between two reads: where hundreds of desks write, each is woken hundreds of times a second. The more had changed, the
# longer, as what so many change is not read change by change.
REST_S = (0.1, 0.5)
REST_FOR_EACH_S = 0.005

_log = logging.getLogger("firstline.db")


_TOLD = (NotAllowed, NotFound, SignInRefused, Untrusted, WrongVersion)  # more than a database that is away


class ChangeFeed:
    """Calls `on_changes(topics)` after changes and `on_contact(is_there)` when the database goes or comes."""

    def __init__(
        self,
        database: Database,
        on_changes: Callable[[frozenset[Topic]], None],
        on_contact: Callable[[bool], None] = lambda _: None,
        check: Callable[[], None] = lambda: None,
        *,
        person_id: UUID | None = None,
    ) -> None:
        """
        Args:
            check: called before anything is read from a database that comes; what it raises keeps the contact lost.
            person_id: whose desk it is; what is addressed to somebody else is not told.
        """
        self.hindrance = ""
        """The sentence of why there is no contact."""
        self._database = database
        self._on_changes = on_changes
        self._on_contact = on_contact
        self._person_id = person_id
        self._check = check
        self._bell = Bell()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="change feed", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._is_stopping = True
        self._bell.ring()
        self._thread.join()
        self._bell.close()

    def _run(self) -> None:
        waking = waker(self._database, self._bell, self._person_id)
        retry_s = RETRY_S[0]
        while not self._is_stopping:
            try:
                self._check()
                reader = ChangeReader(self._database, self._person_id)
                reader.read()
                self._on_contact(True)
                self._on_changes(ALL_TOPICS)  # whatever happened while nobody listened
                retry_s = RETRY_S[0]
                rested_at_s = time.monotonic() + REST_S[0]
                while not self._is_stopping:
                    waking.wait(self._bell)
                    self._pause(rested_at_s - time.monotonic())
                    told_count = reader.told_count
                    if topics := reader.read():
                        self._on_changes(topics)
                    rested_at_s = time.monotonic() + _rest_s(reader.told_count - told_count)
            except (FirstlineError, psycopg.Error) as error:
                _log.warning("change feed: %s", type(error).__name__)
                self.hindrance = str(error) if isinstance(error, _TOLD) else ""
                self._on_contact(False)
                self._pause(retry_s * random.uniform(0.5, 1.5))
                retry_s = min(retry_s * 2, RETRY_S[1])
            except Exception:  # noqa: BLE001 - the edge of this thread: a bug here must not silence the board for good
                _log.exception("change feed")
                self._on_contact(False)
                self._pause(RETRY_S[1])
        waking.close()

    def _pause(self, seconds: float) -> None:
        until_s = time.monotonic() + seconds
        while not self._is_stopping and (left_s := until_s - time.monotonic()) > 0:
            self._bell.wait(left_s)


def _rest_s(change_count: int) -> float:
    return min(max(REST_S[0], change_count * REST_FOR_EACH_S), REST_S[1])
