"""What the board reads, statement by statement, and the values that the rows become."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, literal, or_, select, text
from sqlalchemy.orm import Session

from app.db.answer_rows import AnswerRow, AnswerUseRow, SearchGapRow
from app.db.line_rows import CallBackRow
from app.db.rows import AgentRow, CallRow, CaseRow, CustomerRow, PersonRow, TeamRow, TimelineRow
from app.db.supervisor_rows import QueueRuleRow
from app.domain.answer_use import UseKind
from app.domain.board import AgentNow, AnswerNow, CallBackNow, CallNow, CaseNow, GapNow, StepNow
from app.domain.calls import Call, CallerNumber, NumberKind
from app.domain.cases import CaseEvent, EscalationReason
from app.domain.errors import NotAllowed
from app.domain.metrics.call_figures import QueueRules
from app.domain.metrics.calls import CallFacts, facts_of

_STEPS = (CaseEvent.ESCALATED, CaseEvent.RETURNED, CaseEvent.SOLVED)
_NOBODY = CallerNumber(raw="", kind=NumberKind.UNKNOWN)  # figures do not ask who called


def calls(
    session: Session, day_start: datetime, ids: Sequence[UUID] | None = None, *, names_agents: bool
) -> Iterator[CallNow]:
    """Calls of the day, and older ones that go on; of these ids, or all."""
    query = (
        select(
            CallRow.id,
            CallRow.state,
            CallRow.queue,
            CallRow.number_raw,
            CallRow.queued_at,
            CallRow.offered_at,
            CallRow.answered_at,
            CallRow.held_ms,
            CallRow.ended_at,
            CallRow.wrapped_up_at,
            CallRow.end_reason,
            CallRow.ended_by,
            CallRow.is_outgoing,
            CustomerRow.name.label("customer_name"),
            _named(PersonRow.name, names_agents).label("agent_name"),
        )
        .outerjoin(PersonRow, PersonRow.id == CallRow.agent_id)  # nobody's yet while it waits
        .outerjoin(CustomerRow, CustomerRow.id == CallRow.customer_id)
        .where(or_(CallRow.queued_at >= day_start, text("call.state <> 'closed'")))
    )
    for row in session.execute(_of(query, CallRow.id, ids)):
        yield CallNow(
            id=row.id,
            state=row.state,
            queue=row.queue,
            caller=row.customer_name or row.number_raw,
            agent_name=row.agent_name or "",
            queued_at=row.queued_at,
            answered_at=row.answered_at,
            is_outgoing=row.is_outgoing,
            facts=_facts(row),
        )


def cases(session: Session, ids: Sequence[UUID] | None = None) -> Iterator[CaseNow]:
    """Cases that are not solved."""
    query = (
        select(
            CaseRow.id,
            CaseRow.number,
            CaseRow.title,
            CaseRow.state,
            CaseRow.level,
            CaseRow.priority,
            CaseRow.due_at,
            CaseRow.warn_at,
            CaseRow.opened_at,
            CaseRow.level_since,
            func.coalesce(PersonRow.name, "").label("owner_name"),
        )
        .outerjoin(PersonRow, PersonRow.id == CaseRow.owner_id)
        .where(text("case_file.state <> 'solved'"))
    )
    for row in session.execute(_of(query, CaseRow.id, ids)):
        yield CaseNow(**row._mapping)


def steps(session: Session, day_start: datetime, case_ids: Sequence[UUID] | None = None) -> Iterator[StepNow]:
    """What happened to cases since the day began."""
    query = (
        select(
            TimelineRow.id,
            TimelineRow.case_id,
            CaseRow.number,
            CaseRow.title,
            TimelineRow.at,
            TimelineRow.event,
            TimelineRow.from_level,
            TimelineRow.to_level,
            TimelineRow.hand_over["reason"].as_string().label("reason"),
        )
        .join(CaseRow, CaseRow.id == TimelineRow.case_id)
        .where(TimelineRow.event.in_(_STEPS), TimelineRow.at >= day_start)
    )
    for row in session.execute(_of(query, TimelineRow.case_id, case_ids)):
        reason = EscalationReason(row.reason) if row.reason else None
        yield StepNow(**{**row._mapping, "reason": reason})


def agents(session: Session, *, names_agents: bool) -> tuple[AgentNow, ...]:
    """All, by name; without name and team where nobody is to be told apart."""
    name, team_name = _named(PersonRow.name, names_agents), _named(TeamRow.name, names_agents)
    query = (
        select(
            PersonRow.id,
            name.label("name"),
            team_name.label("team_name"),
            AgentRow.state,
            AgentRow.pause_code,
            AgentRow.since,
        )
        .join(PersonRow, PersonRow.id == AgentRow.person_id)
        .join(TeamRow, TeamRow.id == PersonRow.team_id)
        .order_by(PersonRow.name, PersonRow.id)
    )
    return tuple(AgentNow(**row._mapping) for row in session.execute(query))


def _named(name: Any, is_told: bool) -> Any:
    return name if is_told else literal("")


def call_backs(session: Session) -> tuple[CallBackNow, ...]:
    """Those that are open, the most urgent first."""
    query = (
        select(
            CallBackRow.id,
            CallBackRow.kind,
            CallBackRow.name,
            CallBackRow.number,
            CallBackRow.due_at,
            CallBackRow.made_at,
            func.coalesce(PersonRow.name, "").label("person_name"),
        )
        .outerjoin(PersonRow, PersonRow.id == CallBackRow.person_id)
        .where(text("call_back.state = 'open'"))
        .order_by(CallBackRow.due_at, CallBackRow.id)
    )
    return tuple(CallBackNow(**row._mapping) for row in session.execute(query))


def answers(session: Session, now: datetime) -> tuple[AnswerNow, ...]:
    """What became of the answers today, those first that solved most."""
    counts = {kind: func.sum(case((AnswerUseRow.kind == kind, AnswerUseRow.count), else_=0)) for kind in UseKind}
    solved, escalated, read = (counts[kind] for kind in (UseKind.SOLVED, UseKind.ESCALATED, UseKind.READ))
    query = (
        select(
            AnswerRow.id,
            AnswerRow.title,
            solved.label("solved_count"),
            escalated.label("escalated_count"),
            read.label("read_count"),
        )
        .join(AnswerUseRow, AnswerUseRow.answer_id == AnswerRow.id)
        .where(AnswerUseRow.day == now.astimezone(UTC).date())
        .group_by(AnswerRow.id, AnswerRow.title)
        .order_by(solved.desc(), read.desc(), AnswerRow.title, AnswerRow.id)
    )
    return tuple(AnswerNow(**row._mapping) for row in session.execute(query))


def gaps(session: Session, now: datetime) -> tuple[GapNow, ...]:
    """Searches in vain today, the most frequent first."""
    count = func.count().label("count")
    query = (
        select(SearchGapRow.kind, SearchGapRow.text, count)
        .where(SearchGapRow.day == now.astimezone(UTC).date())
        .group_by(SearchGapRow.kind, SearchGapRow.text)
        .order_by(count.desc(), SearchGapRow.text, SearchGapRow.kind)
    )
    return tuple(GapNow(**row._mapping) for row in session.execute(query))


def rules(session: Session) -> dict[str, QueueRules]:
    """Of the queues that have some of their own."""
    return {row.queue: rules_of(row) for row in session.execute(select(QueueRuleRow.__table__))}


def rules_of(row: Any) -> QueueRules:
    return QueueRules(
        answer_within=timedelta(milliseconds=row.answer_within_ms),
        short_abandon=timedelta(milliseconds=row.short_abandon_ms),
        goal=Fraction(row.goal_percent, 100),
        service_level=row.service_level,
        abandonment=row.abandonment,
    )


def _of(query: Any, column: Any, ids: Sequence[UUID] | None) -> Any:
    return query if ids is None else query.where(column.in_(ids))


def _facts(row: Any) -> CallFacts | None:
    """The facts of a call as a desk told it; None for one that never was in a queue, or cannot have been like this."""
    call = Call(
        id=row.id,
        source="",
        caller=_NOBODY,
        state=row.state,
        queued_at=row.queued_at,
        is_outgoing=row.is_outgoing,
        offered_at=_not_before(row.offered_at, row.queued_at),
        answered_at=_not_before(row.answered_at, row.queued_at),
        held=timedelta(milliseconds=row.held_ms),
        ended_at=_not_before(row.ended_at, row.queued_at),
        wrapped_up_at=row.wrapped_up_at,
        end_reason=row.end_reason,
        ended_by=row.ended_by,
    )
    try:
        return facts_of(call)
    except NotAllowed:  # a desk is not trusted, and one row must not take the board from everybody
        return None


def _not_before(at: datetime | None, earliest: datetime) -> datetime | None:
    return None if at is None else max(at, earliest)
