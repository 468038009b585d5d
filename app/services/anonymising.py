"""Takes people out of what lies long back, and keeps every count as it is.

Who answered, opened, solved or wrote becomes "nobody" of the same team, so sums by team stay; who called stays the
customer, whose record has its own time to be kept. Numbers, names and what was typed go: `anonymised_rows` says of
which rows. The days before are frozen: their sums, made while people were known, are kept and never made anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, cast
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, CursorResult, delete, func, insert, inspect, select, tuple_, update
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.history_rows import HistoryDayRow, HistoryStateRow
from app.db.rows import CallRow, CaseRow, PersonRow, Row, TeamRow
from app.domain.errors import NotAllowed
from app.domain.history.requests import first_instant
from app.i18n import tr
from app.services import anonymised_rows as rows
from app.services.roll_ups import RollUps

YOUNGEST = timedelta(days=30)  # what is younger is still worked with
BATCH = 1_000  # rows of a transaction: a database ends what takes long
_NOBODIES = UUID("7c0a5f6e-98a1-4b55-8f43-0d3b1f9f5b11")


@dataclass(frozen=True, slots=True, kw_only=True)
class Anonymised:
    """How many rows had people taken out."""

    calls: int
    cases: int
    lines: int


class Anonymising:
    def __init__(self, database: Database) -> None:
        self._database = database

    def run(self, before: date, now: datetime) -> Anonymised:
        """Take people out of all that is over and began before this day of the centre.

        Batch by batch, each in a transaction of its own: broken off, it is run again and does the rest.

        Raises:
            NotAllowed: the day is too near, or days before it could not be summed up first.
        """
        RollUps(self._database).run(now)
        with self._database.write() as session:
            zone = ZoneInfo(session.scalars(select(HistoryStateRow)).one().zone)
            if before > (now - YOUNGEST).astimezone(zone).date():
                raise NotAllowed(tr("That is too near. Choose a day at least {n} days ago.", n=YOUNGEST.days))
            _freeze(session, before)
            nobodies = _nobodies(session)
        until = first_instant(before, zone)
        done = self._take_out(until, nobodies)
        self._remove_traces(until, nobodies)
        return done

    def _take_out(self, until: datetime, nobodies: rows.Nobodies) -> Anonymised:
        calls = cases = lines = 0

        def clear_calls(session: Session, ids: rows.Ids) -> None:
            nonlocal calls
            rows.clear_calls(session, ids, nobodies)
            calls += len(ids)

        def clear_cases(session: Session, ids: rows.Ids) -> None:
            nonlocal cases, lines
            rows.clear_cases(session, ids, nobodies)
            lines += rows.clear_lines(session, ids, nobodies)
            cases += len(ids)

        self._in_batches(CallRow, rows.calls_over(until), clear_calls)
        self._in_batches(CaseRow, rows.cases_over(until), clear_cases)
        return Anonymised(calls=calls, cases=cases, lines=lines)

    def _remove_traces(self, until: datetime, nobodies: rows.Nobodies) -> None:
        for row, is_over in rows.leftovers(until):
            self._remove(row, is_over)
        for row, is_over in rows.traces(until):
            self._in_batches(row, is_over, partial(rows.clear_traces, row=row, nobodies=nobodies))

    def _in_batches(self, row: Any, is_over: ColumnElement[bool], clear: Callable[[Session, rows.Ids], None]) -> None:
        query = select(row.id).where(is_over).order_by(row.id).limit(BATCH)
        ids: rows.Ids = ()
        while True:
            with self._database.write() as session:
                ids = session.scalars(query.where(row.id > ids[-1]) if ids else query).all()
                if not ids:
                    return
                clear(session, ids)

    def _remove(self, row: type[Row], is_over: ColumnElement[bool]) -> None:
        key = inspect(row).primary_key
        some = tuple_(*key).in_(select(*key).where(is_over).limit(BATCH))
        count = BATCH
        while count:
            with self._database.write() as session:
                removed = session.execute(delete(row).where(some), execution_options={"synchronize_session": False})
                count = cast(CursorResult[Any], removed).rowcount


def _freeze(session: Session, before: date) -> None:
    row = HistoryDayRow
    left = session.scalar(select(func.count()).where(row.day < before, row.is_stale))
    if left:
        raise NotAllowed(tr("Some days are not summed up yet. Run: firstline-admin history roll-up"))
    session.execute(update(row).where(row.day < before).values(is_frozen=True))


def _nobodies(session: Session) -> rows.Nobodies:
    """For each team the one who stands for nobody of it; made where they are missing."""
    known = set(session.scalars(select(PersonRow.id)))
    teams = {uuid5(_NOBODIES, str(team.id)): team for team in session.execute(select(TeamRow.id, TeamRow.name))}
    for id_, team in teams.items():
        if id_ not in known:
            login = f"nobody-{id_.hex[:12]}"
            values = {"id": id_, "login": login, "name": f"– ({team.name})", "team_id": team.id, "roles": []}
            session.execute(insert(PersonRow).values(**values))
    return rows.Nobodies(tuple(teams))
