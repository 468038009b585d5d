"""An escalation is one transaction: all of it or nothing, and once."""

from dataclasses import replace
from itertools import product

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app.db.engine import Database
from app.db.rows import AppliedCommandRow, CaseRow, ChangeRow, TimelineRow, WatcherRow
from app.domain.cases import CLAIM_WITHIN, CaseEvent, CaseState, Impact, Level, Urgency, priority
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.topics import Topic
from app.services.case_lists import CaseLists
from app.services.cases import Cases
from app.services.hand_overs import from_columns
from tests.builders import NOW, Seeded, at, case_draft, claim, escalation, person, solution

ROWS = (CaseRow, TimelineRow, WatcherRow, ChangeRow, AppliedCommandRow)


def _counts(database: Database) -> list[int]:
    with database.read() as session:
        return [session.scalar(select(func.count()).select_from(row)) or 0 for row in ROWS]


def test_all_of_an_escalation_is_there(database: Database, centre: Seeded) -> None:
    command = escalation(centre.agent, case=case_draft(product_id=centre.router.id, customer_id=centre.berg.id))
    assert Cases(database).escalate(command) == command.case.id
    with database.read() as session:
        case = session.scalars(select(CaseRow)).one()
        assert (case.id, case.number, case.title) == (command.case.id, command.case.number, command.case.title)
        assert (case.state, case.level, case.owner_id) == (CaseState.WAITING, Level.SECOND, None)
        assert (case.opened_by, case.level_since, case.opened_at) == (centre.agent.id, NOW, NOW)
        assert (case.team_id, case.customer_id) == (centre.network.id, centre.berg.id)
        watcher = session.scalars(select(WatcherRow)).one()
        assert (watcher.case_id, watcher.person_id) == (case.id, centre.agent.id)
        change = session.scalars(select(ChangeRow)).one()
        assert (change.topic, change.subject_id) == (Topic.CASES, case.id)


def test_the_timeline_holds_the_opening_and_the_hand_over(database: Database, centre: Seeded) -> None:
    command = escalation(centre.agent, told_at=at(300))
    Cases(database).escalate(command)
    with database.read() as session:
        opened, escalated = session.scalars(select(TimelineRow).order_by(TimelineRow.at)).all()
        assert (opened.event, opened.at, opened.text) == (CaseEvent.OPENED, NOW, command.case.title)
        assert opened.hand_over is None
        assert (escalated.event, escalated.at, escalated.by) == (CaseEvent.ESCALATED, at(300), centre.agent.id)
        assert (escalated.from_level, escalated.to_level) == (Level.FIRST, Level.SECOND)
        assert escalated.text == command.hand_over.note
        assert escalated.hand_over is not None
        assert "caller_number" not in escalated.hand_over  # third level reads all of this
        assert from_columns(escalated.hand_over, escalated.caller_number) == command.hand_over


def test_the_priority_says_when_it_is_due(database: Database, centre: Seeded) -> None:
    for impact, urgency in product(Impact, Urgency):
        command = escalation(centre.agent, impact=impact, urgency=urgency)
        Cases(database).escalate(command)
        line = CaseLists(database).file(command.case.id).summary
        assert line.priority is priority(impact, urgency)
        assert line.due_at == NOW + CLAIM_WITHIN[line.priority]


def test_a_repeated_command_does_nothing_and_gives_the_same_id(database: Database, centre: Seeded) -> None:
    command = escalation(centre.agent)
    first = Cases(database).escalate(command)
    before = _counts(database)
    assert Cases(database).escalate(command) == first == command.case.id
    assert _counts(database) == before == [1, 2, 1, 1, 1]


def test_the_team_is_that_of_the_product_else_of_the_agent(database: Database, centre: Seeded) -> None:
    for product_id, team in ((centre.router.id, centre.network), (None, centre.office)):
        command = escalation(centre.agent, case=case_draft(product_id=product_id))
        Cases(database).escalate(command)
        assert CaseLists(database).file(command.case.id).summary.team_name == team.name


def test_an_escalation_that_fails_leaves_nothing(database: Database, centre: Seeded) -> None:
    """The customer is not there: the case's row is refused after the command was noted."""
    with pytest.raises(DBAPIError):
        Cases(database).escalate(escalation(centre.agent, case=case_draft(customer_id=new_id())))
    assert _counts(database) == [0, 0, 0, 0, 0]


def test_a_refused_escalation_leaves_nothing_and_may_be_sent_again(database: Database, centre: Seeded) -> None:
    command = escalation(centre.agent, to_level=Level.FIRST)
    for _ in range(2):
        with pytest.raises(NotAllowed, match="higher level than the one it is at"):
            Cases(database).escalate(command)
    assert _counts(database) == [0, 0, 0, 0, 0]


def test_who_is_not_known_cannot_open_a_case(database: Database, centre: Seeded) -> None:
    stranger = person("nobody", team=centre.office)
    with pytest.raises(NotFound, match="You are not known in this database"):
        Cases(database).escalate(escalation(stranger))
    assert _counts(database) == [0, 0, 0, 0, 0]


def test_a_solved_case_is_not_escalated(database: Database, centre: Seeded) -> None:
    solved = solution(centre.agent)
    Cases(database).solve_with_answer(solved)
    with pytest.raises(NotAllowed, match="solved already"):
        Cases(database).escalate(escalation(centre.agent, case=solved.case))


def test_a_case_that_waits_is_not_escalated_again(database: Database, centre: Seeded) -> None:
    command = escalation(centre.agent)
    Cases(database).escalate(command)
    with pytest.raises(NotAllowed):
        Cases(database).escalate(replace(command, id=new_id(), to_level=Level.THIRD))


def test_a_case_of_somebody_else_is_not_escalated(database: Database, centre: Seeded) -> None:
    command = escalation(centre.agent)
    Cases(database).escalate(command)
    Cases(database).claim_next(claim(centre.expert))
    with pytest.raises(NotAllowed, match="Somebody else has this case now"):
        Cases(database).escalate(replace(command, id=new_id(), to_level=Level.THIRD))


def test_second_level_passes_a_claimed_case_on_to_third(database: Database, centre: Seeded) -> None:
    cases, command = Cases(database), escalation(centre.agent)
    cases.escalate(command)
    cases.claim_next(claim(centre.expert))
    cases.escalate(escalation(centre.expert, case=command.case, to_level=Level.THIRD, told_at=at(60), note="Firmware"))
    file = CaseLists(database).file(command.case.id)
    assert (file.summary.level, file.summary.state, file.summary.owner_name) == (Level.THIRD, CaseState.WAITING, "")
    assert file.hand_over is not None
    assert file.hand_over.note == "Firmware"
    for giver in (centre.agent, centre.expert):
        assert [line.id for line in CaseLists(database).watched_by(giver.id)] == [command.case.id]


def test_a_case_is_solved_with_an_answer_in_one_go(database: Database, centre: Seeded) -> None:
    command = solution(centre.agent, told_at=at(120))
    assert Cases(database).solve_with_answer(command) == command.case.id
    assert Cases(database).solve_with_answer(command) == command.case.id
    with database.read() as session:
        case = session.scalars(select(CaseRow)).one()
        assert (case.state, case.level, case.solved_at) == (CaseState.SOLVED, Level.FIRST, at(120))
        assert case.answer_id == command.answer.answer_id
        opened, solved = session.scalars(select(TimelineRow).order_by(TimelineRow.at)).all()
        assert (opened.event, solved.event) == (CaseEvent.OPENED, CaseEvent.SOLVED)
        assert solved.text == "Restart the router\nLamp green"
    assert CaseLists(database).owned_by(centre.agent.id) == ()
