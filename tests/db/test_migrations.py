"""Migrations lead to the tables of `app.db.rows`, there and back, with data in them."""

import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, inspect, select, text

from app.db import schema
from app.db.engine import Database
from app.db.rows import PersonRow, Row
from app.db.workbench_rows import QuestionRow
from app.domain.cases import Level
from app.domain.commands import Consult, SolveCase
from app.domain.ids import new_id
from app.services.cases import Cases
from app.services.questions import Questions
from tests.builders import at, claim, escalation, seed
from tests.patience import LIMIT_S
from tests.postgres import Server


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any tables."""
    if request.param == "sqlite":
        file = tmp_path / "bare.db"
        file.touch()
        yield f"sqlite:///{file}"
        return
    server: Server = request.getfixturevalue("postgres_server")
    name = f"firstline_bare_{secrets.token_hex(4)}"
    yield server.create_database(name)
    server.drop_database(name)


@pytest.fixture
def bare(bare_url: str) -> Iterator[Database]:
    opened = Database(bare_url)
    yield opened
    opened.close()


@pytest.mark.filterwarnings("ignore:Did not recognize type 'xid8'")  # the next test looks at it
def test_migrations_equal_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": _differ})
        assert compare_metadata(context, Row.metadata) == []


@pytest.mark.parametrize(("table", "column", "type_"), [("change", "tx", "xid8"), ("person", "login", "name")])
def test_types_that_only_postgresql_has(postgres_url: str, table: str, column: str, type_: str) -> None:
    """A transaction id as wide as a cursor needs it; a login that is compared with `session_user` by its index."""
    database = Database(postgres_url)
    with database.read() as session:
        query = "SELECT udt_name FROM information_schema.columns WHERE table_name = :table AND column_name = :column"
        assert session.scalar(text(query), {"table": table, "column": column}) == type_
    database.close()


def test_conditions_of_partial_indexes_equal_the_models(database: Database) -> None:
    """Alembic does not compare them."""
    dialect = database.engine.dialect.name
    inspector = inspect(database.engine)
    for table in Row.metadata.tables.values():
        wanted = {str(i.name) for i in table.indexes if i.dialect_options[dialect]["where"] is not None}
        found = {
            str(index["name"])
            for index in inspector.get_indexes(table.name)
            if f"{dialect}_where" in index.get("dialect_options", {})
        }
        assert found == wanted


def test_up_down_and_up_again_with_data(bare: Database) -> None:
    for _ in range(2):
        schema.upgrade(bare)
        centre = seed(bare)
        Cases(bare).escalate(escalation(centre.agent))
        schema.check(bare)
        schema.downgrade(bare, "base")
        assert set(inspect(bare.engine).get_table_names()) <= {"alembic_version"}
    schema.upgrade(bare)
    with bare.read() as session:
        assert session.scalars(select(PersonRow)).all() == []


def test_questions_of_cases_that_were_solved_before_end_with_them(bare_url: str, bare: Database) -> None:
    schema.upgrade(bare)
    centre, desk = seed(bare), Database(bare_url)
    for moment in (0, 100):
        Cases(desk).escalate(escalation(centre.agent, told_at=at(moment)))
        case_id = Cases(desk).claim_next(claim(centre.expert, told_at=at(moment + 1)))
        assert case_id
        question = "Is that known?"
        Questions(desk).consult(
            Consult(
                id=new_id(), by=centre.expert.id, at=at(moment + 2), case_id=case_id, level=Level.THIRD, text=question
            )
        )
        if moment == 0:
            Cases(desk).solve(
                SolveCase(id=new_id(), by=centre.expert.id, at=at(3), case_id=case_id, solution="New cable")
            )
    desk.close()
    schema.downgrade(bare, "0023")
    with bare.read() as session:
        assert [row.answered_at for row in session.scalars(select(QuestionRow))] == [None, None]
    schema.upgrade(bare)
    with bare.read() as session:
        ended = {row.asked_at: row.answered_at for row in session.scalars(select(QuestionRow))}
    assert ended == {at(2): at(3), at(102): None}


def test_upgrading_what_is_up_to_date_keeps_all(database: Database) -> None:
    seed(database)
    schema.upgrade(database)
    with database.read() as session:
        assert len(session.scalars(select(PersonRow)).all()) == 3


def test_two_administrators_at_once_make_the_tables_once(bare_url: str, bare: Database) -> None:
    both = threading.Barrier(2, timeout=LIMIT_S)

    def upgrade() -> None:
        own = Database(bare_url)
        try:
            both.wait()
            schema.upgrade(own)
        finally:
            own.close()

    with ThreadPoolExecutor(2) as administrators:
        for done in [administrators.submit(upgrade) for _ in range(2)]:
            done.result(LIMIT_S)
    schema.check(bare)


def test_many_desks_at_once_open_a_new_file(tmp_path: Path) -> None:
    """SQLite waits for every other statement by itself; switching the log on it refuses at once."""

    def open_file(path: Path, ready: threading.Barrier) -> None:
        path.touch()
        database = Database(f"sqlite:///{path}")
        try:
            ready.wait()
            database.engine.connect().close()
        finally:
            database.close()

    with ThreadPoolExecutor(4) as desks:
        for i in range(100):
            ready = threading.Barrier(4, timeout=LIMIT_S)
            for opened in [desks.submit(open_file, tmp_path / f"{i}.db", ready) for _ in range(4)]:
                opened.result(LIMIT_S)


def test_a_migration_that_fails_leaves_nothing(bare: Database) -> None:
    with bare.engine.begin() as connection:
        connection.execute(text("CREATE TABLE watcher (marker INTEGER)"))  # the last table of the first revision
    with pytest.raises(Exception, match="watcher"):
        schema.upgrade(bare)
    assert set(inspect(bare.engine).get_table_names()) == {"watcher"}


def _differ(_context: object, _inspected: object, column: Column[Any], *_types: object) -> bool | None:
    """SQLAlchemy reads a column of type `name` as text; the next test looks at it."""
    return False if column.table.name == "person" and column.name == "login" else None
