"""What supervisors steer by, as PostgreSQL's views give it: without whose work it was. See `rights/views.sql`.

A SQLite file is one desk's, whose owner may open it anyway: there the same is selected from the tables.
"""

from typing import Any

from sqlalchemy import Column, FromClause, MetaData, String, Table, false, func, literal, literal_column, select, true

from app.db.line_rows import CallBackRow
from app.db.rows import AgentRow, CallRow, CaseRow, CustomerRow, PersonRow, TeamRow, TimelineRow

_CALL = (
    *("id", "state", "queue", "number_raw", "queued_at", "offered_at", "answered_at", "held_ms", "ended_at"),
    *("wrapped_up_at", "end_reason", "ended_by", "is_outgoing"),
)
_STEERED = (
    *("id", "number", "title", "state", "level", "priority", "plan", "waits_for", "owner_id", "team_id", "opened_at"),
    *("level_since", "solved_at", "due_at", "warn_at", "resolve_due_at", "resolve_warn_at", "alarm_at"),
)
_CALL_BACK = ("id", "kind", "name", "number", "due_at", "made_at")
_STEP = ("id", "case_id", "at", "event", "from_level", "to_level")


def steered_cases(dialect: str) -> Table:
    """The table or view in which supervisors and administrators read and change cases; nobody reads its `owner_id`."""
    return _case if dialect == "sqlite" else _STEERED_CASE


def case_events(dialect: str) -> Table:
    """Columns: case_id, event, at, from_level."""
    return _timeline if dialect == "sqlite" else _CASE_EVENT


def calls(dialect: str, *, names_agents: bool) -> FromClause:
    """Calls with `customer_name`, which may be NULL, and `agent_name`, "" where nobody is named."""
    if dialect != "sqlite":
        return _BOARD_CALL
    agent = _named(names_agents).label("agent_name")
    query = (
        select(*(_call.c[name] for name in _CALL), CustomerRow.name.label("customer_name"), agent)
        .outerjoin(PersonRow, PersonRow.id == _call.c.agent_id)  # nobody's yet while it waits
        .outerjoin(CustomerRow, CustomerRow.id == _call.c.customer_id)
    )
    return query.subquery("board_call")


def agents(dialect: str) -> FromClause:
    """By name; none at all where the database names nobody."""
    if dialect != "sqlite":
        return _BOARD_AGENT
    row = AgentRow
    query = (
        select(PersonRow.id, PersonRow.name, TeamRow.name.label("team_name"), row.state, row.pause_code, row.since)
        .join(PersonRow, PersonRow.id == row.person_id)
        .join(TeamRow, TeamRow.id == PersonRow.team_id)
    )
    return query.subquery("board_agent")


def steps(dialect: str) -> FromClause:
    """Lines of timelines with number and title of the case, and `reason`, the word of an escalation's."""
    if dialect != "sqlite":
        return _BOARD_STEP
    columns = (*(_timeline.c[name] for name in _STEP), _case.c.number, _case.c.title)
    reason = TimelineRow.hand_over["reason"].as_string().label("reason")
    return select(*columns, reason).join(_case, _case.c.id == _timeline.c.case_id).subquery("board_step")


def call_backs(dialect: str, *, names_agents: bool) -> FromClause:
    """Those that are open, with `person_name`: whose it is, "" where nobody is named."""
    if dialect != "sqlite":
        return _BOARD_CALL_BACK
    columns = (*(_call_back.c[name] for name in _CALL_BACK), _named(names_agents).label("person_name"))
    query = select(*columns).outerjoin(PersonRow, PersonRow.id == _call_back.c.person_id)
    return query.where(_call_back.c.state == literal_column("'open'")).subquery("board_call_back")


def case_owners(dialect: str, *, names_agents: bool) -> FromClause:
    """Columns: case_id, name. Of cases that somebody has; none where nobody is named."""
    if dialect != "sqlite":
        return _CASE_OWNER
    query = select(_case.c.id.label("case_id"), PersonRow.name).join(PersonRow, PersonRow.id == _case.c.owner_id)
    return query.where(true() if names_agents else false()).subquery("case_owner")


def _named(names_agents: bool) -> Any:
    return func.coalesce(PersonRow.name, "") if names_agents else literal("")


def _view(name: str, *columns: Column[Any]) -> Table:
    return Table(name, MetaData(), *columns, schema="firstline")


def _like(table: Table, *names: str) -> tuple[Column[Any], ...]:
    return tuple(Column(name, table.c[name].type) for name in names)


_tables = CallRow.metadata.tables
_call, _case, _timeline = (_tables[row.__tablename__] for row in (CallRow, CaseRow, TimelineRow))
_call_back, _agent = _tables[CallBackRow.__tablename__], _tables[AgentRow.__tablename__]
_TEXT = String()
_BOARD_CALL = _view("board_call", *_like(_call, *_CALL), Column("customer_name", _TEXT), Column("agent_name", _TEXT))
_BOARD_AGENT = _view(
    "board_agent",
    *_like(_tables[PersonRow.__tablename__], "id", "name"),
    Column("team_name", _TEXT),
    *_like(_agent, "state", "pause_code", "since"),
)
_BOARD_STEP = _view("board_step", *_like(_timeline, *_STEP), *_like(_case, "number", "title"), Column("reason", _TEXT))
_BOARD_CALL_BACK = _view("board_call_back", *_like(_call_back, *_CALL_BACK), Column("person_name", _TEXT))
_CASE_OWNER = _view("case_owner", Column("case_id", _case.c.id.type), Column("name", _TEXT))
_STEERED_CASE = _view("steered_case", *_like(_case, *_STEERED))
_CASE_EVENT = _view("case_event", *_like(_timeline, "case_id", "event", "at", "from_level"))
