"""The call center of a campaign: a database with its people, and who sits where."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import make_url

from app.db import schema
from app.db.engine import Database
from app.domain.cases import Level
from app.domain.people import Role
from tests.builders import add_person, add_team, person, team
from tests.faults import witness
from tests.faults.desk_process import Seat
from tests.faults.planted import Planted

SHARES = {Level.FIRST: 0.64, Level.SECOND: 0.28, Level.THIRD: 0.08}
_ROLE = {Level.FIRST: Role.FIRST_LEVEL, Level.SECOND: Role.SECOND_LEVEL, Level.THIRD: Role.THIRD_LEVEL}


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
    try:
        schema.upgrade(database)
        home = team("Network")
        people = [(f"p{number:03}", level) for number, level in enumerate(levels(desk_count))]
        with database.write() as session:
            add_team(session, home)
            for login, level in people:
                add_person(session, person(login, team=home, roles=frozenset({_ROLE[level]})))
    finally:
        database.close()
    witness.install(address)
    return people


def seats(
    people: Sequence[tuple[str, Level]],
    routes: Sequence[str],
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
            url=routes[number % len(routes)],
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
