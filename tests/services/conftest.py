"""A small centre in each database."""

import pytest

from app.db.engine import Database
from tests.builders import Seeded, seed
from tests.services.floor import Floor
from tests.services.office import Office


@pytest.fixture
def centre(database: Database) -> Seeded:
    return seed(database)


@pytest.fixture
def floor(database: Database, centre: Seeded) -> Floor:
    """With somebody of third level."""
    return Floor(database, centre)


@pytest.fixture
def office(database: Database, centre: Seeded) -> Office:
    return Office(database, centre)
