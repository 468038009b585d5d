"""What a person is told when the database's tables are not those of this program."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import text

from app.db import migrations, schema
from app.db.engine import Database
from app.domain.errors import Unavailable

NEXT_REVISION = """
revision = "next"
down_revision = {head!r}

def upgrade() -> None: ...

def downgrade() -> None: ...
"""


@pytest.fixture
def file_to_be(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'not-there.db'}")
    yield opened
    opened.close()


def _stamp(database: Database, revision: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_tables_of_this_program_are_fine(database: Database) -> None:
    schema.check(database)


def test_a_missing_file_is_named_and_not_made(file_to_be: Database, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"no database file .*not-there\.db.*firstline-admin database create"):
        schema.check(file_to_be)
    assert not (tmp_path / "not-there.db").exists()


def test_a_database_without_tables(database: Database) -> None:
    schema.downgrade(database, "base")
    with pytest.raises(Unavailable, match=r"no tables yet.*firstline-admin database create"):
        schema.check(database)


def test_a_newer_database_is_left_alone(database: Database) -> None:
    _stamp(database, "9999")
    for work in (schema.check, schema.upgrade):
        with pytest.raises(Unavailable, match=r"newer version of Firstline\. Install the newer program"):
            work(database)
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_an_older_database_is_refused_until_it_is_upgraded(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program is one revision ahead: a migration is added to those it has."""
    ahead = shutil.copytree(Path(migrations.__file__).parent, tmp_path / "migrations")
    head = schema._scripts().get_current_head()
    (ahead / "versions" / "rev_next.py").write_text(NEXT_REVISION.format(head=head), encoding="utf-8")
    config = Config()
    config.set_main_option("script_location", str(ahead))
    config.set_main_option("path_separator", "os")
    monkeypatch.setattr(schema, "_config", lambda: config)
    with pytest.raises(Unavailable, match=r"older version.*firstline-admin database upgrade"):
        schema.check(database)
    schema.upgrade(database)
    schema.check(database)
