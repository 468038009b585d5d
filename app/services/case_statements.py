"""The statements that move a case, without the ORM: built once, compiled once, few trips to the server."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, literal_column, select, text, update

from app.db.append import insert_into
from app.db.rows import CaseRow, PersonRow, ProductRow, Row
from app.domain.cases import CaseDraft, CaseState, Level, Priority
from app.domain.commands import Command
from app.domain.errors import NotAllowed
from app.i18n import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a case is and who has it."""

    state: CaseState
    level: Level
    owner_id: UUID | None
    opened_by: UUID


def open_case(connection: Connection, command: Command, draft: CaseDraft, facts: dict[str, Any]) -> bool:
    """Add the case as it is after the command; False, and nothing done, when it is there or nobody knows the person.

    `facts` is what is other than of a case that `command.by` has at first level. The case is for the team that
    supports its product, or else for that of the agent who took the call.
    """
    values = {
        "id": draft.id,
        "number": draft.number,
        "title": draft.title,
        "state": CaseState.OPEN,
        "level": Level.FIRST,
        "priority": Priority.P4,
        "due_at": None,
        "opened_at": draft.opened_at,
        "level_since": draft.opened_at,
        "solved_at": None,
        "opened_by": command.by,
        "owner_id": command.by,
        "call_id": draft.call_id,
        "customer_id": draft.customer_id,
        "contract_id": draft.contract_id,
        "product_id": draft.product_id,
        "answer_id": None,
        **facts,
    }
    parameters = {f"new_{name}": value for name, value in values.items()}
    return connection.execute(_opening(connection.dialect.name, tuple(values)), parameters).first() is not None


def standing(connection: Connection, case_id: UUID) -> Standing | None:
    row = connection.execute(_STANDING, {"case_id": case_id}).one_or_none()
    return None if row is None else Standing(**row._mapping)


def claim_next(connection: Connection, level: Level, owner_id: UUID) -> UUID | None:
    """Give the most urgent waiting case to `owner_id`; one that somebody else is just taking is passed over."""
    claimed: UUID | None = connection.scalar(_CLAIM, {"of_level": level, "owner_id": owner_id})
    return claimed


def change(connection: Connection, case_id: UUID, before: Standing, facts: dict[str, Any]) -> None:
    """Change the case if it is still as it was read; else NotAllowed. So nobody waits for a lock to be refused."""
    found = {"case_id": case_id, "was_state": before.state, "was_level": before.level, "was_owner": before.owner_id}
    if connection.execute(_CHANGE, {**found, **facts}).first() is None:
        raise NotAllowed(tr("This case has moved on meanwhile. Open it again to see where it is now."))


@cache
def _opening(dialect: str, names: tuple[str, ...]) -> Any:
    """INSERT with a SELECT of the person, so that no trip is needed to ask for the team."""
    columns = _case.c
    team_id = func.coalesce(
        select(ProductRow.team_id).where(ProductRow.id == _new("product_id")).scalar_subquery(), PersonRow.team_id
    )
    person = select(*(_new(name) for name in names), team_id).where(PersonRow.id == _new("opened_by"))
    statement = insert_into(dialect, CaseRow).from_select([*names, "team_id"], person, include_defaults=False)
    return statement.on_conflict_do_nothing(index_elements=[columns.id]).returning(literal_column("1"))


def _new(name: str) -> Any:
    return bindparam(f"new_{name}", type_=_case.c[name].type)


_case = Row.metadata.tables[CaseRow.__tablename__]
_STANDING = select(_case.c.state, _case.c.level, _case.c.owner_id, _case.c.opened_by).where(
    _case.c.id == bindparam("case_id")
)
_CHANGE: Any = (
    update(_case)
    .where(
        _case.c.id == bindparam("case_id"),
        _case.c.state == bindparam("was_state"),
        _case.c.level == bindparam("was_level"),
        _case.c.owner_id.is_not_distinct_from(bindparam("was_owner")),
    )
    .returning(literal_column("1"))
)
# What never varies is written out: as a parameter the partial index is planned anew each time, or not at all.
_waiting = _case.alias("waiting")
_CLAIM = (
    update(_case)
    .where(
        _case.c.id
        == select(_waiting.c.id)
        .where(text("waiting.state = 'waiting'"), _waiting.c.level == bindparam("of_level"))
        .order_by(_waiting.c.priority, _waiting.c.due_at, _waiting.c.id)
        .limit(literal_column("1"))
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    .values(state=literal_column("'claimed'"))
    .returning(_case.c.id)
)
