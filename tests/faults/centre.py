"""The call center of a campaign: a database with its people, and who sits where."""

import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from app.db import schema
from app.db.engine import Database
from app.domain.cases import Level
from app.domain.people import Role
from app.services.staff import Staff
from tests.faults import witness
from tests.faults.desk_process import Seat
from tests.faults.planted import Planted

PASSWORD = secrets.token_urlsafe(12)  # of everybody, for one run
SHARES = {Level.FIRST: 0.64, Level.SECOND: 0.28, Level.THIRD: 0.08}
_ROLE = {Level.FIRST: Role.FIRST_LEVEL, Level.SECOND: Role.SECOND_LEVEL, Level.THIRD: Role.THIRD_LEVEL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way to the database; `hosts` as "127.0.0.1:5432", several with commas. Everybody signs in by name."""

    hosts: str
    database: str = "firstline"
    is_pooled: bool = False

    def url(self, login: str) -> str:
        return f"postgresql://{login}:{PASSWORD}@{self.hosts}/{self.database}"


def libpq(url: str) -> str:
    """SQLAlchemy's address as psycopg takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def folder_of(folder: Path, desk: int) -> Path:
    """Where a desk has its journal."""
    return folder / f"desk-{desk}"


def levels(desk_count: int) -> list[Level]:
    """Of each level its share, at least one desk each."""
    upper = [level for level in (Level.SECOND, Level.THIRD) for _ in range(max(1, round(desk_count * SHARES[level])))]
    return [Level.FIRST] * (desk_count - len(upper)) + upper


def found(address: str, desk_count: int) -> list[tuple[str, Level]]:
    """Make tables, people and the witness in the empty database at `address` (libpq's form); logins and levels."""
    database = Database(address)
    people = [(f"p{number:03}", level) for number, level in enumerate(levels(desk_count))]
    try:
        schema.upgrade(database)
        staff = Staff(database)
        for login, level in people:
            staff.add(login, login.upper(), "Network", [_ROLE[level]], PASSWORD, makes_team=True)
    finally:
        database.close()
    witness.install(address)
    return people


def seats(
    people: Sequence[tuple[str, Level]],
    routes: Sequence[Route],
    folder: Path,
    *,
    keys_s: float,
    seed: int,
    planted: Mapping[int, Planted] | None = None,
) -> list[Seat]:
    """A seat for each; they go to the database by the `routes` in turn. `planted` is by number."""
    chance = random.Random(seed)
    return [
        Seat(
            number=number,
            url=routes[number % len(routes)].url(login),
            is_pooled=routes[number % len(routes)].is_pooled,
            login=login,
            level=level,
            folder=folder_of(folder, number),
            log=folder / f"desk-{number}.log",
            truth=folder / "truth",
            keys_s=keys_s,
            seed=chance.getrandbits(32),
            planted=(planted or {}).get(number),
        )
        for number, (login, level) in enumerate(people)
    ]
