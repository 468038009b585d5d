"""How long agents were busy and free on one day as sums, by quarter of an hour and team."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.history_rows import AgentChangeRow
from app.db.rows import PersonRow
from app.domain.history.kept import LONGEST_STATE, QUARTER
from app.domain.history.parts import Item
from app.domain.history.tallies import Presence
from app.domain.metrics.agents import BUSY, AgentSpan, spans_of
from app.domain.metrics.periods import Period
from app.domain.people import AgentState
from app.services.roll_up_calls import as_label, quarter_of


@dataclass(slots=True)
class PresenceSums:
    presence: Presence = field(default=Presence())
    agents: set[UUID] = field(default_factory=set)


Key = tuple[datetime, str]  # quarter, team


def presence_of(session: Session, period: Period, now: datetime) -> dict[Key, PresenceSums]:
    """All that is known of the period up to `now`; a state that goes on lasts until then.

    Nobody is in one state for longer than `LONGEST_STATE`: a desk that died says nothing any more.
    """
    sums: dict[Key, PresenceSums] = defaultdict(PresenceSums)
    for person_id, team, span in _spans(session, period, now):
        if span.state not in BUSY and span.state is not AgentState.AVAILABLE:
            continue
        for quarter in _quarters(span, period):
            took = span.within(quarter)
            one = sums[quarter.start, team]
            is_busy = span.state in BUSY
            one.presence += Presence(busy=took) if is_busy else Presence(available=took)
            one.agents.add(person_id)
    return dict(sums)


def items_of(sums: Mapping[Key, PresenceSums]) -> list[Item[Presence]]:
    """All agents together: beside the handle times of a team, its presence would tell of its smallest queue."""
    agents = frozenset().union(*(one.agents for one in sums.values()))
    whole = sum((one.presence for one in sums.values()), Presence())
    return [Item(labels=("",), people=(agents,), facts=whole)] if sums else []


def _spans(session: Session, period: Period, now: datetime) -> Iterator[tuple[UUID, str, AgentSpan]]:
    row = AgentChangeRow
    query = (
        select(row.person_id, row.at, row.state, PersonRow.team_id)
        .join(PersonRow, PersonRow.id == row.person_id)
        .where(row.at >= period.start - LONGEST_STATE, row.at < min(period.end, now))
        .order_by(row.person_id, row.at)
    )
    changes: dict[tuple[UUID, str], list[tuple[datetime, AgentState]]] = defaultdict(list)
    for change in session.execute(query):
        changes[change.person_id, as_label(change.team_id)].append((change.at, change.state))
    until = min(period.end, now)
    for (person_id, team), those in changes.items():
        for span in spans_of(those, until):
            end = min(span.end or until, span.start + LONGEST_STATE)
            yield person_id, team, AgentSpan(state=span.state, start=span.start, end=end)


def _quarters(span: AgentSpan, period: Period) -> Iterator[Period]:
    start = quarter_of(max(span.start, period.start))
    end = min(span.end or period.end, period.end)
    while start < end:
        yield Period(start=start, end=start + QUARTER)
        start += QUARTER
