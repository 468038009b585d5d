"""A journal in a file of its own, and a small centre in the shared database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.engine import Database
from app.desk import outbox
from app.desk.journal import Journal
from tests.builders import Seeded, seed
from tests.desk.outbox_rig import World
from tests.patience import LIMIT_S


@pytest.fixture(autouse=True)
def patient_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy for seconds makes no claim too late."""
    monkeypatch.setattr(outbox, "CLAIM_WITHIN_S", LIMIT_S)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path / "journal.db")
    yield opened
    opened.close()


@pytest.fixture
def centre(database: Database) -> Seeded:
    return seed(database)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def short_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "RETRY_S", (0.01, 0.05))
