"""Whether third level may see how the customer of a case is reached: second level says so, case by case."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete

from app.db.engine import Database
from app.db.one_statement import Decision, insert_into
from app.db.workbench_rows import ContactGrantRow
from app.domain.cases import CaseEvent, after
from app.domain.commands import GrantContact
from app.domain.topics import Topic
from app.services.case_writing import existing, line
from app.services.once import Attempt, apply_once


class ContactGrants:
    def __init__(self, database: Database) -> None:
        self._database = database

    def change(self, command: GrantContact) -> UUID | None:
        """Grant or end it, with a line in the timeline; what is so already stays so, without one."""
        return apply_once(self._database, command, _change)


def _change(attempt: Attempt[GrantContact]) -> UUID | None:
    command = attempt.command
    event = CaseEvent.GRANTED if command.is_granted else CaseEvent.GRANT_ENDED
    case = existing(attempt, command.case_id)
    after(case.state, event)
    values: dict[str, Any] = {"of_case": command.case_id}
    if command.is_granted:
        decision = Decision(
            statement=_granting(attempt.connection.dialect.name), values={**values, "by": command.by, "at": command.at}
        )
    else:
        decision = Decision(statement=_ENDING, values=values)
    changed = attempt.write(Topic.CASES, decision, line(command, event, case.level, case.level, ""))
    if changed is None:
        attempt.note()
    return changed


_grants: Any = ContactGrantRow.__table__


@cache
def _granting(dialect: str) -> Any:
    values = {
        "case_id": bindparam("of_case", type_=_grants.c.case_id.type),
        "by": bindparam("by", type_=_grants.c.by.type),
        "at": bindparam("at", type_=_grants.c.at.type),
    }
    granting = insert_into(dialect, ContactGrantRow).values(values)
    return granting.on_conflict_do_nothing().returning(_grants.c.case_id.label("id"))


_ENDING = (
    delete(_grants)
    .where(_grants.c.case_id == bindparam("of_case", type_=_grants.c.case_id.type))
    .returning(_grants.c.case_id.label("id"))
)
