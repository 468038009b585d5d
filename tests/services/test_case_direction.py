"""Supervisors change a case's priority and say who takes it; the timeline says so, and whoever has the case is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.db.engine import Database
from app.db.rows import CaseRow, TimelineRow
from app.domain.board import CaseNow
from app.domain.cases import CLAIM_WITHIN, CaseEvent, CaseState, Level, Priority
from app.domain.commands import AssignCase, PrioritiseCase, ReturnCase
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.messages import MessageKind
from app.domain.metrics.promises import Standing
from app.domain.rules.rulebook import RuleKind
from app.services import board_statements
from app.services.case_direction import CaseDirection
from app.services.case_lists import CaseLists
from app.services.cases import Cases
from app.services.commands import Commands
from app.services.messages import Messages
from app.services.rules import Rules
from tests.builders import NOW, Seeded, claim, escalation
from tests.services.test_clocks import CALENDARS, PROMISES


@pytest.fixture
def case_id(database: Database, centre: Seeded) -> object:
    return Cases(database).escalate(escalation(centre.agent))


def test_a_waiting_case_is_due_as_its_new_priority_has_it(database: Database, centre: Seeded, case_id: object) -> None:
    later = NOW + timedelta(hours=1)
    command = PrioritiseCase(id=new_id(), by=centre.lead.id, at=later, case_id=case_id, priority=Priority.P1)  # type: ignore[arg-type]
    for _ in range(2):
        Commands(database).apply(command)
    file = CaseLists(database).file(command.case_id)
    assert (file.summary.priority, file.summary.due_at) == (Priority.P1, NOW + CLAIM_WITHIN[Priority.P1])
    last = file.timeline[-1]
    assert (last.event, last.text, last.person_name) == (CaseEvent.PRIORITISED, "P1", centre.lead.name)
    assert [line.event for line in file.timeline].count(CaseEvent.PRIORITISED) == 1


def test_a_case_is_due_in_the_hours_of_its_team(database: Database, centre: Seeded) -> None:
    """A P3 that came on Friday at half past four gets half an hour of that day, and the rest on Monday."""
    Rules(database).replace(RuleKind.CALENDARS, CALENDARS, centre.lead.login)
    Rules(database).replace(RuleKind.PROMISES, PROMISES, centre.lead.login)
    friday = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)  # 17:30 in Berlin
    case_id = Cases(database).escalate(escalation(centre.agent, told_at=friday))
    assert case_id is not None
    later = friday + timedelta(minutes=10)
    command = PrioritiseCase(id=new_id(), by=centre.lead.id, at=later, case_id=case_id, priority=Priority.P1)
    Commands(database).apply(command)
    with database.read() as session:
        row = session.execute(select(CaseRow.due_at, CaseRow.warn_at).where(CaseRow.id == case_id)).one()
    assert (row.due_at, row.warn_at) == (
        datetime(2026, 3, 9, 7, 30, tzinfo=UTC),
        datetime(2026, 3, 9, 7, 15, tzinfo=UTC),
    )
    now = {one.id: one for one in board_cases(database)}[case_id]
    assert now.standing(datetime(2026, 3, 9, 7, 14, tzinfo=UTC)) is Standing.IN_TIME  # the week-end does not count
    assert now.standing(datetime(2026, 3, 9, 7, 15, tzinfo=UTC)) is Standing.WARNING
    assert now.standing(datetime(2026, 3, 9, 7, 31, tzinfo=UTC)) is Standing.BROKEN


def board_cases(database: Database) -> list[CaseNow]:
    with database.read() as session:
        return list(board_statements.cases(session))


def test_what_went_back_to_first_level_is_put_into_no_queue(
    database: Database, centre: Seeded, case_id: object
) -> None:
    """The supervisor looked before; the timeline would have told of a queue, and the agent would have kept the case."""
    Cases(database).claim_next(claim(centre.expert))
    head = {"by": centre.expert.id, "at": NOW, "case_id": case_id}
    Cases(database).give_back(ReturnCase(id=new_id(), **head, reason="which model?"))  # type: ignore[arg-type]
    before = CaseLists(database).file(case_id)  # type: ignore[arg-type]
    for person_id in (None, centre.expert.id):
        command = AssignCase(id=new_id(), by=centre.lead.id, at=NOW, case_id=case_id, person_id=person_id)  # type: ignore[arg-type]
        with pytest.raises(NotAllowed, match="back to first level"):
            Commands(database).apply(command)
    assert CaseLists(database).file(case_id) == before  # type: ignore[arg-type]


def test_whoever_has_the_case_is_told_of_another_priority(database: Database, centre: Seeded, case_id: object) -> None:
    Cases(database).claim_next(claim(centre.expert))
    command = PrioritiseCase(id=new_id(), by=centre.lead.id, at=NOW, case_id=case_id, priority=Priority.P2)  # type: ignore[arg-type]
    Commands(database).apply(command)
    (told,) = Messages(database).of(centre.expert.id)
    assert (told.kind, told.text, told.case_id) == (MessageKind.CASE_PRIORITISED, "P2", case_id)
    file = CaseLists(database).file(command.case_id)
    assert (file.summary.state, file.summary.due_at) == (CaseState.CLAIMED, NOW + CLAIM_WITHIN[Priority.P2])


def test_a_case_is_given_to_a_person_of_its_level_and_from_one_to_another(
    database: Database, centre: Seeded, case_id: object
) -> None:
    direction = CaseDirection(database)
    assert {one.name for one in direction.people_of(Level.SECOND)} == {centre.expert.name, centre.lead.name}
    assert direction.people_of(Level.THIRD) == ()

    def assign(person_id: object) -> None:
        command = AssignCase(id=new_id(), by=centre.lead.id, at=NOW, case_id=case_id, person_id=person_id)  # type: ignore[arg-type]
        Commands(database).apply(command)

    assign(centre.expert.id)
    file = CaseLists(database).file(case_id)  # type: ignore[arg-type]
    assert (file.summary.state, file.summary.owner_name) == (CaseState.CLAIMED, centre.expert.name)
    assert file.timeline[-1].event is CaseEvent.ASSIGNED
    assert [told.kind for told in Messages(database).of(centre.expert.id)] == [MessageKind.CASE_ASSIGNED]
    with pytest.raises(NotAllowed, match="already"):
        assign(centre.expert.id)
    with pytest.raises(NotAllowed, match="level"):
        assign(centre.agent.id)
    assign(centre.lead.id)
    assert CaseLists(database).file(case_id).summary.owner_name == centre.lead.name  # type: ignore[arg-type]
    assert len(Messages(database).of(centre.expert.id)) == 2  # it was taken from them
    assert Messages(database).of(centre.lead.id) == ()  # nobody is told what they did themselves


def test_what_came_back_to_first_level_goes_up_again_whoevers_it_is(
    database: Database, centre: Seeded, case_id: object
) -> None:
    Cases(database).claim_next(claim(centre.expert))
    head = {"at": NOW + timedelta(minutes=5), "case_id": case_id}
    returned = ReturnCase(id=new_id(), by=centre.expert.id, reason="ask for the serial", **head)  # type: ignore[arg-type]
    Commands(database).apply(returned)
    back = AssignCase(id=new_id(), by=centre.lead.id, person_id=None, from_first=True, **head)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed, match="moved on"):  # nobody is given it there
        Commands(database).apply(replace(back, id=new_id(), person_id=centre.expert.id))
    for _ in range(2):
        Commands(database).apply(back)
    with pytest.raises(NotAllowed, match="moved on"):  # by another supervisor, who was later
        Commands(database).apply(replace(back, id=new_id()))
    file = CaseLists(database).file(back.case_id)
    assert (file.summary.state, file.summary.level, file.summary.owner_name) == (CaseState.WAITING, Level.SECOND, "")
    assert file.summary.due_at == back.at
    assert file.timeline[-1].event is CaseEvent.REQUEUED
    with database.read() as session:
        moves = select(TimelineRow.from_level, TimelineRow.to_level).where(TimelineRow.event == CaseEvent.REQUEUED)
        assert tuple(session.execute(moves).one()) == (Level.FIRST, Level.SECOND)
    assert MessageKind.CASE_ASSIGNED in [told.kind for told in Messages(database).of(centre.agent.id)]


def test_what_is_solved_or_not_there_is_not_directed(database: Database, centre: Seeded) -> None:
    command = PrioritiseCase(id=new_id(), by=centre.lead.id, at=NOW, case_id=new_id(), priority=Priority.P2)
    with pytest.raises(NotFound):
        Commands(database).apply(command)
