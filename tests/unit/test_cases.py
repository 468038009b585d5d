"""The states of a case, and how urgent it is."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from app.domain.cases import (
    CLAIM_WITHIN,
    TRANSITIONS,
    CaseEvent,
    CaseState,
    CaseSummary,
    Impact,
    Level,
    Priority,
    Urgency,
    after,
    priority,
)
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from tests.builders import NOW, at

PAIRS = list(product(CaseState, CaseEvent))


@pytest.mark.parametrize(("state", "event"), PAIRS)
def test_each_event_is_allowed_or_refused_with_a_sentence(state: CaseState, event: CaseEvent) -> None:
    if (state, event) in TRANSITIONS:
        assert after(state, event) is TRANSITIONS[state, event]
    else:
        with pytest.raises(NotAllowed, match=r"^[A-Z].{20,}\.$"):
            after(state, event)


@pytest.mark.parametrize(
    ("state", "event", "sentence"),
    [
        (CaseState.SOLVED, CaseEvent.ESCALATED, "solved already"),
        (CaseState.SOLVED, CaseEvent.CLAIMED, "solved already"),
        (CaseState.CLAIMED, CaseEvent.CLAIMED, "Somebody else has taken"),
        (CaseState.WAITING, CaseEvent.SOLVED, "Claim it first"),
        (CaseState.OPEN, CaseEvent.RETURNED, "Open it again"),
    ],
)
def test_the_sentence_says_what_to_do(state: CaseState, event: CaseEvent, sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        after(state, event)


def test_a_solved_case_stays_solved() -> None:
    assert not [event for state, event in TRANSITIONS if state is CaseState.SOLVED]


@pytest.mark.parametrize(("impact", "urgency"), list(product(Impact, Urgency)))
def test_each_cell_of_the_matrix_has_a_priority(impact: Impact, urgency: Urgency) -> None:
    assert priority(impact, urgency) in Priority


@pytest.mark.parametrize(("impact", "urgency"), list(product(Impact, Urgency)))
def test_more_impact_or_urgency_is_never_less_urgent(impact: Impact, urgency: Urgency) -> None:
    impacts, urgencies = list(Impact), list(Urgency)
    for worse in impacts[impacts.index(impact) :]:
        for sooner in urgencies[urgencies.index(urgency) :]:
            assert priority(worse, sooner) <= priority(impact, urgency)


def test_the_corners_of_the_matrix() -> None:
    assert priority(Impact.COMPANY, Urgency.HIGH) is Priority.P1
    assert priority(Impact.PERSON, Urgency.LOW) is Priority.P5


def test_a_more_urgent_case_is_claimed_sooner() -> None:
    assert list(CLAIM_WITHIN) == list(Priority)
    assert sorted(CLAIM_WITHIN.values()) == list(CLAIM_WITHIN.values())


def test_only_a_waiting_case_is_overdue() -> None:
    case = CaseSummary(
        id=new_id(),
        number="7K2M-94QX",
        title="No internet",
        state=CaseState.WAITING,
        level=Level.SECOND,
        priority=Priority.P3,
        due_at=NOW,
        level_since=NOW,
        customer_name="",
        product_name="",
        owner_name="",
        team_name="Network",
    )
    assert case.is_overdue(at(1))
    assert not case.is_overdue(NOW)
    assert not replace(case, state=CaseState.CLAIMED).is_overdue(NOW + timedelta(days=1))
    assert not replace(case, due_at=None).is_overdue(at(1))
