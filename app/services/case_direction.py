"""What supervisors do with a case: another priority, another person, back into its queue. Whoever has it is told."""

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, insert, select, text
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.knowledge_rows import MessageRow
from app.db.rows import CaseRow, PersonRow
from app.db.types import UtcDateTime
from app.domain.cases import CaseEvent, CaseState, Level, after
from app.domain.clocks import Event
from app.domain.commands import AssignCase, PrioritiseCase
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import case_number, new_id
from app.domain.messages import MessageKind
from app.domain.people import PersonName, Role
from app.domain.topics import Topic
from app.i18n import tr
from app.services import case_statements as statements
from app.services.case_clocks import reckoned_after
from app.services.case_statements import Place
from app.services.case_writing import line
from app.services.levels import second_if_merged
from app.services.once import apply_whole, tell
from app.services.rules import Rules

_ROLES = {Level.SECOND: Role.SECOND_LEVEL, Level.THIRD: Role.THIRD_LEVEL}


class CaseDirection:
    def __init__(self, database: Database, rules: Rules | None = None) -> None:
        self._database = database
        self._rules = rules or Rules(database)

    def prioritise(self, command: PrioritiseCase) -> UUID | None:
        """How urgent it is from now on; it is due as if it had been so from the beginning."""
        return apply_whole(self._database, command, partial(_prioritise, self._rules, command))

    def assign(self, command: AssignCase) -> UUID | None:
        """Give a case that waits, or that somebody has, to a person of its level; or back into its queue.

        A case at first level goes back to the queue that it was returned from, and is due at once.

        Raises:
            NotAllowed: the person is not of its level, or has it already; or the case has moved on.
        """
        return apply_whole(self._database, command, partial(_assign, command))

    def people_of(self, level: Level) -> tuple[PersonName, ...]:
        """Who works at a level, by name."""
        with self._database.read() as session:
            rows = session.execute(select(PersonRow.id, PersonRow.name, PersonRow.roles).order_by(PersonRow.name)).all()
        return tuple(PersonName(id=row.id, name=row.name) for row in rows if _ROLES.get(level) in row.roles)


def _prioritise(rules: Rules, command: PrioritiseCase, session: Session) -> UUID:
    event, connection = CaseEvent.PRIORITISED, session.connection()
    before = _place(session, command.case_id)
    facts: dict[str, Any] = {"state": after(before.state, event), "priority": command.priority}
    happened = (*statements.steered_events_of(connection, command.case_id), Event(event=event, at=command.at))
    facts |= reckoned_after(happened, before, rules, facts | {"waits_for": before.waits_for})
    said = f"P{int(command.priority)}"
    _steer(session, command, before, facts)
    _tell_owner(session, command, MessageKind.CASE_PRIORITISED, before, said)
    return _write_down(session, command, event, before, said)


def _assign(command: AssignCase, session: Session) -> UUID:
    before = _place(session, command.case_id)
    if command.from_first:
        return _put_back_up(session, command, before)
    if before.state is CaseState.OPEN:
        raise NotAllowed(tr("This case went back to first level, to an agent: it is in no queue now."))
    event = CaseEvent.REQUEUED if command.person_id is None else CaseEvent.ASSIGNED
    state = after(before.state, event)
    name = _name_of(session, command.person_id, before) if command.person_id else ""
    if not _tell_owner(session, command, MessageKind.CASE_ASSIGNED, before, name, becomes=command.person_id):
        raise NotAllowed(tr("{name} has this case already.", name=name))
    if before.state is CaseState.CLAIMED:  # taken from one, then given to the other: nobody ever sees it in between
        back = {"state": CaseState.WAITING, "owner_id": None, "waits_for": None, "alarm_at": command.at}
        _steer(session, command, before, back)
        before = replace(before, state=CaseState.WAITING)
    if command.person_id is not None:
        _steer(session, command, before, {"state": state, "owner_id": command.person_id, "alarm_at": command.at})
        _tell(session, command, command.person_id, MessageKind.CASE_ASSIGNED, before, name)
    return _write_down(session, command, event, before, name)


def _put_back_up(session: Session, command: AssignCase, before: Place) -> UUID:
    """From an agent of first level, whoever it is, to the queue above."""
    if before.state is not CaseState.OPEN or command.person_id is not None:
        raise NotAllowed(tr("This case has moved on meanwhile. Open it again to see where it is now."))
    connection, at = session.connection(), command.at
    _tell_owner(session, command, MessageKind.CASE_ASSIGNED, before, "")
    came_from = statements.steered_returned_from(connection, command.case_id) or Level.SECOND
    level = second_if_merged(connection, came_from)
    moved = {"state": CaseState.WAITING, "owner_id": None, "level": level, "waits_for": None}
    _steer(session, command, before, moved | {"level_since": at, "due_at": at, "alarm_at": at})
    return _write_down(session, command, CaseEvent.REQUEUED, before, "", to_level=level)


def _place(session: Session, case_id: UUID) -> Place:
    found = statements.place(session.connection(), case_id)
    if found is None:
        raise NotFound(tr("This case is not there any more."))
    return found


def _name_of(session: Session, person_id: UUID, case: Place) -> str:
    """Of a person who can have the case from now on."""
    query = select(PersonRow.name, PersonRow.roles).where(PersonRow.id == person_id)
    person = session.execute(query).first()
    if person is None or _ROLES.get(case.level) not in person.roles:
        raise NotAllowed(tr("This person does not work at the level of the case."))
    name: str = person.name
    return name


def _steer(session: Session, command: PrioritiseCase | AssignCase, before: Place, facts: dict[str, Any]) -> None:
    decision = statements.steering(session.get_bind().dialect.name, command.case_id, before, facts)
    if session.execute(decision.statement, dict(decision.values)).first() is None:
        raise NotAllowed(tr("This case has moved on meanwhile. Open it again to see where it is now."))


def _write_down(
    session: Session,
    command: PrioritiseCase | AssignCase,
    event: CaseEvent,
    before: Place,
    said: str,
    *,
    to_level: Level | None = None,
) -> UUID:
    row = line(command, event, before.level, to_level or before.level, said)
    session.execute(insert(row.row).values({**row.values, "case_id": command.case_id}))
    tell(session, Topic.CASES, command.case_id)
    return command.case_id


def _tell_owner(
    session: Session,
    command: PrioritiseCase | AssignCase,
    kind: MessageKind,
    before: Place,
    said: str,
    *,
    becomes: UUID | None = None,
) -> bool:
    """Whoever has the case; False where that is who is to have it. PostgreSQL does not tell who steers who it is."""
    if session.get_bind().dialect.name != "sqlite":
        values = {"of_case": command.case_id, "becomes": becomes, "kind": str(kind), "said": said, "moment": command.at}
        return bool(session.scalar(_TELL_OWNER, {"id": new_id(), "sender": command.by, **values}))
    owner_id = session.scalar(select(CaseRow.owner_id).where(CaseRow.id == command.case_id))
    if owner_id is not None and owner_id == becomes:
        return False
    if owner_id is not None:
        _tell(session, command, owner_id, kind, before, said)
    return True


def _tell(
    session: Session,
    command: PrioritiseCase | AssignCase,
    person_id: UUID,
    kind: MessageKind,
    before: Place,
    said: str,
) -> None:
    """Nobody is told what they did themselves."""
    if person_id == command.by:
        return
    message = {
        "id": new_id(),
        "person_id": person_id,
        "by": command.by,
        "at": command.at,
        "kind": kind,
        "title": before.title,
        "text": said,
        "case_id": command.case_id,
        "case_number": case_number(command.case_id),
        "answer_id": None,
    }
    session.execute(insert(MessageRow).values(**message))
    tell(session, Topic.MESSAGES, person_id)


_TELL_OWNER = text(
    "SELECT firstline.tell_owner(:id, :sender, :of_case, CAST(:becomes AS uuid), :kind, :said, :moment)"
).bindparams(
    *(bindparam(name, type_=Uuid()) for name in ("id", "sender", "of_case", "becomes")),
    bindparam("moment", type_=UtcDateTime()),
)
