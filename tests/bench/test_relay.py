"""Thousands of desks that cannot listen: from a commit, by the relay and a real broker, to the last of them."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.db.broker import BrokerAddress
from app.db.engine import Database
from app.db.relay import Relay
from app.domain.ids import new_id
from app.domain.topics import Topic
from app.services.once import tell
from tests.bench.live_systems import subscribers
from tests.bench.measure import Line, Times
from tests.nats import NatsServer

SUBSCRIBERS = 1_000
WAKE_UPS = 20
LIMIT_MS = 250.0  # as for desks that listen
PAUSE_S = 0.5  # longer than wake-ups are gathered, as most of a centre's changes are


def test_a_wake_up_through_the_relay(postgres_url: str, broker: NatsServer, report: list[Line]) -> None:
    address, writer, times = BrokerAddress.of(broker.url), Database(postgres_url), Times()
    with subscribers(address, SUBSCRIBERS) as last_heard, _relay(postgres_url, address):
        for _ in range(WAKE_UPS):
            time.sleep(PAUSE_S)
            with writer.write() as session:
                tell(session, Topic.CASES, new_id())
            committed_s = time.monotonic()
            times.values.append((last_heard(committed_s) - committed_s) * 1000)
    writer.close()
    name = f"commit, relay, NATS, to the last of {SUBSCRIBERS:,}"
    report.append(Line(name=name, times=times, yardstick="limit", yardstick_ms=LIMIT_MS))


@contextmanager
def _relay(url: str, address: BrokerAddress) -> Iterator[None]:
    """A relay in a thread, once it is connected on both sides."""
    database, is_connected = Database(url), threading.Event()

    def hear(line: str) -> None:
        if line.startswith("Database: connected. Broker: connected."):
            is_connected.set()

    relay = Relay(database, address, hear)
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        assert is_connected.wait(60), "the relay is not connected"
        yield
    finally:
        relay.stop()
        thread.join()
        database.close()
