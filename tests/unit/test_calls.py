"""The states of a call, whatever order its events arrive in."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.call_states import TRANSITIONS, advance, begin
from app.domain.calls import (
    RANK,
    SHORT_ABANDON,
    Call,
    CallEvent,
    CallState,
    EndedBy,
    EndReason,
    EventKind,
    NumberKind,
)
from tests.builders import NOW, at, call, call_event, caller

CALL_ID = UUID(int=7)
EVENTS = st.builds(
    CallEvent,
    call_id=st.just(CALL_ID),
    kind=st.sampled_from(EventKind),
    at=st.floats(0, 3600).map(at),
    end_reason=st.none() | st.sampled_from(EndReason),
)
OVER = {CallState.WRAP_UP, CallState.CLOSED}
# What is told before its time, or again of another telephone, moves no state and is remembered all the same.
REMEMBERED = {EventKind.OFFERED, EventKind.RING_STOPPED, EventKind.HELD, EventKind.RESUMED, EventKind.CONSULTED}
HISTORIES: dict[str, tuple[tuple[EventKind, float], ...]] = {
    "conversation": (
        (EventKind.QUEUED, 0),
        (EventKind.OFFERED, 5),
        (EventKind.ANSWERED, 9),
        (EventKind.HELD, 20),
        (EventKind.RESUMED, 24),
        (EventKind.ENDED, 60),
    ),
    "consultation": (
        (EventKind.OFFERED, 5),
        (EventKind.ANSWERED, 9),
        (EventKind.HELD, 20),
        (EventKind.CONSULTED, 21),
        (EventKind.RESUMED, 40),
        (EventKind.HELD, 45),
    ),
    "second agent": (
        (EventKind.QUEUED, 0),
        (EventKind.OFFERED, 5),
        (EventKind.RING_STOPPED, 12),
        (EventKind.OFFERED, 13),
    ),
    "given up": ((EventKind.QUEUED, 0), (EventKind.OFFERED, 5), (EventKind.RING_STOPPED, 12), (EventKind.ENDED, 12)),
}
PAIRS = [(state, kind) for state in CallState for kind in EventKind]


def _run(*events: tuple[EventKind, float]) -> Call:
    made = [CallEvent(call_id=CALL_ID, kind=kind, at=at(seconds)) for kind, seconds in events]
    now = begin(made[0], "demo")
    for event in made[1:]:
        now = advance(now, event)
    return now


@pytest.mark.parametrize(("state", "kind"), PAIRS)
def test_each_event_leads_where_the_table_says_or_changes_nothing(state: CallState, kind: EventKind) -> None:
    before = call(state)
    now = advance(before, call_event(kind, before))
    assert now.state is TRANSITIONS.get((state, kind), state)
    if (state, kind) not in TRANSITIONS and (state in OVER or kind not in REMEMBERED):
        assert now is before


@pytest.mark.parametrize(("state", "kind"), TRANSITIONS)
def test_no_transition_lowers_the_rank(state: CallState, kind: EventKind) -> None:
    assert RANK[TRANSITIONS[state, kind]] >= RANK[state]


@pytest.mark.parametrize("state", sorted(set(CallState) - {CallState.CLOSED}))
def test_each_state_leads_to_the_end(state: CallState) -> None:
    now = call(state)
    for kind in (EventKind.ENDED, EventKind.WRAPPED_UP):
        now = advance(now, call_event(kind, now))
    assert now.state is CallState.CLOSED


@given(st.lists(EVENTS, min_size=1, max_size=12))
def test_any_order_of_events_never_lowers_the_rank(events: list[CallEvent]) -> None:
    now = begin(events[0], "demo")
    for event in events[1:]:
        before, now = now, advance(now, event)
        assert RANK[now.state] >= RANK[before.state]


@given(st.lists(EVENTS, min_size=1, max_size=12))
def test_a_repeated_event_changes_nothing(events: list[CallEvent]) -> None:
    once, twice = begin(events[0], "demo"), advance(begin(events[0], "demo"), events[0])
    for event in events[1:]:
        once, twice = advance(once, event), advance(advance(twice, event), event)
    assert once == twice


@given(st.lists(EVENTS, min_size=1, max_size=12))
def test_what_is_over_has_an_end_and_what_lives_has_none(events: list[CallEvent]) -> None:
    now = begin(events[0], "demo")
    for event in events[1:]:
        now = advance(now, event)
    is_over = now.state in (CallState.WRAP_UP, CallState.CLOSED)
    assert (now.ended_at is not None) == (now.end_reason is not None) == is_over
    assert not (is_over and now.is_live)


@given(st.lists(EVENTS, min_size=1, max_size=12))
def test_nobody_is_held_for_less_than_no_time(events: list[CallEvent]) -> None:
    now = begin(events[0], "demo")
    for event in events[1:]:
        now = advance(now, event)
        assert now.held >= timedelta(0)


def test_the_caller_is_whom_the_newest_transfer_put_on_the_line() -> None:
    rang = CallEvent(call_id=CALL_ID, kind=EventKind.OFFERED, at=at(0), caller=caller(None))
    answered = CallEvent(call_id=CALL_ID, kind=EventKind.ANSWERED, at=at(5))
    first, second = (
        CallEvent(call_id=CALL_ID, kind=EventKind.REPLACED, at=at(at_s), caller=caller(number))
        for at_s, number in ((20, "+493023125101"), (40, "+493023125102"))
    )
    for order in permutations((rang, answered, first, second)):
        now = begin(order[0], "demo")
        for event in order[1:]:
            now = advance(now, event)
        assert (now.caller.normal, now.state, now.replaced_at) == ("+493023125102", CallState.CONNECTED, at(40))


@given(st.permutations([(EventKind.QUEUED, 0.0), (EventKind.OFFERED, 5.0), (EventKind.ANSWERED, 9.0)]))
def test_a_call_whose_events_overtake_each_other_is_connected(events: list[tuple[EventKind, float]]) -> None:
    assert _run(*events).state is CallState.CONNECTED


def test_times_are_those_of_the_events() -> None:
    now = _run(
        (EventKind.QUEUED, 0),
        (EventKind.OFFERED, 5),
        (EventKind.ANSWERED, 9),
        (EventKind.ENDED, 60),
        (EventKind.WRAPPED_UP, 90),
    )
    times = (now.queued_at, now.offered_at, now.answered_at, now.ended_at, now.wrapped_up_at)
    assert times == (at(0), at(5), at(9), at(60), at(90))


def test_held_times_are_summed() -> None:
    now = _run(
        (EventKind.OFFERED, 0),
        (EventKind.ANSWERED, 10),
        (EventKind.HELD, 20),
        (EventKind.RESUMED, 23),
        (EventKind.HELD, 30),
        (EventKind.HELD, 35),
        (EventKind.RESUMED, 37),
    )
    assert now.held == timedelta(seconds=10)
    assert now.held_since is None


def test_a_call_that_ends_on_hold_was_held_to_the_end() -> None:
    now = _run((EventKind.OFFERED, 0), (EventKind.ANSWERED, 10), (EventKind.HELD, 20), (EventKind.ENDED, 26))
    assert (now.held, now.held_since) == (timedelta(seconds=6), None)


def test_an_answer_that_was_never_offered_sets_both_times() -> None:
    now = _run((EventKind.QUEUED, 0), (EventKind.ANSWERED, 4))
    assert now.offered_at == now.answered_at == at(4)


@pytest.mark.parametrize(
    ("state", "told", "known"),
    [
        (CallState.CONNECTED, None, EndReason.ANSWERED),
        (CallState.CONNECTED, EndReason.ABANDONED, EndReason.ANSWERED),
        (CallState.HELD, EndReason.UNKNOWN, EndReason.UNKNOWN),
        (CallState.OFFERED, None, EndReason.ABANDONED),
        (CallState.OFFERED, EndReason.REJECTED, EndReason.REJECTED),
        (CallState.QUEUED, EndReason.MISSED, EndReason.MISSED),
    ],
)
def test_why_a_call_ended(state: CallState, told: EndReason | None, known: EndReason) -> None:
    before = call(state)
    assert advance(before, replace(call_event(EventKind.ENDED, before), end_reason=told)).end_reason is known


def test_the_first_event_brings_caller_queue_and_announcement() -> None:
    event = CallEvent(
        call_id=CALL_ID, kind=EventKind.OFFERED, at=NOW, caller=caller(), queue="Support", announcement="wants a refund"
    )
    now = begin(event, "demo")
    assert (now.caller, now.queue, now.announcement) == (caller(), "Support", "wants a refund")
    assert (now.state, now.source, now.is_live) == (CallState.OFFERED, "demo", True)


def test_a_call_without_caller_is_of_an_unknown_number() -> None:
    assert _run((EventKind.QUEUED, 0)).caller.kind is NumberKind.UNKNOWN


def test_an_offer_that_knows_less_keeps_what_was_known() -> None:
    queued = begin(CallEvent(call_id=CALL_ID, kind=EventKind.QUEUED, at=NOW, caller=caller(), queue="Support"), "demo")
    offered = advance(queued, call_event(EventKind.OFFERED, queued))
    assert (offered.caller, offered.queue) == (caller(), "Support")


@pytest.mark.parametrize("name", HISTORIES)
@given(data=st.data())
def test_the_same_events_in_any_order_give_the_same_call(name: str, data: st.DataObject) -> None:
    was_answered = any(kind is EventKind.ANSWERED for kind, _ in HISTORIES[name])
    reason = EndReason.ANSWERED if was_answered else EndReason.ABANDONED
    events = [
        CallEvent(call_id=CALL_ID, kind=kind, at=at(s), agent="1001", caller=caller(), queue="Support",
                  end_reason=reason if kind is EventKind.ENDED else None)
        for kind, s in HISTORIES[name]
    ]  # fmt: skip
    assert _told(data.draw(st.permutations(events))) == _told(events)


def _told(events: list[CallEvent]) -> Call:
    now = begin(events[0], "demo")
    for event in events[1:]:
        now = advance(now, event)
    return now


def test_a_call_rings_at_an_agent_until_it_stops_there() -> None:
    now = _told([_of(EventKind.OFFERED, 0, agent="1001"), _of(EventKind.OFFERED, 1, agent="1002")])
    assert now.ringing_at == ("1001", "1002")
    now = advance(now, _of(EventKind.RING_STOPPED, 12, agent="1001"))
    assert (now.state, now.ringing_at, now.offered_at, now.rang_at) == (CallState.OFFERED, ("1002",), at(0), at(1))
    now = advance(now, _of(EventKind.ANSWERED, 14, agent="1002"))
    assert (now.ringing_at, now.agent) == ((), "1002")


def test_consultation_counts_as_held() -> None:
    now = _run((EventKind.ANSWERED, 0), (EventKind.HELD, 10), (EventKind.CONSULTED, 15), (EventKind.RESUMED, 40))
    assert (now.state, now.held) == (CallState.CONNECTED, timedelta(seconds=30))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_who_ended_a_conversation_is_told_by_who_knows_best(order: tuple[int, int]) -> None:
    ends = [_of(EventKind.ENDED, 30, ended_by=EndedBy.CALLER), _of(EventKind.ENDED, 30, ended_by=EndedBy.TRANSFER)]
    now = _told([_of(EventKind.ANSWERED, 10), *(ends[number] for number in order)])
    assert (now.state, now.end_reason, now.ended_by) == (CallState.WRAP_UP, EndReason.ANSWERED, EndedBy.TRANSFER)


@pytest.mark.parametrize(("wait_s", "reason"), [(5.0, EndReason.SHORT_ABANDONED), (5.001, EndReason.ABANDONED)])
def test_who_gives_up_at_once_was_not_waiting_yet(wait_s: float, reason: EndReason) -> None:
    assert timedelta(seconds=5) == SHORT_ABANDON
    assert _run((EventKind.QUEUED, 0), (EventKind.ENDED, wait_s)).end_reason is reason


def test_an_answer_that_comes_to_light_after_the_end_corrects_the_record_and_not_the_state() -> None:
    now = _run((EventKind.OFFERED, 0), (EventKind.ENDED, 30), (EventKind.ANSWERED, 8))
    assert (now.state, now.end_reason, now.answered_at) == (CallState.CLOSED, EndReason.ANSWERED, at(8))


def _of(kind: EventKind, seconds: float, **details: object) -> CallEvent:
    return CallEvent(call_id=CALL_ID, kind=kind, at=at(seconds), **details)  # type: ignore[arg-type]
