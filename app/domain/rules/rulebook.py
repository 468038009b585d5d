"""All that is set for the centre, as a desk works with it; each text is read once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.calendars import Calendar, Hours
from app.domain.customers import ContractKind
from app.domain.entitlement import Price, Terms
from app.domain.errors import NotAllowed
from app.domain.rules import calendars, prices, promises
from app.domain.rules.calendars import ServiceCalendar
from app.domain.rules.promises import Promises
from app.i18n import tr

ROUND_THE_CLOCK = Calendar(zone=ZoneInfo("UTC"), week=((Hours(opens=time.min, closes=time.min),),) * 7)
_SOON = timedelta(days=60)


class RuleKind(StrEnum):
    CALENDARS = "calendars"
    PROMISES = "promises"
    PRICES = "prices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """What is set, and from `version` on; without a text the program's own: round the clock, nothing sold."""

    calendars: tuple[ServiceCalendar, ...] = ()
    promises: Promises = field(default_factory=Promises)
    prices: tuple[Price, ...] = ()
    version: int = 0

    @property
    def terms(self) -> Terms:
        return Terms(plans=self.promises.plans, prices=self.prices)

    def team_calendar(self, team: str) -> Calendar:
        """When the team works: the hours of what is promised between levels."""
        return next((one.calendar for one in self.calendars if team in one.teams), ROUND_THE_CLOCK)

    def customer_calendar(self, contract: ContractKind | None, team: str) -> Calendar:
        """The hours of what is promised to a customer: those of the contract, or else of the team."""
        plan = self.promises.plans.get(contract) if contract else None
        named = plan.calendar if plan else ""
        return next((one.calendar for one in self.calendars if one.name == named), None) or self.team_calendar(team)

    def gaps(self, today: date) -> tuple[str, ...]:
        """A sentence for each calendar whose holidays of today or of the next 60 days nobody has entered."""
        days = (today, today + _SOON)
        return tuple(
            tr("Calendar {name}: nobody has entered the holidays of {year}, so its days count as if it had none.",
               name=one.name, year=day.year)
            for one in self.calendars for day in dict.fromkeys(day.replace(month=1, day=1) for day in days)
            if one.lacks(day)
        )  # fmt: skip


READERS: Mapping[RuleKind, Callable[[str], Any]] = {
    RuleKind.CALENDARS: calendars.read,
    RuleKind.PROMISES: promises.read,
    RuleKind.PRICES: prices.read,
}


def rulebook(texts: Mapping[RuleKind, str], version: int = 0) -> Rulebook:
    """The rules of these texts; NotAllowed when one is wrong, or names what another does not have."""
    read = {kind.value: READERS[kind](text) for kind, text in texts.items()}
    book = Rulebook(**read, version=version)
    known = {one.name for one in book.calendars}
    for kind, plan in book.promises.plans.items():
        if plan.calendar and plan.calendar not in known:
            raise NotAllowed(
                tr("plan.{kind}: there is no calendar “{name}”. Import the calendars first.",
                   kind=kind.value, name=plan.calendar)
            )  # fmt: skip
    return book
