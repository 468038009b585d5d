"""People are taken out of what lies long back, and no figure changes."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, or_, select

from app.db.engine import Database
from app.db.history_rows import CALL_TALLY, CASE_TALLY, PRESENCE_TALLY, AgentChangeRow
from app.db.rows import CallRow, CaseRow, ContractRow, TimelineRow
from app.db.service_rows import BookingRow
from app.domain.errors import NotAllowed
from app.domain.history.requests import Days, Group, Request, first_instant
from app.domain.ids import new_id
from app.services.anonymising import Anonymising
from app.services.case_lists import CaseLists
from app.services.contracts import CONTRACTS
from app.services.histories import Histories
from app.services.roll_ups import RollUps
from tests.services.past import BERLIN, Past, happen, make_past

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BEFORE = date(2026, 10, 1)
START = datetime(2026, 9, 27, 22, 0, tzinfo=UTC)


def old_past(database: Database) -> Past:
    """A few days before the day, and a few after it."""
    past = make_past(database)
    for start in (START, START + timedelta(days=20)):
        happen(past, random.Random(3), start, 3, calls=60, cases=20)
    RollUps(database).run(NOW, zone=BERLIN)
    return past


def sums(database: Database) -> list[list[tuple[str, ...]]]:
    with database.read() as session:
        tables = (CALL_TALLY, CASE_TALLY, PRESENCE_TALLY)
        return [sorted(tuple(map(str, row)) for row in session.execute(select(table))) for table in tables]


def test_every_sum_is_as_it_was_and_nobody_is_named(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.anonymising.BATCH", 7)
    past = old_past(database)
    before = sums(database)
    done = Anonymising(database).run(BEFORE, NOW)
    assert done.calls >= 60 and done.cases >= 15 and done.lines > 40
    assert sums(database) == before
    until = first_instant(BEFORE, ZoneInfo(BERLIN))
    people = (*past.agents, *past.experts)
    with database.read() as session:
        old_calls = select(func.count()).where(CallRow.queued_at < until)
        named = or_(CallRow.agent_id.in_(people), CallRow.number_raw != "", CallRow.note != "")
        assert session.scalar(old_calls) and not session.scalar(old_calls.where(named))
        old_cases = select(CaseRow.id).where(CaseRow.opened_at < until, CaseRow.solved_at < until)
        assert not session.scalar(select(func.count()).where(CaseRow.id.in_(old_cases), CaseRow.opened_by.in_(people)))
        of_people = or_(TimelineRow.by.in_(people), TimelineRow.text != "")
        assert not session.scalar(select(func.count()).where(TimelineRow.case_id.in_(old_cases), of_people))
        assert not session.scalar(select(func.count()).where(AgentChangeRow.at < until))
        assert session.scalar(select(func.count()).where(CallRow.agent_id.in_(people)))  # what is younger stays


def test_the_sums_are_still_those_of_the_facts_and_stay(database: Database) -> None:
    past = old_past(database)
    days = Days(first=date(2026, 9, 1), last=date(2026, 11, 1), zone=ZoneInfo(BERLIN))
    before = Histories(database).ask(Request(days=days, by=Group.DAY), NOW).total
    Anonymising(database).run(BEFORE, NOW)
    roll_ups = RollUps(database)
    assert roll_ups.differences() == []
    roll_ups.run(NOW, rebuilds=True)
    assert roll_ups.differences() == []
    assert Histories(database).ask(Request(days=days, by=Group.DAY), NOW).total == before
    assert before.calls.answered > 60
    with database.read() as session:
        case_id = session.scalars(select(CaseRow.id).where(CaseRow.opened_at < START + timedelta(days=3))).first()
    assert case_id and CaseLists(database).file(case_id) is not None
    assert past.agents


def test_what_is_too_young_stays(database: Database) -> None:
    old_past(database)
    with pytest.raises(NotAllowed, match="30 days"):
        Anonymising(database).run(NOW.date() - timedelta(days=3), NOW)


def test_the_book_of_a_contract_still_adds_up_and_a_case_keeps_its_events(database: Database) -> None:
    past = make_past(database)
    contract_id = new_id()
    with database.write() as session:
        session.execute(
            insert(ContractRow).values(
                id=contract_id, number="V-1", customer_id=past.customers[0], product_id=past.products[0],
                kind="business", serial="S-1", starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1),
            )
        )  # fmt: skip
        case_id = past.add_case(session, START, past.agents[0], past.experts[0], contract_id=contract_id)
        about = {"case_id": case_id, "contract_id": contract_id, "at": START, "text": "Ida Berg agreed"}
        for kind, by, minutes in (("agreed", past.agents[0], 0), ("incident", past.agents[0], 0),
                                  ("work", past.experts[0], 7), ("work", past.experts[1], 11)):  # fmt: skip
            money = {"net": Decimal("12.3400"), "tax": Decimal("2.3446"), "currency": "EUR"} if minutes else {}
            times = {"minutes": minutes, "billed_minutes": minutes + 4}
            session.execute(insert(BookingRow).values(id=new_id(), kind=kind, by=by, **about, **times, **money))
    RollUps(database).run(NOW, zone=BERLIN)
    booked, told = books(database), events(database, case_id)
    Anonymising(database).run(BEFORE, NOW)
    assert books(database) == booked and len(booked) == 4
    assert sum(line.billed_minutes for line in booked) == 34
    assert events(database, case_id) == told and len(told) == 4
    with database.read() as session:
        assert {line.text for line in session.scalars(select(BookingRow))} == {""}
        assert not {line.by for line in session.scalars(select(BookingRow))} & {*past.agents, *past.experts}
        used = session.execute(CONTRACTS.where(ContractRow.id == contract_id)).one()
    assert (used.minutes_used, used.incidents_used) == (34, 1)


def books(database: Database) -> list[Any]:
    """All but who booked, and what they wrote."""
    row = BookingRow
    columns = (row.id, row.case_id, row.contract_id, row.kind, row.at, row.minutes, row.billed_minutes, row.net,
               row.tax, row.currency)  # fmt: skip
    with database.read() as session:
        return list(session.execute(select(*columns).order_by(row.id)))


def events(database: Database, case_id: UUID) -> list[Any]:
    row = TimelineRow
    query = select(row.id, row.at, row.event, row.from_level, row.to_level, row.waits_for).order_by(row.at, row.id)
    with database.read() as session:
        return list(session.execute(query.where(row.case_id == case_id)))
