"""What all tests share: databases of both kinds, and eyes that see what a test leaves behind."""

import logging
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from sqlalchemy import make_url
from xdist.scheduler import LoadFileScheduling

from app import i18n
from app.db import schema
from app.db.engine import Database
from tests.nats import NatsServer
from tests.passwords import apart
from tests.patience import LIMIT_S, be_patient_with_databases
from tests.postgres import ADDRESS_VARIABLE, PostgresMissing, Server, start
from tests.programs import ProgramMissing

PERSONAL_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")

# A loaded machine is no bug. The same examples each time; `--hypothesis-profile explore` looks for others.
hypothesis.settings.register_profile("explore", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile(
    "firstline", hypothesis.settings.get_profile("explore"), derandomize=True, database=None
)
hypothesis.settings.load_profile("firstline")


# Side by side, what takes long begins first, so that all processes end together. The campaigns of faults are one after
# the other: each of them loads a machine by itself.
LONGEST_FIRST = ("faults", "e2e", "telephony", "desk", "db", "ui", "services")
ONE_BY_ONE = "tests/faults/"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):  # one of several processes
        here = Path(__file__).parent
        places = {here / name: place for place, name in enumerate(LONGEST_FIRST)}
        items.sort(key=lambda item: min((places[one] for one in item.path.parents if one in places), default=99))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object | None:
    return Scheduling(config, log) if config.getoption("dist") == "loadfile" else None


class Scheduling(LoadFileScheduling):  # type: ignore[misc] # it tells no types
    """Each file to one process, and the campaigns together."""

    def _split_scope(self, nodeid: str) -> str:
        return ONE_BY_ONE if nodeid.startswith(ONE_BY_ONE) else str(super()._split_scope(nodeid))


class ExpectedLog:
    """The warnings and errors that a test provokes, as regular expressions; any other fails it."""

    def __init__(self) -> None:
        self._required: list[str] = []
        self._permitted: list[str] = []

    def __call__(self, pattern: str) -> None:
        """A line like this must come, once or often."""
        self._required.append(pattern)

    def may_come(self, pattern: str) -> None:
        """A line like this comes or not: it depends on which thread is first."""
        self._permitted.append(pattern)

    def complaints(self, lines: list[str]) -> list[str]:
        known = [*self._required, *self._permitted]
        unexpected = [line for line in lines if not any(re.search(pattern, line) for pattern in known)]
        missing = [pattern for pattern in self._required if not any(re.search(pattern, line) for line in lines)]
        return [*(f"unexpected: {line}" for line in unexpected), *(f"did not come: {pattern}" for pattern in missing)]


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_threads_left() -> Iterator[None]:
    """A test that leaves a thread behind fails. First of all fixtures, so that the others end theirs before."""
    before = set(threading.enumerate())
    yield
    limit_s = time.monotonic() + LIMIT_S
    left = [t for t in threading.enumerate() if t not in before and not isinstance(t, threading._DummyThread)]
    for thread in left:
        thread.join(max(0.0, limit_s - time.monotonic()))
    names = sorted(thread.name for thread in left if thread.is_alive())
    if names:
        pytest.fail(f"threads left behind: {', '.join(names)}")


@pytest.fixture
def expected_log() -> ExpectedLog:
    return ExpectedLog()


@pytest.fixture(autouse=True)
def no_unexpected_log(
    request: pytest.FixtureRequest,
    no_threads_left: None,  # noqa: ARG001 - it ends after this one
    expected_log: ExpectedLog,
) -> Iterator[None]:
    """Our loggers' warnings and errors fail the test; one that asks for `caplog` judges the lines itself."""
    handler = _Lines()
    logger = logging.getLogger("firstline")
    logger.addHandler(handler)
    yield
    logger.removeHandler(handler)
    if "caplog" in request.fixturenames:
        return
    if complaints := expected_log.complaints(handler.lines):
        pytest.fail("log lines of the program:\n" + "\n".join(complaints))


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the settings and journals of the person who runs it."""
    for name in os.environ:
        if name.startswith("FIRSTLINE_") and name != ADDRESS_VARIABLE:
            monkeypatch.delenv(name)
    monkeypatch.setenv("FIRSTLINE_DESK", str(tmp_path / "firstline"))
    monkeypatch.setenv("FIRSTLINE_CONFIG", str(tmp_path / "settings.toml"))
    for name in PERSONAL_FOLDERS:
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """For the whole session, as some databases are opened for many tests."""
    with pytest.MonkeyPatch.context() as changed:
        be_patient_with_databases(changed.setattr)
        yield


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests that only use it; who stops or crashes one takes a server of its own."""
    try:
        server = start(tmp_path_factory.mktemp("postgres"))
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    with server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Server) -> str:
    """The name of a database with all tables and no rows, to be copied."""
    name = f"firstline_{secrets.token_hex(4)}"
    _upgrade(postgres_server.create_database(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def postgres_url(postgres_server: Server, postgres_template: str) -> Iterator[str]:
    """A migrated, empty database on PostgreSQL."""
    name = f"{postgres_template}_{secrets.token_hex(4)}"
    _copy(postgres_server, postgres_template, name)
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated, empty database in a file."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'shared.db')}"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[NatsServer]:
    try:
        running = NatsServer(tmp_path)
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    with running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database of each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def command_url(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same database, as a command line names it."""
    address, environment = apart(database_url, tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return address


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def _copy(server: Server, template: str, name: str) -> None:
    """Three times as fast as the usual way from PostgreSQL 15 on, which copies through the log."""
    address = make_url(server.url("postgres")).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        strategy = "STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {strategy}')


def _upgrade(url: str) -> None:
    database = Database(url)
    try:
        schema.upgrade(database)
    finally:
        database.close()
