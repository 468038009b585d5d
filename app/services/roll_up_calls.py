"""The calls of one day as sums, by quarter of an hour, queue and team of who answered."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from app.db.rows import CallRow, CaseRow, PersonRow, TimelineRow
from app.domain.calls import Call, CallerNumber, Disposition, NumberKind
from app.domain.cases import CaseEvent, EscalationReason
from app.domain.history.kept import QUARTER
from app.domain.history.parts import WITHHELD, Item
from app.domain.history.tallies import NOTHING
from app.domain.metrics.call_figures import CallTally, QueueRules, abandonment_rate, service_level, tally_of
from app.domain.metrics.calls import facts_of
from app.domain.metrics.contacts import REPEAT_WINDOW, Contact, judged
from app.domain.metrics.figures import Share
from app.domain.metrics.handle_times import HandleTimes, handle_times_of
from app.domain.metrics.periods import Period

# Why first level cannot solve a case, whatever it does: such contacts are not in the net figure.
NOT_FOR_FIRST_LEVEL = frozenset({EscalationReason.NEEDS_SPECIALIST, EscalationReason.NEEDS_ACCESS})

_NOBODY = CallerNumber(raw="", kind=NumberKind.UNKNOWN)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class CallSums:
    """Of one quarter, queue and team; `agents` answered them."""

    calls: CallTally = field(default=CallTally())
    service_level: Share = NOTHING
    abandonment: Share = NOTHING
    handle_times: HandleTimes = field(default=HandleTimes())
    contacts: int = 0
    solved_at_first: int = 0
    agents: set[UUID] = field(default_factory=set)

    def add(self, other: "CallSums") -> None:
        self.calls += other.calls
        self.service_level += other.service_level
        self.abandonment += other.abandonment
        self.handle_times += other.handle_times
        self.contacts += other.contacts
        self.solved_at_first += other.solved_at_first
        self.agents |= other.agents


Key = tuple[datetime, str, str]  # quarter, queue, team


def quarter_of(at: datetime) -> datetime:
    """The UTC quarter of an hour; no zone's clocks go by less."""
    return _EPOCH + (at - _EPOCH) // QUARTER * QUARTER


def as_label(value: object) -> str:
    """A name or an id as it is kept: never that of what is withheld."""
    text = "" if value is None else str(value)[:100]
    return f"{text} " if text == WITHHELD else text


def calls_of(session: Session, period: Period, rules: Mapping[str, QueueRules]) -> dict[Key, CallSums]:
    """All calls that were queued in the period; by the rules of their queue."""
    sums: dict[Key, CallSums] = defaultdict(CallSums)
    rows = session.execute(_calls_in(period)).all()
    solved = _solved_at_first(session, rows, period)
    default = QueueRules()
    for row in rows:
        facts = facts_of(_call(row))
        if facts is None:
            continue
        one = sums[quarter_of(row.queued_at), as_label(row.queue), as_label(row.team_id if row.answered_at else None)]
        rule = rules.get(row.queue, default)
        counts = tally_of(facts, rule)
        one.calls += counts
        one.service_level += service_level(counts, rule.service_level)
        one.abandonment += abandonment_rate(counts, rule.abandonment)
        one.handle_times += handle_times_of(facts)
        if row.id in solved:
            one.contacts += 1
            one.solved_at_first += solved[row.id]
        if row.answered_at and row.agent_id:
            one.agents.add(row.agent_id)
    return dict(sums)


def items_of(sums: Mapping[Key, CallSums], hour_of: Mapping[datetime, str]) -> list[Item[CallSums]]:
    """The same by queue, hour and team, coarse to fine, as they are cut into parts."""
    merged: dict[tuple[str, str, str], CallSums] = defaultdict(CallSums)
    for (quarter, queue, team), one in sums.items():
        merged[queue, hour_of[quarter], team].add(one)
    return [Item(labels=labels, people=(frozenset(one.agents),), facts=one) for labels, one in merged.items()]


def _calls_in(period: Period) -> Any:
    row = CallRow
    columns = (
        row.id, row.state, row.queue, row.agent_id, row.customer_id, row.case_id, row.queued_at, row.offered_at,
        row.answered_at, row.held_ms, row.ended_at, row.wrapped_up_at, row.end_reason, row.ended_by, row.is_outgoing,
        row.disposition, PersonRow.team_id,
    )  # fmt: skip
    return (
        select(*columns)
        .outerjoin(PersonRow, PersonRow.id == row.agent_id)
        .where(row.queued_at >= period.start, row.queued_at < period.end)
    )


def _call(row: Row[Any]) -> Call:
    return Call(
        id=row.id,
        source="",
        caller=_NOBODY,
        state=row.state,
        queued_at=row.queued_at,
        is_outgoing=row.is_outgoing,
        offered_at=row.offered_at,
        answered_at=row.answered_at,
        held=timedelta(milliseconds=row.held_ms),
        ended_at=row.ended_at,
        wrapped_up_at=row.wrapped_up_at,
        end_reason=row.end_reason,
        ended_by=row.ended_by,
    )


def _solved_at_first(session: Session, rows: Iterable[Row[Any]], period: Period) -> dict[UUID, int]:
    """The contacts of the period that count, with 1 where it was solved at first contact."""
    there = any(row.answered_at for row in rows)
    contacts = [_contact(row) for row in session.execute(_contacts_around(period))] if there else []
    return {contact.id: int(is_solved) for contact, is_solved in judged(contacts, period)}


def _contacts_around(period: Period) -> Any:
    """Conversations of the period, and those of a window around it that may repeat one of them."""
    row, other = CallRow, aliased(CallRow)
    first_reason = (
        select(TimelineRow.hand_over["reason"].as_string())
        .where(TimelineRow.case_id == row.case_id, TimelineRow.event == CaseEvent.ESCALATED)
        .order_by(TimelineRow.at)
        .limit(1)
        .scalar_subquery()
    )
    customers = select(other.customer_id).where(
        other.queued_at >= period.start, other.queued_at < period.end, other.customer_id.is_not(None)
    )
    cases = select(other.case_id).where(
        other.queued_at >= period.start, other.queued_at < period.end, other.case_id.is_not(None)
    )
    is_within = (row.queued_at >= period.start) & (row.queued_at < period.end)
    return (
        select(
            row.id, row.queued_at, row.customer_id, row.case_id, row.disposition, CaseRow.product_id,
            first_reason.label("reason"),
        )
        .outerjoin(CaseRow, CaseRow.id == row.case_id)
        .where(row.queued_at >= period.start - REPEAT_WINDOW, row.queued_at <= period.end + REPEAT_WINDOW)
        .where(row.answered_at.is_not(None), ~row.is_outgoing)
        .where(row.disposition.is_(None) | (row.disposition != Disposition.WRONG_NUMBER))
        .where(is_within | row.customer_id.in_(customers) | row.case_id.in_(cases))
    )  # fmt: skip


def _contact(row: Row[Any]) -> Contact:
    return Contact(
        id=row.id,
        at=row.queued_at,
        customer_id=row.customer_id,
        case_id=row.case_id,
        category="" if row.product_id is None else str(row.product_id),
        is_solved=row.disposition is Disposition.SOLVED,
        is_first_level=row.reason not in NOT_FOR_FIRST_LEVEL,
    )
