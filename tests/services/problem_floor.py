"""People of a small centre and their known problems, for the tests of these."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from app.db.engine import Database
from app.domain.cases import CaseEvent, CaseState
from app.domain.commands import AttachCase, MakeProblem, MoveProblem, SolveProblem
from app.domain.ids import new_id
from app.domain.people import Person
from app.domain.problems import Problem, ProblemState, ProblemWords
from app.services.case_lists import CaseLists
from app.services.cases import Cases
from app.services.problem_lists import ProblemLists
from app.services.problems import Problems
from tests.builders import Seeded, at, case_draft, escalation

WORDS = ProblemWords(
    title="E-47 after the update",
    symptoms="Lamp red, E-47 in the menu",
    workaround="Back to 7.1",
    products=("link-7",),
    versions="7.2",
)


def making(
    by: Person, words: ProblemWords = WORDS, *, is_confirmed: bool = True, case_id: UUID | None = None
) -> MakeProblem:
    return MakeProblem(
        id=new_id(), by=by.id, at=at(10), problem_id=new_id(), words=words, is_confirmed=is_confirmed, case_id=case_id
    )


def attaching(by: Person, problem_id: UUID, case_id: UUID) -> AttachCase:
    return AttachCase(id=new_id(), by=by.id, at=at(400), problem_id=problem_id, case_id=case_id)


def solving(by: Person, problem_id: UUID, *, seen_at: datetime | None = None) -> SolveProblem:
    return SolveProblem(
        id=new_id(),
        by=by.id,
        at=at(1000),
        problem_id=problem_id,
        solution="Firmware 7.3",
        seen_at=seen_at or at(900),
    )


def moving(by: Person, problem_id: UUID, to: ProblemState, said: str = "") -> MoveProblem:
    return MoveProblem(id=new_id(), by=by.id, at=at(500), problem_id=problem_id, to=to, said=said)


class ProblemFloor:
    """The services, and what the tests do with them over and over."""

    def __init__(self, database: Database, centre: Seeded) -> None:
        self.database, self.centre = database, centre
        self.problems, self.lists = Problems(database), ProblemLists(database)
        self.cases, self.case_lists = Cases(database), CaseLists(database)

    def make(self, words: ProblemWords = WORDS, *, is_confirmed: bool = True) -> Problem:
        command = making(self.centre.expert, words, is_confirmed=is_confirmed)
        self.problems.make(command)
        return self.lists.one(command.problem_id).problem

    def escalate(self, **others: object) -> UUID:
        command = replace(escalation(self.centre.agent, case=case_draft()), **others)  # type: ignore[arg-type]
        self.cases.escalate(command)
        return command.case.id

    def state(self, case_id: UUID) -> CaseState:
        return self.case_lists.file(case_id).summary.state

    def events(self, case_id: UUID) -> list[CaseEvent]:
        return [entry.event for entry in self.case_lists.file(case_id).timeline]
