"""What a desk reports about the answers: one use at a time, of no more weight than it has, and never read back."""

from datetime import UTC, datetime

import pytest

from app.domain.answer_use import weight_of
from tests.db.rights.conftest import Session
from tests.db.rights.test_matrix import REFUSED
from tests.db.rights.world import id_of

USE = "INSERT INTO answer_use (answer_id, kind, day, count, weight) VALUES (%s, 'solved', current_date + %s, %s, %s)"


@pytest.mark.parametrize(
    ("days", "count", "times", "state"),
    [(0, 1, 1.0, ""), (-30, 1, 1.0, ""), (0, 1_000, 1.0, REFUSED), (30, 1, 1.0, REFUSED), (0, 1, 1.5, REFUSED),
     (0, 1, -1.0, REFUSED), (0, 1, float("inf"), REFUSED), (0, 1, float("nan"), REFUSED)],
)  # fmt: skip
def test_no_desk_makes_an_answer_popular(
    by: dict[str, Session], days: int, count: int, times: float, state: str
) -> None:
    weight = times * weight_of(datetime.now(UTC).date())
    assert by["1"].refusal(USE, values=(id_of("answer", "first"), days, count, weight)) == state


def test_editors_fold_and_remove(by: dict[str, Session]) -> None:
    assert by["E"].refusal(USE, values=(id_of("answer", "first"), 0, 1_000, 1.0)) == ""
    assert by["E"].count("DELETE FROM answer_use") == 1 and by["E"].count("DELETE FROM public.search_gap") == 1


def test_who_reads_searches_in_vain(by: dict[str, Session]) -> None:
    for letter in "SE":
        assert by[letter].rows("SELECT text FROM public.search_gap") == [("turbine",)]
    for letter in "123AGW":
        assert by[letter].refusal("SELECT text FROM public.search_gap") == REFUSED
