"""Leases: a case is taken away only from a desk that died, and nobody renews for another."""

import pytest

from tests.db.rights.conftest import Session
from tests.db.rights.test_moves import NEW, case, move, person

BACK = "state = 'waiting', owner_id = NULL"


@pytest.mark.parametrize("is_lapsed", [False, True])
def test_a_case_is_taken_away_only_from_a_desk_that_died(by: dict[str, Session], is_lapsed: bool) -> None:
    """Who sees the case may put it back where it was, and nowhere else; no line in the timeline tells it but the
    function's."""
    beas = f"UPDATE lease SET until = now() - interval '{1 if is_lapsed else -1} s' WHERE person_id = {person('bea')}"
    as_ben = "SET LOCAL SESSION AUTHORIZATION ben"
    keeper = by["*"]
    assert keeper.refusal(beas, as_ben, move("not ben's", BACK)) == ("" if is_lapsed else "42501")
    assert keeper.refusal(beas, as_ben, move("not ben's", f"{BACK}, level = 1")) == "42501"
    assert keeper.refusal(beas, as_ben, move("solved 2", BACK)) == "42501"
    assert by["2"].refusal(move("not ben's", BACK)) == "42501"


def test_nobody_writes_of_a_lapse_by_hand(by: dict[str, Session]) -> None:
    line = "INSERT INTO timeline (id, case_id, at, by, event, from_level, to_level, text)"
    values = f"VALUES ('{NEW}', {case('claimed')}, now(), {person('ben')}, 'lapsed', 2, 2, '')"
    assert by["2"].outcome(f"{line} {values}") == "refused"
    assert by["2"].outcome(f"{line} {values.replace('lapsed', 'claimed')}") == "1"


def test_a_lease_is_ones_own(by: dict[str, Session]) -> None:
    assert by["1"].outcome(f"UPDATE lease SET until = now() WHERE person_id = {person('far')}") == "0"
    assert by["1"].outcome(f"DELETE FROM lease WHERE person_id = {person('far')}") == "0"
    assert by["2"].outcome(f"INSERT INTO lease VALUES ({person('bea')}, now())") == "refused"
