"""A centre with a gateway: people who sign in to PostgreSQL as themselves, a PBX, gateways as real processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from app.db import rights
from app.db.engine import Database
from app.db.feed import ChangeFeed
from app.domain.people import Person, Role
from app.domain.topics import Topic
from app.services.lines import Lines
from app.services.telephones import Telephones
from app.telephony.shared import SharedSource
from tests import people
from tests.builders import Seeded, person, seed
from tests.patience import LIMIT_S
from tests.seeding import add_person
from tests.telephony.ami.fake_pbx import PASSWORD, USER, FakePbx
from tests.telephony.listening import Listener

GATEWAY = "one_gateway"
PROGRAM = "from app.cli import main; main()"
HERE = Path(__file__).parents[3]


@dataclass(slots=True, kw_only=True)
class GatewayProcess:
    process: subprocess.Popen[str]
    log: Path

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(LIMIT_S)

    def end(self) -> int:
        """As systemd ends it."""
        self.process.terminate()
        return self.process.wait(LIMIT_S)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)


@dataclass(slots=True, kw_only=True)
class DeskLine:
    """The line of one desk, with the wake-ups that the desk's change feed brings."""

    person: Person
    source: SharedSource
    listener: Listener
    woken: list[frozenset[Topic]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Site:
    url: str
    pbx: FakePbx
    folder: Path
    centre: Seeded
    mate: Person
    stack: ExitStack

    def start_gateway(self, name: str = "a") -> GatewayProcess:
        """One more; `log` has what it says."""
        log = self.folder / f"{name}.log"
        with log.open("w") as stream:
            process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, "gateway", "run"],
                env=self.environment(),
                cwd=HERE,
                text=True,
                stdout=stream,
                stderr=stream,
            )
        self.stack.callback(_end, process)
        return GatewayProcess(process=process, log=log)

    def environment(self) -> dict[str, str]:
        """The settings and credentials of the service; as systemd would hand them to it."""
        settings, credentials = self.folder / "gateway.toml", self.folder / "credentials"
        credentials.mkdir(exist_ok=True)
        (credentials / "pbx-password").write_text(PASSWORD + "\n")
        settings.write_text(
            f'ami_host = "127.0.0.1"\nami_port = {self.pbx.port}\nami_user = "{USER}"\nami_context = "agents"\n'
        )
        (credentials / "database-password").write_text(people.PASSWORD + "\n")
        place = make_url(self.url)
        url = f"postgresql://{GATEWAY}@{place.host}:{place.port}/{place.database}"
        added = {
            "FIRSTLINE_CONFIG": str(settings),
            "CREDENTIALS_DIRECTORY": str(credentials),
            "FIRSTLINE_DATABASE": url,
        }
        return os.environ | added | {"LC_ALL": "C.UTF-8"}

    def status(self) -> tuple[int, str]:
        """What `gateway status` says, and its exit code."""
        asked = [sys.executable, "-c", PROGRAM, "--language", "en", "gateway", "status"]
        done = subprocess.run(asked, env=self.environment(), cwd=HERE, capture_output=True, text=True, timeout=LIMIT_S)
        return done.returncode, done.stdout + done.stderr

    def open_line(self, who: Person) -> DeskLine:
        """The line of a person, who is signed in."""
        database = Database(people.as_login(self.url, who.login))
        self.stack.callback(database.close)
        line = DeskLine(person=who, source=SharedSource(Lines(database, who.id), who.id), listener=Listener())

        def on_changes(topics: frozenset[Topic]) -> None:
            line.woken.append(topics)
            if Topic.LINE in topics:
                line.source.wake()

        feed = ChangeFeed(database, on_changes, person_id=who.id)
        feed.start()
        self.stack.callback(feed.stop)
        line.source.start(line.listener.events.put, line.listener.statuses.put)
        self.stack.callback(line.source.stop)
        return line

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Seen from outside, by a superuser."""
        with psycopg.connect(people.plain(self.url)) as connection:
            return connection.execute(query, values or None).fetchall()

    def until(self, query: str, claim: Callable[[list[tuple[Any, ...]]], Any], limit_s: float = LIMIT_S) -> float:
        """Ask until the claim holds; how long it took."""
        began_s = time.monotonic()
        while not claim(found := self.rows(query)):
            assert time.monotonic() - began_s < limit_s, f"{query}: {found}; {self.logs()}"
            time.sleep(0.02)
        return time.monotonic() - began_s

    def logs(self) -> str:
        """What the gateways said."""
        return "".join(f"{log.name}: {log.read_text()}" for log in sorted(self.folder.glob("*.log")))

    def until_ready(self) -> float:
        """Until a gateway serves."""
        return self.until(
            "SELECT phase FROM gateway WHERE beat_at > clock_timestamp() - interval '1.5 s'",
            lambda r: r == [("ready",)],
        )


@contextmanager
def site(url: str, pbx: FakePbx, folder: Path) -> Iterator[Site]:
    """Ada has telephone 1001, Mia 1002."""
    with ExitStack() as stack:
        database = Database(url)
        stack.callback(database.close)
        with database.engine.begin() as connection:
            rights.apply(connection)
        centre = seed(database)
        mate = person("mia", team=centre.office, roles=frozenset({Role.FIRST_LEVEL}))
        with database.write() as session:
            add_person(session, mate)
        for who, interface in ((centre.agent, "PJSIP/1001"), (mate, "PJSIP/1002")):
            people.sign_in(url, who.login)
            Telephones(database).assign(who.login, interface)
        people.service(url, GATEWAY, "firstline_gateway")
        stack.callback(people.forget, url, GATEWAY)
        yield Site(url=url, pbx=pbx, folder=folder, centre=centre, mate=mate, stack=stack)


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.kill()
        process.wait(LIMIT_S)
