"""Customers, what they bought, and who of them may be calling."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class ProductArea(StrEnum):
    ROUTER = "router"
    PRINTER = "printer"
    ACCOUNTING = "accounting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    id: UUID
    code: str
    name: str
    area: ProductArea
    team_id: UUID  # the team that supports it at each level


class ContractKind(StrEnum):
    WARRANTY = "warranty"
    BASIC = "basic"
    BUSINESS = "business"
    PREMIUM = "premium"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What a customer owns and what support it includes; valid from `starts_on` to `ends_on`, both included.

    What was used of it before this call is counted in incidents and in minutes as they were billed.
    """

    id: UUID
    number: str
    kind: ContractKind
    product: Product
    serial: str
    starts_on: date
    ends_on: date
    incidents_used: int = 0
    minutes_used: int = 0

    def is_in_force(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    label: str  # "office", "mobile" ...: data, shown as it is
    shown: str
    normal: str  # E.164 or an extension


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A case of the customer that is not solved, as the caller's card shows it."""

    id: UUID
    number: str
    title: str
    level: int
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer with everything the agent sees while the phone rings."""

    id: UUID
    number: str
    name: str
    company: str
    city: str
    language: str  # "de" or "en"
    phones: tuple[Phone, ...]
    contracts: tuple[Contract, ...]
    open_cases: tuple[OpenCase, ...]
    calls_in_7_days: int  # before this one


class MatchSource(StrEnum):
    """Why a customer may be the caller."""

    NUMBER = "number"  # exactly this number is the customer's
    SWITCHBOARD = "switchboard"  # same number but for the last digits: another extension of that company
    NAME = "name"  # the display name that came with the call


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerMatch:
    """One customer who may be calling. Several are ranked, best first, and never silently picked."""

    customer: Customer
    source: MatchSource

    @property
    def is_certain(self) -> bool:
        """The number itself is the customer's; whether it is the only such customer, the list tells."""
        return self.source is MatchSource.NUMBER


_RANK = {MatchSource.NUMBER: 0, MatchSource.SWITCHBOARD: 1, MatchSource.NAME: 2}


def ranked(matches: list[CallerMatch]) -> tuple[CallerMatch, ...]:
    """Best first: by source, then who has an open case, then who called lately, then by name. Each customer once."""
    best: dict[UUID, CallerMatch] = {}
    for match in sorted(matches, key=lambda m: _RANK[m.source]):
        best.setdefault(match.customer.id, match)
    return tuple(sorted(best.values(), key=_order))


def sure_match(matches: tuple[CallerMatch, ...]) -> CallerMatch | None:
    """The one customer whose number this is; None when nobody's or more than one's: then a person decides."""
    certain = [match for match in matches if match.is_certain]
    return certain[0] if len(certain) == 1 else None


def _order(match: CallerMatch) -> tuple[int, bool, int, str]:
    customer = match.customer
    return _RANK[match.source], not customer.open_cases, -customer.calls_in_7_days, customer.name
