"""What supervisors do with a case: another priority, or a person who takes it. Whoever has it is told."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.knowledge_rows import MessageRow
from app.db.one_statement import NewRow
from app.db.rows import ChangeRow, PersonRow
from app.domain.cases import CaseEvent, CaseState, Level, after
from app.domain.commands import AssignCase, PrioritiseCase
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import case_number, new_id
from app.domain.messages import MessageKind
from app.domain.people import PersonName, Role
from app.domain.topics import Topic
from app.i18n import tr
from app.services import case_statements as statements
from app.services.case_clocks import reckoned
from app.services.case_statements import Standing
from app.services.case_writing import change, existing, line
from app.services.once import Attempt, apply_once, apply_whole, tell
from app.services.rules import Rules

_ROLES = {Level.SECOND: Role.SECOND_LEVEL, Level.THIRD: Role.THIRD_LEVEL}


class CaseDirection:
    def __init__(self, database: Database, rules: Rules | None = None) -> None:
        self._database = database
        self._rules = rules or Rules(database)

    def prioritise(self, command: PrioritiseCase) -> UUID | None:
        """How urgent it is from now on; it is due as if it had been so from the beginning."""
        return apply_once(self._database, command, partial(_prioritise, self._rules))

    def assign(self, command: AssignCase) -> UUID | None:
        """Give a case that waits, or that somebody has, to a person of its level.

        Raises:
            NotAllowed: the person is not of its level, or has it already; or the case has moved on.
        """
        return apply_whole(self._database, command, lambda session: _assign(session, command))

    def people_of(self, level: Level) -> tuple[PersonName, ...]:
        """Who works at a level, by name."""
        with self._database.read() as session:
            rows = session.execute(select(PersonRow.id, PersonRow.name, PersonRow.roles).order_by(PersonRow.name)).all()
        return tuple(PersonName(id=row.id, name=row.name) for row in rows if _ROLES.get(level) in row.roles)


def _prioritise(rules: Rules, attempt: Attempt[PrioritiseCase]) -> UUID:
    command, event = attempt.command, CaseEvent.PRIORITISED
    before = existing(attempt, command.case_id)
    facts: dict[str, Any] = {"state": after(before.state, event), "priority": command.priority}
    now = facts | {"waits_for": before.waits_for}
    facts |= reckoned(attempt, before, command.case_id, rules, event, now)
    said = f"P{int(command.priority)}"
    told = _telling(command, before.owner_id, MessageKind.CASE_PRIORITISED, before, said)
    return change(
        attempt, command.case_id, before, facts, line(command, event, before.level, before.level, said), *told
    )


def _assign(session: Session, command: AssignCase) -> UUID:
    before = statements.standing(session.connection(), command.case_id)
    if before is None:
        raise NotFound(tr("This case is not there any more."))
    state = after(before.state, CaseEvent.ASSIGNED)
    name = _name_of(session, command.person_id, before)
    if before.state is CaseState.CLAIMED:  # taken from one, then given to the other: nobody ever sees it in between
        _update(session, command, before, {"state": CaseState.WAITING, "owner_id": None, "waits_for": None})
        waiting = replace(before, state=CaseState.WAITING, owner_id=None)
    else:
        waiting = before
    _update(session, command, waiting, {"state": state, "owner_id": command.person_id, "alarm_at": command.at})
    said = line(command, CaseEvent.ASSIGNED, before.level, before.level, name)
    told = [
        _telling(command, one, MessageKind.CASE_ASSIGNED, before, name) for one in (command.person_id, before.owner_id)
    ]
    session.execute(insert(said.row).values({**said.values, "case_id": command.case_id}))
    for row in (row for rows in told for row in rows):
        session.execute(insert(row.row).values(**row.values))
    tell(session, Topic.CASES, command.case_id)
    return command.case_id


def _name_of(session: Session, person_id: UUID, case: Standing) -> str:
    """Of a person who can have the case from now on."""
    query = select(PersonRow.name, PersonRow.roles).where(PersonRow.id == person_id)
    person = session.execute(query).first()
    if person is None or _ROLES.get(case.level) not in person.roles:
        raise NotAllowed(tr("This person does not work at the level of the case."))
    if case.owner_id == person_id:
        raise NotAllowed(tr("{name} has this case already.", name=person.name))
    name: str = person.name
    return name


def _update(session: Session, command: AssignCase, before: Standing, facts: dict[str, Any]) -> None:
    decision = statements.changing(command.case_id, before, facts)
    if session.execute(decision.statement, dict(decision.values)).first() is None:
        raise NotAllowed(tr("This case has moved on meanwhile. Open it again to see where it is now."))


def _telling(
    command: PrioritiseCase | AssignCase, person_id: UUID | None, kind: MessageKind, before: Standing, said: str
) -> tuple[NewRow, ...]:
    """Nobody is told what they did themselves."""
    if person_id in (None, command.by):
        return ()
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
    news = {"topic": Topic.MESSAGES, "subject_id": person_id, "at": datetime.now(UTC)}
    return NewRow(row=MessageRow, values=message), NewRow(row=ChangeRow, values=news)
