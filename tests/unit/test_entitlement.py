"""What a customer may have, and what it costs: examples, and properties over anything that may come."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.customers import ContractKind
from app.domain.entitlement import (
    Ground,
    Plan,
    Price,
    Terms,
    Unit,
    Verdict,
    billed_min,
    entitlement,
    price_of,
)
from app.domain.errors import NotAllowed
from app.domain.money import Money, charge
from tests.builders import contract, product, team

DAY = date(2026, 3, 2)
PRODUCT = product("LINK-600", "Link 600", team_id=team().id)
CONTRACT = replace(
    contract(PRODUCT, number="V-1", ends_on=DAY + timedelta(days=10)),
    starts_on=DAY - timedelta(days=10),
    kind=ContractKind.BASIC,
)
INCIDENT = Price(net=Money(amount=Decimal("49.00"), currency="EUR"), tax_percent=Decimal(19))
TERMS = Terms(plans={ContractKind.BASIC: Plan(incidents=2, goodwill_days=5)}, prices=(INCIDENT,))
UNSOLD = replace(TERMS, prices=())


def verdict_on(day: date, terms: Terms = TERMS, *, used: int = 0) -> tuple[Verdict, Ground]:
    found = entitlement(replace(CONTRACT, incidents_used=used), PRODUCT.code, terms, day)
    return found.verdict, found.ground


def test_a_contract_covers_from_its_first_day_to_its_last() -> None:
    assert verdict_on(CONTRACT.starts_on) == (Verdict.COVERED, Ground.LEFT)
    assert verdict_on(CONTRACT.ends_on) == (Verdict.COVERED, Ground.LEFT)
    assert verdict_on(CONTRACT.starts_on - timedelta(days=1)) == (Verdict.CHARGEABLE, Ground.NOT_BEGUN)


def test_after_its_end_it_is_goodwill_for_some_days_and_then_costs_or_is_expired() -> None:
    assert verdict_on(CONTRACT.ends_on + timedelta(days=5)) == (Verdict.GOODWILL, Ground.ENDED_LATELY)
    assert verdict_on(CONTRACT.ends_on + timedelta(days=6)) == (Verdict.CHARGEABLE, Ground.ENDED)
    assert verdict_on(CONTRACT.ends_on + timedelta(days=6), UNSOLD) == (Verdict.EXPIRED, Ground.ENDED)


def test_what_is_used_up_costs_and_without_a_price_is_goodwill() -> None:
    assert verdict_on(DAY, used=1) == (Verdict.COVERED, Ground.LEFT)
    assert verdict_on(DAY, used=2) == (Verdict.CHARGEABLE, Ground.USED_UP)
    assert verdict_on(DAY, UNSOLD, used=2) == (Verdict.GOODWILL, Ground.NO_PRICE)


def test_a_case_stays_covered_by_the_incident_it_has_used_itself() -> None:
    used_up = replace(CONTRACT, incidents_used=2)
    assert entitlement(used_up, "", TERMS, DAY, incidents_booked=1).verdict is Verdict.COVERED


def test_minutes_count_too() -> None:
    terms = replace(TERMS, plans={ContractKind.BASIC: Plan(minutes=60)})
    found = entitlement(replace(CONTRACT, minutes_used=45), "", terms, DAY)
    assert (found.verdict, found.minutes_left, found.incidents_left) == (Verdict.COVERED, 15, None)
    assert entitlement(replace(CONTRACT, minutes_used=60), "", terms, DAY).verdict is Verdict.CHARGEABLE


def test_without_a_contract_the_price_list_decides() -> None:
    assert entitlement(None, PRODUCT.code, TERMS, DAY).price == INCIDENT
    assert entitlement(None, PRODUCT.code, UNSOLD, DAY).ground is Ground.NO_PRICE


def test_the_price_of_the_product_goes_before_that_of_all_and_the_newest_before_older_ones() -> None:
    own = replace(INCIDENT, product="LINK-600", since=date(2026, 1, 1))
    later = replace(own, since=date(2026, 4, 1))
    basic = replace(INCIDENT, contract=ContractKind.BASIC)
    prices = (INCIDENT, own, later, basic)
    assert price_of(prices, "LINK-600", None, DAY) is own
    assert price_of(prices, "LINK-600", None, date(2026, 4, 1)) is later
    assert price_of(prices, "PRINT-10", ContractKind.BASIC, DAY) is basic
    assert price_of(prices, "PRINT-10", ContractKind.PREMIUM, DAY) is INCIDENT


@pytest.mark.parametrize(("minutes", "billed"), [(0, 15), (14, 15), (15, 15), (16, 20), (20, 20), (21, 25)])
def test_minutes_are_billed_in_steps_and_at_least_the_minimum(minutes: int, billed: int) -> None:
    assert billed_min(minutes, 5, 15) == billed


@pytest.mark.parametrize(
    ("net", "currency", "percent", "tax", "gross"),
    [
        ("49.00", "EUR", "19", "9.31", "58.31"),
        ("1.90", "EUR", "19", "0.36", "2.26"),
        ("0.125", "EUR", "20", "0.03", "0.16"),  # 0.13 first, and its tax from that: half a cent goes up
        ("1250.5", "JPY", "10", "125", "1376"),
        ("10.0005", "KWD", "0", "0.000", "10.001"),
    ],
)
def test_money_is_rounded_to_its_smallest_coin(net: str, currency: str, percent: str, tax: str, gross: str) -> None:
    made = charge(Money(amount=Decimal(net), currency=currency), Decimal(percent))
    assert (made.tax.amount, made.gross.amount) == (Decimal(tax), Decimal(gross))


def test_money_is_no_float_and_two_currencies_do_not_add_up() -> None:
    with pytest.raises(TypeError):
        Money(amount=0.1, currency="EUR")  # type: ignore[arg-type] # that is the point
    with pytest.raises(ValueError, match="EUR and GBP"):
        _ = Money(amount=Decimal(1), currency="EUR") + Money(amount=Decimal(1), currency="GBP")
    for wrong in ("eur", "EURO", "€"):
        with pytest.raises(NotAllowed):
            Money(amount=Decimal(1), currency=wrong)


AMOUNTS = st.decimals(min_value=0, max_value=10_000, places=2, allow_nan=False)
PRICES = st.builds(
    Price,
    net=st.builds(Money, amount=AMOUNTS, currency=st.just("EUR")),
    tax_percent=st.decimals(min_value=0, max_value=30, places=1),
    unit=st.sampled_from(Unit),
    product=st.sampled_from(["", "LINK-600", "PRINT-10"]),
    contract=st.none() | st.sampled_from(ContractKind),
    step_min=st.integers(1, 30),
    minimum_min=st.integers(0, 60),
    since=st.dates(date(2025, 1, 1), date(2027, 1, 1)),
)
PLANS = st.builds(
    Plan,
    incidents=st.none() | st.integers(0, 5),
    minutes=st.none() | st.integers(0, 200),
    goodwill_days=st.integers(0, 30),
)
TERMS_OF_ALL_KINDS = st.builds(
    Terms,
    plans=st.dictionaries(st.sampled_from(ContractKind), PLANS),
    prices=st.lists(PRICES, max_size=5).map(tuple),
)
DAYS = st.dates(date(2025, 6, 1), date(2026, 12, 31))
CONTRACTS = st.none() | st.builds(
    lambda kind, used, minutes: replace(CONTRACT, kind=kind, incidents_used=used, minutes_used=minutes),
    st.sampled_from(ContractKind),
    st.integers(0, 9),
    st.integers(0, 300),
)


@given(CONTRACTS, TERMS_OF_ALL_KINDS, DAYS)
def test_there_is_a_price_exactly_when_it_is_chargeable(owned, terms: Terms, day: date) -> None:  # type: ignore[no-untyped-def]
    found = entitlement(owned, "LINK-600", terms, day)
    assert (found.price is not None) == (found.verdict is Verdict.CHARGEABLE)
    if found.verdict is Verdict.COVERED:
        assert owned is not None
        assert owned.is_in_force(day)
        assert found.incidents_left != 0 != found.minutes_left


@given(CONTRACTS, TERMS_OF_ALL_KINDS, DAYS, st.integers(0, 5))
def test_who_has_used_more_never_has_more(owned, terms: Terms, day: date, more: int) -> None:  # type: ignore[no-untyped-def]
    if owned is None:
        return
    before = entitlement(owned, "LINK-600", terms, day)
    after = entitlement(replace(owned, incidents_used=owned.incidents_used + more), "LINK-600", terms, day)
    assert before.verdict is Verdict.COVERED or after.verdict is not Verdict.COVERED
    assert (after.incidents_left or 0) <= (before.incidents_left or 0)


@given(PRICES, st.integers(0, 5_000), st.integers(0, 500))
def test_billing_is_never_below_the_work_and_grows_with_it(price: Price, minutes: int, more: int) -> None:
    billed = price.billed_min(minutes)
    assert billed >= max(minutes, price.minimum_min)
    assert billed % price.step_min == 0
    assert billed - price.step_min < max(minutes, price.minimum_min)
    made, longer = price.for_minutes(minutes), price.for_minutes(minutes + more)
    assert made.gross.amount <= longer.gross.amount
    assert made.gross.amount == made.net.amount + made.tax.amount == round(made.gross.amount, 2)
