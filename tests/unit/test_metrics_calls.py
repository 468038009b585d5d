"""The figures of calls: known calls with known figures, and what holds for any calls."""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.metrics import call_figures as figures
from app.domain.metrics.call_figures import (
    Abandonment,
    AfterCallWork,
    CallTally,
    QueueRules,
    ServiceLevel,
    tally,
    tally_of,
)
from app.domain.metrics.calls import CallFacts
from app.domain.metrics.figures import MeanTime, Share
from app.domain.metrics.periods import interval_start
from tests.builders import NOW, at
from tests.unit.metric_facts import TEN_CALLS, abandoned, answered, calls, flowed_out

RULES = QueueRules()
TEN = tally(TEN_CALLS, RULES)
SHARES: tuple[Callable[[CallTally], Share], ...] = (
    *(lambda t, f=formula: figures.service_level(t, f) for formula in ServiceLevel),
    *(lambda t, f=formula: figures.abandonment_rate(t, f) for formula in Abandonment),
    figures.share_with_after_call_work,
    figures.transfer_rate,
)
MEANS: tuple[Callable[[CallTally], MeanTime], ...] = (
    figures.average_speed_of_answer,
    figures.average_handle_time,
    *(lambda t, p=per: figures.after_call_work(t, p) for per in AfterCallWork),
)
ANY_RULES = st.builds(
    QueueRules,
    answer_within=st.timedeltas(timedelta(0), timedelta(minutes=1)),
    short_abandon=st.timedeltas(timedelta(0), timedelta(minutes=1)),
)


# --- known calls ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "share"),
    [
        (ServiceLevel.STANDARD, Share(3, 8)),
        (ServiceLevel.OF_OFFERED, Share(3, 10)),
        (ServiceLevel.OF_ANSWERED, Share(3, 5)),
        (ServiceLevel.SL2, Share(6, 9)),
    ],
)
def test_service_level_of_the_ten_calls(formula: ServiceLevel, share: Share) -> None:
    assert figures.service_level(TEN, formula) == share


def test_times_of_the_ten_calls() -> None:
    assert figures.average_speed_of_answer(TEN).value_s == Fraction(103, 5)
    assert figures.average_handle_time(TEN).value_s == Fraction(1240, 5)
    assert figures.after_call_work(TEN).value_s == 30
    assert figures.after_call_work(TEN, AfterCallWork.PER_CALL_WITH_ANY).value_s == Fraction(75, 2)
    assert figures.share_with_after_call_work(TEN) == Share(4, 5)


def test_abandonment_of_the_ten_calls() -> None:
    assert figures.abandonment_rate(TEN, Abandonment.ALL) == Share(4, 10)
    assert figures.abandonment_rate(TEN) == Share(2, 8)


def test_each_queue_has_its_own_rules() -> None:
    strict = QueueRules(answer_within=timedelta(seconds=10), short_abandon=timedelta(0))
    assert figures.service_level(tally(TEN_CALLS, strict)) == Share(1, 10)


@pytest.mark.parametrize(("late", "counts"), [(timedelta(0), 1), (timedelta(microseconds=1), 0)])
def test_thresholds_are_inclusive_to_the_microsecond(late: timedelta, counts: int) -> None:
    waited = NOW + RULES.answer_within + late
    assert tally_of(CallFacts(queued_at=NOW, answered_at=waited), RULES).answered_in_time == counts
    assert tally_of(CallFacts(queued_at=NOW, abandoned_at=waited), RULES).abandoned_in_time == counts
    hung_up = NOW + RULES.short_abandon + late
    assert tally_of(CallFacts(queued_at=NOW, abandoned_at=hung_up), RULES).abandoned_short == counts


@pytest.mark.parametrize("call", [None, CallFacts(queued_at=NOW), CallFacts(queued_at=NOW, offered_at=at(3))])
def test_where_nothing_was_offered_there_is_no_figure(call: CallFacts | None) -> None:
    nothing = tally([call] if call else [], RULES)
    assert nothing == CallTally()
    assert [figure(nothing).value for figure in SHARES] == [None] * len(SHARES)
    assert [figure(nothing).value_s for figure in MEANS] == [None] * len(MEANS)


def test_short_abandons_alone_have_no_service_level() -> None:
    short = tally([abandoned(1), abandoned(5)], RULES)
    assert figures.service_level(short).value is None
    assert figures.abandonment_rate(short).value is None
    assert figures.abandonment_rate(short, Abandonment.ALL).value == 1


def test_who_flows_out_was_offered_and_is_no_abandon() -> None:
    out = tally([flowed_out(), flowed_out()], RULES)
    assert figures.service_level(out) == Share(0, 2)
    assert figures.abandonment_rate(out) == Share(0, 2)
    assert figures.service_level(out, ServiceLevel.SL2).value is None


def test_a_call_that_goes_on_is_answered_and_not_yet_handled() -> None:
    talking = CallFacts(queued_at=NOW, answered_at=at(4))
    wrapping_up = CallFacts(queued_at=NOW, answered_at=at(4), ended_at=at(9), is_wrapping_up=True)
    for running in (talking, wrapping_up):
        one = tally_of(running, RULES)
        assert figures.service_level(one) == Share(1, 1)
        assert figures.average_speed_of_answer(one).value_s == 4
        assert figures.average_handle_time(one).value_s is None


def test_no_time_of_wrap_up_is_no_after_call_work() -> None:
    one = tally_of(CallFacts(queued_at=NOW, answered_at=at(4), ended_at=at(9)), RULES)
    assert figures.after_call_work(one).value_s == 0
    assert figures.after_call_work(one, AfterCallWork.PER_CALL_WITH_ANY).value_s is None
    assert figures.average_handle_time(one).value_s == 5


def test_transfers_are_counted_of_the_handled_calls() -> None:
    passed = replace(answered(3), is_transferred=True)
    assert figures.transfer_rate(tally([passed, answered(3), abandoned(9)], RULES)) == Share(1, 2)


# --- any calls ------------------------------------------------------------------------------------------------


@given(st.lists(calls()), ANY_RULES)
def test_each_share_is_from_0_to_1_and_nothing_offered_has_none(some: list[CallFacts], rules: QueueRules) -> None:
    counts = tally(some, rules)
    for figure in SHARES:
        share = figure(counts)
        assert (share.value is None) == (share.whole == 0)
        assert share.value is None or 0 <= share.value <= 1
    assert counts.offered == sum(1 for c in some if c.answered_at or c.abandoned_at or c.flowed_out_at)


@given(st.lists(calls()), ANY_RULES, st.sampled_from([15, 30, 60, 24 * 60]))
def test_the_intervals_of_a_day_make_the_day(some: list[CallFacts], rules: QueueRules, minutes: int) -> None:
    """Each call is in exactly one interval, that of its queueing, also where the clocks change."""
    parts: dict[datetime, list[CallFacts]] = defaultdict(list)
    for one in some:
        parts[interval_start(one.queued_at, timedelta(minutes=minutes), ZoneInfo("Europe/Berlin"))].append(one)
    tallies = [tally(part, rules) for part in parts.values()]
    whole = tally(some, rules)
    assert sum(tallies, CallTally()) == whole
    for share in SHARES:
        assert sum(map(share, tallies), Share(0, 0)) == share(whole)
    for mean in MEANS:
        assert sum(map(mean, tallies), MeanTime(timedelta(0), 0)) == mean(whole)


@given(st.lists(calls()), ANY_RULES, st.randoms())
def test_the_order_of_calls_does_not_matter(some: list[CallFacts], rules: QueueRules, by: random.Random) -> None:
    mixed = some.copy()
    by.shuffle(mixed)
    assert tally(mixed, rules) == tally(some, rules)


@given(st.lists(calls()), ANY_RULES)
def test_a_figure_names_the_rows_that_it_is_made_from(some: list[CallFacts], rules: QueueRules) -> None:
    for figure in SHARES:
        alone = [figure(tally_of(one, rules)) for one in some]
        assert all(share.whole in (0, 1) for share in alone)
        assert Share(sum(s.part for s in alone), sum(s.whole for s in alone)) == figure(tally(some, rules))


@given(st.lists(calls(), min_size=1), ANY_RULES)
def test_a_longer_threshold_never_makes_the_service_level_worse(some: list[CallFacts], rules: QueueRules) -> None:
    patient = replace(rules, answer_within=rules.answer_within + timedelta(seconds=10))
    for formula in ServiceLevel:
        before = figures.service_level(tally(some, rules), formula).value
        after = figures.service_level(tally(some, patient), formula).value
        assert before is None or (after is not None and after >= before)


@given(st.lists(calls()), ANY_RULES)
def test_mean_times_agree_with_adding_up_by_hand(some: list[CallFacts], rules: QueueRules) -> None:
    times = [
        (c.wrapped_up_at or c.ended_at) - c.answered_at
        for c in some
        if c.answered_at and c.ended_at and not c.is_wrapping_up
    ]
    us = sum(time // timedelta(microseconds=1) for time in times)
    expected = Fraction(us, 1_000_000 * len(times)) if times else None
    assert figures.average_handle_time(tally(some, rules)).value_s == expected
