"""Hears that an order waits: a connection of its own that listens; a poll finds what it does not hear."""

import logging
import threading
from collections.abc import Callable

import psycopg

from app.db.engine import Database
from app.domain.errors import FirstlineError
from app.services.gateway_statements import GATEWAY_CHANNEL

_LOOK_S = 0.5  # how soon `stop` is seen
_RETRY_S = 1.0

_log = logging.getLogger("firstline.gateway")


class OrderEar:
    """Calls `on_order` in a thread of its own."""

    def __init__(self, database: Database, on_order: Callable[[], None]) -> None:
        self._database = database
        self._on_order = on_order
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gateway ear", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._database.connect() as listening:
                    listening.execute(f"LISTEN {GATEWAY_CHANNEL}")
                    while not self._stopping.is_set():
                        if list(listening.notifies(timeout=_LOOK_S, stop_after=1)):
                            self._on_order()
            except (FirstlineError, psycopg.Error) as error:
                _log.info("listening for orders: %s", type(error).__name__)
                self._stopping.wait(_RETRY_S)
