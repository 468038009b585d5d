"""Keeps what stands beside the facts of open cases right, and records who is told of a promise that is about to break.

`Reckoning.raise_due` runs at each supervisor's desk: whoever looks first records it, and the others find it recorded.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, literal_column, select, update
from sqlalchemy.engine import Row as Found
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.one_statement import insert_into
from app.db.rows import TeamRow
from app.db.service_rows import AlarmRow
from app.db.steering_views import case_events, steered_cases
from app.domain.cases import CaseState
from app.domain.clocks import CaseFacts, Event, clocks_of, reckon, steps_reached
from app.domain.rules.promises import Audience
from app.domain.rules.rulebook import Rulebook
from app.domain.topics import Topic
from app.services.once import tell
from app.services.rules import Rules

BATCH = 500  # cases in one transaction


class Reckoning:
    def __init__(self, database: Database, rules: Rules | None = None) -> None:
        self._database = database
        self._rules = rules or Rules(database)
        self._case = steered_cases(database.engine.dialect.name)

    def all(self) -> int:
        """Work out all open cases anew, some at a time; how many. After the rules were changed."""
        self._rules.forget()
        book, count, last = self._rules.current(), 0, UUID(int=0)
        case = self._case.c
        while True:
            these = select(case.id).where(case.id > last, case.state != literal_column("'solved'"))
            with self._database.write() as session:
                ids = session.scalars(these.order_by(case.id).limit(BATCH)).all()
                _rewrite(session, self._locked(session, ids), book, datetime.now(UTC), tells=False)
            if not ids:
                break
            count, last = count + len(ids), ids[-1]
        with self._database.write() as session:
            tell(session, Topic.RULES, last)
        return count

    def raise_due(self) -> timedelta | None:
        """Record what has come to a step of telling; the time until the next one, None: nothing runs.

        A case that somebody is just changing, or looking at, is passed over: it is there again the next time.
        """
        book, now = self._rules.current(), datetime.now(UTC)
        alarm_at = self._case.c.alarm_at
        due = select(self._case.c.id).where(alarm_at <= now).order_by(alarm_at).limit(BATCH)
        with self._database.write() as session:
            ids = session.scalars(due).all()
            _rewrite(session, self._locked(session, ids, skips=True), book, now, tells=True)
        with self._database.read() as session:
            next_at = session.scalar(select(func.min(alarm_at)).where(alarm_at.is_not(None)))
        return None if next_at is None else max(next_at - now, timedelta(0))

    def _locked(self, session: Session, ids: Sequence[UUID], *, skips: bool = False) -> Sequence[Found[Any]]:
        """These cases, and nobody else has them meanwhile; by id, as a view locks more than a LIMIT lets through."""
        if not ids:
            return ()
        query: Any = (
            select(*(self._case.c[name] for name in _FACTS), TeamRow.name.label("team"))
            .select_from(self._case)
            .join(TeamRow, TeamRow.id == self._case.c.team_id)
            .where(self._case.c.id.in_(ids))
            .order_by(self._case.c.id)
        )
        found: Sequence[Found[Any]] = session.execute(query.with_for_update(of=self._case, skip_locked=skips)).all()
        return found


def _rewrite(session: Session, rows: Sequence[Found[Any]], book: Rulebook, now: datetime, *, tells: bool) -> None:
    """Write what is worked out for these cases, and record what they have come to."""
    if not rows:
        return
    events = _events(session, [row.id for row in rows])
    facts = {row.id: _facts(row, events[row.id]) for row in rows}
    alarms = [alarm for row in rows for alarm in _alarms(row, facts[row.id], book, now)] if tells else []
    _write(session, rows, facts, book, now, tells=tells)
    if alarms:
        _record(session, alarms)


def _write(
    session: Session,
    rows: Sequence[Found[Any]],
    facts: dict[UUID, CaseFacts],
    book: Rulebook,
    now: datetime,
    *,
    tells: bool,
) -> None:
    """Who does not record what the case has come to leaves it to `raise_due`, at once."""
    values = []
    for row in rows:
        reckoned = reckon(facts[row.id], book, now)
        if not tells and any(any(steps_reached(clock, book, now)) for clock in clocks_of(facts[row.id], book)):
            reckoned = replace(reckoned, alarm_at=now)
        values.append({f"new_{name}": value for name, value in reckoned.by_name().items()} | {"case_id": row.id})
    session.connection().execute(_updating(session.get_bind().dialect.name), values)


def _alarms(row: Found[Any], facts: CaseFacts, book: Rulebook, now: datetime) -> Iterable[dict[str, Any]]:
    for clock in clocks_of(facts, book):
        for step in steps_reached(clock, book, now):
            yield {
                "case_id": row.id,
                "clock": clock.kind,
                "since": clock.since,
                "step": step.name,
                "team_id": row.team_id if step.who is Audience.TEAM else None,
                "at": clock.at(step),
                "told_at": now,
            }


def _record(session: Session, alarms: list[dict[str, Any]]) -> None:
    """Each once; a line in the change table for the cases of those that are new."""
    dialect = session.get_bind().dialect.name
    statement = insert_into(dialect, AlarmRow).on_conflict_do_nothing().returning(AlarmRow.case_id)
    new = {case_id for alarm in alarms for case_id in session.scalars(statement.values(**alarm))}
    for case_id in sorted(new):
        tell(session, Topic.ALARMS, case_id)


def _events(session: Session, ids: list[UUID]) -> dict[UUID, list[Event]]:
    found: dict[UUID, list[Event]] = defaultdict(list)
    line = case_events(session.get_bind().dialect.name).c
    for row in session.execute(
        select(line.case_id, line.event, line.at).where(line.case_id.in_(ids)).order_by(line.at)
    ):
        found[row.case_id].append(Event(event=row.event, at=row.at))
    return found


def _facts(row: Found[Any], events: Sequence[Event]) -> CaseFacts:
    return CaseFacts(
        state=CaseState(row.state),
        level=row.level,
        priority=row.priority,
        opened_at=row.opened_at,
        level_since=row.level_since,
        solved_at=row.solved_at,
        team=row.team,
        plan=row.plan,
        waits_now=row.waits_for is not None,
        events=events,
    )


@cache
def _updating(dialect: str) -> Any:
    case = steered_cases(dialect)
    new = {name: bindparam(f"new_{name}", type_=case.c[name].type) for name in _NAMES}
    return update(case).where(case.c.id == bindparam("case_id")).values(new)


_NAMES = ("due_at", "warn_at", "resolve_due_at", "resolve_warn_at", "alarm_at")
_FACTS = ("id", "state", "level", "priority", "opened_at", "level_since", "solved_at", "plan", "waits_for", "team_id")
