"""Which days have to be summed up again: those of all facts that changed since somebody looked.

The change table says which calls, cases and drafts changed, and nothing is missed: on PostgreSQL it is read by
transaction, as in `app.db.changes`. The same change may be seen twice, which only sums a day up once more.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Uuid, func, select, text, update
from sqlalchemy.orm import Session

from app.db.history_rows import AgentChangeRow, HistoryDayRow, HistoryStateRow
from app.db.knowledge_rows import AnswerDraftRow
from app.db.one_statement import insert_into
from app.db.rows import CallRow, CaseRow
from app.domain.history.kept import LONGEST_STATE, Kind
from app.domain.knowledge import AnswerState
from app.domain.metrics.contacts import REPEAT_WINDOW
from app.domain.topics import Topic

_DAY = timedelta(days=1)
_AT_ONCE = 1_000  # ids in one statement
_TOPICS = (Topic.CALLS, Topic.CASES, Topic.DRAFTS)

T = TypeVar("T")
Mark = tuple[Kind, date]


def mark_changes(session: Session, state: HistoryStateRow, now: datetime) -> None:
    """Mark the days of what changed since the last time, and today."""
    zone = ZoneInfo(state.zone)
    changed = _changed_since(session, state)
    if changed is None:
        mark_all(session, state, now)
        return
    marks = {(Kind.PRESENCE, now.astimezone(zone).date())}
    marks.update(_of_calls(session, changed[Topic.CALLS], zone))
    marks.update(_of_cases(session, changed[Topic.CASES], zone))
    marks.update(_of_drafts(session, changed[Topic.DRAFTS], zone))
    marks.update(_of_presence(session, zone))
    mark(session, marks)


def mark_all(session: Session, state: HistoryStateRow, now: datetime) -> None:
    """Mark every day on which there is any fact; what was looked at before counts for nothing."""
    zone = ZoneInfo(state.zone)
    _changed_since(session, state)
    session.execute(update(AgentChangeRow).values(is_counted=True).where(~AgentChangeRow.is_counted))
    firsts = {
        Kind.CALLS: select(func.min(CallRow.queued_at)),
        Kind.CASES: select(func.min(CaseRow.opened_at)),
        Kind.PRESENCE: select(func.min(AgentChangeRow.at)),
    }
    marks: set[Mark] = set()
    for kind, query in firsts.items():
        first = session.scalar(query)
        if first is not None:
            marks.update((kind, day) for day in _days(first, now, zone))
    known = session.execute(select(HistoryDayRow.kind, HistoryDayRow.day))
    mark(session, marks | {(row.kind, row.day) for row in known})


def mark(session: Session, marks: Iterable[Mark]) -> None:
    """Days that are frozen stay as they are."""
    row = HistoryDayRow
    insert = insert_into(session.get_bind().dialect.name, row)
    statement = insert.on_conflict_do_update(
        index_elements=[row.kind, row.day], set_={"is_stale": True}, where=~row.is_frozen
    )
    values = [{"kind": kind, "day": day, "is_stale": True} for kind, day in sorted(marks)]
    if values:
        session.execute(statement, values)


def _changed_since(session: Session, state: HistoryStateRow) -> Mapping[Topic, set[UUID]] | None:
    """What changed since the cursor, which goes on, of each topic; None where changes were removed unread."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    rows = session.execute(_SQLITE if is_sqlite else _POSTGRESQL, {"cursor": state.cursor}).all()
    before, state.cursor = state.cursor, str(rows[0].next)
    if is_sqlite:
        is_gap = rows[0].first is not None and int(rows[0].first) > int(before) + 1
    else:
        is_gap = any(row.topic == "removed" for row in rows)
    if is_gap:
        return None
    return {topic: {row.subject_id for row in rows if row.topic == topic} for topic in _TOPICS}


def _of_calls(session: Session, ids: Iterable[UUID], zone: ZoneInfo) -> Iterator[Mark]:
    """The days of these calls, and of others of the same customers that may be repeats now."""
    for some in _some(ids):
        times: dict[UUID, list[datetime]] = {}
        row = CallRow
        for call in session.execute(select(row.queued_at, row.customer_id).where(row.id.in_(some))):
            yield Kind.CALLS, call.queued_at.astimezone(zone).date()
            if call.customer_id is not None:
                times.setdefault(call.customer_id, []).append(call.queued_at)
        if not times:
            continue
        first, last = min(map(min, times.values())), max(map(max, times.values()))
        others = select(row.queued_at).where(
            row.customer_id.in_(times),
            row.answered_at.is_not(None),
            row.queued_at.between(first - REPEAT_WINDOW, last + REPEAT_WINDOW),
        )
        yield from ((Kind.CALLS, at.astimezone(zone).date()) for at in session.scalars(others))


def _of_cases(session: Session, ids: Iterable[UUID], zone: ZoneInfo) -> Iterator[Mark]:
    """The days on which they were opened, and those of their calls: a case says what a call was about."""
    for some in _some(ids):
        opened = session.scalars(select(CaseRow.opened_at).where(CaseRow.id.in_(some)))
        yield from ((Kind.CASES, at.astimezone(zone).date()) for at in opened)
        called = session.scalars(select(CallRow.id).where(CallRow.case_id.in_(some))).all()
        yield from _of_calls(session, called, zone)


def _of_drafts(session: Session, ids: Iterable[UUID], zone: ZoneInfo) -> Iterator[Mark]:
    """The days of the cases that answers were written from, as soon as they are published."""
    row = AnswerDraftRow
    for some in _some(ids):
        of_cases = select(row.case_id).where(row.id.in_(some), row.state == AnswerState.PUBLISHED)
        opened = select(CaseRow.opened_at).where(CaseRow.id.in_(of_cases))
        yield from ((Kind.CASES, at.astimezone(zone).date()) for at in session.scalars(opened))


def _of_presence(session: Session, zone: ZoneInfo) -> Iterator[Mark]:
    """The days that new changes of state reach into; a late one may end what seemed to go on."""
    row = AgentChangeRow
    counted = update(row).values(is_counted=True).where(~row.is_counted).returning(row.at)
    for at in session.scalars(counted).all():
        for day in _days(at, at + LONGEST_STATE, zone):
            yield Kind.PRESENCE, day


def _days(first: datetime, last: datetime, zone: ZoneInfo) -> Iterator[date]:
    day, end = first.astimezone(zone).date(), last.astimezone(zone).date()
    while day <= end:
        yield day
        day += _DAY


def _some(ids: Iterable[T]) -> Iterator[Sequence[T]]:
    left = iter(ids)
    while some := tuple(islice(left, _AT_ONCE)):
        yield some


_SQLITE = text(
    "SELECT c.topic, c.subject_id, (SELECT min(id) FROM change) AS first,"
    " coalesce((SELECT max(id) FROM change), 0) AS next"
    " FROM (SELECT 1) LEFT JOIN change AS c ON c.id > CAST(:cursor AS integer)"
).columns(subject_id=Uuid())
_POSTGRESQL: Any = text(
    "SELECT c.topic, c.subject_id, snapshot.xmin::text AS next"
    " FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin) AS snapshot"
    " LEFT JOIN change AS c ON c.tx >= CAST(:cursor AS xid8) AND c.topic IN ('calls', 'cases', 'drafts', 'removed')"
).columns(subject_id=Uuid())
