"""What ends a reader's wait before its next poll is due: PostgreSQL's NOTIFY, a broker's message, or nothing.

A wake-up carries no data and may be lost; the poll finds the same. So whoever sends a false one only costs a read.
"""

import logging
import random
import time
from typing import Protocol
from uuid import UUID

import psycopg

from app.db.address import Connection
from app.db.announcer import CHANNEL, channel_of
from app.db.bell import Bell
from app.db.broker import Broker, BrokerAddress
from app.db.engine import Database
from app.domain.errors import FirstlineError

POLL_S = (1.0, 3.0)  # where nothing wakes; jittered, so that desks do not ask in step
WOKEN_POLL_S = (1.0, 5.0)  # where something does
SQLITE_POLL_S = (0.25, 0.25)
AGAIN_S = (1.0, 5.0)  # until what wakes is made anew after it was lost

_log = logging.getLogger("firstline.db")


class Waker(Protocol):
    def wait(self, bell: Bell) -> None:
        """Until a wake-up, the bell, or the time of the next poll."""

    def close(self) -> None: ...


def waker(database: Database, bell: Bell, person_id: UUID | None = None) -> Waker:
    """What suits the database, and how it is said to be reached."""
    if database.is_sqlite:
        return Polling(SQLITE_POLL_S)
    if database.broker:
        return Subscribed(database.broker, bell)
    return Listening(database, person_id) if database.is_heard else Polling(POLL_S)


class Polling:
    def __init__(self, interval_s: tuple[float, float]) -> None:
        self._interval_s = interval_s

    def wait(self, bell: Bell) -> None:
        bell.wait(random.uniform(*self._interval_s))

    def close(self) -> None:
        """There is nothing to close."""


class Listening:
    """A connection of its own that hears NOTIFY; lost, it is made anew after a while, and polls tide over."""

    def __init__(self, database: Database, person_id: UUID | None) -> None:
        self._database = database
        self._channels = [CHANNEL, *([channel_of(person_id)] if person_id else [])]
        self._connection: Connection | None = None
        self._again_at_s = 0.0
        self._listen()

    def wait(self, bell: Bell) -> None:
        if self._connection:
            self._hear(self._connection, bell)
        elif time.monotonic() >= self._again_at_s:
            self._listen()  # and then read what was missed
        else:
            bell.wait(random.uniform(*POLL_S))

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def _hear(self, connection: Connection, bell: Bell) -> None:
        try:
            if bell.wait(random.uniform(*WOKEN_POLL_S), connection):
                list(connection.notifies(timeout=0))
        except psycopg.Error as error:
            self._lose(error)

    def _listen(self) -> None:
        try:
            self._connection = self._database.connect()
            self._connection.execute("; ".join(f"LISTEN {channel}" for channel in self._channels))
        except (psycopg.Error, FirstlineError) as error:
            self._lose(error)

    def _lose(self, error: Exception) -> None:
        _log.info("nothing wakes us: %s", type(error).__name__)
        self.close()
        self._again_at_s = time.monotonic() + random.uniform(*AGAIN_S)


class Subscribed:
    """A subscription at a broker, to which a relay passes on the NOTIFYs; it makes itself anew when it is lost."""

    def __init__(self, address: BrokerAddress, bell: Bell) -> None:
        self._broker = Broker(address, on_message=bell.ring)
        self._broker.start()

    def wait(self, bell: Bell) -> None:
        bell.wait(random.uniform(*(WOKEN_POLL_S if self._broker.is_connected else POLL_S)))

    def close(self) -> None:
        self._broker.stop()
