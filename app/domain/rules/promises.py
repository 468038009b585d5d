"""What the centre promises, what its contracts include, and whom it tells when a promise is about to break.

[own]                                   # OLA: from entering the level to being taken over, in its team's hours
second = { P1 = "15 min", P2 = "1 h", P3 = "4 h", P4 = "8 h", P5 = "24 h" }
[resolve]                               # SLA: from opening to solution, by kind of contract; "none": no contract
premium = { P1 = "4 h", P2 = "8 h" }    # a priority that is not named has no promise
[plan.basic]                            # a key that is not there: as much as is needed
incidents = 5
minutes = 120
goodwill_days = 14
calendar = "Round the clock"
[[tell]]
at = "75 %"                             # of the promise, or "+1 h": so much service time after its end
who = "team"                            # supervisors of the case's team, or "all"
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from app.domain.cases import CLAIM_WITHIN, Level, Priority
from app.domain.customers import ContractKind
from app.domain.entitlement import Plan
from app.domain.errors import NotAllowed
from app.domain.rules import reading
from app.i18n import tr

_LEVELS = {"second": Level.SECOND, "third": Level.THIRD}
_NO_CONTRACT = "none"
_PART = re.compile(r"(\d{1,3}) ?%")
_STEP_LIMIT = 10

Spans = Mapping[Priority, timedelta]


class Audience(StrEnum):
    """Which supervisors are told."""

    TEAM = "team"  # those of the case's team
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """When somebody is told: at a part of a promise, or some service time after its end."""

    percent: int = 100
    after: timedelta = timedelta(0)
    who: Audience = Audience.TEAM

    @property
    def name(self) -> str:
        """As the record of what was told has it: it stays the same when steps come or go."""
        return f"+{self.after // timedelta(minutes=1)} min" if self.after else f"{self.percent} %"

    def of(self, promise: timedelta) -> timedelta:
        """How much service time has passed then."""
        part = promise if self.percent == 100 else promise * self.percent / 100  # to divide a time is slow
        return part + self.after


WARNING = Step(percent=75)
END = Step(percent=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """Service time by priority; what is not there is not promised. Steps are in the order of their times."""

    own: dict[Level, Spans] = field(default_factory=lambda: dict.fromkeys((Level.SECOND, Level.THIRD), CLAIM_WITHIN))
    resolve: Mapping[ContractKind | None, Spans] = field(default_factory=dict)
    plans: Mapping[ContractKind, Plan] = field(default_factory=dict)
    steps: tuple[Step, ...] = (WARNING, END)


def read(text: str) -> Promises:
    """The promises of the text; NotAllowed with what is wrong and where."""
    table = reading.only("promises", reading.table_of(text), "own resolve plan tell")
    own = reading.only("own", table.get("own", {}), " ".join(_LEVELS))
    resolve = reading.mapping("resolve", table.get("resolve", {}))
    plans = reading.mapping("plan", table.get("plan", {}))
    return Promises(
        own=Promises().own | {_LEVELS[name]: _all_spans(f"own.{name}", spans) for name, spans in own.items()},
        resolve={
            None if name == _NO_CONTRACT else _kind("resolve", name): _spans(f"resolve.{name}", spans)
            for name, spans in resolve.items()
        },
        plans={_kind("plan", name): _plan(f"plan.{name}", plan) for name, plan in plans.items()},
        steps=_steps(reading.listed("tell", table.get("tell", []), dict)),
    )


def _kind(place: str, name: str) -> ContractKind:
    return reading.member(place, ContractKind, name, ContractKind)


def _spans(place: str, table: object) -> dict[Priority, timedelta]:
    spans = reading.mapping(place, table)
    found = {}
    for name, text in spans.items():
        span = reading.span_of(f"{place}, {name}", text)
        if not span:
            raise NotAllowed(tr("{place}, {name}: a promise of no time is always broken.", place=place, name=name))
        found[reading.member(place, Priority, name, Priority.__getitem__)] = span
    return found


def _all_spans(place: str, table: object) -> dict[Priority, timedelta]:
    """The queue is ordered by these, so no priority is without."""
    spans = _spans(place, table)
    for priority in Priority:
        if priority not in spans:
            raise NotAllowed(tr("{place}: {name} is missing.", place=place, name=priority.name))
    return spans


def _plan(place: str, entry: object) -> Plan:
    table = reading.only(place, entry, "incidents minutes goodwill_days calendar")
    counts = {name: reading.number_of(f"{place}, {name}", value) for name, value in table.items() if name != "calendar"}
    return Plan(calendar=str(table.get("calendar", "")), **counts)


def _steps(entries: list[dict[str, Any]]) -> tuple[Step, ...]:
    """Of the end of a promise its team is told in any case."""
    steps = [_step(reading.only("tell", entry, "at who")) for entry in entries]
    if END.name not in [step.name for step in steps]:
        steps.append(END)
    names = [step.name for step in steps]
    if len(steps) > _STEP_LIMIT or len(set(names)) < len(names):
        raise NotAllowed(tr("tell: at most {limit} steps, each at another time.", limit=_STEP_LIMIT))
    return tuple(sorted(steps, key=lambda step: (step.after, step.percent)))


def _step(entry: dict[str, Any]) -> Step:
    at, who = entry.get("at"), reading.member("tell, who", Audience, entry.get("who", "team"), Audience)
    if isinstance(at, str) and at.startswith("+"):
        return Step(after=reading.span_of("tell, at", at[1:]), who=who)
    match = _PART.fullmatch(at) if isinstance(at, str) else None
    if match is None or not 1 <= int(match[1]) <= 100:
        raise NotAllowed(tr("tell, at: “{at}” is neither a part, as 75 %, nor a time after the end, as +1 h.", at=at))
    return Step(percent=int(match[1]), who=who)
