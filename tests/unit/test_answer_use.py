"""Popularity: it follows what solves cases now, and cannot lock in."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from app.domain.answer_use import HALF_LIFE, UseKind, faded, popularity, weight_of
from app.domain.answers import Answer
from tests.builders import NOW, TODAY, answer

OLD = NOW - timedelta(days=365)
ONE = replace(answer("one"), published_at=OLD)
TWO = replace(answer("two"), published_at=OLD)


def test_a_use_weighs_half_after_a_half_life() -> None:
    assert faded(weight_of(TODAY), TODAY) == 1
    assert faded(weight_of(TODAY - HALF_LIFE), TODAY) == pytest.approx(0.5)
    assert faded(3 * weight_of(TODAY - 2 * HALF_LIFE) + weight_of(TODAY), TODAY) == pytest.approx(1.75)
    assert weight_of(date(2060, 1, 1)) < float("inf")


def test_reading_alone_makes_nothing_popular() -> None:
    assert popularity({ONE.id: {UseKind.READ: 1e6}}, [ONE], NOW) == {}


def test_solving_makes_popular_and_escalating_less_so() -> None:
    counts = {ONE.id: {UseKind.SOLVED: 40.0}, TWO.id: {UseKind.SOLVED: 40.0, UseKind.ESCALATED: 50.0}}
    scored = popularity(counts, [ONE, TWO], NOW)
    assert scored[ONE.id] == 1.0 and 0 < scored[TWO.id] < 1
    assert popularity({ONE.id: {UseKind.SOLVED: 1.0, UseKind.ESCALATED: 9.0}}, [ONE], NOW) == {}


def test_one_solved_case_in_a_quiet_centre_is_not_everything() -> None:
    assert popularity({ONE.id: {UseKind.SOLVED: 1.0}}, [ONE], NOW)[ONE.id] < 0.25


def test_a_new_answer_begins_in_the_middle_for_four_weeks() -> None:
    def scored(days: float, **details: object) -> float:
        new = replace(answer("new"), published_at=NOW - timedelta(days=days), **details)  # type: ignore[arg-type]
        return popularity({ONE.id: {UseKind.SOLVED: 500.0}}, [ONE, new], NOW).get(new.id, 0.0)

    assert scored(0) == 0.5 and scored(14) == pytest.approx(0.25) and scored(29) == 0
    assert scored(0, version=2) == 0  # what is corrected keeps what it has


@pytest.mark.parametrize("head_start", [50, 500])
def test_what_was_right_yesterday_does_not_stay_on_top(head_start: int) -> None:
    """Agents nearly always open what stands on top. Then what solves the case changes from one answer to the other."""
    chance = random.Random(3)
    weights: dict[UUID, dict[UseKind, float]] = defaultdict(lambda: defaultdict(float))
    weights[ONE.id][UseKind.SOLVED] = head_start * weight_of(TODAY)
    for day in (TODAY + timedelta(days=n) for n in range(1, 61)):
        scored = _scores(weights, day)
        top, other = sorted((ONE, TWO), key=lambda a: -scored.get(a.id, 0.0))
        for _ in range(10):
            opened = top if chance.random() < 0.9 else other
            kind = UseKind.SOLVED if opened is TWO else UseKind.ESCALATED
            weights[opened.id][kind] += weight_of(day)
        if top is TWO:
            break
    assert top is TWO and day <= TODAY + timedelta(days=42), day  # three half-lives


def _scores(weights: dict[UUID, dict[UseKind, float]], day: date) -> dict[UUID, float]:
    counts = {id_: {kind: faded(sum_, day) for kind, sum_ in kinds.items()} for id_, kinds in weights.items()}
    answers: list[Answer] = [ONE, TWO]
    return popularity(counts, answers, NOW)
