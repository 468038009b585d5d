"""Gathers what the referee judges, when all desks have ended: from the database, the journals and the logs."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import psycopg

from tests.faults.desk_process import Seat
from tests.faults.floor import Floor
from tests.faults.referee import Event, Evidence, Seen
from tests.faults.witness import SCHEMA, Sampler

_TIMELINE = "SELECT case_id, by, event, text FROM timeline ORDER BY case_id, at, id"
_SEEN = f"SELECT case_id, state, level, owner_id FROM {SCHEMA}.seen ORDER BY seq"
_CASES = "SELECT id, state, level, owner_id FROM case_file"


def gather(address: str, floor: Floor, sampler: Sampler) -> Evidence:
    """All evidence, when desks and sampler have ended; `address` is the database's in libpq's form, of a superuser."""
    seats = tuple(floor.seats.values())
    with psycopg.connect(address) as connection:

        def rows(query: str) -> Iterator[tuple[Any, ...]]:
            yield from connection.execute(query)

        ids: dict[str, UUID] = dict(rows("SELECT login, id FROM person"))
        return Evidence(
            ledger=floor.ledger,
            people={seat.number: ids[seat.login] for seat in seats},
            applied=dict(rows("SELECT id, subject_id FROM applied_command")),
            events=[Event(*row) for row in rows(_TIMELINE)],
            seen=[Seen(*row) for row in rows(_SEEN)],
            cases={row[0]: Seen(*row) for row in rows(_CASES)},
            watchers=frozenset(rows("SELECT case_id, person_id FROM watcher")),
            left=floor.left,
            complaints=(*floor.ended_by_itself, *sorted(sampler.broken), *_errors(seats)),
        )


def _errors(seats: Sequence[Seat]) -> Iterator[str]:
    """Lines of the desks' logs that speak of our own bugs."""
    for seat in seats:
        if seat.log.exists():
            lines = seat.log.read_text(encoding="utf-8", errors="replace").splitlines()
            yield from (f"desk {seat.number} logged: {line}" for line in lines if " ERROR " in line)
