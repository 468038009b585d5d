"""What the demo centre is made of, as `resources/demo/centre.toml` has it."""

import random
import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid5

import msgspec

from app.domain.cases import CaseEvent, CaseState, EscalationReason, Impact, Urgency, WaitReason
from app.domain.customers import ContractKind, ProductArea
from app.domain.demo import DemoCaller
from app.domain.people import AgentState, PauseCode, Role

Values = dict[str, Any]  # the columns of one row, for a bulk insert

_NAMESPACE = UUID("2b0f6a54-7c1e-5d0b-8f3a-9d4c61e7a020")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTeam:
    name: str
    area: ProductArea
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoProduct:
    code: str
    name: str
    team: str
    serial: str  # how its serial numbers begin
    buyers: str  # "private", "company" or "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Without a state: has no desk with a telephone."""

    login: str
    name: str
    team: str
    roles: tuple[Role, ...]
    state: AgentState | None = None
    pause: PauseCode | None = None
    minutes: float = 0.0  # how long in this state


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPhone:
    label: str
    normal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoContract:
    """`since` and `until` are days from today."""

    product: str
    kind: ContractKind
    since: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCustomer:
    ref: str
    name: str
    city: str
    language: str
    phones: tuple[DemoPhone, ...]
    contracts: tuple[DemoContract, ...]
    company: str = ""
    called_days_ago: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTalk:
    """A question between the levels about a case of second level, or its answer, `hours` ago."""

    event: CaseEvent
    by: str
    hours: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCase:
    """A case that is open. Times are hours ago; the hand-over is told by `note`, `searches` and `answers` (keys)."""

    customer: str
    product: str
    title: str
    by: str
    hours: float
    state: CaseState
    reason: EscalationReason
    impact: Impact
    urgency: Urgency
    note: str
    version: str = ""  # of the product
    promised: str = ""  # to the customer
    owner: str = ""
    up: float | None = None
    claimed: float | None = None
    third: float | None = None
    returned: float | None = None
    searches: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    third_note: str = ""
    return_note: str = ""
    waits_since: float | None = None
    waits_for: WaitReason | None = None
    waits_note: str = ""
    talk: tuple[DemoTalk, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What the other customers of one language are drawn from."""

    count: int
    prefix: str  # of all telephone numbers; three digits follow
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    cities: tuple[str, ...]
    companies: tuple[str, ...]
    private_labels: tuple[str, ...]
    company_labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    teams: tuple[DemoTeam, ...]
    products: tuple[DemoProduct, ...]
    people: tuple[DemoPerson, ...]
    customers: tuple[DemoCustomer, ...]
    cases: tuple[DemoCase, ...]
    callers: tuple[DemoCaller, ...]
    says: dict[ProductArea, dict[str, tuple[str, ...]]]
    made: dict[str, Making]

    def product(self, code: str) -> DemoProduct:
        return next(product for product in self.products if product.code == code)

    def team(self, name: str) -> DemoTeam:
        return next(team for team in self.teams if team.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dice:
    """All that is drawn while a centre is made: the same seed gives the same centre, at whatever time `now` is."""

    seed: int
    now: datetime
    random: random.Random

    def id(self, name: str) -> UUID:
        """The id of what is called `name` in this centre."""
        return uuid5(_NAMESPACE, f"{self.seed}/{name}")


@cache
def load_centre() -> Centre:
    source = files("resources.demo").joinpath("centre.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(source), Centre)
