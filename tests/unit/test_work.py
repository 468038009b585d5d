"""What an agent does during a call, and the hand-over that writes itself from it."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calls import CallerNumber, CallState, NumberKind
from app.domain.cases import AnswerRead, EscalationReason, Impact, Urgency
from app.domain.ids import case_number
from app.domain.work import (
    CallWork,
    begin_work,
    case_draft,
    hand_over,
    missing_facts,
    placeholder_values,
    steps_tried,
    title,
    with_answer,
    with_customer,
    with_search,
    with_step,
)
from tests.builders import SHARED_NUMBER, TODAY, answer, call, call_work, caller, contract, customer, product

ROUTER = contract(product(name="Link 7"), number="V-1001")
ENDED = contract(number="V-0900", ends_on=date(2025, 1, 1))
OWNER = customer(contracts=(ROUTER, ENDED))
WORK = with_customer(call_work(), OWNER, TODAY)
STRANGER = CallerNumber(raw="anonymous", kind=NumberKind.WITHHELD)


def _searched(*texts: str) -> tuple[str, ...]:
    work = call_work()
    for text in texts:
        work = with_search(work, text)
    return work.searches


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (("r", "ro", "router", "router lamp"), ("router lamp",)),
        (("router", "printer"), ("router", "printer")),
        (("router lamp", "router", "rou"), ("router lamp",)),
        (("router", "printer", "router"), ("router", "printer", "router")),
        (("  router   lamp ", "router lamp"), ("router lamp",)),
        (("", "  "), ()),
    ],
)
def test_a_search_typed_on_replaces_its_beginning(typed: tuple[str, ...], kept: tuple[str, ...]) -> None:
    assert _searched(*typed) == kept


@given(st.lists(st.text("ab ", max_size=5), max_size=8))
def test_no_search_is_the_beginning_of_the_one_beside_it(typed: list[str]) -> None:
    kept = _searched(*typed)
    for earlier, later in pairwise(kept):
        assert not earlier.startswith(later)
        assert not later.startswith(earlier)


def test_steps_stand_in_the_order_of_the_answer() -> None:
    script = answer(steps=("one", "two", "three"))
    work = with_step(with_step(call_work(), script, "three", True), script, "one", True)
    assert steps_tried(work, script.id) == ("one", "three")
    assert steps_tried(with_step(work, script, "three", False), script.id) == ("one",)


def test_steps_stay_when_the_answer_is_read_again_after_another() -> None:
    first, second = answer("first", title="First"), answer("second", title="Second")
    work = with_answer(with_step(call_work(), first, first.steps[1], True), second)
    assert [read.title for read in work.answers] == ["First", "Second"]
    work = with_answer(work, first)
    assert [read.title for read in work.answers] == ["Second", "First"]
    assert steps_tried(work, first.id) == (first.steps[1],)


def test_a_step_of_no_answer_is_not_taken() -> None:
    assert steps_tried(with_step(call_work(), answer(), "Something else", True), answer().id) == ()


def test_an_answer_never_read_has_no_steps() -> None:
    assert steps_tried(call_work(), answer().id) == ()


def test_the_only_contract_in_force_is_what_the_call_is_about() -> None:
    assert WORK.contract == ROUTER
    assert WORK.product == "Link 7"


def test_a_contract_that_has_ended_is_what_it_is_about_if_there_is_no_other() -> None:
    assert with_customer(call_work(), replace(OWNER, contracts=(ENDED,)), TODAY).contract == ENDED


@pytest.mark.parametrize("contracts", [(), (ENDED, ENDED), (ROUTER, contract(number="V-1009"))])
def test_none_or_several_contracts_leave_it_open(contracts: tuple[object, ...]) -> None:
    of = replace(OWNER, contracts=contracts)  # type: ignore[arg-type] # a tuple of contracts
    assert with_customer(call_work(), of, TODAY).contract is None


def test_another_customer_takes_the_chosen_product_away() -> None:
    chosen = replace(call_work(), product_id=ROUTER.product.id, product_name="Link 7")
    assert with_customer(chosen, None, TODAY).product == ""


def test_the_hand_over_holds_all_that_the_call_has_told() -> None:
    script = answer()
    work = with_step(with_search(replace(WORK, note="  Lamp is red \n"), "no internet"), script, script.steps[0], True)
    made = hand_over(work, "Basic", EscalationReason.ANSWER_FAILED, Impact.TEAM, Urgency.HIGH)
    assert (made.caller_name, made.caller_number) == (OWNER.name, SHARED_NUMBER)
    assert (made.customer_number, made.product, made.serial) == (OWNER.number, "Link 7", ROUTER.serial)
    assert (made.searches, made.note) == (("no internet",), "Lamp is red")
    (read,) = made.answers
    assert read == AnswerRead(answer_id=script.id, title=script.title, steps_tried=(script.steps[0],), version=1)
    assert (made.entitlement, made.reason) == ("Basic", EscalationReason.ANSWER_FAILED)
    assert (made.impact, made.urgency) == (Impact.TEAM, Urgency.HIGH)


def test_the_hand_over_of_a_stranger_says_what_the_network_said() -> None:
    work = replace(call_work(call(from_=STRANGER)), caller_name="Mr Low")
    made = hand_over(work, "", EscalationReason.NO_ANSWER, Impact.PERSON, Urgency.LOW)
    assert (made.caller_name, made.caller_number, made.customer_number) == ("Mr Low", "anonymous", "")


def test_all_placeholders_of_a_known_caller_are_filled() -> None:
    assert placeholder_values(WORK, "Ada", "2 March") == {
        "agent.name": "Ada",
        "today": "2 March",
        "case.number": case_number(WORK.case_id),
        "caller.number": SHARED_NUMBER,
        "customer.name": OWNER.name,
        "customer.number": OWNER.number,
        "customer.company": OWNER.company,
        "product.name": "Link 7",
        "product.serial": ROUTER.serial,
        "contract.number": "V-1001",
        "contract.name": "Basic",
        "contract.ends_on": "2099-12-31",
    }


def test_what_is_not_known_is_missing() -> None:
    known = placeholder_values(call_work(call(from_=STRANGER)), "Ada", "2 March")
    assert set(known) == {"agent.name", "today", "case.number"}
    assert set(placeholder_values(None, "Ada", "2 March")) == {"agent.name", "today"}


def test_a_company_that_is_empty_is_missing() -> None:
    work = with_customer(call_work(), replace(OWNER, company=""), TODAY)
    assert "customer.company" not in placeholder_values(work, "Ada", "2 March")


SCRIPT = answer(title="Restart the router")


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (with_search(replace(WORK, note="\n Lamp red \nand more"), "internet"), "Lamp red"),
        (with_answer(with_search(with_search(WORK, "internet"), "lamp"), SCRIPT), "lamp"),
        (with_answer(WORK, SCRIPT), "Restart the router"),
        (WORK, "Call from Ida Berg"),
        (call_work(call(from_=STRANGER)), "Call from anonymous"),
        (call_work(call(from_=replace(STRANGER, raw=""))), "Call from ?"),
    ],
)
def test_the_title_is_the_best_that_is_known(work: CallWork, expected: str) -> None:
    assert title(work) == expected


@given(st.text(min_size=1, max_size=400))
def test_a_title_is_one_line_that_fits(note: str) -> None:
    made = title(call_work(note=note))
    assert 0 < len(made) <= 120
    assert made.splitlines() == [made]


def test_the_draft_of_the_case_names_what_the_call_is_about() -> None:
    draft = case_draft(replace(WORK, note="Lamp red"))
    assert (draft.id, draft.number, draft.title) == (WORK.case_id, WORK.case_number, "Lamp red")
    assert (draft.call_id, draft.customer_id) == (WORK.call.id, OWNER.id)
    assert (draft.contract_id, draft.product_id) == (ROUTER.id, ROUTER.product.id)
    assert draft.opened_at == WORK.call.answered_at


def test_a_case_of_a_call_never_answered_was_opened_when_it_came() -> None:
    work = replace(call_work(call(CallState.OFFERED)), product_id=ROUTER.product.id)
    assert (case_draft(work).opened_at, case_draft(work).product_id) == (work.call.queued_at, ROUTER.product.id)


@pytest.mark.parametrize(
    ("work", "missing"),
    [
        (begin_work(call(from_=STRANGER)), ("caller", "number", "product", "note")),
        (begin_work(call(from_=caller(display_name="Ida"))), ("product", "note")),
        (with_customer(begin_work(call(from_=STRANGER)), OWNER, TODAY), ("note",)),
        (replace(WORK, note=" \n "), ("note",)),
        (replace(WORK, note="Lamp red"), ()),
    ],
)
def test_what_second_level_would_have_to_ask(work: CallWork, missing: tuple[str, ...]) -> None:
    assert missing_facts(work) == missing
