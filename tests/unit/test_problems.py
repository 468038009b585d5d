"""Known problems: the ways of their states, and what their words must be."""

from itertools import product

import pytest

from app.domain.errors import NotAllowed
from app.domain.problems import (
    TITLE_LIMIT,
    TRANSITIONS,
    ProblemState,
    ProblemWords,
    checked,
    name_of,
    refuse_unless_findable,
    refuse_unless_possible,
)

PAIRS = list(product(ProblemState, ProblemState))


@pytest.mark.parametrize(("before", "then"), PAIRS)
def test_each_way_is_allowed_or_refused_with_a_sentence(before: ProblemState, then: ProblemState) -> None:
    if then in TRANSITIONS[before]:
        refuse_unless_possible(before, then)
    else:
        with pytest.raises(NotAllowed, match=r"^This known problem has changed .{20,}\.$"):
            refuse_unless_possible(before, then)


def test_every_state_can_be_left() -> None:
    """What was solved or rejected too soon is opened again."""
    assert set(TRANSITIONS) == set(ProblemState) and all(TRANSITIONS.values())


def test_words_are_tidied() -> None:
    words = ProblemWords(title="  E-47  after\nupdate ", symptoms=" red lamp \n", products=("LINK-7", " ", "LINK-7"))
    assert checked(words) == ProblemWords(title="E-47 after update", symptoms="red lamp", products=("LINK-7",))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (ProblemWords(title="  "), "Give the known problem a title"),
        (ProblemWords(title="x" * (TITLE_LIMIT + 1)), f"longer than {TITLE_LIMIT}"),
        (ProblemWords(title="x", versions="7" * 101), "longer than 100"),
        (ProblemWords(title="x", workaround="y" * 20_001), "longer than 20000"),
    ],
)
def test_words_that_cannot_be_kept_are_refused(words: ProblemWords, sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        checked(words)


def test_what_first_level_cannot_find_is_not_confirmed() -> None:
    refuse_unless_findable("Red lamp")
    with pytest.raises(NotAllowed, match="what customers say"):
        refuse_unless_findable(" \n")


def test_the_name_is_said_on_the_telephone() -> None:
    assert name_of(12) == "P-12"
