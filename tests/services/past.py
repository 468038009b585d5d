"""A centre with an invented past: agents of three teams, experts, and as many calls and cases as a test wants."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.history_rows import AgentChangeRow
from app.db.rows import CallRow, CaseRow, CustomerRow, PersonRow, ProductRow, TeamRow, TimelineRow
from app.domain.calls import CallState, Disposition, EndedBy, EndReason, NumberKind
from app.domain.cases import CaseEvent, CaseState, Level, Priority
from app.domain.ids import case_number, new_id
from app.domain.people import AgentState
from app.domain.topics import Topic
from app.services.hand_overs import to_columns
from app.services.once import tell
from tests import builders

QUEUES = ("Router", "Printer")
BERLIN = "Europe/Berlin"
_NO_TIMES = {"offered_at": None, "answered_at": None, "ended_at": None, "wrapped_up_at": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    database: Database
    teams: tuple[UUID, ...]
    agents: tuple[UUID, ...]  # agent i is of team i % 3
    experts: tuple[UUID, ...]
    products: tuple[UUID, ...]
    customers: tuple[UUID, ...]

    def add_call(self, session: Session, queued_at: datetime, agent: UUID | None, **values: Any) -> UUID:
        """A call that was answered after 10 s and took 3 min and 30 s of wrap-up; without an agent, abandoned."""
        call_id = new_id()
        row = {
            "id": call_id, "source": "demo", "number_raw": "+493023125100", "number_kind": NumberKind.PUBLIC,
            "number_normal": "+493023125100", "display_name": "Ida Berg", "queue": QUEUES[0], "agent_id": agent,
            "state": CallState.CLOSED, "customer_id": None, "case_id": None, "queued_at": queued_at, "held_ms": 0,
            "note": "typed", "told_at": queued_at, "is_outgoing": False, "ended_by": EndedBy.CALLER,
            "disposition": Disposition.SOLVED if agent else None, **_times(queued_at, agent), **values,
        }  # fmt: skip
        session.execute(insert(CallRow).execution_options(render_nulls=True), [row])
        tell(session, Topic.CALLS, call_id)
        return call_id

    def add_case(self, session: Session, opened_at: datetime, by: UUID, expert: UUID | None, **values: Any) -> UUID:
        """A case solved at first level; with an expert escalated, and solved there."""
        case_id = new_id()
        level = Level.SECOND if expert else Level.FIRST
        solved_at = opened_at + timedelta(hours=3)
        row = {
            "id": case_id, "number": case_number(case_id), "title": "No internet", "state": CaseState.SOLVED,
            "level": level, "priority": Priority.P3, "due_at": None, "opened_at": opened_at, "level_since": opened_at,
            "solved_at": solved_at, "opened_by": by, "owner_id": expert or by, "team_id": self.teams[0],
            "call_id": None, "customer_id": None, "contract_id": None, "product_id": self.products[0],
            "answer_id": None, **values,
        }  # fmt: skip
        session.execute(insert(CaseRow).execution_options(render_nulls=True), [row])
        lines = [(opened_at, by, CaseEvent.OPENED, Level.FIRST, Level.FIRST)]
        if expert:
            lines.append((opened_at + timedelta(hours=1), by, CaseEvent.ESCALATED, Level.FIRST, level))
            lines.append((opened_at + timedelta(hours=2), expert, CaseEvent.CLAIMED, level, level))
        lines.append((solved_at, expert or by, CaseEvent.SOLVED, level, level))
        for at, who, event, from_level, to_level in lines:
            is_up = event is CaseEvent.ESCALATED
            columns = to_columns(builders.hand_over()) if is_up else {"hand_over": None, "caller_number": None}
            line = {"id": new_id(), "case_id": case_id, "at": at, "by": who, "event": event, "from_level": from_level,
                    "to_level": to_level, "text": "typed", **columns}  # fmt: skip
            session.execute(insert(TimelineRow).execution_options(render_nulls=True), [line])
        tell(session, Topic.CASES, case_id)
        return case_id

    def add_shift(self, session: Session, agent: UUID, at: datetime, hours: float = 8) -> None:
        """Available, on a call for a quarter of an hour in the middle, signed out at the end."""
        middle = at + timedelta(hours=hours / 2)
        states = {
            at: AgentState.AVAILABLE, middle: AgentState.ON_CALL, middle + timedelta(minutes=15): AgentState.AVAILABLE,
            at + timedelta(hours=hours): AgentState.SIGNED_OUT,
        }  # fmt: skip
        rows = [{"person_id": agent, "at": when, "state": state} for when, state in states.items()]
        session.execute(insert(AgentChangeRow), rows)


def make_past(database: Database, agent_count: int = 12, expert_count: int = 6) -> Past:
    """The people and things of it; nothing has happened yet."""
    teams, products = [new_id() for _ in range(3)], [new_id() for _ in range(3)]
    agents, experts = [new_id() for _ in range(agent_count)], [new_id() for _ in range(expert_count)]
    customers = [new_id() for _ in range(6)]
    with database.write() as session:
        session.execute(insert(TeamRow), [{"id": id_, "name": f"Team {i}"} for i, id_ in enumerate(teams)])
        people = [*agents, *experts]
        session.execute(insert(PersonRow), [
            {"id": id_, "login": f"person-{i}", "name": f"Person {i}", "team_id": teams[i % 3],
             "roles": ["first_level" if id_ in agents else "second_level"]}
            for i, id_ in enumerate(people)
        ])  # fmt: skip
        session.execute(insert(ProductRow), [
            {"id": id_, "code": f"P{i}", "name": f"Product {i}", "area": "router", "team_id": teams[i]}
            for i, id_ in enumerate(products)
        ])  # fmt: skip
        session.execute(insert(CustomerRow), [
            {"id": id_, "number": f"K-{i}", "name": "Ida Berg", "company": "", "city": "", "language": "de"}
            for i, id_ in enumerate(customers)
        ])  # fmt: skip
    return Past(
        database=database, teams=tuple(teams), agents=tuple(agents), experts=tuple(experts), products=tuple(products),
        customers=tuple(customers),
    )  # fmt: skip


def happen(past: Past, dice: random.Random, start: datetime, days: float, calls: int, cases: int = 0) -> None:
    """Anything, at random, in the days from `start` on."""

    def at() -> datetime:
        return start + timedelta(seconds=dice.randrange(int(days * 86_400)), microseconds=dice.randrange(1_000_000))

    with past.database.write() as session:
        for _ in range(cases):
            expert = dice.choice(past.experts) if dice.random() < 0.5 else None
            product = dice.choice((None, *past.products))
            team = dice.choice(past.teams)
            case_id = past.add_case(session, at(), dice.choice(past.agents), expert, product_id=product, team_id=team)
            if dice.random() < 0.7:
                _call(past, dice, session, at(), case_id)
        for _ in range(calls):
            _call(past, dice, session, at(), None)
        for agent in past.agents:
            past.add_shift(session, agent, at(), dice.uniform(0.5, 9))


def _call(past: Past, dice: random.Random, session: Session, queued_at: datetime, case_id: UUID | None) -> None:
    agent = dice.choice(past.agents) if dice.random() < 0.8 else None
    values: dict[str, Any] = {"queue": dice.choice(QUEUES), "customer_id": dice.choice((None, *past.customers))}
    if agent:
        talked = timedelta(seconds=dice.randrange(4_000))
        answered_at = queued_at + timedelta(milliseconds=dice.randrange(60_000))
        values |= {
            "answered_at": answered_at, "ended_at": answered_at + talked, "held_ms": dice.randrange(1_000),
            "wrapped_up_at": answered_at + talked + timedelta(seconds=dice.randrange(90)),
            "disposition": dice.choice((Disposition.SOLVED, Disposition.ESCALATED, None)),
            "ended_by": dice.choice((EndedBy.CALLER, EndedBy.TRANSFER)),
        }  # fmt: skip
    past.add_call(session, queued_at, agent, case_id=case_id, **values)


def _times(queued_at: datetime, agent: UUID | None) -> dict[str, Any]:
    if agent is None:
        given_up = {"ended_at": queued_at + timedelta(seconds=7), "end_reason": EndReason.ABANDONED}
        return {**_NO_TIMES, "offered_at": queued_at, **given_up}
    answered_at = queued_at + timedelta(seconds=10)
    ended_at = answered_at + timedelta(minutes=3)
    return {
        "offered_at": queued_at, "answered_at": answered_at, "ended_at": ended_at,
        "wrapped_up_at": ended_at + timedelta(seconds=30), "end_reason": EndReason.ANSWERED,
    }  # fmt: skip
