"""People of a small centre who hand cases to each other."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from app.db.engine import Database
from app.domain.cases import CaseEvent, CaseFile, CaseState, Level
from app.domain.commands import ClaimCase
from app.domain.ids import new_id
from app.domain.people import Person, Role
from app.services.case_lists import CaseLists
from app.services.commands import Commands
from tests.builders import Seeded, at, case_draft, escalation, person
from tests.seeding import add_person


class Floor:
    """People of a centre who do things one after the other, a second each."""

    def __init__(self, database: Database, centre: Seeded) -> None:
        self.database = database
        self.centre = centre
        self.developer = person("tina", team=centre.network, roles=frozenset({Role.THIRD_LEVEL}))
        with database.write() as session:
            add_person(session, self.developer)
        self._seconds = 0

    def do(self, kind: Any, by: Person, **details: Any) -> UUID | None:
        self._seconds += 1
        return Commands(self.database).apply(kind(id=new_id(), by=by.id, at=at(self._seconds), **details))

    def escalated(self, **details: Any) -> UUID:
        self._seconds += 1
        command = escalation(self.centre.agent, told_at=at(self._seconds), **details)
        Commands(self.database).apply(command)
        return command.case.id

    def claimed(self) -> UUID:
        """A case that the expert has."""
        case_id = self.escalated()
        self.do(ClaimCase, self.centre.expert, case_id=case_id)
        return case_id

    def at_third(self) -> UUID:
        """A case that the expert has passed on, and the developer has."""
        case_id = self.claimed()
        self._seconds += 1
        same = replace(case_draft(), id=case_id)
        up = escalation(self.centre.expert, case=same, to_level=Level.THIRD, told_at=at(self._seconds))
        Commands(self.database).apply(up)
        self.do(ClaimCase, self.developer, case_id=case_id)
        return case_id

    def file(self, case_id: UUID) -> CaseFile:
        return CaseLists(self.database).file(case_id)

    def stands(self, case_id: UUID) -> tuple[CaseState, Level, str]:
        summary = self.file(case_id).summary
        return summary.state, summary.level, summary.owner_name

    def events(self, case_id: UUID) -> list[CaseEvent]:
        return [entry.event for entry in self.file(case_id).timeline]
