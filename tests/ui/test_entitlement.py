"""The verdict on the card, the customer's yes, and what is booked: through the window."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.db import engine
from app.db.rows import ContractRow
from app.db.service_rows import BookingRow
from app.domain.bookings import BookingKind
from app.domain.rules.rulebook import RuleKind
from app.domain.work import Outcome
from app.i18n import set_language
from app.services.rules import Rules
from tests.conftest import ExpectedLog
from tests.fakes import away
from tests.ui.console import CERTAIN, RESTART, Centre, Console
from ui.labels import date_text
from ui.terms_words import money_text, price_sentence
from ui.widgets.banner import Banner
from ui.widgets.plain_label import PlainLabel

OpenConsole = Callable[..., Console]
PRICES = "product,unit,net,currency,tax_percent,step_min,minimum_min\n,incident,49.00,EUR,19,,\n"


@pytest.fixture
def agent(call_centre: Centre, open_console: OpenConsole) -> Console:
    """An agent in a centre that sells support; the rules are known at the desk."""
    rules = Rules(call_centre.database)
    rules.replace(RuleKind.PRICES, PRICES, "adam")
    rules.replace(RuleKind.PROMISES, "[plan.basic]\nincidents = 2\n", "adam")
    opened = open_console()
    opened.wait(lambda: opened.desk.rulebook.book.version == 2)
    return opened


def end_contracts(centre: Centre, days_ago: int = 60) -> date:
    """The contracts of all customers end; the day."""
    ended = date.today() - timedelta(days=days_ago)
    with centre.database.write() as session:
        for row in session.scalars(select(ContractRow)):
            row.ends_on = ended
    return ended


def shown(agent: Console) -> str:
    parts = (agent.screen.customer.entitlement, agent.screen.consent)
    labels = [label for part in parts for label in part.findChildren(PlainLabel)]
    return "\n".join(label.text() for label in labels if label.isVisible())


def warnings(agent: Console) -> list[str]:
    return [banner.text for banner in agent.window.findChildren(Banner) if banner.isVisible()]


def booked(centre: Centre) -> list[BookingRow]:
    with centre.database.read() as session:
        rows = list(session.scalars(select(BookingRow).order_by(BookingRow.at)))
        session.expunge_all()
        return rows


def take_chargeable_call(agent: Console) -> None:
    """Of a customer both of whose contracts are over: the agent says which one it is about."""
    agent.take_call(CERTAIN)
    contract = agent.work.customer.contracts[0] if agent.work.customer else None
    assert contract
    agent.calls.update(replace(agent.work, contract_id=contract.id))
    agent.calls.changed.emit()


def test_a_covered_call_says_what_is_left_and_takes_an_incident(call_centre: Centre, agent: Console) -> None:
    agent.take_call(CERTAIN)
    assert shown(agent).splitlines()[:3] == ["Covered", "2 incidents left.", "Serial number SN-V-2001"]
    assert not agent.screen.consent.isVisible()
    agent.read(RESTART, "reboot")
    agent.press("F9")
    agent.wait(lambda: agent.work.outcome is Outcome.SOLVED)
    agent.wait(agent.is_delivered)
    (entry,) = booked(call_centre)
    assert (entry.kind, entry.contract_id) == (BookingKind.INCIDENT, agent.work.contract_id)


def test_a_chargeable_call_is_not_solved_before_the_customer_agrees(call_centre: Centre, agent: Console) -> None:
    ended = end_contracts(call_centre)
    take_chargeable_call(agent)
    said = shown(agent)
    assert f"The contract ended on {date_text(ended)}." in said
    assert "“This costs 58.31 EUR including 19 % tax, however long it takes. Do you agree?”" in said
    agent.read(RESTART, "reboot")
    agent.press("F9")
    assert agent.work.outcome is None
    assert any("This is chargeable" in sentence for sentence in warnings(agent))
    agent.press("Ctrl+Shift+Y")
    assert "The customer agreed to 58.31 EUR" in shown(agent)
    agent.press("F9")
    agent.wait(lambda: agent.calls.outcome.is_delivered)
    agent.desk.undo_s = 3_600.0  # for the next case: of this one nothing can be undone any more
    agent.hang_up()
    agent.press("F10", "1")
    agent.wait(lambda: agent.calls.work is None)
    agent.wait(agent.is_delivered)
    yes, work = booked(call_centre)
    assert (yes.kind, yes.by, str(yes.net), str(yes.tax), yes.currency) == (
        BookingKind.AGREED,
        call_centre.seeded.agent.id,
        "49.00",
        "9.31",
        "EUR",
    )
    assert (work.kind, work.minutes, work.billed_minutes) == (BookingKind.WORK, 1, 0)


def test_goodwill_asks_why_and_a_yes_can_be_taken_back(call_centre: Centre, agent: Console) -> None:
    end_contracts(call_centre)
    take_chargeable_call(agent)
    agent.press("Ctrl+Shift+Y", "Ctrl+Shift+Y")
    assert agent.work.consent is None
    agent.press("Ctrl+Shift+G", "Return")  # without a reason nothing is given
    assert agent.work.consent is None
    agent.write("third call this week")
    agent.press("Return")
    assert "Goodwill: third call this week" in shown(agent)
    agent.press("F8")
    agent.wait(agent.screen.escalation.isVisible)
    agent.press("1", "3", "3", "Ctrl+Return")
    agent.wait(lambda: agent.work.outcome is Outcome.ESCALATED)
    agent.wait(agent.is_delivered)
    (given,) = booked(call_centre)
    assert (given.kind, given.text, given.net) == (BookingKind.GOODWILL, "third call this week", None)
    file = call_centre.cases.file(agent.work.case_id)
    assert file.hand_over is not None
    assert "Chargeable · Goodwill: third call this week" in file.hand_over.entitlement


def test_a_new_price_list_and_an_end_in_mid_call_change_nothing_that_was_said(
    call_centre: Centre, agent: Console
) -> None:
    end_contracts(call_centre)
    take_chargeable_call(agent)
    Rules(call_centre.database).replace(RuleKind.PRICES, PRICES.replace("49.00", "99.00"), "adam")
    agent.wait(lambda: agent.desk.rulebook.book.version == 3)
    agent.calls.changed.emit()
    assert "58.31 EUR" in shown(agent)


def test_while_the_database_is_away_the_card_says_what_the_desk_knows(
    call_centre: Centre, agent: Console, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectedLog
) -> None:
    expected_log.may_come("")
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    agent.take_call(CERTAIN)
    with away(agent.desk._database, call_centre.path):
        agent.wait(lambda: not agent.desk.is_in_contact)
        agent.wait(lambda: "The database is away: this is what this desk knew last." in shown(agent))
        assert shown(agent).splitlines()[:2] == ["Covered", "2 incidents left."]
    agent.wait(lambda: agent.desk.is_in_contact)
    agent.wait(lambda: "away" not in shown(agent))


def test_money_is_written_as_the_language_does(agent: Console) -> None:
    (price,) = agent.desk.rulebook.book.prices
    assert money_text(price.for_minutes(1).gross) == "58.31 EUR"
    set_language("de")
    assert money_text(price.for_one.gross.times(100)) == "5.831,00 EUR"
    assert "58,31 EUR einschließlich 19 %" in price_sentence(price)
