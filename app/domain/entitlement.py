"""What a customer may have: covered, chargeable at a price, expired, or goodwill; and why.

The day that counts is the one on which the call began: a contract that ends in the middle of a call covers it to its
end, and the price that was said at its beginning holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from app.domain.customers import Contract, ContractKind
from app.domain.money import Charge, Money, charge


class Verdict(StrEnum):
    COVERED = "covered"
    CHARGEABLE = "chargeable"  # after the customer's spoken yes, or as goodwill with a reason
    EXPIRED = "expired"  # and cannot be bought
    GOODWILL = "goodwill"


class Ground(StrEnum):
    """Why a verdict is what it is."""

    IN_FORCE = "in_force"  # with nothing counted
    LEFT = "left"  # incidents or minutes are left
    USED_UP = "used_up"
    ENDED = "ended"
    ENDED_LATELY = "ended_lately"  # so that the centre still helps
    NOT_BEGUN = "not_begun"
    NO_CONTRACT = "no_contract"
    NO_PRICE = "no_price"  # not covered, and the price list does not sell it


class Unit(StrEnum):
    """What a price is for."""

    INCIDENT = "incident"
    MINUTE = "minute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A row of the price list.

    Attributes:
        product: code of the product, "" for all.
        contract: kind of the customer's contract; None for who has none in force, and where the list has no other.
        step_min: minutes are billed in steps of so many.
        minimum_min: and at least so many.
        since: in force from this day on, until a later one for the same takes its place.
    """

    net: Money
    tax_percent: Decimal
    unit: Unit = Unit.INCIDENT
    product: str = ""
    contract: ContractKind | None = None
    step_min: int = 1
    minimum_min: int = 0
    since: date = date.min

    @property
    def for_one(self) -> Charge:
        """For one incident, or one minute."""
        return charge(self.net, self.tax_percent)

    def billed_min(self, minutes: int) -> int:
        return billed_min(minutes, self.step_min, self.minimum_min)

    def for_minutes(self, minutes: int) -> Charge:
        """For work of so many minutes; an incident costs the same however long it takes."""
        if self.unit is Unit.INCIDENT:
            return self.for_one
        return charge(self.net.times(self.billed_min(minutes)), self.tax_percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a kind of contract includes in its whole term; None: as much as is needed.

    Attributes:
        goodwill_days: so long after its end the centre still helps.
        calendar: name of the calendar of what is promised to the customer; "" for that of the team.
    """

    incidents: int | None = None
    minutes: int | None = None
    goodwill_days: int = 0
    calendar: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the centre has set: its plans and its price list."""

    plans: Mapping[ContractKind, Plan] = field(default_factory=dict)
    prices: tuple[Price, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """A verdict with its ground; `price` is there exactly when it is chargeable. None left: nothing is counted."""

    verdict: Verdict
    ground: Ground
    price: Price | None = None
    incidents_left: int | None = None
    minutes_left: int | None = None


def entitlement(
    contract: Contract | None, product_code: str, terms: Terms, day: date, *, incidents_booked: int = 0
) -> Entitlement:
    """What the customer may have for this product on the day the call began.

    Args:
        contract: what the call is about, with what was used of it before; None: no contract.
        incidents_booked: of those used, so many are this very case's: it stays covered by what it has used itself.
    """
    if contract is None:
        return _sold(Ground.NO_CONTRACT, product_code, None, terms, day)
    plan = terms.plans.get(contract.kind, Plan())
    if day < contract.starts_on:
        return _sold(Ground.NOT_BEGUN, product_code, None, terms, day)
    if day > contract.ends_on:
        if day <= contract.ends_on + timedelta(days=plan.goodwill_days):
            return Entitlement(verdict=Verdict.GOODWILL, ground=Ground.ENDED_LATELY)
        return _sold(Ground.ENDED, product_code, None, terms, day)
    incidents = _left(plan.incidents, contract.incidents_used - incidents_booked)
    minutes = _left(plan.minutes, contract.minutes_used)
    if incidents == 0 or minutes == 0:
        found = _sold(Ground.USED_UP, product_code, contract.kind, terms, day)
    else:
        ground = Ground.IN_FORCE if incidents is minutes is None else Ground.LEFT
        found = Entitlement(verdict=Verdict.COVERED, ground=ground)
    return Entitlement(
        verdict=found.verdict, ground=found.ground, price=found.price, incidents_left=incidents, minutes_left=minutes
    )


def price_of(prices: Sequence[Price], product_code: str, kind: ContractKind | None, day: date) -> Price | None:
    """The price in force: one for the product goes before one for all, then one for the kind of contract before one for
    whom the list says nothing else, then the newest."""
    in_force = [
        price
        for price in prices
        if price.product in ("", product_code) and price.contract in (None, kind) and price.since <= day
    ]
    return max(in_force, key=lambda p: (p.product != "", p.contract is not None, p.since), default=None)


def billed_min(minutes: int, step_min: int, minimum_min: int) -> int:
    """Minutes as they are billed: at least the minimum, and up to the next full step."""
    minutes = max(minutes, minimum_min)
    return -(-minutes // step_min) * step_min


def _sold(ground: Ground, product_code: str, kind: ContractKind | None, terms: Terms, day: date) -> Entitlement:
    """Not covered: it costs what the price list says; what is not sold is expired, or else the centre's goodwill."""
    price = price_of(terms.prices, product_code, kind, day)
    if price is not None:
        return Entitlement(verdict=Verdict.CHARGEABLE, ground=ground, price=price)
    if ground is Ground.ENDED:
        return Entitlement(verdict=Verdict.EXPIRED, ground=ground)
    return Entitlement(verdict=Verdict.GOODWILL, ground=Ground.NO_PRICE)


def _left(included: int | None, used: int) -> int | None:
    return None if included is None else max(0, included - used)
