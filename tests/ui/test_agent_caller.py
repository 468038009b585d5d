"""Who rings: found, guessed, searched for or chosen, and never picked by the program."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit

from app.domain.calls import CallState, EndReason, NumberKind
from app.domain.customers import MatchSource
from app.services.commands import Commands
from tests import builders, seeding
from tests.builders import LONE_NUMBER, SHARED_NUMBER
from tests.ui.console import CERTAIN, NEAR_CERTAIN, UNKNOWN, Centre, Console, days_ago
from tests.ui.seen import button, candidates, card_texts, picker
from ui.widgets.plain_label import PlainLabel
from ui.widgets.record_table import RecordTable


def test_a_long_name_takes_no_button_out_of_the_window(call_centre: Centre, agent: Console) -> None:
    """A column that is as wide as its longest word would be cut at the right, hanging up with it."""
    name, company = "Maximiliane Grundstücksverwaltungsgesellschaftsvorstand", "Vermögensverwaltungsgesellschaft " * 4
    number = "+493023125205"
    long = replace(builders.customer(name, number="K-405", phones=(number,)), company=company, city="x" * 90)
    with call_centre.database.write() as session:
        seeding.add_customer(session, long)
    agent.take_call(number)
    assert agent.work.customer is not None and agent.work.customer.name == name
    card = agent.screen.card
    agent.wait(lambda: not button(agent, "Hang up").visibleRegion().isEmpty())
    for text in ("Hold", "Hang up", "Transfer"):
        assert button(agent, text).visibleRegion().boundingRect().size() == button(agent, text).size()
    right = card.mapTo(agent.window, card.rect().topRight()).x()
    assert right < agent.screen.answers.mapTo(agent.window, QPoint(0, 0)).x()
    cases = [agent.screen.customer.mapTo(agent.window, agent.screen.customer.rect().topRight()).x(), right]
    assert cases[0] == cases[1]


def test_of_many_open_cases_the_newest_are_named_and_all_are_counted(call_centre: Centre, agent: Console) -> None:
    do, seeded = Commands(call_centre.database).apply, call_centre.seeded
    for number in range(5):
        draft = builders.case_draft(f"Case {number}", customer_id=call_centre.voss.id)
        draft = replace(draft, opened_at=builders.at(number))
        do(builders.escalation(seeded.expert, case=draft, told_at=builders.at(number)))
    agent.take_call(CERTAIN)
    [shown] = [label.text() for label in agent.screen.customer.findChildren(PlainLabel) if "open cases" in label.text()]
    assert [line.partition("  ")[2] for line in shown.splitlines()] == ["", "Case 4", "Case 3", "Case 2"]
    assert shown.startswith("5 open cases, the newest:")


def test_a_certain_caller_stands_on_the_card_with_contract_and_history(call_centre: Centre, agent: Console) -> None:
    centre = call_centre
    do = Commands(centre.database).apply
    for days in (1, 3, 20):
        past = builders.call(CallState.CLOSED, queued_at=days_ago(days))
        do(builders.record_call(past, centre.seeded.expert, told_at=days_ago(days), customer_id=centre.voss.id))
    draft = builders.case_draft("Printer is offline", customer_id=centre.voss.id, product_id=centre.seeded.printer.id)
    do(builders.escalation(centre.seeded.expert, case=draft, told_at=datetime.now(UTC)))
    agent.ring(CERTAIN, says="My router restarts")
    texts = card_texts(agent)
    assert "Nora Voss" in texts
    assert "Voss Ltd · +49 30 23125201 · Router" in texts
    assert "“My router restarts”" in texts
    assert "Call number 3 in 7 days\n1 open case" in texts
    assert not picker(agent).isVisible()
    contracts = agent.child(RecordTable, "Products and contracts").records
    rows = [[contracts.data(contracts.index(row, column)) for column in (0, 1)] for row in range(2)]
    assert rows == [["Link 7", "31 Dec 2099"], ["Print 2", "expired"]]
    agent.press("F2")
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    assert agent.work.contract is not None and agent.work.contract.number == "V-2001"  # the only one in force
    shown = [label.text() for label in agent.screen.customer.findChildren(PlainLabel) if label.isVisible()]
    assert f"Open cases\n{draft.number}  Printer is offline" in shown


def test_two_customers_with_one_number_are_asked_about_and_return_takes_one(agent: Console) -> None:
    agent.take_call(SHARED_NUMBER)
    assert not agent.work.customer
    assert card_texts(agent)[2] == "Who is calling?"
    assert "2 customers may be calling: please ask." in card_texts(agent)
    assert candidates(agent) == [["Ida Berg, Berg Ltd", "by the number"], ["Ulf Kranz, Berg Ltd", "by the number"]]
    assert picker(agent).current() is None
    picker(agent).setFocus()
    agent.press("Down", "Down", "Return")
    assert agent.work.customer is not None and agent.work.customer.name == "Ulf Kranz"
    agent.wait(lambda: [work.customer for work in agent.desk.journal.kept_work()] == [agent.work.customer])


@pytest.mark.parametrize(
    ("raw", "name", "source", "why"),
    [
        (NEAR_CERTAIN, "", MatchSource.SWITCHBOARD, "maybe: same switchboard"),
        (UNKNOWN, "Nora Voss", MatchSource.NAME, "maybe: same name"),
        ("anonymous", "nora voss", MatchSource.NAME, "maybe: same name"),
    ],
)
def test_a_guess_is_a_maybe_with_its_source(agent: Console, raw: str, name: str, source: MatchSource, why: str) -> None:
    agent.take_call(raw, name)
    assert [match.source for match in agent.calls.matches] == [source]
    assert not agent.work.customer
    assert candidates(agent) == [["Nora Voss, Voss Ltd", why]]
    assert "1 customer may be calling: please ask." in card_texts(agent)
    agent.screen.customer.focus_choice()
    agent.press("Return")
    assert agent.work.customer is not None and agent.work.customer.name == "Nora Voss"


@pytest.mark.parametrize(
    ("raw", "kind", "shown"),
    [
        (UNKNOWN, NumberKind.PUBLIC, "+49 1515 0000001 · Router"),
        ("anonymous", NumberKind.WITHHELD, "Number withheld · Router"),
        ("", NumberKind.UNKNOWN, "Number unknown · Router"),
        ("102", NumberKind.INTERNAL, "Extension 102 · Router"),
    ],
)
def test_a_caller_nobody_knows_is_searched_for_by_name(agent: Console, raw: str, kind: NumberKind, shown: str) -> None:
    agent.take_call(raw)
    assert agent.work.call.caller.kind is kind
    assert "Unknown caller" in card_texts(agent) and shown in card_texts(agent)
    assert candidates(agent) == []
    agent.child(QLineEdit, "Find customer").setFocus()
    agent.write("meyer")
    agent.wait(lambda: candidates(agent) == [["Zoe Meyer, Meyer & Co", "K-300"]])
    picker(agent).setFocus()
    agent.press("Down", "Return")
    assert agent.work.customer is not None and agent.work.customer.name == "Zoe Meyer"


@pytest.mark.parametrize(
    "name",
    [
        "<b>Bold</b><img src='http://127.0.0.1:1/x.png'><h1>big</h1>",
        "A\x00B\x07C\x1b[31m red\r\nnext line",
        "evil\u202eexe.gpj\u2066",
        "x" * 10_000,
        "many words " * 1_000,
        "**bold** [link](http://127.0.0.1:1/)",
    ],
    ids=["html", "control", "right-to-left", "long word", "long text", "markdown"],
)
def test_an_absurd_caller_id_is_plain_text_and_breaks_nothing(agent: Console, name: str) -> None:
    before = agent.window.size()
    agent.take_call(name, name)
    who = card_texts(agent)[2].replace("\u200b", "")
    expected = agent.work.who
    assert who == (expected if len(expected) <= 160 else expected[:159] + "…")
    assert all(c.isprintable() for c in who)
    for label in agent.screen.card.findChildren(PlainLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    agent.wait(lambda: agent.window.size() == before)
    card = agent.screen.card
    labels = [label for label in card.findChildren(PlainLabel) if label.isVisible()]
    agent.wait(lambda: all(label.height() >= label.heightForWidth(label.width()) for label in labels))  # laid out
    for label in labels:
        assert label.width() <= card.width() and label.minimumSizeHint().width() <= card.width()
        assert label.mapTo(card, QPoint(0, label.height())).y() <= card.height()
    assert card.height() < 400 and agent.screen.note.field.height() > 60
    assert button(agent, "Hang up").isVisible() and button(agent, "Hang up").height() >= 24


def test_candidates_of_the_next_call_stay_when_the_wrap_up_ends(agent: Console) -> None:
    agent.take_call(LONE_NUMBER)
    agent.hang_up()
    agent.ring(SHARED_NUMBER)
    agent.press("F10", "4")
    agent.wait(lambda: agent.calls.work is None)
    assert len(candidates(agent)) == 2
    agent.press("F2")
    agent.wait(lambda: agent.has_call(CallState.CONNECTED))
    assert len(candidates(agent)) == 2 and agent.work.customer is None


def test_what_was_found_for_a_call_that_is_gone_is_dropped(agent: Console) -> None:
    gone = agent.ring(SHARED_NUMBER)
    matches = agent.calls.matches
    assert agent.calls.ringing
    gone_call = agent.calls.ringing.call
    agent.line.end(gone, EndReason.ABANDONED)
    agent.wait(lambda: agent.calls.ringing is None)
    agent.take_call(UNKNOWN)
    agent.calls._who.take(gone_call, matches)
    assert agent.calls.matches == () and candidates(agent) == [] and agent.work.customer is None


def test_the_same_number_with_another_name_is_another_call(agent: Console) -> None:
    agent.take_call(CERTAIN, "Somebody Else")
    assert agent.work.who == "Nora Voss"
    assert replace(agent.work.call.caller, display_name="").normal == CERTAIN
