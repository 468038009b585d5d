"""The people of the centre and what state they are in at the telephone."""

from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.history_rows import AgentChangeRow
from app.db.one_statement import Decision, NewRow, insert_into
from app.db.rows import AgentRow, PersonRow, TeamRow
from app.domain.commands import SetAgentState, SignOutAgent
from app.domain.errors import NotAllowed, NotFound
from app.domain.people import AgentState, Person, Role, Team
from app.domain.topics import Topic
from app.i18n import tr
from app.services.once import Attempt, apply_once, apply_whole, tell


class People:
    def __init__(self, database: Database) -> None:
        self._database = database

    def by_login(self, login: str) -> Person:
        """The person who signs in as `login`; NotFound with a sentence when nobody does."""
        with self._database.read() as session:
            row = session.execute(_PERSON.where(PersonRow.login == login)).one_or_none()
        if row is None:
            raise NotFound(
                tr("Nobody signs in as “{login}”. Check the name, or ask your administrator to add you.", login=login)
            )
        return _person(row)

    def are_known(self) -> bool:
        """Whether anybody is in this database at all."""
        with self._database.read() as session:
            return session.scalar(select(PersonRow.id).limit(1)) is not None

    def set_state(self, command: SetAgentState) -> UUID | None:
        """Record what an agent's desk says of it; a command decided earlier than the recorded one changes nothing."""
        return apply_once(self._database, command, _set_state)

    def teams(self) -> tuple[Team, ...]:
        """All, by name."""
        with self._database.read() as session:
            rows = session.execute(select(TeamRow.id, TeamRow.name).order_by(TeamRow.name)).all()
        return tuple(Team(id=row.id, name=row.name) for row in rows)

    def with_role(self, role: Role) -> tuple[Person, ...]:
        """All who have it, by name."""
        with self._database.read() as session:
            rows = session.execute(_PERSON.order_by(PersonRow.name, PersonRow.id)).all()
        return tuple(_person(row) for row in rows if role in row.roles)

    def sign_out(self, command: SignOutAgent) -> UUID | None:
        """A supervisor puts right what a desk that died left; a desk that said something else meanwhile is alive."""
        return apply_whole(self._database, command, partial(_sign_out, command))


def roles_now(session: Session, person_id: UUID) -> frozenset[Role]:
    """As they are now, not as they were when the desk was opened; nobody's are none."""
    return frozenset(map(Role, session.scalar(select(PersonRow.roles).where(PersonRow.id == person_id)) or ()))


_PERSON = select(
    PersonRow.id, PersonRow.login, PersonRow.name, PersonRow.team_id, PersonRow.roles, TeamRow.name.label("team_name")
).join(TeamRow, TeamRow.id == PersonRow.team_id)


def _person(row: Any) -> Person:
    return Person(
        id=row.id,
        login=row.login,
        name=row.name,
        team_id=row.team_id,
        team_name=row.team_name,
        roles=frozenset(Role(role) for role in row.roles),
    )


def _set_state(attempt: Attempt[SetAgentState]) -> UUID:
    agent = attempt.command.agent
    values = {
        "person_id": agent.person_id,
        "state": agent.state,
        "pause_code": agent.pause_code,
        "since": agent.since,
        "told_at": attempt.command.at,
    }
    statement = _telling(attempt.connection.dialect.name, tuple(values))
    decision = Decision(statement=statement, values=values)
    change = {"person_id": agent.person_id, "at": agent.since, "state": agent.state}
    kept = NewRow(row=AgentChangeRow, values=change, keeps=True)  # told late, it is history all the same
    return attempt.write_about(Topic.AGENTS, agent.person_id, kept, decision=decision)


def _sign_out(command: SignOutAgent, session: Session) -> UUID:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    values = {"of_person": command.person_id, "told_until": command.since, "at_time": command.at}
    if session.execute(_signing_out() if is_sqlite else _PUT_RIGHT, values).scalar() is None:
        raise NotAllowed(tr("This agent is not signed in, or is in another state meanwhile: then the desk lives."))
    tell(session, Topic.AGENTS, command.person_id)
    return command.person_id


@cache
def _signing_out() -> Any:
    known = AgentRow.__table__.c
    at = bindparam("at_time", type_=known.since.type)
    return (
        update(AgentRow)
        .where(
            known.person_id == bindparam("of_person", type_=known.person_id.type),
            known.since <= bindparam("told_until", type_=known.since.type),
            known.state != AgentState.SIGNED_OUT,
        )
        .values(state=AgentState.SIGNED_OUT, pause_code=None, since=at, told_at=at)
        .returning(known.person_id)
    )


_agent = AgentRow.__table__.c
_PUT_RIGHT = select(
    func.firstline.put_right(
        bindparam("of_person", type_=_agent.person_id.type),
        bindparam("told_until", type_=_agent.since.type),
        bindparam("at_time", type_=_agent.since.type),
    )
)


@cache
def _telling(dialect: str, names: tuple[str, ...]) -> Any:
    """Insert the agent's state, or change what was told before."""
    known = AgentRow.__table__.c
    insert = insert_into(dialect, AgentRow)
    told = insert.excluded
    insert = insert.values({name: bindparam(name, type_=known[name].type) for name in names})
    return insert.on_conflict_do_update(
        index_elements=[known.person_id],
        set_={name: told[name] for name in names if name != "person_id"},
        where=known.told_at <= told.told_at,
    ).returning(known.person_id.label("id"))
