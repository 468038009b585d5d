"""What a customer may have and what was promised, on PostgreSQL: each person at a desk in a process of its own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select, text

from app.cli import rules as rules_cli
from app.db.engine import Database
from app.db.rows import CaseRow, PersonRow, ProductRow
from app.db.service_rows import AlarmRow, BookingRow
from app.domain.cases import Impact, Urgency
from app.domain.rules.rulebook import RuleKind
from app.services.cases import Cases
from app.services.people import People
from app.services.rules import Rules
from tests import builders
from tests.e2e.centre import Centre
from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import DeskProcess, Seen
from tests.e2e.hands import (
    answer,
    choose_caller,
    claim,
    confirmed_number,
    finish,
    hang_up,
    is_delivered,
    is_in,
    read_top,
    write_note,
)
from tests.passwords import apart

ALWAYS = ", ".join(f'{day} = "00:00-24:00"' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
CALENDARS = f"""
[[calendar]]
name = "Round the clock"
zone = "Europe/Berlin"
teams = ["Link", "Print", "Ledger"]
hours = {{ {ALWAYS} }}
"""
R = TypeVar("R")
P1 = timedelta(minutes=15)  # the demo centre's promise to take over what is most urgent


@pytest.fixture
def centre(postgres_centre_url: str) -> str:
    """The demo centre, working round the clock: the test may run at night."""
    database = Database(postgres_centre_url)
    try:
        Rules(database).replace(RuleKind.CALENDARS, CALENDARS, "")
    finally:
        database.close()
    return postgres_centre_url


def test_a_chargeable_case_needs_the_customers_yes_and_time_is_booked(desk_of: OpenDesk, centre: str) -> None:
    _write(centre, "UPDATE contract SET starts_on = current_date - 400, ends_on = current_date - 60 FROM customer"
                   " WHERE customer.id = contract.customer_id AND customer.name = 'Jonas Hofmann'")  # fmt: skip
    first, second = desk_of("anna.berger", centre), desk_of("henrik.vollmer", centre)
    first.open()
    second.wait("the queue is read", lambda seen: seen["is_open"] and seen["queue"])
    first.press("F5")
    first.wait("a demo call rings", is_in("card", "Ringing"))
    answer(first)
    seen = first.wait("who may be calling", lambda seen: len(seen["candidates"]) == 2)
    choose_caller(first, seen, "Jonas Hofmann")
    first.wait("the verdict", is_in("customer", "Chargeable", "The contract ended on"))
    first.wait("what to say", is_in("consent", "58.31 EUR including 19 % tax"))
    read_top(first, "internet")
    write_note(first, "No internet since noon")
    first.press("F8")
    first.wait("what is asked stands there", lambda seen: seen["escalation"])
    first.press("1", "3", "3", "Ctrl+Return")
    refused = first.wait("it is refused", is_in("banners", "This is chargeable. Say the price"))
    assert not refused["confirmation"]

    first.press("Ctrl+Shift+Y")
    first.wait("the yes is noted", is_in("consent", "The customer agreed to 58.31 EUR"))
    first.press("Ctrl+Return")
    number = confirmed_number(first)
    hang_up(first)
    finish(first, "2")
    first.wait("all is delivered", is_delivered)

    case = claim(second, number)
    assert "Chargeable" in case["problem"]["Entitlement"]
    _see_clocks(second, "Chargeable", "The customer agreed to 58.31 EUR", "Anna Berger")
    _book_time(second, "12", "Line measured")
    _see_clocks(second, "12 minutes worked", "Henrik Vollmer")
    second.wait("all is delivered", is_delivered)
    first.close()
    second.close()
    assert _bookings(centre, number) == [
        ("agreed", "anna.berger", 0, "49.0000"),
        ("work", "anna.berger", _minutes_spoken(centre), None),
        ("work", "henrik.vollmer", 12, None),
    ]


def _book_time(desk: DeskProcess, minutes: str, what: str) -> None:
    desk.press("Ctrl+Shift+T")
    desk.type(minutes)
    desk.press("Tab")
    desk.type(what)
    desk.press("Return")


def test_a_case_waits_with_a_reason_and_supervisors_are_told_once(
    desk_of: OpenDesk, centre: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = desk_of("henrik.vollmer", centre)
    boards = [desk_of("bettina.krause", centre), desk_of("demo", centre)]
    for board in boards:
        board.open()
    boards[1].press("Ctrl+Shift+B")
    soon = _escalate(centre, datetime.now(UTC) - P1 * 3 / 4 + timedelta(seconds=2))  # both desks are there by then
    for board in boards:
        board.wait("three quarters are used", partial(_has_alarm, soon, "75 % used"))
    assert _told(centre, soon) == [("own", "75 %")]

    second.wait("the queue is read", lambda seen: seen["is_open"] and seen["queue"])
    case = claim(second, soon)
    for board in boards:
        board.wait("it is taken over", lambda seen: not any(soon in alarm for alarm in seen["alarms"]))
    assert "To be solved" in " ".join(case["clocks"])
    second.press("Ctrl+Shift+W", "1")
    second.type("sends the log")
    second.press("Return")
    _see_clocks(second, "The customer’s clock stands still")
    seen = second.wait("for whom it waits", partial(_own_row, soon, "Waits for the customer"))
    assert {"Waits for the customer", "sends the log"} <= set(seen["case"]["timeline"])
    stopped = _due(centre, soon)
    second.press("Ctrl+Shift+W")
    _see_clocks(second, "To be solved: until")
    assert stopped is None
    assert _due(centre, soon) is not None

    waiting = second.look()["queue"]
    _import_promises(centre, tmp_path, monkeypatch)
    second.wait("the queue says other times", lambda seen: seen["queue"] and seen["queue"] != waiting)
    for desk in (second, *boards):
        desk.close()


def _see_clocks(desk: DeskProcess, *wanted: str) -> None:
    def holds(seen: Seen) -> bool:
        return all(any(words in shown for shown in seen["case"].get("clocks", ())) for words in wanted)

    desk.wait(f"the case page says {wanted}", holds)


def _own_row(number: str, words: str, seen: Seen) -> bool:
    return any(number in row[1] and words in row[1] for row in seen["own"])


def _has_alarm(number: str, words: str, seen: Seen) -> bool:
    return f"{number} {words}" in seen["alarms"]


def _escalate(url: str, told_at: datetime) -> str:
    """The most urgent case of all, of a customer with a contract; its number."""

    def escalate(database: Database) -> str:
        with database.read() as session:
            of_link = select(CaseRow).join(ProductRow, ProductRow.id == CaseRow.product_id)
            known = session.scalars(of_link.where(ProductRow.code == "LINK-600", CaseRow.plan.is_not(None))).first()
            assert known
        ids = {"product_id": known.product_id, "customer_id": known.customer_id}
        draft = replace(builders.case_draft("Everything stands still", **ids), plan=known.plan, opened_at=told_at)
        agent = People(database).by_login("anna.berger")
        command = builders.escalation(agent, case=draft, told_at=told_at, impact=Impact.COMPANY, urgency=Urgency.HIGH)
        return str(Cases(database).escalate(command) and draft.number)

    return _with(url, escalate)


def _import_promises(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an administrator does, at the command line: second level has twice the time."""
    file = folder / "promises.toml"
    old = _with(url, lambda database: Rules(database).text(RuleKind.PROMISES))
    file.write_text(old.replace('P3 = "4 h", P4 = "8 h"', 'P3 = "8 h", P4 = "16 h"'), encoding="utf-8")
    address, environment = apart(url, folder)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    rules_cli.import_rules(RuleKind.PROMISES, file, address, apply=True, again_after_s=0)


def _bookings(url: str, number: str) -> list[tuple[str, str, int, str | None]]:
    def read(database: Database) -> list[tuple[str, str, int, str | None]]:
        query = (
            select(BookingRow, PersonRow.login)
            .join(PersonRow, PersonRow.id == BookingRow.by)
            .join(CaseRow, CaseRow.id == BookingRow.case_id)
            .where(CaseRow.number == number)
            .order_by(BookingRow.at)
        )
        with database.read() as session:
            rows = session.execute(query).all()
            return [(row.kind.value, by, row.minutes, None if row.net is None else str(row.net)) for row, by in rows]

    return _with(url, read)


def _minutes_spoken(url: str) -> int:
    """Of the only call, in full minutes."""
    call = Centre(url).newest_call("anna.berger")
    assert call.answered_at and call.ended_at
    return -(-(call.ended_at - call.answered_at) // timedelta(minutes=1))


def _told(url: str, number: str) -> list[tuple[str, str]]:
    def read(database: Database) -> list[tuple[str, str]]:
        query = select(AlarmRow).join(CaseRow, CaseRow.id == AlarmRow.case_id).where(CaseRow.number == number)
        with database.read() as session:
            return [(row.clock.value, row.step) for row in session.scalars(query)]

    return _with(url, read)


def _due(url: str, number: str) -> datetime | None:
    def read(database: Database) -> datetime | None:
        with database.read() as session:
            return session.scalars(select(CaseRow.resolve_due_at).where(CaseRow.number == number)).one()

    return _with(url, read)


def _write(url: str, statement: str) -> None:
    def write(database: Database) -> None:
        with database.write() as session:
            session.execute(text(statement))

    _with(url, write)


def _with(url: str, work: Callable[[Database], R]) -> R:
    database = Database(url)
    try:
        return work(database)
    finally:
        database.close()
