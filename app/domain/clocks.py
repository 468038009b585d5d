"""The clocks of a case: what is promised between levels and to the customer, worked out from what happened to it.

Facts are stored: when the case was opened, came to its level, was claimed, waited, was solved. From them and the
centre's rules come time used and due time, so a changed calendar, promise or priority never makes a case wrong. What
stands beside the facts in the database (`Reckoned`) is there to be ordered by, and is worked out anew with each change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.calendars import Calendar
from app.domain.cases import TRANSITIONS, CaseEvent, CaseState, Level, Priority
from app.domain.customers import ContractKind
from app.domain.metrics.figures import MICROSECOND
from app.domain.metrics.promises import Standing, Wait, due_at, standing, time_to_own, time_to_resolve
from app.domain.rules.promises import WARNING, Step
from app.domain.rules.rulebook import Rulebook

# What ends the waiting of a case: that it goes on, or that it goes elsewhere.
_ENDS_WAIT = {CaseEvent.RESUMED} | {event for (state, event), then in TRANSITIONS.items() if then is not state}
# What brings a case into a level; by all but an escalation it comes back to where it was before, and is due at once.
_ENTRIES = {CaseEvent.ESCALATED, CaseEvent.ADVISED, CaseEvent.RETURNED, CaseEvent.LAPSED, CaseEvent.REQUEUED}

_TAKEN = {CaseEvent.CLAIMED, CaseEvent.ASSIGNED}


class ClockKind(StrEnum):
    OWN = "own"  # OLA: from entering a level to being claimed there
    RESOLVE = "resolve"  # SLA: from opening to solution


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A line of a case's timeline, as far as clocks are concerned."""

    event: CaseEvent
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What happened to a case.

    Attributes:
        waits_now: whether it waits for somebody; None: as the events say. Advice may bring a case back to its level, or
            only be given, so its line alone does not tell.
        events: oldest first.
    """

    state: CaseState
    level: Level
    priority: Priority
    opened_at: datetime
    level_since: datetime
    team: str
    plan: ContractKind | None = None
    solved_at: datetime | None = None
    waits_now: bool | None = None
    events: Sequence[Event] = ()

    @property
    def waits(self) -> tuple[Wait, ...]:
        """When the case waited for somebody outside, oldest first; the last may have no end."""
        found: list[Wait] = []
        since: datetime | None = None
        for event in self.events:
            if event.event is CaseEvent.SUSPENDED:
                since = since or event.at
            elif event.event in _ENDS_WAIT and since is not None:
                found.append(Wait(start=since, end=event.at))
                since = None
        if since is not None:
            found.append(Wait(start=since, end=max(since, self.level_since) if self.waits_now is False else None))
        return tuple(found)

    @property
    def owned_at(self) -> datetime | None:
        """When a person took the case over at its level; None while nobody has it."""
        if self.state is CaseState.WAITING:
            return None
        claims = (e.at for e in self.events if e.event in _TAKEN and e.at >= self.level_since)
        return next(claims, self.level_since)

    @property
    def is_back(self) -> bool:
        """Whether it came to its level a second time, from where somebody had it."""
        entries = (e.event for e in self.events if e.event in _ENTRIES and e.at >= self.level_since)
        return next(entries, CaseEvent.ESCALATED) is not CaseEvent.ESCALATED


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One promise of one case: it runs in the hours of a calendar, and stands still in the waits."""

    kind: ClockKind
    calendar: Calendar
    since: datetime
    promise: timedelta
    waits: tuple[Wait, ...] = ()
    ended_at: datetime | None = None

    def used(self, now: datetime) -> timedelta:
        """The service time that has passed; up to the end, if it has ended."""
        if self.kind is ClockKind.OWN:
            return time_to_own(self.calendar, self.since, self.ended_at, now)
        return time_to_resolve(self.calendar, self.since, self.ended_at, now, self.waits)

    def at(self, step: Step) -> datetime | None:
        """When it comes to the step if nothing happens; None while the case waits."""
        return self.due(step.of(self.promise))

    def due(self, limit: timedelta) -> datetime | None:
        """When so much is used if nothing happens; None while the case waits."""
        return due_at(self.calendar, self.since, limit, self.waits)

    def has_come_to(self, limit: timedelta, used: timedelta) -> bool:
        """Whether it was ever so far. A promise that is used up to the last second is kept."""
        return used > limit if limit >= self.promise else used >= limit

    def standing(self, now: datetime) -> Standing:
        return standing(self.used(now), self.promise)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """What is kept beside the facts. None: nothing is promised, or the clock stands still.

    Attributes:
        alarm_at: when somebody is to be told next, or to look whether.
    """

    due_at: datetime | None = None
    warn_at: datetime | None = None
    resolve_due_at: datetime | None = None
    resolve_warn_at: datetime | None = None
    alarm_at: datetime | None = None

    def by_name(self) -> dict[str, datetime | None]:
        """As `dataclasses.asdict`, which copies each time anew: that was a fifth of an escalation."""
        return {name: getattr(self, name) for name in self.__slots__}


def clocks_of(facts: CaseFacts, book: Rulebook) -> tuple[Clock, ...]:
    """The clocks of a case, of its level and of its customer, as far as something is promised."""
    return tuple(clock for clock in (_own(facts, book), _resolve(facts, book)) if clock)


def reckon(facts: CaseFacts, book: Rulebook, now: datetime) -> Reckoned:
    """What is to be kept beside these facts; `alarm_at` is the next step that has not been come to."""
    due_at, warn_at, alarm_at = _moments(_own(facts, book), book, now)
    resolve_due_at, resolve_warn_at, resolve_alarm_at = _moments(_resolve(facts, book), book, now)
    return Reckoned(
        due_at=due_at,
        warn_at=warn_at,
        resolve_due_at=resolve_due_at,
        resolve_warn_at=resolve_warn_at,
        alarm_at=min(filter(None, (alarm_at, resolve_alarm_at)), default=None),
    )


def steps_reached(clock: Clock, book: Rulebook, now: datetime) -> Iterator[Step]:
    used = clock.used(now)
    return (step for step in book.promises.steps if clock.has_come_to(step.of(clock.promise), used))


def _moments(clock: Clock | None, book: Rulebook, now: datetime) -> tuple[datetime | None, ...]:
    """When the clock ends, when it warns, and when it comes to its next step, which often is one of the two."""
    if clock is None:
        return None, None, None
    end, warning = clock.promise, WARNING.of(clock.promise)
    due = {end: clock.due(end), warning: clock.due(warning)}
    step = None if clock.ended_at else _next_limit(clock, book, now)
    if step is None:
        return due[end], due[warning], None
    step_at = due[step] if step in due else clock.due(step)
    if step_at is not None and step_at <= now:  # it stands at the end of its hours: past it, when the next begin
        step_at = clock.due(step + MICROSECOND)
    return due[end], due[warning], step_at


def _next_limit(clock: Clock, book: Rulebook, now: datetime) -> timedelta | None:
    """Of the first step that the clock has not come to."""
    used = clock.used(now)
    limits = (step.of(clock.promise) for step in book.promises.steps)
    return next((limit for limit in limits if not clock.has_come_to(limit, used)), None)


def _own(facts: CaseFacts, book: Rulebook) -> Clock | None:
    promise = book.promises.own.get(facts.level, {}).get(facts.priority)
    if promise is None:
        return None
    return Clock(
        kind=ClockKind.OWN,
        calendar=book.team_calendar(facts.team),
        since=facts.level_since,
        promise=timedelta(0) if facts.is_back else promise,
        ended_at=facts.owned_at,
    )


def _resolve(facts: CaseFacts, book: Rulebook) -> Clock | None:
    promise = book.promises.resolve.get(facts.plan, {}).get(facts.priority)
    if promise is None:
        return None
    return Clock(
        kind=ClockKind.RESOLVE,
        calendar=book.customer_calendar(facts.plan, facts.team),
        since=facts.opened_at,
        promise=promise,
        waits=facts.waits,
        ended_at=facts.solved_at,
    )
