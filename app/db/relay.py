"""Passes PostgreSQL's wake-ups on to a broker, one process for a site, so that thousands of desks need not listen."""

import threading
import time
from collections.abc import Callable

from app.db.broker import Broker, BrokerAddress
from app.db.engine import Database
from app.db.feed import ChangeFeed
from app.domain.topics import Topic
from app.i18n import plural, tr

INTERVAL_S = 0.25  # at most four wake-ups a second, however many are sent to it
HEALTH_S = 60.0


class Relay:
    """`run` works until `stop`. It says one line when it begins, when something is lost or back, and each minute."""

    def __init__(self, database: Database, broker: BrokerAddress, say: Callable[[str], None]) -> None:
        self._broker = Broker(broker)
        self._feed = ChangeFeed(database, self._on_changes, self._on_contact)
        self._say = say
        self._stopping = threading.Event()
        self._changed = threading.Event()
        self._is_in_contact = False
        self._wake_up_count = 0

    def run(self) -> None:
        self._broker.start()
        self._feed.start()
        try:
            self._work()
        finally:
            self._feed.stop()
            self._broker.stop()
        self._say(tr("The relay has stopped."))

    def stop(self) -> None:
        """From any thread, or a signal's handler."""
        self._stopping.set()
        self._changed.set()

    def _work(self) -> None:
        told = None
        said_at_s = time.monotonic()
        while not self._stopping.is_set():
            if self._changed.wait(1.0):
                self._changed.clear()
                self._wake_up_count += self._broker.publish()
                self._stopping.wait(INTERVAL_S)
            state = (self._is_in_contact, self._broker.is_connected)
            if state != told or time.monotonic() - said_at_s >= HEALTH_S:
                told, said_at_s = state, time.monotonic()
                self._say(self._health(*state))
                self._wake_up_count = 0

    def _health(self, is_in_contact: bool, is_connected: bool) -> str:
        there, away = tr("connected"), tr("not reached")
        return tr(
            "Database: {database}. Broker: {broker}. {wake_ups}",
            database=there if is_in_contact else away,
            broker=there if is_connected else away,
            wake_ups=plural(self._wake_up_count, "1 wake-up since the last line.", "{n} wake-ups since the last line."),
        )

    def _on_changes(self, _topics: frozenset[Topic]) -> None:
        self._changed.set()

    def _on_contact(self, is_there: bool) -> None:
        self._is_in_contact = is_there
