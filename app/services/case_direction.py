"""What supervisors do with a case: another priority, or a person who takes it. Whoever has it is told."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db.engine import Database
from app.db.knowledge_rows import MessageRow
from app.db.rows import CaseRow, ChangeRow, PersonRow, TimelineRow
from app.db.together import DECIDED, NewRow
from app.domain.board_commands import AssignCase, PrioritiseCase
from app.domain.cases import CLAIM_WITHIN, CaseEvent, CaseState, Level, after
from app.domain.command import Command
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import case_number, new_id
from app.domain.messages import MessageKind
from app.domain.people import PersonName, Role
from app.domain.topics import Topic
from app.i18n import tr
from app.services import case_statements as statements
from app.services.case_statements import Standing
from app.services.once import Attempt, apply_once

_ROLES = {Level.SECOND: Role.SECOND_LEVEL, Level.THIRD: Role.THIRD_LEVEL}


class CaseDirection:
    def __init__(self, database: Database) -> None:
        self._database = database

    def prioritise(self, command: PrioritiseCase) -> UUID | None:
        """How urgent it is from now on; a case that waits is due as if it had been so from the beginning."""
        return apply_once(self._database, command, _prioritise)

    def assign(self, command: AssignCase) -> UUID | None:
        """Give a case that waits, or that somebody has, to a person of its level.

        Raises:
            NotAllowed: the person is not of its level, or has it already; or the case has moved on.
        """
        return apply_once(self._database, command, _assign)

    def people_of(self, level: Level) -> tuple[PersonName, ...]:
        """Who works at a level, by name."""
        with self._database.read() as session:
            rows = session.execute(select(PersonRow.id, PersonRow.name, PersonRow.roles).order_by(PersonRow.name)).all()
        return tuple(PersonName(id=row.id, name=row.name) for row in rows if _ROLES.get(level) in row.roles)


def _prioritise(attempt: Attempt[PrioritiseCase]) -> UUID:
    command, event = attempt.command, CaseEvent.PRIORITISED
    before = _standing(attempt, command.case_id)
    facts: dict[str, Any] = {"state": after(before.state, event), "priority": command.priority}
    if before.state is CaseState.WAITING:
        facts["due_at"] = _due_at(attempt, command)
    said = f"P{int(command.priority)}"
    return _change(attempt, before, facts, event, said, told=before.owner_id)


def _assign(attempt: Attempt[AssignCase]) -> UUID:
    command, event = attempt.command, CaseEvent.ASSIGNED
    before = _standing(attempt, command.case_id)
    state = after(before.state, event)
    person = attempt.connection.execute(
        select(PersonRow.name, PersonRow.roles).where(PersonRow.id == command.person_id)
    ).first()
    if person is None or _ROLES.get(before.level) not in person.roles:
        raise NotAllowed(tr("This person does not work at the level of the case."))
    if before.owner_id == command.person_id:
        raise NotAllowed(tr("{name} has this case already.", name=person.name))
    facts = {"state": state, "owner_id": command.person_id}
    others = (before.owner_id,) if before.owner_id else ()
    return _change(attempt, before, facts, event, person.name, told=command.person_id, also=others)


def _change(
    attempt: Attempt[Any],
    before: Standing,
    facts: dict[str, Any],
    event: CaseEvent,
    said: str,
    *,
    told: UUID | None,
    also: tuple[UUID, ...] = (),
) -> UUID:
    command = attempt.command
    line = {
        "id": new_id(),
        "case_id": DECIDED,
        "at": command.at,
        "by": command.by,
        "event": event,
        "from_level": before.level,
        "to_level": before.level,
        "text": said,
        "hand_over": None,
    }
    people = [person_id for person_id in (told, *also) if person_id not in (None, command.by)]
    news = [row for person_id in people for row in _telling(command, command.case_id, person_id, event, before, said)]
    decision = statements.changing(command.case_id, before, facts)
    changed = attempt.write(Topic.CASES, decision, NewRow(row=TimelineRow, values=line), *news)
    if changed is None:
        raise NotAllowed(tr("This case has moved on meanwhile. Open it again to see where it is now."))
    return changed


def _telling(
    command: Command, case_id: UUID, person_id: UUID | None, event: CaseEvent, before: Standing, said: str
) -> tuple[NewRow, NewRow]:
    kinds = {CaseEvent.PRIORITISED: MessageKind.CASE_PRIORITISED, CaseEvent.ASSIGNED: MessageKind.CASE_ASSIGNED}
    message = {
        "id": new_id(),
        "person_id": person_id,
        "by": command.by,
        "at": command.at,
        "kind": kinds[event],
        "title": before.title,
        "text": said,
        "case_id": case_id,
        "case_number": case_number(case_id),
        "answer_id": None,
    }
    change = {"topic": Topic.MESSAGES, "subject_id": person_id, "at": datetime.now(UTC)}
    return NewRow(row=MessageRow, values=message), NewRow(row=ChangeRow, values=change)


def _standing(attempt: Attempt[Any], case_id: UUID) -> Standing:
    case = statements.standing(attempt.connection, case_id)
    if case is None:
        raise NotFound(tr("This case is not there any more."))
    return case


def _due_at(attempt: Attempt[PrioritiseCase], command: PrioritiseCase) -> datetime:
    since = attempt.connection.scalar(select(CaseRow.level_since).where(CaseRow.id == command.case_id))
    assert since is not None  # it stood there a moment ago
    return since + CLAIM_WITHIN[command.priority]
