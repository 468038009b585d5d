"""All that adds up, of calls, contacts, cases and presence together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import reduce
from operator import add

from app.domain.metrics.call_figures import CallTally
from app.domain.metrics.cases import CaseTally
from app.domain.metrics.contacts import FirstContactResolution
from app.domain.metrics.figures import NO_TIME, Share
from app.domain.metrics.handle_times import HandleTimes

NOTHING = Share(0, 0)
NO_CONTACTS = FirstContactResolution(share=NOTHING, provisional=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """How long agents were busy with calls (conversation, wrap-up), and how long they were free for one."""

    busy: timedelta = NO_TIME
    available: timedelta = NO_TIME

    def __add__(self, other: "Presence") -> "Presence":
        return Presence(busy=self.busy + other.busy, available=self.available + other.available)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Of one group in one period; the sum of two is that of both together.

    Attributes:
        service_level, abandonment: each call by the formula of its queue, as on the board.
    """

    calls: CallTally = field(default=CallTally())
    service_level: Share = NOTHING
    abandonment: Share = NOTHING
    handle_times: HandleTimes = field(default=HandleTimes())
    contacts: FirstContactResolution = NO_CONTACTS
    cases: CaseTally = field(default=CaseTally())
    presence: Presence = field(default=Presence())

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            calls=self.calls + other.calls,
            service_level=self.service_level + other.service_level,
            abandonment=self.abandonment + other.abandonment,
            handle_times=self.handle_times + other.handle_times,
            contacts=self.contacts + other.contacts,
            cases=self.cases + other.cases,
            presence=self.presence + other.presence,
        )


def total(tallies: Iterable[Tally]) -> Tally:
    return reduce(add, tallies, Tally())
