"""A small centre in each database."""

import pytest

from app.db.engine import Database
from tests.builders import Seeded, seed


@pytest.fixture
def centre(database: Database) -> Seeded:
    return seed(database)
