"""Each advisory lock stands for one thing: whoever holds another one hinders nobody."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db.changes import KEPT_COUNT, SPARE_COUNT, remove_old
from app.db.engine import Database
from app.db.locks import Lock
from app.db.rights import GIVING, script
from app.services.roll_ups import RollUps


@pytest.fixture
def shared(postgres_url: str) -> Iterator[Database]:
    opened = Database(postgres_url)
    yield opened
    opened.close()


@pytest.fixture
def hold(postgres_url: str) -> Iterator[Database]:
    """Whose connection holds what the others may be in need of."""
    opened = Database(postgres_url)
    yield opened
    opened.close()


def test_old_changes_are_removed_while_a_gateway_leads_and_others_work(shared: Database, hold: Database) -> None:
    fill = (
        "INSERT INTO change (topic, subject_id, at)"
        " SELECT 'calls', gen_random_uuid(), now() FROM generate_series(1, :count)"
    )
    with shared.write() as session:
        session.execute(text(fill), {"count": KEPT_COUNT + SPARE_COUNT + 10})
    with hold.write() as holding:
        _hold_all_but(Lock.REMOVAL, holding)
        remove_old(shared)
    with shared.read() as session:
        assert session.scalar(text("SELECT count(*) FROM change")) == KEPT_COUNT + 1  # and the line that says so


def test_days_are_summed_up_while_others_work(shared: Database, hold: Database) -> None:
    RollUps(shared).run(datetime.now(UTC))
    with hold.write() as holding:
        _hold_all_but(Lock.ROLL_UPS, holding)
        assert RollUps(shared).run(datetime.now(UTC)).days > 0
    with hold.write() as holding:
        holding.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": Lock.ROLL_UPS})
        assert RollUps(shared).run(datetime.now(UTC)).days == 0


def test_the_functions_of_the_database_take_the_locks_that_are_theirs() -> None:
    taken = [int(number) for name in GIVING for number in re.findall(r"advisory\w*lock\w*\((\w+)", script(name))]
    assert sorted(taken) == [Lock.WAKE, Lock.REMOVAL]


def _hold_all_but(wanted: Lock, holding: Session) -> None:
    for lock in Lock:
        if lock is not wanted:
            holding.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
