"""What the board reads, statement by statement, and the values that the rows become."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, literal_column, or_, select, text
from sqlalchemy.orm import Session

from app.db import steering_views
from app.db.answer_rows import AnswerRow, AnswerUseRow, SearchGapRow
from app.db.rows import AgentRow
from app.db.supervisor_rows import QueueRuleRow
from app.db.types import UtcDateTime
from app.domain.answer_use import UseKind
from app.domain.board import AgentNow, AnswerNow, CallBackNow, CallNow, CaseNow, GapNow, StepNow
from app.domain.board_agents import AgentGroup, grouped, groups_of
from app.domain.calls import Call, CallerNumber, NumberKind
from app.domain.cases import CaseEvent, EscalationReason
from app.domain.errors import NotAllowed
from app.domain.metrics.call_figures import QueueRules
from app.domain.metrics.calls import CallFacts, facts_of
from app.domain.people import AgentState

_STEPS = (CaseEvent.ESCALATED, CaseEvent.RETURNED, CaseEvent.SOLVED)
_CASE = ("id", "number", "title", "state", "level", "priority", "due_at", "warn_at", "opened_at", "level_since")
_AGENTS_BY_STATE = text("SELECT state, agent_count, median_since FROM firstline.agents_by_state()").columns(
    median_since=UtcDateTime()
)
_NOBODY = CallerNumber(raw="", kind=NumberKind.UNKNOWN)  # figures do not ask who called


def calls(
    session: Session, day_start: datetime, ids: Sequence[UUID] | None = None, *, names_agents: bool
) -> Iterator[CallNow]:
    """Calls of the day, and older ones that go on; of these ids, or all."""
    call = steering_views.calls(_dialect(session), names_agents=names_agents)
    query = select(call).where(or_(call.c.queued_at >= day_start, call.c.state != literal_column("'closed'")))
    for row in session.execute(_of(query, call.c.id, ids)):
        yield CallNow(
            id=row.id,
            state=row.state,
            queue=row.queue,
            caller=row.customer_name or row.number_raw,
            agent_name=row.agent_name,
            queued_at=row.queued_at,
            answered_at=row.answered_at,
            is_outgoing=row.is_outgoing,
            facts=_facts(row),
        )


def cases(session: Session, ids: Sequence[UUID] | None = None, *, names_agents: bool = False) -> Iterator[CaseNow]:
    """Cases that are not solved."""
    case_file = steering_views.steered_cases(_dialect(session))
    owner = steering_views.case_owners(_dialect(session), names_agents=names_agents)
    query = (
        select(*(case_file.c[name] for name in _CASE), func.coalesce(owner.c.name, "").label("owner_name"))
        .select_from(case_file)
        .outerjoin(owner, owner.c.case_id == case_file.c.id)
        .where(case_file.c.state != literal_column("'solved'"))
    )
    for row in session.execute(_of(query, case_file.c.id, ids)):
        yield CaseNow(**row._mapping)


def steps(session: Session, day_start: datetime, case_ids: Sequence[UUID] | None = None) -> Iterator[StepNow]:
    """What happened to cases since the day began."""
    step = steering_views.steps(_dialect(session))
    query = select(step).where(step.c.event.in_(_STEPS), step.c.at >= day_start)
    for row in session.execute(_of(query, step.c.case_id, case_ids)):
        reason = EscalationReason(row.reason) if row.reason else None
        yield StepNow(**{**row._mapping, "reason": reason})


def agents(session: Session) -> tuple[AgentNow, ...]:
    """All by name, for who may know it."""
    agent = steering_views.agents(_dialect(session))
    return tuple(AgentNow(**row._mapping) for row in session.execute(select(agent).order_by(agent.c.name, agent.c.id)))


def agent_groups(session: Session) -> tuple[AgentGroup, ...]:
    """Those at work, in the order of the states, without names: told apart only where they are five or more."""
    if _dialect(session) == "sqlite":
        row = AgentRow
        at_work = session.execute(select(row.state, row.since).where(row.state != AgentState.SIGNED_OUT))
        return groups_of((one.state, one.since) for one in at_work)
    return grouped(
        AgentGroup(state=row.state and AgentState(row.state), count=row.agent_count, median_since=row.median_since)
        for row in session.execute(_AGENTS_BY_STATE)
    )


def call_backs(session: Session, *, names_agents: bool) -> tuple[CallBackNow, ...]:
    """Those that are open, the most urgent first."""
    one = steering_views.call_backs(_dialect(session), names_agents=names_agents)
    found = session.execute(select(one).order_by(one.c.due_at, one.c.id))
    return tuple(CallBackNow(**row._mapping) for row in found)


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


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


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
