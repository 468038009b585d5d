"""The facts of a call: which cannot be, and how they come from what a call source told."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.call_states import advance, begin
from app.domain.calls import ABANDONED_REASONS, Call, CallEvent, CallState, EndedBy, EndReason, EventKind
from app.domain.errors import NotAllowed
from app.domain.metrics.call_figures import CallTally, QueueRules, tally_of, transfer_rate
from app.domain.metrics.calls import CallFacts, facts_of
from app.domain.metrics.figures import Share
from tests.builders import NOW, at, call, call_event
from tests.unit.metric_facts import abandoned, answered

# --- facts that cannot be -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        ({"answered_at": 5, "abandoned_at": 5}, "“answered_at” and “abandoned_at” exclude each other"),
        ({"answered_at": 5, "flowed_out_at": 9}, "“answered_at” and “flowed_out_at” exclude each other"),
        ({"abandoned_at": 5, "flowed_out_at": 9}, "“abandoned_at” and “flowed_out_at” exclude each other"),
        ({"answered_at": -1}, "“answered_at” is before “queued_at”"),
        ({"offered_at": 6, "answered_at": 5}, "“answered_at” is before “offered_at”"),
        ({"offered_at": 6, "abandoned_at": 5}, "“abandoned_at” is before “offered_at”"),
        ({"answered_at": 5, "ended_at": 4}, "“ended_at” is before “answered_at”"),
        ({"abandoned_at": 5, "ended_at": 4}, "“ended_at” is before “abandoned_at”"),
        ({"answered_at": 5, "ended_at": 9, "wrapped_up_at": 8}, "“wrapped_up_at” is before “ended_at”"),
        ({"ended_at": 9}, "“ended_at” needs one of"),
        ({"answered_at": 5, "wrapped_up_at": 8}, "“wrapped_up_at” needs “ended_at”"),
        ({"abandoned_at": 5, "ended_at": 5, "wrapped_up_at": 8}, "“wrapped_up_at” needs “answered_at”"),
    ],
)
def test_no_call_can_be_like_this(times: dict[str, float], sentence: str) -> None:
    happened = {name: at(seconds) for name, seconds in times.items()}
    with pytest.raises(NotAllowed, match=sentence):
        CallFacts(queued_at=NOW, **happened)  # type: ignore[arg-type]


def test_a_hold_is_part_of_the_conversation() -> None:
    with pytest.raises(NotAllowed, match="on hold for longer"):
        replace(answered(5, talk=0, hold=10), held=timedelta(seconds=11))
    with pytest.raises(NotAllowed, match="below zero"):
        replace(answered(5), held=timedelta(seconds=-1))
    with pytest.raises(NotAllowed, match="Only a call with"):
        replace(abandoned(5), held=timedelta(seconds=1))
    CallFacts(
        queued_at=NOW, answered_at=at(1), held=timedelta(seconds=30)
    )  # goes on: nobody knows how long it will last


def test_facts_are_in_utc() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    with pytest.raises(ValueError, match="UTC"):
        CallFacts(queued_at=NOW.astimezone(berlin))
    with pytest.raises(ValueError, match="UTC"):
        CallFacts(queued_at=NOW, answered_at=NOW.replace(tzinfo=None))


# --- calls as call sources tell them --------------------------------------------------------------------------

EVENTS = st.lists(
    st.builds(
        CallEvent,
        call_id=st.just(UUID(int=7)),
        kind=st.sampled_from(EventKind),
        at=st.integers(0, 60).map(at),
        end_reason=st.none() | st.sampled_from(EndReason),
        ended_by=st.none() | st.sampled_from(EndedBy),
    ),
    min_size=1,
    max_size=9,
)


def counts_of(call: Call) -> CallTally:
    facts = facts_of(call)
    assert facts is not None
    return tally_of(facts, QueueRules())


@pytest.mark.parametrize("reason", [r for r in EndReason if r is not EndReason.ANSWERED])
def test_without_a_conversation_a_call_was_given_up_or_flowed_out(reason: EndReason) -> None:
    ringing = call(CallState.OFFERED)
    counts = counts_of(advance(ringing, replace(call_event(EventKind.ENDED, ringing, 600), end_reason=reason)))
    is_abandoned = reason in ABANDONED_REASONS
    assert (counts.abandoned, counts.flowed_out, counts.offered) == (int(is_abandoned), int(not is_abandoned), 1)


@pytest.mark.parametrize("state", CallState)
def test_the_facts_of_a_call_in_each_state(state: CallState) -> None:
    counts = counts_of(call(state))
    is_answered = state not in (CallState.QUEUED, CallState.OFFERED)
    assert (counts.answered, counts.handled) == (int(is_answered), int(state is CallState.CLOSED))


def test_a_call_that_the_agent_passed_on_is_a_transfer() -> None:
    talking = call(CallState.CONNECTED)
    passed = advance(talking, replace(call_event(EventKind.ENDED, talking), ended_by=EndedBy.TRANSFER))
    counts = counts_of(advance(passed, call_event(EventKind.WRAPPED_UP, talking, 70)))
    assert transfer_rate(counts) == Share(1, 1)


def test_a_call_of_ours_was_never_offered_to_us() -> None:
    assert facts_of(replace(call(), is_outgoing=True)) is None


@given(EVENTS)
def test_whatever_a_source_tells_in_whatever_order_can_be_counted(events: list[CallEvent]) -> None:
    """Also with clocks that disagree; what has ended is in exactly one count, what goes on is in one at most."""
    made = begin(events[0], "ami")
    for event in events[1:]:
        made = advance(made, event)
    counts = counts_of(made)
    assert counts.offered == int(made.answered_at is not None or made.ended_at is not None)
    assert counts.answered == int(made.answered_at is not None)
    assert counts.handled == int(made.answered_at is not None and made.state is CallState.CLOSED)
