"""What the end-to-end tests share: the demo centre in a database of each kind, and desks that end with the test."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.db import schema
from app.db.engine import Database
from app.services import demo_centre
from tests import people
from tests.e2e.desks import DeskProcess
from tests.postgres import Server
from tests.telephony.sipp import sipp_missing

OpenDesk = Callable[..., DeskProcess]


@pytest.fixture(scope="session")
def postgres_centre(postgres_server: Server) -> str:
    """The name of a database with the demo centre, to be copied."""
    name = f"firstline_centre_{secrets.token_hex(4)}"
    fill(postgres_server.create_database(name))
    return name


@pytest.fixture
def postgres_centre_url(postgres_server: Server, postgres_centre: str) -> Iterator[str]:
    """The demo centre on PostgreSQL."""
    name = f"{postgres_centre}_{secrets.token_hex(4)}"
    yield postgres_server.create_database(name, template=postgres_centre)
    postgres_server.drop_database(name)


@pytest.fixture(scope="session")
def sqlite_centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the demo centre, to be copied."""
    path = tmp_path_factory.mktemp("centre") / "demo.db"
    fill(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_centre_url(sqlite_centre: Path, tmp_path: Path) -> str:
    """The demo centre in a file."""
    return f"sqlite:///{shutil.copy(sqlite_centre, tmp_path / 'centre.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def centre_url(request: pytest.FixtureRequest) -> str:
    """The demo centre in a database of each kind."""
    url: str = request.getfixturevalue("sqlite_centre_url" if request.param == "sqlite" else "postgres_centre_url")
    return url


@pytest.fixture
def desk_of(tmp_path: Path) -> Iterator[OpenDesk]:
    """Starts desks: `desk_of(login, url, settings=...)`; what is left of them at the end is ended.

    On PostgreSQL each is signed in as its person, with a role and a password of their own.
    """
    with ExitStack() as stack:

        def start(login: str, url: str, *, folder: str = "", settings: object = None) -> DeskProcess:
            place = tmp_path / (folder or login)
            if url.startswith("postgresql"):
                url = people.sign_in(url, login)
            made = DeskProcess(place, "--database", url, "--login", login, settings=settings, name=login)  # type: ignore[arg-type]
            stack.callback(made.kill)
            return made

        yield start


@pytest.fixture
def sipp() -> None:
    """The test needs real calls."""
    if reason := sipp_missing():
        pytest.skip(reason)


def fill(url: str) -> None:
    """Make the tables and the demo centre."""
    database = Database(url)
    try:
        schema.upgrade(database)
        demo_centre.create(database, now=datetime.now(UTC))
    finally:
        database.close()
