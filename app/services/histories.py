"""Reads the past from its sums: never from the facts, and where the works-council mode is on from its parts alone."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Table, case, cast, func, literal_column, select
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.history_rows import (
    CALL_COUNTS,
    CALL_TALLY,
    CALL_TIMES,
    CASE_COUNTS,
    CASE_TALLY,
    HANDLE_BUCKETS,
    PRESENCE_TALLY,
    HistoryDayRow,
    HistoryStateRow,
)
from app.db.rows import ProductRow, TeamRow
from app.db.steering_views import steered_cases
from app.domain.cases import EscalationReason, Level
from app.domain.history.kept import HOUR, Grain, Kind
from app.domain.history.parts import WITHHELD
from app.domain.history.requests import TIMES, Answer, Days, Group, Line, Request
from app.domain.history.tallies import Presence, Tally, total
from app.domain.metrics.backlog import BacklogAge, backlog_age
from app.domain.metrics.call_figures import CallTally
from app.domain.metrics.cases import CaseTally
from app.domain.metrics.contacts import REPEAT_WINDOW, FirstContactResolution
from app.domain.metrics.figures import MICROSECOND, Share
from app.domain.metrics.handle_times import HandleTimes
from app.services.works_council import is_council_mode

_TABLES = (CALL_TALLY, CASE_TALLY, PRESENCE_TALLY)
LONGEST_IN_ANOTHER_ZONE = 184  # days; they are put together of quarters of an hour, a year of which takes too long
_NO_PERIOD = "-"  # the key of what is of a day and of no interval that may be told


@dataclass(frozen=True, slots=True)
class _Source:
    """From which rows an answer is made."""

    grain: Grain
    zone: ZoneInfo  # whose days they are
    now: datetime
    is_sqlite: bool  # which knows no time zones, so days of another one are put together here


class Histories:
    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, request: Request, now: datetime | None = None) -> Answer:
        """The figures of a period; `now` says which contacts may still come back."""
        now = now or datetime.now(UTC)
        with self._database.read_replica() as session:
            state = session.scalar(select(HistoryStateRow))
            is_on = is_council_mode(session)
            source = _source(request, state, now, is_council_mode=is_on, is_sqlite=self._database.is_sqlite)
            days = replace(request.days, zone=source.zone)
            names = _names(session, request.by)
            tallies = _tallies(session, source, days, request)
            before = _tallies(session, source, days.before, replace(request, by=Group.DAY, days=days.before))
            return Answer(
                request=replace(request, days=days),
                lines=tuple(_lines(tallies, request, names)),
                total=total(tallies.values()),
                before=total(before.values()),
                zone=source.zone,
                withheld_days=_withheld_days(session, days) if is_on else 0,
                is_council_mode=is_on,
                rolled_up_at=state.rolled_up_at if state else None,
            )

    def backlog(self, now: datetime) -> dict[Level, BacklogAge]:
        """How old what is open now is, by the level that has it."""
        opened: dict[Level, list[datetime]] = {level: [] for level in Level}
        with self._database.read_replica() as session:
            row = steered_cases(session.get_bind().dialect.name).c
            query = select(row.level, row.opened_at).where(row.state != literal_column("'solved'"))
            for case in session.execute(query):
                opened[case.level].append(case.opened_at)
        return {level: backlog_age(times, now) for level, times in opened.items()}

    def groups(self, by: Group) -> Mapping[str, str]:
        """What one can choose of this kind: key and name."""
        with self._database.read_replica() as session:
            names = _names(session, by)
            table, name = (CALL_TALLY, "queue") if by is Group.QUEUE else (CASE_TALLY, str(by))
            grain = Grain.PART if is_council_mode(session) else Grain.DAY
            keys = session.scalars(select(table.c[name]).where(table.c.grain == grain).distinct()).all()
        return {key: names.get(key, key) for key in sorted(keys) if key not in ("", WITHHELD)}


def _source(
    request: Request, state: HistoryStateRow | None, now: datetime, *, is_council_mode: bool, is_sqlite: bool
) -> _Source:
    """Days of the person where nothing is withheld, unless they are very many; else those of the centre.

    Days of another zone would cut the parts of which each tells of five people or more.
    """
    centre = ZoneInfo(state.zone) if state else request.days.zone
    if is_council_mode:
        return _Source(Grain.PART, centre, now, is_sqlite)
    zone = request.days.zone if request.days.count <= LONGEST_IN_ANOTHER_ZONE else centre
    is_fine = request.by is Group.INTERVAL or zone.key != centre.key
    return _Source(Grain.QUARTER if is_fine else Grain.DAY, zone, now, is_sqlite)


def _tallies(session: Session, source: _Source, days: Days, request: Request) -> dict[str, Tally]:
    """By key of the lines; sums of the database, put together by time here."""
    found: dict[str, Tally] = defaultdict(Tally)
    for table in _TABLES:
        if not _can_tell(table, request):
            continue
        for row in session.execute(_query(table, source, days, request)):
            key = _key(row, source, request.by)
            found[key] += _TALLY_OF[table.name](row)
    return dict(found)


def _can_tell(table: Table, request: Request) -> bool:
    """Whether these sums have the labels that are asked for; cases have no queue, presence no product."""
    if request.by is Group.INTERVAL and table is CASE_TALLY:
        return False
    wanted = {request.by} - TIMES | {group for group, _ in request.only}
    return all(str(group) in table.c for group in wanted)


def _query(table: Table, source: _Source, days: Days, request: Request) -> Any:
    """One row for each group, or each stretch of time."""
    columns = table.c
    keys: list[ColumnElement[Any]] = []
    if request.by in TIMES:
        is_by_day = request.by is Group.DAY and not (source.is_sqlite and source.grain is Grain.QUARTER)
        keys = [_day(table, source)] if is_by_day else [columns.at, columns.until]
    else:
        keys = [columns[str(request.by)]]
    query = select(*keys, *_sums(table, source.now)).where(columns.grain == source.grain)
    if source.grain is Grain.QUARTER:
        query = query.where(columns.at >= days.period.start, columns.at < days.period.end)
    else:
        query = query.where(columns.day.between(days.first, days.last))
    for group, key in request.only:
        query = query.where(columns[str(group)] == key)
    return query.group_by(*keys).having(func.count() > 0)


def _day(table: Table, source: _Source) -> ColumnElement[Any]:
    """The day of a row, in the zone that is asked for."""
    if source.grain is not Grain.QUARTER:
        return table.c.day
    return cast(func.timezone(source.zone.key, table.c.at), Date).label("day")


def _sums(table: Table, now: datetime) -> Iterator[Any]:
    for column in table.c:
        if not column.primary_key:
            yield func.sum(column).label(column.name)
    if table is CALL_TALLY:
        is_open = table.c.until >= now - REPEAT_WINDOW
        yield func.sum(case((is_open, table.c.solved_at_first), else_=0)).label("provisional")


def _key(row: Any, source: _Source, by: Group) -> str:
    match by:
        case Group.DAY:
            day = row.day if hasattr(row, "day") else row.at.astimezone(source.zone).date()
            return str(day.isoformat())
        case Group.INTERVAL:
            return row.at.isoformat() if row.until - row.at <= HOUR else _NO_PERIOD
        case _:
            return str(getattr(row, str(by)))


def _lines(tallies: Mapping[str, Tally], request: Request, names: Mapping[str, str]) -> Iterator[Line]:
    keys = set(tallies)
    if request.by is Group.DAY:
        keys |= {day.isoformat() for day in request.days.all()}
    for key in sorted(keys, key=lambda key: (key in ("", WITHHELD, _NO_PERIOD), names.get(key, key).casefold(), key)):
        yield Line(key=key, name=names.get(key, key), tally=tallies.get(key, Tally()))


def _names(session: Session, by: Group) -> dict[str, str]:
    """The names of ids; a queue and a reason is its own name, and what is withheld has none here."""
    if by is Group.TEAM:
        return {str(row.id): row.name for row in session.execute(select(TeamRow.id, TeamRow.name))}
    if by is Group.PRODUCT:
        return {str(row.id): row.name for row in session.execute(select(ProductRow.id, ProductRow.name))}
    return {str(reason): str(reason) for reason in EscalationReason} if by is Group.REASON else {}


def _withheld_days(session: Session, days: Days) -> int:
    row = HistoryDayRow
    query = select(func.count()).where(row.kind == Kind.CALLS, row.is_withheld, row.day.between(days.first, days.last))
    return session.scalar(query) or 0


def _call_tally(row: Any) -> Tally:
    values: dict[str, Any] = {name: int(getattr(row, name)) for name in CALL_COUNTS}
    values |= {name: timedelta(microseconds=int(getattr(row, f"{name}_us"))) for name in CALL_TIMES}
    share = Share(int(row.solved_at_first), int(row.contacts))
    return Tally(
        calls=CallTally(**values),
        service_level=Share(int(row.service_level_part), int(row.service_level_whole)),
        abandonment=Share(int(row.abandonment_part), int(row.abandonment_whole)),
        handle_times=HandleTimes(tuple(int(getattr(row, name)) for name in HANDLE_BUCKETS)),
        contacts=FirstContactResolution(share=share, provisional=int(row.provisional)),
    )


def _case_tally(row: Any) -> Tally:
    return Tally(cases=CaseTally(**{name: int(getattr(row, name)) for name in CASE_COUNTS}))


def _presence_tally(row: Any) -> Tally:
    busy, available = (int(getattr(row, f"{name}_us")) * MICROSECOND for name in ("busy", "available"))
    return Tally(presence=Presence(busy=busy, available=available))


_TALLY_OF = {CALL_TALLY.name: _call_tally, CASE_TALLY.name: _case_tally, PRESENCE_TALLY.name: _presence_tally}
