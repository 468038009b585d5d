"""Cases that wait at second level, passed on by an agent who is not at a desk of the test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from app.db.engine import Database
from app.domain.cases import Impact, Urgency
from app.domain.commands import AnyCommand
from app.domain.ids import new_id
from app.domain.people import Person
from app.services.cases import Cases
from app.services.commands import Commands
from app.services.people import People
from tests import builders

AGENT = "anna.berger"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)  # so these are the most urgent


@contextmanager
def keeper(url: str) -> Iterator[Database]:
    """The database as its keeper has it."""
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def escalate(url: str, title: str = "No internet", *, minutes: int = 0) -> str:
    """The most urgent case that waits, or that `minutes` later; its number."""
    with keeper(url) as database:
        agent = People(database).by_login(AGENT)
        command = builders.escalation(
            agent,
            case=builders.case_draft(title),
            impact=Impact.COMPANY,
            urgency=Urgency.HIGH,
            told_at=LONG_AGO + timedelta(minutes=minutes),
        )
        Cases(database).escalate(command)
        return command.case.number


def do(url: str, login: str, make: Callable[[dict[str, Any], Person], AnyCommand], at: datetime | None = None) -> None:
    """What somebody does who is not at a desk of the test: `make` gets the head of the command, and who it is."""
    with keeper(url) as database:
        person = People(database).by_login(login)
        head = {"id": new_id(), "by": person.id, "at": at or datetime.now(UTC)}
        Commands(database).apply(make(head, person))
