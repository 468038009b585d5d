"""The figures of cases: known ways, any ways."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cases import TRANSITIONS, CaseEvent, CaseState, Level
from app.domain.errors import NotAllowed
from app.domain.metrics import cases as figures
from app.domain.metrics.cases import AnswerLink, CaseFacts, CaseStep, CaseTally, tally, tally_of
from app.domain.metrics.figures import Share
from tests.builders import NOW, at

FIRST, SECOND, THIRD = Level
UP, BACK, DONE, TAKEN = CaseEvent.ESCALATED, CaseEvent.RETURNED, CaseEvent.SOLVED, CaseEvent.CLAIMED
SHARES: tuple[Callable[[CaseTally], Share], ...] = (
    figures.first_level_resolution,
    lambda t: figures.escalation_rate(t, FIRST),
    lambda t: figures.escalation_rate(t, SECOND),
    lambda t: figures.return_rate(t, FIRST),
    lambda t: figures.return_rate(t, SECOND),
    figures.first_level_could_have,
    figures.link_rate,
    figures.reuse_rate,
    figures.share_of_new,
)


def case(
    *events: CaseEvent,
    opened: Level = FIRST,
    could: bool = False,
    link: AnswerLink = AnswerLink.NONE,
    opened_at: datetime = NOW,
) -> CaseFacts:
    """A case that goes this way, a minute for each step; returns and escalations go one level."""
    steps, level = [], opened
    for n, event in enumerate(events, 1):
        to = Level(level + {UP: 1, BACK: -1}.get(event, 0))
        steps.append(CaseStep(at=opened_at + n * timedelta(minutes=1), event=event, from_level=level, to_level=to))
        level = to
    return CaseFacts(
        opened_at=opened_at, opened_level=opened, steps=tuple(steps), first_level_could=could, answer_link=link
    )


SOLVED_AT_ONCE = case(DONE, link=AnswerLink.REUSED)
STILL_OPEN = case()
SOLVED_BY_SECOND = case(UP, TAKEN, DONE, could=True, link=AnswerLink.REUSED)
SOLVED_BY_THIRD = case(UP, TAKEN, UP, TAKEN, DONE, link=AnswerLink.CREATED)
SENT_BACK = case(UP, TAKEN, BACK, DONE)
BACK_AND_UP_AGAIN = case(UP, TAKEN, BACK, UP, TAKEN, DONE)
ADVISED = case(UP, TAKEN, UP, TAKEN, BACK)
COHORT = (SOLVED_AT_ONCE, STILL_OPEN, SOLVED_BY_SECOND, SOLVED_BY_THIRD, SENT_BACK, BACK_AND_UP_AGAIN, ADVISED)


@pytest.mark.parametrize(
    ("figure", "share"),
    list(zip(SHARES, map(Share, (1, 5, 2, 2, 1, 1, 3, 2, 1), (7, 7, 5, 5, 2, 2, 5, 5, 3)), strict=True)),
)
def test_the_figures_of_seven_cases(figure: Callable[[CaseTally], Share], share: Share) -> None:
    assert figure(tally(COHORT)) == share


def test_where_there_are_no_cases_there_is_no_figure() -> None:
    assert [figure(tally([])).value for figure in SHARES] == [None] * len(SHARES)


def test_a_case_opened_higher_up_is_none_of_first_level() -> None:
    counts = tally([case(TAKEN, DONE, opened=SECOND)])
    assert figures.first_level_resolution(counts).value is None
    assert figures.escalation_rate(counts, FIRST).value is None
    assert figures.escalation_rate(counts, SECOND) == Share(0, 1)


def test_what_goes_up_twice_counts_once() -> None:
    assert figures.escalation_rate(tally([BACK_AND_UP_AGAIN]), FIRST) == Share(1, 1)
    assert figures.return_rate(tally([BACK_AND_UP_AGAIN]), FIRST) == Share(1, 1)


def test_nothing_goes_up_from_the_highest_level() -> None:
    with pytest.raises(ValueError, match="third level"):
        figures.escalation_rate(CaseTally(), THIRD)
    with pytest.raises(ValueError, match="third level"):
        figures.return_rate(CaseTally(), THIRD)


@st.composite
def cases(draw: st.DrawFn, *, is_closed: bool = False) -> CaseFacts:
    """Any way that the transitions of cases permit."""
    opened_at = datetime(2026, 3, 28, 22, tzinfo=UTC) + draw(st.timedeltas(timedelta(0), timedelta(hours=9)))
    state, level, events = CaseState.OPEN, FIRST, []
    for _ in range(draw(st.integers(0, 8))):
        if state is CaseState.SOLVED:
            break
        possible = [e for s, e in TRANSITIONS if s is state and not (e is UP and level is THIRD)]
        event = draw(st.sampled_from([e for e in possible if not (e is BACK and level is FIRST)]))
        state, level = TRANSITIONS[state, event], Level(level + {UP: 1, BACK: -1}.get(event, 0))
        if state is CaseState.OPEN and level is not FIRST:
            state = CaseState.CLAIMED
        events.append(event)
    if is_closed and state is not CaseState.SOLVED:
        events += [TAKEN] * (state is CaseState.WAITING) + [DONE]
    return case(*events, could=draw(st.booleans()), link=draw(st.sampled_from(AnswerLink)), opened_at=opened_at)


@given(st.lists(cases()))
def test_shares_are_from_0_to_1_and_name_their_rows(some: list[CaseFacts]) -> None:
    for figure in SHARES:
        alone = [figure(tally_of(one)) for one in some]
        assert all(share.whole in (0, 1) for share in alone)
        assert Share(sum(s.part for s in alone), sum(s.whole for s in alone)) == figure(tally(some))


@given(st.lists(cases()), st.integers(0, 10))
def test_cohorts_add_up_in_any_order(some: list[CaseFacts], cut: int) -> None:
    assert tally(some[cut:]) + tally(some[:cut]) == tally(some)


@given(st.lists(cases(is_closed=True), min_size=1))
def test_in_a_closed_cohort_first_level_solves_what_it_does_not_escalate(some: list[CaseFacts]) -> None:
    counts = tally(some)
    solved, escalated = figures.first_level_resolution(counts), figures.escalation_rate(counts, FIRST)
    assert solved.part + escalated.part == solved.whole == escalated.whole == len(some)
    assert figures.link_rate(counts).whole == len(some)


@given(cases())
def test_an_open_case_is_neither_solved_nor_lost(one: CaseFacts) -> None:
    counts = tally_of(one)
    is_open_at_first = one.solved_by is None and not counts.escalated_by_first
    assert counts.opened_at_first == counts.solved_by_first_alone + counts.escalated_by_first + is_open_at_first


def test_ways_that_no_case_can_go() -> None:
    step = SOLVED_AT_ONCE.steps[0]
    with pytest.raises(NotAllowed, match="not in the order"):
        replace(SOLVED_AT_ONCE, opened_at=at(3600))
    with pytest.raises(NotAllowed, match="not in the order"):
        replace(SOLVED_BY_SECOND, steps=SOLVED_BY_SECOND.steps[::-1])
    with pytest.raises(NotAllowed, match="does not start at the level"):
        replace(SOLVED_AT_ONCE, opened_level=SECOND)
    with pytest.raises(NotAllowed, match="goes on after it was solved"):
        replace(SOLVED_AT_ONCE, steps=(step, step))
