"""The rows of sums of one day, made from its facts: fine, by day, and what of it may be told."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.db.history_rows import CALL_COUNTS, CALL_SHARES, CALL_TIMES, CASE_COUNTS, HANDLE_BUCKETS
from app.domain.history.kept import HOUR, QUARTER, Grain, Kind
from app.domain.history.parts import WITHHELD, parts
from app.domain.history.requests import Days
from app.domain.history.tallies import Presence
from app.domain.metrics.call_figures import QueueRules
from app.domain.metrics.cases import CaseTally
from app.domain.metrics.figures import MICROSECOND
from app.domain.metrics.periods import interval_start
from app.services import roll_up_calls, roll_up_cases, roll_up_presence
from app.services.roll_up_calls import CallSums
from app.services.roll_up_cases import CaseSums
from app.services.roll_up_presence import PresenceSums

Values = dict[str, Any]

_PIECES = ("part", "whole")  # of a share


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySums:
    """All rows of one table and day; `is_withheld`: there were facts, and they tell of too few people."""

    table: Table
    day: date
    rows: list[Values]
    is_withheld: bool

    def kept_in(self, session: Session) -> list[Values]:
        """What the database has instead."""
        query = select(self.table).where(self.table.c.day == self.day)
        return [dict(row._mapping) for row in session.execute(query)]

    def is_equal_to(self, kept: Iterable[Values], *, without_parts: bool) -> bool:
        """Whether these are the same rows, in whatever order."""
        return _compared(self.rows, without_parts) == _compared(kept, without_parts)


def sums_of(
    session: Session, table: Table, kind: Kind, days: Days, now: datetime, rules: Mapping[str, QueueRules]
) -> DaySums:
    """The sums of a single day, up to `now`."""
    match kind:
        case Kind.CALLS:
            fine, parted = _calls(session, days, rules)
        case Kind.CASES:
            fine, parted = _cases(session, days)
        case Kind.PRESENCE:
            fine, parted = _presence(session, days, now)
    rows = [{"day": days.first, **row} for row in (*fine, *_by_day(fine, days), *parted)]
    return DaySums(table=table, day=days.first, rows=rows, is_withheld=bool(fine) and not parted)


def _calls(session: Session, days: Days, rules: Mapping[str, QueueRules]) -> tuple[list[Values], list[Values]]:
    sums = roll_up_calls.calls_of(session, days.period, rules)
    fine = [
        {**_fine(quarter), "queue": queue, "team": team, **_call_columns(one)}
        for (quarter, queue, team), one in sums.items()
    ]
    hours = {quarter: interval_start(quarter, HOUR, days.zone) for quarter, _, _ in sums}
    items = roll_up_calls.items_of(sums, {quarter: hour.isoformat() for quarter, hour in hours.items()})
    parted = []
    for part in parts(items):
        queue, hour, team = part.labels
        whole = CallSums()
        for item in part.items:
            whole.add(item.facts)
        parted.append({**_part(days, hour), "queue": queue, "team": team, **_call_columns(whole)})
    return fine, parted


def _cases(session: Session, days: Days) -> tuple[list[Values], list[Values]]:
    sums = roll_up_cases.cases_of(session, days.period)
    fine = [
        {**_fine(quarter), "team": team, "product": product, "reason": reason, **_case_columns(one)}
        for (quarter, team, product, reason), one in sums.items()
    ]
    parted = []
    for part in parts(roll_up_cases.items_of(sums)):
        team, product, reason = part.labels
        tally = sum((item.facts for item in part.items), CaseTally())
        labels = {"team": team, "product": product, "reason": reason}
        parted.append({**_part(days), **labels, **_case_columns(CaseSums(cases=tally))})
    return fine, parted


def _presence(session: Session, days: Days, now: datetime) -> tuple[list[Values], list[Values]]:
    sums = roll_up_presence.presence_of(session, days.period, now)
    fine = [{**_fine(quarter), "team": team, **_presence_columns(one)} for (quarter, team), one in sums.items()]
    parted = []
    for part in parts(roll_up_presence.items_of(sums)):
        whole = sum((item.facts for item in part.items), Presence())
        parted.append({**_part(days), "team": WITHHELD, **_presence_columns(PresenceSums(presence=whole))})
    return fine, parted


def _by_day(fine: list[Values], days: Days) -> list[Values]:
    """The fine rows added up to one for each combination of labels."""
    found: dict[tuple[Hashable, ...], Values] = {}
    span = {"grain": Grain.DAY, "at": days.period.start, "until": days.period.end}
    for row in fine:
        labels = {name: value for name, value in row.items() if isinstance(value, str) and name != "grain"}
        sums = {name: value for name, value in row.items() if isinstance(value, int)}
        one = found.setdefault(tuple(labels.values()), {**span, **labels, **dict.fromkeys(sums, 0)})
        for name, value in sums.items():
            one[name] += value
    return list(found.values())


def _fine(quarter: datetime) -> Values:
    return {"grain": Grain.QUARTER, "at": quarter, "until": quarter + QUARTER}


def _part(days: Days, hour: str = WITHHELD) -> Values:
    """The hour that it is of, or the whole day where that is not told."""
    if hour == WITHHELD:
        return {"grain": Grain.PART, "at": days.period.start, "until": days.period.end}
    start = datetime.fromisoformat(hour)
    return {"grain": Grain.PART, "at": start, "until": start + HOUR}


def _call_columns(one: CallSums) -> Values:
    counts = {name: getattr(one.calls, name) for name in CALL_COUNTS}
    times = {f"{name}_us": getattr(one.calls, name) // MICROSECOND for name in CALL_TIMES}
    shares = {f"{name}_{piece}": getattr(getattr(one, name), piece) for name in CALL_SHARES for piece in _PIECES}
    buckets = dict(zip(HANDLE_BUCKETS, one.handle_times.counts, strict=True))
    return {**counts, **times, **shares, **buckets, "contacts": one.contacts, "solved_at_first": one.solved_at_first}


def _case_columns(one: CaseSums) -> Values:
    return {name: getattr(one.cases, name) for name in CASE_COUNTS}


def _presence_columns(one: PresenceSums) -> Values:
    return {"busy_us": one.presence.busy // MICROSECOND, "available_us": one.presence.available // MICROSECOND}


def _compared(rows: Iterable[Values], without_parts: bool) -> list[list[tuple[str, str]]]:
    return sorted(
        [(name, str(value)) for name, value in sorted(row.items())]
        for row in rows
        if not (without_parts and row["grain"] == Grain.PART)
    )
