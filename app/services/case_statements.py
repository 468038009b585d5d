"""The statements that move a case, without the ORM: each is built once and compiled once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, func, literal_column, select, text, update

from app.db.one_statement import Decision, insert_into
from app.db.rows import CaseRow, PersonRow, ProductRow, Row, TeamRow, TimelineRow
from app.db.steering_views import case_events, steered_cases
from app.db.workbench_rows import QuestionRow
from app.domain.cases import CaseDraft, CaseEvent, CaseState, Level, Priority, WaitReason
from app.domain.clocks import Event
from app.domain.customers import ContractKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a case is, whoever has it."""

    state: CaseState
    level: Level
    title: str
    opened_at: datetime
    level_since: datetime
    priority: Priority
    plan: ContractKind | None
    team: str
    waits_for: WaitReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Place):
    """Where a case is and who has it."""

    owner_id: UUID | None
    opened_by: UUID


def standing(connection: Connection, case_id: UUID) -> Standing | None:
    row = connection.execute(_STANDING, {"case_id": case_id}).one_or_none()
    return None if row is None else Standing(**row._mapping)


def place(connection: Connection, case_id: UUID) -> Place | None:
    """For who steers cases, and does not read whose they are."""
    row = connection.execute(_place(connection.dialect.name), {"case_id": case_id}).one_or_none()
    return None if row is None else Place(**row._mapping)


def events_of(connection: Connection, case_id: UUID) -> tuple[Event, ...]:
    """What happened to the case, oldest first."""
    rows = connection.execute(_EVENTS, {"case_id": case_id})
    return tuple(Event(event=row.event, at=row.at) for row in rows)


def steered_events_of(connection: Connection, case_id: UUID) -> tuple[Event, ...]:
    """The same, for who steers cases."""
    table = case_events(connection.dialect.name)
    query = select(table.c.event, table.c.at).where(table.c.case_id == case_id).order_by(table.c.at)
    return tuple(Event(event=row.event, at=row.at) for row in connection.execute(query))


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """A person who had to do with a case; `level` is the one that they passed it on from."""

    id: UUID
    name: str
    has_left: bool
    level: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """A case went back to its queue without its person: by a lapse, or by the person named."""

    event: CaseEvent
    person_name: str


def person(connection: Connection, person_id: UUID) -> Colleague:
    row = connection.execute(_COLLEAGUE, {"person_id": person_id}).one()
    return Colleague(id=row.id, name=row.name, has_left=not row.roles)


def giver(connection: Connection, case_id: UUID) -> Colleague | None:
    """Who passed the case on last."""
    row = connection.execute(_GIVER, {"case_id": case_id}).first()
    return None if row is None else Colleague(id=row.id, name=row.name, has_left=not row.roles, level=row.from_level)


def returned_from(connection: Connection, case_id: UUID) -> Level | None:
    """The level that the case came back to first level from."""
    level: Level | None = connection.scalar(_RETURNED_FROM, {"case_id": case_id})
    return level


def steered_returned_from(connection: Connection, case_id: UUID) -> Level | None:
    """The same, for who steers cases."""
    event = case_events(connection.dialect.name).c
    returned = select(event.from_level).where(event.case_id == case_id, event.event == CaseEvent.RETURNED)
    level: Level | None = connection.scalar(returned.order_by(event.at.desc()).limit(1))
    return level


def taken_back(connection: Connection, case_id: UUID, person_id: UUID) -> TakenBack | None:
    """What took the case from the person, if they did not give it away themselves."""
    lines = connection.execute(_HOLDING, {"case_id": case_id}).all()
    newer = None
    for line in lines:
        if line.event is CaseEvent.LAPSED and line.by == person_id:
            return TakenBack(event=CaseEvent.LAPSED, person_name=line.name)
        had_it = line.by == person_id and line.event is CaseEvent.CLAIMED
        had_it = had_it or (line.opened_by == person_id and line.event is CaseEvent.RETURNED)
        if had_it:
            is_taken = newer is not None and newer.event is CaseEvent.REQUEUED
            return TakenBack(event=CaseEvent.REQUEUED, person_name=newer.name) if newer and is_taken else None
        newer = line
    return None


def solver(connection: Connection, case_id: UUID) -> tuple[UUID, str] | None:
    """Id and name of who solved the case last."""
    row = connection.execute(_SOLVER, {"case_id": case_id}).one_or_none()
    return None if row is None else (row.id, row.name)


def end_questions(connection: Connection, case_ids: Collection[UUID], solved_at: datetime) -> None:
    """Solved cases take their open questions with them. On PostgreSQL a trigger does that, whoever solves them."""
    if connection.dialect.name == "sqlite":
        ended = update(QuestionRow).where(QuestionRow.case_id.in_(case_ids), QuestionRow.answered_at.is_(None))
        connection.execute(ended.values(answered_at=solved_at))


def opening(dialect: str, draft: CaseDraft, opened_by: UUID, facts: dict[str, Any]) -> Decision:
    """Add the case, unless it is there or nobody knows the person.

    `facts` is what is other than of a case that the person has at first level. The case is for the team that supports
    its product, or else for that of the person. What is not known of it is not sent.
    """
    values = {
        "id": draft.id,
        "number": draft.number,
        "title": draft.title,
        "state": CaseState.OPEN,
        "level": Level.FIRST,
        "priority": Priority.P4,
        "opened_at": draft.opened_at,
        "level_since": draft.opened_at,
        "opened_by": opened_by,
        "owner_id": opened_by,
        "call_id": draft.call_id,
        "customer_id": draft.customer_id,
        "contract_id": draft.contract_id,
        "product_id": draft.product_id,
        "plan": draft.plan,
        **facts,
    }
    known = {f"new_{name}": value for name, value in values.items() if value is not None}
    return Decision(statement=_opening(dialect, tuple(known)), values=known)


def claiming(level: Level, owner_id: UUID) -> Decision:
    """Give the most urgent waiting case to the person; one that somebody else is just taking is passed over."""
    return Decision(statement=_CLAIMING, values={"of_level": level, "new_owner_id": owner_id})


def changing(case_id: UUID, before: Standing, facts: dict[str, Any]) -> Decision:
    """Change the case, if it still is as it was read. So nobody waits for a lock to be refused."""
    values = {"case_id": case_id, "was_state": before.state, "was_level": before.level, "was_owner": before.owner_id}
    values |= {f"new_{name}": value for name, value in facts.items()}
    return Decision(statement=_changing(tuple(facts)), values=values)


def steering(dialect: str, case_id: UUID, before: Place, facts: dict[str, Any]) -> Decision:
    """The same for who steers cases, whoever has it."""
    values = {"case_id": case_id, "was_state": before.state, "was_level": before.level}
    values |= {f"new_{name}": value for name, value in facts.items()}
    return Decision(statement=_steering(dialect, tuple(facts)), values=values)


@cache
def _opening(dialect: str, parameters: tuple[str, ...]) -> Any:
    """INSERT with a SELECT of the person, so that no trip is needed to ask for the team."""
    names = [parameter.removeprefix("new_") for parameter in parameters]
    team_id: Any = PersonRow.team_id
    if "product_id" in names:
        of_product = select(ProductRow.team_id).where(ProductRow.id == _new("product_id")).scalar_subquery()
        team_id = func.coalesce(of_product, team_id)
    person = select(*(_new(name) for name in names), team_id).where(PersonRow.id == _new("opened_by"))
    insert = insert_into(dialect, CaseRow).from_select([*names, "team_id"], person, include_defaults=False)
    return insert.on_conflict_do_nothing(index_elements=[_case.c.id]).returning(_case.c.id)


@cache
def _changing(names: tuple[str, ...]) -> Any:
    return _changing_in(_case, names).where(_case.c.owner_id.is_not_distinct_from(bindparam("was_owner")))


@cache
def _steering(dialect: str, names: tuple[str, ...]) -> Any:
    return _changing_in(steered_cases(dialect), names)


def _changing_in(table: Table, names: tuple[str, ...]) -> Any:
    is_as_it_was = (
        table.c.id == bindparam("case_id"),
        table.c.state == bindparam("was_state"),
        table.c.level == bindparam("was_level"),
    )
    return update(table).where(*is_as_it_was).values({name: _new(name) for name in names}).returning(table.c.id)


@cache
def _place(dialect: str) -> Any:
    table = steered_cases(dialect)
    return (
        select(*(table.c[name] for name in _PLACE), TeamRow.name.label("team"))
        .join(TeamRow, TeamRow.id == table.c.team_id)
        .where(table.c.id == bindparam("case_id"))
    )


def _new(name: str) -> Any:
    return bindparam(f"new_{name}", type_=_case.c[name].type)


_case = Row.metadata.tables[CaseRow.__tablename__]
_PLACE = ("state", "level", "title", "opened_at", "level_since", "priority", "plan", "waits_for")
_STANDING = (
    select(*(_case.c[name] for name in (*_PLACE, "owner_id", "opened_by")), TeamRow.name.label("team"))
    .join(TeamRow, TeamRow.id == _case.c.team_id)
    .where(_case.c.id == bindparam("case_id"))
)
_EVENTS = (
    select(TimelineRow.event, TimelineRow.at)
    .where(TimelineRow.case_id == bindparam("case_id"))
    .order_by(TimelineRow.at)
)
_SOLVER = (
    select(PersonRow.id, PersonRow.name)
    .join(TimelineRow, TimelineRow.by == PersonRow.id)
    .where(TimelineRow.case_id == bindparam("case_id"), TimelineRow.event == CaseEvent.SOLVED)
    .order_by(TimelineRow.at.desc(), TimelineRow.id.desc())
    .limit(1)
)
_COLLEAGUE = select(PersonRow.id, PersonRow.name, PersonRow.roles).where(PersonRow.id == bindparam("person_id"))
_LINES = (
    select(TimelineRow.event, TimelineRow.by, TimelineRow.from_level, PersonRow.id, PersonRow.name, PersonRow.roles)
    .join(PersonRow, PersonRow.id == TimelineRow.by)
    .where(TimelineRow.case_id == bindparam("case_id"))
    .order_by(TimelineRow.at.desc(), TimelineRow.id.desc())
)
_GIVER = _LINES.where(TimelineRow.event == CaseEvent.ESCALATED).limit(1)
_RETURNED_FROM = (
    select(TimelineRow.from_level)
    .where(TimelineRow.case_id == bindparam("case_id"), TimelineRow.event == CaseEvent.RETURNED)
    .order_by(TimelineRow.at.desc())
    .limit(1)
)
_CHANGES_HANDS = (CaseEvent.CLAIMED, CaseEvent.RETURNED, CaseEvent.LAPSED, CaseEvent.REQUEUED, CaseEvent.RELEASED)
_HOLDING = (
    _LINES.add_columns(_case.c.opened_by)
    .join(_case, _case.c.id == TimelineRow.case_id)
    .where(TimelineRow.event.in_(_CHANGES_HANDS))
    .limit(20)
)
# What never varies is written out: as a parameter the partial index is planned anew each time, or not at all.
_waiting = _case.alias("waiting")
_next = (
    select(_waiting.c.id)
    .where(text("waiting.state = 'waiting'"), _waiting.c.level == bindparam("of_level"))
    .order_by(_waiting.c.priority, _waiting.c.due_at, _waiting.c.id)
    .limit(literal_column("1"))
    .with_for_update(skip_locked=True)
    .scalar_subquery()
)
_CLAIMING = (
    update(_case)
    .where(_case.c.id == _next)
    .values(state=literal_column("'claimed'"), owner_id=_new("owner_id"))
    .returning(_case.c.id)
)
