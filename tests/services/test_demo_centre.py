"""The demo centre: complete, plausible, the same for the same seed, and never put over a real one."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from app.db import schema
from app.db.answer_rows import AnswerRow
from app.db.engine import Database
from app.db.rows import (
    CallRow,
    CaseRow,
    ChangeRow,
    ContractRow,
    CustomerRow,
    PersonRow,
    PhoneRow,
    Row,
    TimelineRow,
)
from app.domain.board_figures import Figure, Measure, value
from app.domain.call_backs import CallBackKind
from app.domain.calls import CallState, NumberKind
from app.domain.cases import CaseEvent, CaseState, Level
from app.domain.commands import ClaimNext, SolveCase
from app.domain.customers import CallerMatch, MatchSource
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.domain.people import AgentState, Role
from app.domain.scripts import faults
from app.domain.topics import Topic
from app.services import demo_centre
from app.services.answers import Answers
from app.services.boards import Boards
from app.services.call_backs import CallBacks
from app.services.case_lists import CaseLists
from app.services.cases import Cases
from app.services.customers import Customers
from app.services.people import People
from app.services.questions import Questions
from app.telephony.numbers import normalise, to_e164
from tests.builders import name_agents, seed

TABLES = Row.metadata.sorted_tables


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def centre(database: Database, now: datetime) -> Database:
    demo_centre.create(database, now=now)
    return database


def content(database: Database) -> dict[str, set[Any]]:
    """All rows but the change table's, whose ids the database makes."""
    with database.read() as session:
        return {
            table.name: {tuple(map(str, row)) for row in session.execute(select(table))}
            for table in TABLES
            if table.name != "change"
        }


def counted(database: Database, row: type[Row]) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(row)) or 0


def test_how_many_there_are(centre: Database) -> None:
    assert counted(centre, CustomerRow) == 200
    assert counted(centre, PersonRow) == 15
    assert counted(centre, AnswerRow) >= 300
    with centre.read() as session:
        languages = Counter(session.scalars(select(CustomerRow.language)))
        assert languages == {"de": 150, "en": 50}
        companies = session.scalar(select(func.count()).where(CustomerRow.company != ""))
        assert companies == 100
        for owned, most in ((PhoneRow, 3), (ContractRow, 3)):
            counts = session.scalars(select(func.count()).select_from(owned).group_by(owned.customer_id)).all()
            assert len(counts) == 200
            assert max(counts) <= most
        expired = session.scalar(select(func.count()).where(ContractRow.ends_on < func.current_date()))
        assert 20 <= (expired or 0) <= 90
        shared = select(PhoneRow.normal).group_by(PhoneRow.normal).having(func.count() > 1)
        assert len(session.scalars(shared).all()) >= 4


def test_numbers_are_valid_and_nobodys(centre: Database) -> None:
    with centre.read() as session:
        phones = session.execute(select(PhoneRow.normal, PhoneRow.shown)).all()
    for normal, shown in phones:
        assert normal.startswith(("+493023125", "+442079460"))
        assert to_e164(normal) == to_e164(shown) == normal


def test_the_same_seed_makes_the_same_centre(centre: Database, now: datetime, tmp_path: Path) -> None:
    again, other = (Database(f"sqlite:///{tmp_path / name}.db") for name in ("again", "other"))
    for database, number in ((again, 7), (other, 8)):
        schema.upgrade(database)
        demo_centre.create(database, seed=number, now=now)
    if centre.is_sqlite:
        assert content(again) == content(centre)
    assert content(other)["customer"] != content(again)["customer"]
    for database in (again, other):
        database.close()


def test_a_database_with_people_is_left_alone(database: Database, now: datetime) -> None:
    seed(database)
    before = content(database)
    with pytest.raises(NotAllowed, match="people in this database"):
        demo_centre.create(database, now=now)
    assert content(database) == before


def test_a_second_time_is_refused(centre: Database, now: datetime) -> None:
    before = content(centre)
    with pytest.raises(NotAllowed):
        demo_centre.create(centre, seed=8, now=now)
    assert content(centre) == before


def test_screens_that_are_open_read_again(centre: Database) -> None:
    with centre.read() as session:
        assert set(session.scalars(select(ChangeRow.topic))) == set(Topic)


def test_who_tries_it_out_has_every_role(centre: Database) -> None:
    person = People(centre).by_login(demo_centre.LOGIN)
    assert person.roles == frozenset(Role)


def test_the_queues(centre: Database, now: datetime) -> None:
    lists = CaseLists(centre)
    second, third = lists.queue(Level.SECOND), lists.queue(Level.THIRD)
    assert (len(second), len(third)) == (8, 1)
    assert 1 <= [case.is_overdue(now) for case in (*second, *third)].count(True) <= 2  # by the hours of service
    assert len({case.priority for case in second}) >= 4
    assert {case.team_name for case in second} == {"Link", "Print", "Ledger"}
    for case in (*second, *third):
        file = lists.file(case.id)
        assert file.hand_over is not None
        assert file.hand_over.note
        assert file.hand_over.answers
        assert [entry.at for entry in file.timeline] == sorted(entry.at for entry in file.timeline)
        assert file.timeline[-1].at <= now


def test_the_levels_have_asked_each_other(centre: Database, now: datetime) -> None:
    """A question to third level is open, and the agent's own case has a question back and advice, both answered."""
    lists, questions = CaseLists(centre), Questions(centre)
    person = People(centre).by_login(demo_centre.LOGIN)
    [to_third] = questions.open_for(person.id, {Level.THIRD})
    assert lists.file(to_third.case_id).summary.state is CaseState.CLAIMED
    [own] = lists.owned_by(person.id)
    assert [bool(one.answer) for one in questions.of_case(own.id)] == [True, True]
    said = {entry.event: entry.text for entry in lists.file(own.id).timeline if entry.at <= now}
    for event in (CaseEvent.ASKED, CaseEvent.REPLIED, CaseEvent.CONSULTED, CaseEvent.ADVISED):
        assert said[event] in {text for one in questions.of_case(own.id) for text in (one.text, one.answer)}


def test_a_guided_script_is_in_force(centre: Database) -> None:
    with_script = [answer for answer in Answers(centre).published() if answer.script]
    assert {answer.language for answer in with_script} == {"de", "en"}
    assert not any(faults(answer.script) for answer in with_script)


def test_what_the_demo_agent_has_and_gave_away(centre: Database) -> None:
    lists, person = CaseLists(centre), People(centre).by_login(demo_centre.LOGIN)
    [returned] = lists.owned_by(person.id)
    assert (returned.state, returned.level) == (CaseState.OPEN, Level.FIRST)
    assert len(lists.watched_by(person.id)) == 4


def test_the_board(centre: Database, now: datetime) -> None:
    board = Boards(centre).now(now - timedelta(hours=3))
    solved = value(board, Figure(measure=Measure.SOLVED_DAY), now)
    assert isinstance(solved, int) and solved >= 9  # after midnight the end of yesterday is among them
    escalated = value(board, Figure(measure=Measure.ESCALATED_DAY), now)
    assert isinstance(escalated, int) and escalated >= 5
    assert {group.state for group in board.agent_groups if group.count} == {
        AgentState.AVAILABLE,
        AgentState.ON_CALL,
        AgentState.WRAP_UP,
        AgentState.PAUSED,
    }
    assert board.agents == () and {call.agent_name for call in board.calls_now} == {""}
    name_agents(centre, People(centre).by_login(demo_centre.LOGIN))
    board = Boards(centre).now(now - timedelta(hours=3))
    talking = {agent.name for agent in board.agents if agent.state is AgentState.ON_CALL}
    assert {call.agent_name for call in board.calls_now} == talking


def test_the_calls_of_two_weeks(centre: Database, now: datetime) -> None:
    """Those of known customers; of the weeks before there are calls of nobody's, for figures of the past."""
    with centre.read() as session:
        known = session.scalar(select(func.count()).where(CallRow.customer_id.is_not(None)))
        assert known and 55 <= known <= 100 < 1_100 < counted(centre, CallRow)
        for call in session.scalars(select(CallRow)):
            assert now - timedelta(days=15 if call.customer_id else 57) < call.queued_at < now
            times = [call.queued_at, call.offered_at, call.answered_at, call.ended_at, call.wrapped_up_at]
            happened = [at for at in times if at is not None]
            assert happened == sorted(happened)
            assert happened[-1] <= now
            assert (call.state is CallState.CLOSED) == (call.end_reason is not None)


def test_what_is_written_obeys_the_rules_of_cases(centre: Database) -> None:
    with centre.read() as session:
        for case in session.scalars(select(CaseRow)):
            assert (case.owner_id is None) == (case.state is CaseState.WAITING)
            assert (case.solved_at is not None) == (case.state is CaseState.SOLVED)
            last = session.scalars(
                select(TimelineRow).where(TimelineRow.case_id == case.id).order_by(TimelineRow.at.desc()).limit(1)
            ).one()
            assert last.to_level is case.level
        orphans = text("SELECT count(*) FROM call WHERE case_id NOT IN (SELECT id FROM case_file)")
        assert session.scalar(orphans) == 0


def test_a_case_of_the_demo_can_be_worked_on(centre: Database, now: datetime) -> None:
    cases, person = Cases(centre), People(centre).by_login("henrik.vollmer")
    case_id = cases.claim_next(ClaimNext(id=new_id(), by=person.id, at=now, level=Level.SECOND))
    assert case_id is not None
    cases.solve(SolveCase(id=new_id(), by=person.id, at=now, case_id=case_id, solution="Fixed."))
    assert CaseLists(centre).file(case_id).summary.state is CaseState.SOLVED


def test_the_answers_are_published(centre: Database) -> None:
    answers = Answers(centre)
    assert answers.publish(answers.published()) == 0


def matched(database: Database) -> dict[str, tuple[CallerMatch, ...]]:
    callers = demo_centre.demo_callers(database)
    return {c.raw: Customers(database).matches(normalise(c.raw, c.display_name)) for c in callers}


def test_who_rings_on_the_demo_line(centre: Database) -> None:
    callers = demo_centre.demo_callers(centre)
    assert demo_centre.demo_callers(centre) == callers
    assert len({caller.raw for caller in callers}) == len(callers) == 30
    assert {caller.queue for caller in callers} == {"Velmora Link", "Velmora Print", "Velmora Ledger"}
    assert all(caller.says for caller in callers)
    kinds = [normalise(caller.raw, caller.display_name).kind for caller in callers]
    assert kinds.count(NumberKind.WITHHELD) == 1
    assert set(kinds) == {NumberKind.PUBLIC, NumberKind.WITHHELD}


def test_the_callers_are_of_every_sort(centre: Database) -> None:
    found = matched(centre)
    assert len(found["+493023125612"]) == 2
    assert found["+493023125940"] == found["anonymous"] == ()
    assert {match.source for match in found["+493023125177"]} == {MatchSource.SWITCHBOARD}
    assert {match.customer.company for match in found["+493023125177"]} == {"Spedition Krüger GmbH"}
    certain = [matches for matches in found.values() if len(matches) == 1 and matches[0].is_certain]
    assert len(certain) >= 20
    assert any(matches and matches[0].customer.calls_in_7_days >= 2 for matches in found.values())
    assert {match.customer.language for matches in found.values() for match in matches} == {"de", "en"}


def test_a_database_without_the_demo_centre_has_callers_too(database: Database) -> None:
    assert len(demo_centre.demo_callers(database)) == 16


def test_two_who_gave_up_are_due_and_two_are_promised_a_call(centre: Database, now: datetime) -> None:
    demo = People(centre).by_login(demo_centre.LOGIN)
    found = CallBacks(centre).open_for(demo.id)
    assert [(one.kind, one.is_due(now), one.person_id) for one in found] == [
        (CallBackKind.ABANDONED, True, None),
        (CallBackKind.ABANDONED, True, None),
        (CallBackKind.PROMISED, False, demo.id),
        (CallBackKind.PROMISED, False, demo.id),
    ]
    assert all(to_e164(one.number) == one.number and one.name for one in found)
    assert timedelta(minutes=10) < found[2].due_at - now < timedelta(minutes=20)
