"""The gateway: the one program of a centre that speaks with the PBX; records its calls, does what desks ask of it.

Two may run. One leads: it holds a lock of the database and writes on the connection that holds it. The other looks
every second whether the lock is free. Nothing is recorded twice, because a call's id follows from the PBX's own.
"""

import logging
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

from app.bootstrap.pbx_line import PbxLine
from app.db.engine import Database
from app.domain.errors import NotAllowed, Unavailable
from app.domain.lines import BEAT_S, OrderAnswer
from app.services.gateway_book import GatewayBook
from app.services.gateway_ear import OrderEar
from app.telephony.ami import AmiSettings
from app.telephony.ledger import Ledger

RETRY_S = 1.0
TIDY_S = 60.0

_log = logging.getLogger("firstline.gateway")


class Gateway:
    """`run()` until it is told to stop."""

    def __init__(self, database: Database, settings: AmiSettings, holder: str) -> None:
        """
        Raises:
            NotAllowed: the database is not one for a gateway.
        """
        self._book = GatewayBook(database, holder)
        self._database = database
        self._settings = settings
        self._news = threading.Event()
        self._orders_due = threading.Event()
        self._is_stopping = threading.Event()
        self._ledger = Ledger(self._news.set)
        self._line: PbxLine | None = None
        self._unanswered: list[tuple[OrderAnswer, UUID]] = []

    def stop(self) -> None:
        """Ask it to end; may be called in a signal handler."""
        self._is_stopping.set()
        self._news.set()

    def run(self) -> None:
        """Stand by, lead, and stand by again.

        Raises:
            NotAllowed: the database does not let this program be a gateway.
        """
        ear = OrderEar(self._database, self._on_order)
        ear.start()
        try:
            while not self._is_stopping.is_set():
                self._stand_by_or_lead()
        finally:
            ear.stop()
            self._end_line()
            self._resign()

    def _stand_by_or_lead(self) -> None:
        try:
            if self._book.try_lead():
                _log.warning("this gateway is active")
                self._lead()
                return
            self._end_line()
        except Unavailable as error:
            self._book.close()
            _log.warning("database: %s", error)
        self._is_stopping.wait(RETRY_S)

    def _lead(self) -> None:
        """Until it shall stop; Unavailable when the database, and with it the lock, is lost.

        The line goes on then: what happens meanwhile is in the ledger, and is written if nobody else leads.
        """
        self._ledger.restore(self._book.restored())
        self._ledger.touch_telephones()
        self._unanswered += self._book.left_orders()
        if self._line is None:
            self._line = PbxLine(self._settings, self._ledger, self._news.set, self._book.recorded)
            self._line.start()
        beat_due_s = tidy_due_s = 0.0
        told_phase = None
        while not self._is_stopping.is_set():
            self._news.clear()
            self._write(self._line)
            now_s = time.monotonic()
            if now_s >= beat_due_s or self._line.phase is not told_phase:
                beat_due_s, told_phase = now_s + BEAT_S, self._line.phase
                self._beat(self._line)
                self._orders_due.set()  # a wake-up may be lost
            if self._orders_due.is_set():
                self._orders_due.clear()
                self._take_orders(self._line)
            if now_s >= tidy_due_s:
                tidy_due_s = now_s + TIDY_S
                self._book.tidy()
                self._book.learn_telephones()
            self._news.wait(max(0.0, beat_due_s - time.monotonic()))

    def _write(self, line: PbxLine) -> None:
        batch = self._ledger.drain()
        self._unanswered += line.take_answers()
        if not batch and not self._unanswered:
            return
        try:
            self._book.write(batch, self._unanswered)
        except BaseException:
            self._ledger.put_back(batch)
            raise
        self._unanswered = []

    def _beat(self, line: PbxLine) -> None:
        self._ledger.forget_old(datetime.now(UTC))
        self._book.beat(line.phase, line.since, line.waiting, line.capabilities)

    def _take_orders(self, line: PbxLine) -> None:
        orders, refused = self._book.take_orders()
        if refused:
            self._unanswered += refused
            self._news.set()
        for order in orders:
            line.do(order, self._book.telephone_of(order.by))

    def _on_order(self) -> None:
        self._orders_due.set()
        self._news.set()

    def _end_line(self) -> None:
        """Another gateway leads: what this one knows is old from now on."""
        if self._line:
            self._line.stop()
            self._line = None
            self._ledger = Ledger(self._news.set)

    def _resign(self) -> None:
        try:
            self._book.resign()
        except (Unavailable, NotAllowed) as error:
            _log.warning("database: %s", error)
            self._book.close()
