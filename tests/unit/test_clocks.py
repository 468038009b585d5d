"""The clocks of a case: what happened to it and what is promised give time used, due times and steps of telling."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.calendars import Calendar, Hours
from app.domain.cases import CaseEvent, CaseState, Level, Priority
from app.domain.clocks import CaseFacts, Clock, ClockKind, Event, clocks_of, reckon, steps_reached
from app.domain.customers import ContractKind
from app.domain.metrics.promises import Standing
from app.domain.rules.calendars import ServiceCalendar
from app.domain.rules.promises import END, WARNING, Promises, Step
from app.domain.rules.rulebook import Rulebook

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
WEEK = ((Hours(opens=time(8), closes=time(18)),),) * 7
EIGHT_TO_SIX = Calendar(zone=BERLIN, week=WEEK)
LATE = Step(after=HOUR)


def book(resolve: timedelta = 4 * HOUR) -> Rulebook:
    calendar = ServiceCalendar(name="Berlin", teams=("Link",), calendar=EIGHT_TO_SIX, holidays={}, years=())
    spans = dict.fromkeys(Priority, HOUR)
    return Rulebook(
        calendars=(calendar,),
        promises=Promises(
            own={Level.SECOND: spans, Level.THIRD: spans},
            resolve={ContractKind.BASIC: dict.fromkeys(Priority, resolve), None: {Priority.P1: HOUR}},
            steps=(WARNING, END, LATE),
        ),
    )


def berlin(hour: int, minute: int = 0, *, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def case(*events: tuple[CaseEvent, datetime], state: CaseState = CaseState.CLAIMED) -> CaseFacts:
    """Opened at nine, at second level since ten."""
    return CaseFacts(
        state=state,
        level=Level.SECOND,
        priority=Priority.P3,
        opened_at=berlin(9),
        level_since=berlin(10),
        team="Link",
        plan=ContractKind.BASIC,
        events=[Event(event=event, at=at) for event, at in events],
    )


def clock(facts: CaseFacts, kind: ClockKind, rules: Rulebook | None = None) -> Clock:
    return next(one for one in clocks_of(facts, rules or book()) if one.kind is kind)


WAITING = case(state=CaseState.WAITING)
CLAIMED = case((CaseEvent.CLAIMED, berlin(10, 30)))
SUSPENDED = case((CaseEvent.CLAIMED, berlin(10, 30)), (CaseEvent.SUSPENDED, berlin(11)))
RESUMED = case((CaseEvent.CLAIMED, berlin(10, 30)), (CaseEvent.SUSPENDED, berlin(11)), (CaseEvent.RESUMED, berlin(14)))


def test_a_waiting_case_is_to_be_taken_over_and_to_be_solved() -> None:
    found = reckon(WAITING, book(), berlin(10))
    assert (found.due_at, found.warn_at) == (berlin(11), berlin(10, 45))
    assert (found.resolve_due_at, found.resolve_warn_at) == (berlin(13), berlin(12))
    assert found.alarm_at == berlin(10, 45)


def test_whoever_takes_it_over_stops_the_clock_of_the_level() -> None:
    own = clock(CLAIMED, ClockKind.OWN)
    assert (own.ended_at, own.used(berlin(17))) == (berlin(10, 30), timedelta(minutes=30))
    assert reckon(CLAIMED, book(), berlin(10, 30)).alarm_at == berlin(12)


def test_a_case_that_is_put_back_into_the_queue_has_its_old_clock_again() -> None:
    released = replace(CLAIMED, state=CaseState.WAITING)
    assert clock(released, ClockKind.OWN).used(berlin(11)) == HOUR


@pytest.mark.parametrize("event", [CaseEvent.LAPSED, CaseEvent.REQUEUED, CaseEvent.ADVISED])
def test_a_case_that_comes_back_to_its_level_is_due_at_once(event: CaseEvent) -> None:
    facts = case((CaseEvent.ESCALATED, berlin(9, 30)), (event, berlin(10)), state=CaseState.WAITING)
    assert reckon(facts, book(), berlin(10)).due_at == berlin(10)
    lapsed_in_place = replace(facts, level_since=berlin(9, 30))
    assert reckon(lapsed_in_place, book(), berlin(10)).due_at == berlin(10, 30)


def test_waiting_with_a_reason_stops_the_clock_of_the_customer_and_moves_its_end() -> None:
    paused = clock(SUSPENDED, ClockKind.RESOLVE)
    assert paused.used(berlin(17)) == 2 * HOUR
    assert reckon(SUSPENDED, book(), berlin(11)) == replace(
        reckon(SUSPENDED, book(), berlin(17)), resolve_due_at=None, resolve_warn_at=None, alarm_at=None
    )
    assert reckon(RESUMED, book(), berlin(14)).resolve_due_at == berlin(16)


@pytest.mark.parametrize(
    "event", [CaseEvent.ESCALATED, CaseEvent.RETURNED, CaseEvent.LAPSED, CaseEvent.SOLVED, CaseEvent.CLAIMED]
)
def test_a_case_that_moves_waits_no_more(event: CaseEvent) -> None:
    facts = case((CaseEvent.SUSPENDED, berlin(11)), (event, berlin(12)), state=CaseState.WAITING)
    assert [(wait.start, wait.end) for wait in facts.waits] == [(berlin(11), berlin(12))]


def test_advice_that_brings_a_case_back_ends_its_wait_and_advice_that_is_only_given_does_not() -> None:
    given = case((CaseEvent.SUSPENDED, berlin(11)), (CaseEvent.ADVISED, berlin(12)))
    assert [(wait.start, wait.end) for wait in replace(given, waits_now=True).waits] == [(berlin(11), None)]
    back = replace(given, level_since=berlin(12), waits_now=False)
    assert [(wait.start, wait.end) for wait in back.waits] == [(berlin(11), berlin(12))]


def test_another_reason_to_wait_is_the_same_wait() -> None:
    facts = case((CaseEvent.SUSPENDED, berlin(11)), (CaseEvent.SUSPENDED, berlin(12)), (CaseEvent.RESUMED, berlin(13)))
    assert [(wait.start, wait.end) for wait in facts.waits] == [(berlin(11), berlin(13))]


def test_time_used_survives_a_change_of_promise_priority_and_calendar() -> None:
    longer = clock(RESUMED, ClockKind.RESOLVE, book(resolve=8 * HOUR))
    assert longer.used(berlin(15)) == clock(RESUMED, ClockKind.RESOLVE).used(berlin(15)) == 3 * HOUR
    assert longer.at(END) == berlin(10, day=3)
    urgent = replace(RESUMED, priority=Priority.P1)
    assert clock(urgent, ClockKind.RESOLVE).used(berlin(15)) == 3 * HOUR
    assert clock(replace(urgent, plan=None), ClockKind.RESOLVE).at(END) == berlin(10)


def test_what_is_not_promised_has_no_clock() -> None:
    facts = replace(WAITING, plan=None)  # without a contract only P1 is promised
    assert [one.kind for one in clocks_of(facts, book())] == [ClockKind.OWN]
    assert reckon(facts, book(), berlin(10)).resolve_due_at is None


def test_steps_are_come_to_in_order_and_the_last_second_keeps_the_promise() -> None:
    own = clock(WAITING, ClockKind.OWN)
    reached = [list(steps_reached(own, book(), at)) for at in (berlin(10, 44), berlin(10, 45), berlin(11))]
    assert reached == [[], [WARNING], [WARNING]]
    later = berlin(11) + timedelta(seconds=1)
    assert list(steps_reached(own, book(), later)) == [WARNING, END]
    assert own.standing(berlin(11)) is Standing.WARNING
    assert own.standing(later) is Standing.BROKEN
    assert reckon(WAITING, book(), later).alarm_at == berlin(12)  # the customer's warning, as early as the last step


def test_a_step_after_the_end_comes_in_service_time() -> None:
    evening = replace(WAITING, level_since=berlin(17), opened_at=berlin(16))
    assert clock(evening, ClockKind.OWN).at(LATE) == berlin(9, day=3)


@pytest.mark.parametrize(
    "facts",
    [
        replace(WAITING, level_since=berlin(17), plan=None),  # its hour ends with the day
        replace(case((CaseEvent.LAPSED, berlin(19)), state=CaseState.WAITING), level_since=berlin(19), plan=None),
    ],
)
def test_what_is_due_when_the_hours_are_over_is_looked_at_when_the_next_begin(facts: CaseFacts) -> None:
    """It stood at its step all night, and every supervisor's desk looked at it each second."""
    own, morning = clock(facts, ClockKind.OWN), reckon(facts, book(), berlin(20)).alarm_at
    assert morning == berlin(8, day=3) + timedelta(microseconds=1)
    assert END not in steps_reached(own, book(), berlin(8, day=3)) and END in steps_reached(own, book(), morning)
    assert reckon(facts, book(), morning).alarm_at == berlin(9, day=3)


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 2, tzinfo=UTC)),  # 23:00 CET -> 04:00 CEST
        (datetime(2026, 10, 24, 21, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),  # 23:00 CEST -> 02:00 CET
    ],
)
def test_a_night_in_which_the_clocks_change_has_its_real_hours(since: datetime, due: datetime) -> None:
    day = Calendar(zone=BERLIN, week=((Hours(opens=time.min, closes=time.min),),) * 7)
    assert Clock(kind=ClockKind.RESOLVE, calendar=day, since=since, promise=4 * HOUR).at(END) == due


MINUTES = st.integers(0, 5_000).map(lambda n: berlin(8) + timedelta(minutes=n))


@example([(CaseEvent.SUSPENDED, berlin(14))], berlin(14, 1))  # in the moment in which a step is due
@example([(CaseEvent.SUSPENDED, berlin(13))], berlin(13, 1))
@given(
    st.lists(st.tuples(st.sampled_from([CaseEvent.SUSPENDED, CaseEvent.RESUMED, CaseEvent.CLAIMED]), MINUTES)), MINUTES
)
def test_what_is_kept_agrees_with_what_is_worked_out(events: list[tuple[CaseEvent, datetime]], now: datetime) -> None:
    """A clock that stands still in the very moment of a step has come to it, and is not past it."""
    facts = case(*sorted(events, key=lambda event: event[1]))
    facts = replace(facts, events=[event for event in facts.events if event.at <= now])
    found, resolve = reckon(facts, book(), now), clock(facts, ClockKind.RESOLVE)
    stands_at_step = any(
        one.used(now) == step.of(one.promise) for one in clocks_of(facts, book()) for step in book().promises.steps
    )
    if found.resolve_due_at is not None and now > facts.opened_at and not stands_at_step:
        assert (now > found.resolve_due_at) == (resolve.standing(now) is Standing.BROKEN)
    if found.alarm_at is not None:
        assert found.alarm_at >= now or resolve.at(END) is None or stands_at_step
