"""The supervisor's figures of this moment."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import case, func, select, text
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.rows import AgentRow, CallRow, CaseRow, CustomerRow, PersonRow, TeamRow, TimelineRow
from app.domain.board import AgentNow, Board, CallNow, QueueNow
from app.domain.cases import CaseEvent, CaseState, Level
from app.domain.lines import GatewayState
from app.services.lines import gateway_state

LIST_LIMIT = 200


class Boards:
    def __init__(self, database: Database) -> None:
        self._database = database

    def gateway(self) -> GatewayState | None:
        """What the gateway said last; None: there never was one."""
        with self._database.read() as session:
            return gateway_state(session)

    def now(self, day_start: datetime) -> Board:
        """The centre at this moment; `day_start` (aware) is when the person's day began."""
        now = datetime.now(UTC)
        with self._database.read_replica() as session:
            return Board(
                read_at=now,
                calls=_calls(session),
                agents=_agents(session),
                queues=_queues(session, now),
                escalated_today=_count(session, CaseEvent.ESCALATED, day_start),
                solved_today=_count(session, CaseEvent.SOLVED, day_start),
            )


def _calls(session: Session) -> tuple[CallNow, ...]:
    query = (
        select(
            CallRow.id,
            CallRow.state,
            CallRow.queue,
            CallRow.number_raw,
            CallRow.queued_at,
            CallRow.answered_at,
            CustomerRow.name.label("customer_name"),
            PersonRow.name.label("agent_name"),
        )
        .outerjoin(PersonRow, PersonRow.id == CallRow.agent_id)  # nobody's yet while it waits
        .outerjoin(CustomerRow, CustomerRow.id == CallRow.customer_id)
        .where(text("call.state <> 'closed'"))
        .where(~CallRow.is_outgoing | CallRow.answered_at.is_not(None))  # whom an agent rings does not wait for us
        .order_by(CallRow.queued_at)
        .limit(LIST_LIMIT)
    )
    return tuple(
        CallNow(
            id=row.id,
            state=row.state,
            queue=row.queue,
            caller=row.customer_name or row.number_raw,
            agent_name=row.agent_name or "",
            queued_at=row.queued_at,
            answered_at=row.answered_at,
        )
        for row in session.execute(query)
    )


def _agents(session: Session) -> tuple[AgentNow, ...]:
    query = (
        select(
            PersonRow.id,
            PersonRow.name,
            TeamRow.name.label("team_name"),
            AgentRow.state,
            AgentRow.pause_code,
            AgentRow.since,
        )
        .join(PersonRow, PersonRow.id == AgentRow.person_id)
        .join(TeamRow, TeamRow.id == PersonRow.team_id)
        .order_by(PersonRow.name)
        .limit(LIST_LIMIT)
    )
    return tuple(AgentNow(**row._mapping) for row in session.execute(query))


def _queues(session: Session, now: datetime) -> tuple[QueueNow, ...]:
    """Second and third level, each also when it is empty."""
    overdue = func.sum(case(((CaseRow.state == CaseState.WAITING) & (CaseRow.due_at < now), 1), else_=0))
    oldest = func.min(case((CaseRow.state == CaseState.WAITING, CaseRow.level_since)))
    query = (
        select(CaseRow.level, CaseRow.state, func.count().label("n"), overdue.label("overdue"), oldest.label("oldest"))
        .where(CaseRow.state.in_((CaseState.WAITING, CaseState.CLAIMED)))
        .group_by(CaseRow.level, CaseRow.state)
    )
    rows: dict[Level, dict[CaseState, Any]] = defaultdict(dict)
    for row in session.execute(query):
        rows[row.level][row.state] = row
    return tuple(_queue(level, rows[level]) for level in (Level.SECOND, Level.THIRD))


def _queue(level: Level, rows: dict[CaseState, Any]) -> QueueNow:
    waiting, claimed = rows.get(CaseState.WAITING), rows.get(CaseState.CLAIMED)
    return QueueNow(
        level=level,
        waiting_count=waiting.n if waiting else 0,
        overdue_count=waiting.overdue if waiting else 0,
        claimed_count=claimed.n if claimed else 0,
        oldest_since=waiting.oldest if waiting else None,
    )


def _count(session: Session, event: CaseEvent, since: datetime) -> int:
    query = select(func.count()).select_from(TimelineRow).where(TimelineRow.event == event, TimelineRow.at >= since)
    return session.scalar(query) or 0
