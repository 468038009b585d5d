"""Desks that cannot listen are woken through a broker: real PostgreSQL, PgBouncer and NATS, the relay as a process."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from sqlalchemy import make_url

from app.db import schema, wakers
from app.db.address import Access
from app.db.broker import Broker, BrokerAddress
from app.db.changes import ALL_TOPICS
from app.db.engine import Database
from app.db.feed import ChangeFeed
from app.db.relay import Relay
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.domain.topics import Topic
from app.services.once import tell
from tests.conftest import ExpectedLog
from tests.nats import NatsServer
from tests.patience import LIMIT_S, wait_for
from tests.pgbouncer import PgBouncer
from tests.postgres import OwnServer, Server
from tests.programs import ProgramMissing

NEVER_S = (600.0, 600.0)
USER, PASSWORD = "desk", "kX9-nobody-may-read"


@pytest.fixture
def never_polled(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what is seen is seen by a wake-up."""
    monkeypatch.setattr(wakers, "WOKEN_POLL_S", NEVER_S)


class Heard:
    """What a feed reported, in order."""

    def __init__(self) -> None:
        self.topics: Queue[frozenset[Topic]] = Queue()
        self.contact: Queue[bool] = Queue()

    def until(self, topic: Topic) -> None:
        while topic not in (told := self.topics.get(timeout=LIMIT_S)) or told == ALL_TOPICS:
            pass


@contextmanager
def _desk(url: str, access: Access) -> Iterator[Heard]:
    """A desk's feed, begun and connected to its broker."""
    database, heard = Database(url, access), Heard()
    feed = ChangeFeed(database, heard.topics.put, heard.contact.put)
    feed.start()
    assert heard.topics.get(timeout=LIMIT_S) == ALL_TOPICS
    try:
        yield heard
    finally:
        feed.stop()
        database.close()


@contextmanager
def _relay(url: str, address: BrokerAddress) -> Iterator["Lines"]:
    """A relay in a thread, connected on both sides; the lines that it says."""
    database, lines = Database(url), Lines()
    relay = Relay(database, address, lines.append)
    thread = threading.Thread(target=relay.run)
    thread.start()
    lines.until(lambda line: line.startswith("Database: connected. Broker: connected."))
    try:
        yield lines
    finally:
        relay.stop()
        thread.join(LIMIT_S)
        database.close()


class Lines(list[str]):
    def until(self, is_wanted: Callable[[str], bool], *, after: int = 0) -> None:
        wait_for(lambda: any(is_wanted(line) for line in self[after:]), lambda: list(self))


def _change(database: Database, topic: Topic = Topic.CASES) -> None:
    with database.write() as session:
        tell(session, topic, new_id())


def _until_woken(database: Database, heard: Heard, topic: Topic) -> None:
    """Changes again and again: the first ones may come before the desk's subscription."""
    limit_s = time.monotonic() + LIMIT_S
    while time.monotonic() < limit_s:
        _change(database, topic)
        time.sleep(0.3)
        while not heard.topics.empty():
            if (told := heard.topics.get()) != ALL_TOPICS and topic in told:
                return
    raise AssertionError("no wake-up came")


def _listened(server: NatsServer, subject: str, until: Callable[[list[bytes]], bool]) -> list[bytes]:
    """The payloads of the messages that somebody who knows nothing of us hears."""

    async def listen() -> list[bytes]:
        from nats.aio.client import Client

        heard: list[bytes] = []
        client, limit_s = Client(), time.monotonic() + LIMIT_S
        await client.connect(server.url)

        async def note(message: Any) -> None:
            heard.append(message.data)

        await client.subscribe(subject, cb=note)
        while not until(heard) and time.monotonic() < limit_s:
            await asyncio.sleep(0.05)
        await client.close()
        return heard

    return asyncio.run(listen())


@pytest.mark.usefixtures("never_polled")
def test_a_desk_behind_a_pooler_is_woken_through_the_broker(
    postgres_url: str, postgres_server: Server, broker: NatsServer, tmp_path: Path
) -> None:
    writer = Database(postgres_url)
    with (
        PgBouncer(postgres_server, tmp_path) as pooler,
        _relay(postgres_url, BrokerAddress.of(broker.url)),
        _desk(pooler.through(postgres_url), Access(is_pooled=True, wake=broker.url)) as heard,
    ):
        _until_woken(writer, heard, Topic.CASES)
        _change(writer, Topic.AGENTS)
        heard.until(Topic.AGENTS)  # nothing polls
    writer.close()


def test_through_a_pooler_a_desk_without_a_broker_polls(
    postgres_url: str, postgres_server: Server, tmp_path: Path
) -> None:
    writer = Database(postgres_url)
    with (
        PgBouncer(postgres_server, tmp_path) as pooler,
        _desk(pooler.through(postgres_url), Access(is_pooled=True)) as heard,
    ):
        _change(writer)
        heard.until(Topic.CASES)
    writer.close()


def test_wake_ups_are_few_and_carry_nothing(postgres_url: str, broker: NatsServer) -> None:
    writer, stopping = Database(postgres_url), threading.Event()

    def write() -> None:
        while not stopping.wait(0.01):
            _change(writer)

    with _relay(postgres_url, BrokerAddress.of(f"{broker.url}/centre")):
        writing = threading.Thread(target=write)
        writing.start()
        began_s = time.monotonic()
        heard = _listened(broker, "firstline.>", lambda messages: len(messages) >= 3)
        seconds = time.monotonic() - began_s
        others = _listened(broker, "firstline.changed", lambda _: time.monotonic() - began_s > seconds + 1)
        stopping.set()
        writing.join()
    writer.close()
    assert set(heard) == {b""}
    assert 3 <= len(heard) <= 2 + seconds / 0.25
    assert others == []  # of another database at the same broker


def test_a_broker_that_crashes_costs_no_contact_and_wakes_again(
    postgres_url: str, broker: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wakers, "POLL_S", (0.2, 0.2))
    writer, address = Database(postgres_url), BrokerAddress.of(broker.url)
    with _relay(postgres_url, address) as lines, _desk(postgres_url, Access(wake=broker.url)) as heard:
        broker.crash()
        lines.until(lambda line: "Broker: not reached" in line)
        _change(writer)
        heard.until(Topic.CASES)  # by a poll
        said = len(lines)
        broker.start()
        lines.until(lambda line: "Broker: connected" in line, after=said)
        monkeypatch.setattr(wakers, "POLL_S", NEVER_S)
        monkeypatch.setattr(wakers, "WOKEN_POLL_S", NEVER_S)
        _until_woken(writer, heard, Topic.CALLS)
        assert list(heard.contact.queue) == [True]
    writer.close()


def test_a_relay_outlives_the_database(
    breakable_server: OwnServer, broker: NatsServer, expected_log: ExpectedLog
) -> None:
    for pattern in ("change feed: ", "database: ", "wake-up not sent"):
        expected_log.may_come(pattern)
    url = breakable_server.create_database("relayed")
    writer = Database(url)
    schema.upgrade(writer)
    with _relay(url, BrokerAddress.of(broker.url)) as lines:
        said = len(lines)
        breakable_server.crash()
        lines.until(lambda line: "Database: not reached" in line, after=said)
        breakable_server.restart()
        lines.until(lambda line: "Database: connected. Broker: connected" in line, after=said)
    assert lines[-1] == "The relay has stopped."
    writer.close()


def test_as_a_process_it_says_how_it_is_and_stops_in_order(
    postgres_url: str, broker: NatsServer, tmp_path: Path
) -> None:
    program = "import sys; from app.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-u", "-c", program, "--language", "en", "relay", "run", "--wake", broker.url]
    address = make_url(postgres_url)
    passwords = tmp_path / "passwords"
    passwords.touch(mode=0o600)
    passwords.write_text(f"*:*:*:*:{address.password}\n")
    address = address.set(drivername="postgresql")._replace(password=None)
    environment = {**os.environ, "FIRSTLINE_DATABASE": str(address), "PGPASSFILE": str(passwords)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as relay:
        assert relay.stdout
        lines = iter(relay.stdout.readline, "")
        while "Database: connected. Broker: connected." not in next(lines):
            pass
        relay.send_signal(signal.SIGTERM)
        assert list(lines)[-1] == "The relay has stopped.\n"
        assert relay.wait(LIMIT_S) == 0


def test_a_broker_that_asks_for_a_password_gets_it(tmp_path: Path) -> None:
    try:
        running = NatsServer(tmp_path, user=USER, password=PASSWORD)
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    with running:
        told = threading.Event()
        address = running.url.replace("//", f"//{USER}@")
        knowing = Broker(BrokerAddress.of(address, lambda: PASSWORD), told.set)
        knowing.start()
        assert told.wait(LIMIT_S)
        guessing = Broker(BrokerAddress.of(address, lambda: "guessed"))
        guessing.start()
        log = tmp_path / "nats.log"
        wait_for(lambda: log.read_text().count("authentication error") >= 3)  # it goes on trying
        assert not guessing.publish()
        for one in (knowing, guessing):
            one.stop()
        assert PASSWORD not in log.read_text()


@pytest.mark.parametrize("address", ["", "nats", "http://host", "nats://", "nats://a b", "nats://user:secret@host"])
def test_what_is_no_address_of_a_broker(address: str) -> None:
    with pytest.raises(NotAllowed, match="no address of a broker") as caught:
        BrokerAddress.of(address)
    assert "secret" not in str(caught.value)


def test_a_password_is_not_sent_to_another_computer_in_the_clear() -> None:
    with pytest.raises(NotAllowed, match="tls://"):
        BrokerAddress.of("nats://desk@broker.example.test")
    for address in ("tls://desk@broker.example.test", "nats://desk@localhost", "nats://desk@127.0.0.1:4222"):
        assert BrokerAddress.of(address).user == "desk"
