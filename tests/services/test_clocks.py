"""What is promised, through the database: due times with each move, other rules, waiting, and who is told, once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.rows import ChangeRow
from app.db.service_rows import AlarmRow, RuleSetRow
from app.domain.cases import CaseEvent, CaseState, CaseSummary, Impact, Level, Urgency, WaitReason
from app.domain.commands import ResumeCase, ReturnCase, SolveCase, SuspendCase
from app.domain.customers import ContractKind
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.domain.people import Person
from app.domain.rules.rulebook import RuleKind
from app.domain.topics import Topic
from app.services import rules as rules_service
from app.services.case_lists import CaseLists
from app.services.cases import Cases
from app.services.reckoning import Reckoning
from app.services.rules import Rules
from tests.builders import NOW, Seeded, case_draft, claim, escalation
from tests.conftest import ExpectedLog
from tests.services.statements import statement_count

CALENDARS = """
[[calendar]]
name = "Berlin"
zone = "Europe/Berlin"
teams = ["Network", "Office"]
hours = { mon = "08:00-18:00", tue = "08:00-18:00", wed = "08:00-18:00", thu = "08:00-18:00", fri = "08:00-18:00" }
"""
PROMISES = """
[own]
second = { P1 = "1 h", P2 = "2 h", P3 = "4 h", P4 = "8 h", P5 = "10 h" }
[resolve]
basic = { P3 = "10 h", P4 = "20 h" }
[[tell]]
at = "75 %"
[[tell]]
at = "100 %"
[[tell]]
at = "+1 h"
who = "all"
"""


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    """Of March 2026: Berlin's clocks are an hour ahead. The 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def escalate(database: Database, centre: Seeded, told_at: datetime, rules: Rules) -> UUID:
    """A P4 of a customer with a basic contract, opened ten minutes before."""
    draft = case_draft(product_id=centre.router.id, customer_id=centre.berg.id)
    draft = replace(draft, opened_at=told_at - timedelta(minutes=10), plan=ContractKind.BASIC)
    Cases(database, rules).escalate(escalation(centre.agent, case=draft, told_at=told_at))
    return draft.id


def claimed(database: Database, centre: Seeded, rules: Rules) -> UUID:
    case_id = escalate(database, centre, utc(2, 9), rules)
    Cases(database, rules).claim_next(claim(centre.expert, told_at=utc(2, 10)))
    return case_id


def suspend(by: Person, case_id: UUID, told_at: datetime, reason: WaitReason = WaitReason.CUSTOMER) -> SuspendCase:
    return SuspendCase(id=new_id(), by=by.id, at=told_at, case_id=case_id, reason=reason, note="rings back")


def resume(by: Person, case_id: UUID, told_at: datetime) -> ResumeCase:
    return ResumeCase(id=new_id(), by=by.id, at=told_at, case_id=case_id)


def summary(database: Database, case_id: UUID) -> CaseSummary:
    return CaseLists(database).file(case_id).summary


def alarms(database: Database) -> list[tuple[str, str, bool]]:
    """Clock, step and whether it is for one team, in the order of their times."""
    with database.read() as session:
        rows = session.scalars(select(AlarmRow).order_by(AlarmRow.at, AlarmRow.clock)).all()
        return [(row.clock.value, row.step, row.team_id is not None) for row in rows]


@pytest.fixture
def rules(database: Database, centre: Seeded) -> Rules:  # noqa: ARG001 - its teams and products
    made = Rules(database)
    made.replace(RuleKind.CALENDARS, CALENDARS, "adam")
    made.replace(RuleKind.PROMISES, PROMISES, "adam")
    return made


def test_an_escalation_is_due_in_service_hours_and_costs_no_trip_more(
    database: Database, centre: Seeded, rules: Rules
) -> None:
    case = summary(database, escalate(database, centre, utc(2, 9), rules))
    assert (case.due_at, case.warn_at) == (utc(2, 17), utc(2, 15))
    assert (case.resolve_due_at, case.resolve_warn_at) == (utc(4, 8, 50), utc(3, 13, 50))
    first = statement_count(database, lambda: escalate(database, centre, utc(2, 9), Rules(database)))
    again = statement_count(database, lambda: escalate(database, centre, utc(2, 9), rules))
    assert first - again == (3 if database.is_sqlite else 2)  # the rules, who is in charge; SQLite's BEGIN for both
    assert database.is_sqlite or again == 1


def test_waiting_stops_the_clock_of_the_customer_until_it_goes_on(
    database: Database, centre: Seeded, rules: Rules
) -> None:
    cases, case_id = Cases(database, rules), claimed(database, centre, rules)
    cases.suspend(suspend(centre.expert, case_id, utc(2, 11)))
    case = summary(database, case_id)
    assert (case.state, case.waits_for, case.resolve_due_at) == (CaseState.CLAIMED, WaitReason.CUSTOMER, None)
    cases.suspend(suspend(centre.expert, case_id, utc(2, 12), WaitReason.SUPPLIER))  # another reason, the same wait
    assert summary(database, case_id).waits_for is WaitReason.SUPPLIER
    cases.resume(resume(centre.expert, case_id, utc(2, 14)))
    case = summary(database, case_id)
    assert (case.waits_for, case.resolve_due_at) == (None, utc(4, 11, 50))  # three hours later than before
    lines = [(line.event, line.waits_for, line.text) for line in CaseLists(database).file(case_id).timeline[-3:]]
    assert lines == [
        (CaseEvent.SUSPENDED, WaitReason.CUSTOMER, "rings back"),
        (CaseEvent.SUSPENDED, WaitReason.SUPPLIER, "rings back"),
        (CaseEvent.RESUMED, None, ""),
    ]


def test_what_is_not_so_is_refused_with_a_sentence(database: Database, centre: Seeded, rules: Rules) -> None:
    cases, case_id = Cases(database, rules), claimed(database, centre, rules)
    with pytest.raises(NotAllowed, match="does not wait for anything"):
        cases.resume(resume(centre.expert, case_id, utc(2, 11)))
    with pytest.raises(NotAllowed, match="You do not have this case"):
        cases.suspend(suspend(centre.lead, case_id, utc(2, 11)))
    command = suspend(centre.expert, case_id, utc(2, 11))
    assert cases.suspend(command) == cases.suspend(command) == case_id
    with pytest.raises(NotAllowed, match="waits for that already"):
        cases.suspend(suspend(centre.expert, case_id, utc(2, 12)))


def test_a_case_that_is_passed_on_waits_no_more_and_keeps_its_time(
    database: Database, centre: Seeded, rules: Rules
) -> None:
    cases, case_id = Cases(database, rules), claimed(database, centre, rules)
    cases.suspend(suspend(centre.expert, case_id, utc(2, 11)))
    draft = replace(case_draft(), id=case_id)
    up = escalation(centre.expert, case=draft, told_at=utc(2, 13), to_level=Level.THIRD, urgency=Urgency.HIGH)
    cases.escalate(up)
    case = summary(database, case_id)
    assert (case.level, case.waits_for, case.priority.name) == (Level.THIRD, None, "P3")
    # P3 now: ten hours, of which 2 h 10 min are used: the rest begins at 13:00, an hour of it tomorrow at 07:00 and on.
    assert case.resolve_due_at == utc(3, 10, 50)
    back = ReturnCase(id=new_id(), by=centre.expert.id, at=utc(2, 14), case_id=case_id, reason="?")
    with pytest.raises(NotAllowed):
        cases.give_back(back)


def test_other_rules_make_all_open_cases_right(database: Database, centre: Seeded, rules: Rules) -> None:
    waiting = escalate(database, centre, utc(2, 9), rules)
    suspended = escalate(database, centre, utc(2, 8), rules)
    Cases(database, rules).claim_next(claim(centre.expert, told_at=utc(2, 10)))
    Cases(database, rules).suspend(suspend(centre.expert, suspended, utc(2, 11)))
    rules.replace(RuleKind.PROMISES, PROMISES.replace('P4 = "8 h"', 'P4 = "9 h"').replace("20 h", "40 h"), "adam")
    assert Reckoning(database, rules).all() == 2
    case = summary(database, waiting)
    assert (case.due_at, case.resolve_due_at) == (utc(3, 8), utc(6, 8, 50))
    assert summary(database, suspended).resolve_due_at is None
    rules.replace(RuleKind.CALENDARS, CALENDARS + "[calendar.holidays]\n2026-03-03 = 'x'", "adam")
    Reckoning(database, rules).all()
    assert summary(database, waiting).due_at == utc(4, 8)


def test_each_step_is_told_once_whoever_looks_first(database: Database, centre: Seeded, rules: Rules) -> None:
    now = datetime.now(UTC)  # all is long over: the calendars of the test are of the past
    escalate(database, centre, now - timedelta(days=30), rules)
    for _ in range(3):
        assert Reckoning(database).raise_due() is None
    steps = [("own", "75 %", True), ("own", "100 %", True), ("own", "+60 min", False)]
    assert sorted(alarms(database)) == sorted([*steps, *(("resolve", step, team) for _, step, team in steps)])
    with database.read() as session:
        told = session.scalars(select(ChangeRow.topic).where(ChangeRow.topic == Topic.ALARMS)).all()
        assert len(told) == 1


def test_what_was_taken_over_in_time_is_not_told_and_what_was_not_is_recorded_late(
    database: Database, centre: Seeded, rules: Rules
) -> None:
    cases, begun = Cases(database, rules), datetime.now(UTC) - timedelta(days=30)
    in_time = escalate(database, centre, begun, rules)
    cases.claim_next(claim(centre.expert, told_at=begun + timedelta(minutes=5)))
    done_at = begun + timedelta(minutes=6)
    cases.solve(SolveCase(id=new_id(), by=centre.expert.id, at=done_at, case_id=in_time, solution="new cable"))
    assert Reckoning(database, rules).raise_due() is None
    assert alarms(database) == []
    escalate(database, centre, begun, rules)
    cases.claim_next(claim(centre.expert, told_at=begun + timedelta(days=20)))
    Reckoning(database, rules).raise_due()
    assert ("own", "100 %", True) in alarms(database)


def test_the_next_look_is_when_the_next_step_comes(database: Database, centre: Seeded) -> None:
    """Without any rules: round the clock, and the times of the program."""
    command = escalation(centre.agent, told_at=datetime.now(UTC), impact=Impact.COMPANY, urgency=Urgency.HIGH)
    Cases(database).escalate(command)
    left = Reckoning(database).raise_due()
    assert left is not None
    assert timedelta(minutes=11) < left <= timedelta(minutes=11, seconds=15)  # three quarters of fifteen minutes
    assert alarms(database) == []


def test_a_calendar_change_never_forgets_what_nobody_has_been_told(
    database: Database, centre: Seeded, rules: Rules
) -> None:
    escalate(database, centre, datetime.now(UTC) - timedelta(days=30), rules)
    Reckoning(database, rules).all()
    Reckoning(database, rules).raise_due()
    assert ("own", "75 %", True) in alarms(database)


def test_rules_that_are_wrong_are_not_put_into_force(rules: Rules) -> None:
    for kind, text, sentence in (
        (RuleKind.CALENDARS, CALENDARS.replace("Network", "Moon"), "there is no team “Moon”"),
        (RuleKind.PRICES, "product,net,currency,tax_percent\nmoon,1,EUR,19", "no product moon"),
        (RuleKind.PROMISES, "[plan.basic]\ncalendar = 'Moon'", "no calendar “Moon”"),
    ):
        with pytest.raises(NotAllowed, match=sentence):
            rules.replace(kind, text, "adam")
    assert rules.text(RuleKind.CALENDARS) == CALENDARS
    assert rules.text(RuleKind.PRICES) == ""


def test_rules_that_this_program_cannot_read_stop_nobody(
    database: Database, centre: Seeded, rules: Rules, expected_log: ExpectedLog
) -> None:
    """They were set by a newer program."""
    assert rules.current().promises.steps
    with database.write() as session:
        session.add(RuleSetRow(kind=RuleKind.PROMISES, text="[moon]", at=NOW, by="adam"))
    rules.forget()
    expected_log("cannot be read: promises: “moon”")
    assert rules.current().team_calendar("Network").zone.key == "Europe/Berlin"
    expected_log("rules of version")
    assert summary(database, escalate(database, centre, utc(2, 9), Rules(database))).due_at is not None


def test_changed_rules_hold_at_once_also_on_a_computer_that_has_just_begun(
    database: Database, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The monotonic clock counts from the start of the computer."""
    monkeypatch.setattr("app.services.rules.time.monotonic", lambda: 5.0)
    here = Rules(database)
    assert here.current().team_calendar("Network").zone.key == "Europe/Berlin"
    rules.replace(RuleKind.CALENDARS, CALENDARS.replace("Europe/Berlin", "Europe/London"), "adam")
    assert here.current().team_calendar("Network").zone.key == "Europe/Berlin"  # nothing is asked in between
    here.forget()
    assert here.current().team_calendar("Network").zone.key == "Europe/London"


def test_rules_that_change_while_they_are_read_are_read_again(
    database: Database, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, read = Rules(database), rules_service._texts

    def read_slowly(session: Session) -> tuple[dict[RuleKind, str], int]:
        found = read(session)
        monkeypatch.undo()
        rules.replace(RuleKind.CALENDARS, CALENDARS.replace("Europe/Berlin", "Europe/London"), "adam")
        here.forget()
        return found

    monkeypatch.setattr(rules_service, "_texts", read_slowly)
    assert here.current().team_calendar("Network").zone.key == "Europe/Berlin"
    assert here.current().team_calendar("Network").zone.key == "Europe/London"
