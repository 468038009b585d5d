"""What supervisors and raised hands may, row by row: an alert is seen in one's own name, help stays private."""

import pytest

from tests.db.rights.conftest import Session
from tests.db.rights.world import id_of


def of(kind: str, name: str) -> str:
    return f"'{id_of(kind, name)}'"


def _line(hand: str, by: str) -> str:
    values = f"gen_random_uuid(), {of('hand', hand)}, {of('person', by)}, now(), 'x'"
    return f"INSERT INTO hand_line (id, hand_id, by, at, text) VALUES ({values})"


def _case(name: str, changes: str) -> str:
    """Through the view, as supervisors change cases; second level, which has no right on it, is refused there."""
    return f"UPDATE firstline.steered_case SET {changes} WHERE id = {of('case', name)}"


def _put_right(login: str) -> str:
    return f"SELECT WHERE firstline.put_right({of('person', login)}, now(), now()) IS NOT NULL"


def _said(case: str, event: str, by: str) -> str:
    values = f"gen_random_uuid(), {of('case', case)}, now(), {of('person', by)}, '{event}', 2, 2, ''"
    return f"INSERT INTO timeline (id, case_id, at, by, event, from_level, to_level, text) VALUES ({values})"


SEEN = f"UPDATE alert SET seen_at = now(), seen_by = {of('person', 'sue')}"
NOTICE = "INSERT INTO notice (id, by, at, until, text) VALUES (gen_random_uuid(), {}, now(), 'tomorrow', 'x')"
HAND = "INSERT INTO hand (id, person_id, raised_at, about) VALUES (gen_random_uuid(), {}, now(), '')"
READ = f"INSERT INTO notice_seen (notice_id, person_id, at) VALUES ({of('notice', 'all')}, {{}}, now())"


@pytest.mark.parametrize(
    ("who", "statement", "outcome"),
    [
        ("S", SEEN, "1"),
        ("S", f"UPDATE alert SET seen_at = now(), seen_by = {of('person', 'ada')}", "refused"),
        ("S", "UPDATE alert SET ended_at = now()", "1"),
        ("1", SEEN, "refused"),
        ("S", NOTICE.format(of("person", "sue")), "1"),
        ("S", NOTICE.format(of("person", "ada")), "refused"),
        ("1", NOTICE.format(of("person", "ada")), "refused"),
        ("2", READ.format(of("person", "ben")), "1"),
        ("2", READ.format(of("person", "tina")), "refused"),
        ("2", HAND.format(of("person", "ben")), "1"),
        ("2", HAND.format(of("person", "ada")), "refused"),
        ("1", HAND.format(of("person", "ada")), "broken"),  # hers is up already
        ("1", _line("ada", "ada"), "1"),
        ("1", _line("ada", "sue"), "refused"),
        ("1", _line("far", "ada"), "refused"),
        ("2", _line("ada", "ben"), "refused"),
        ("S", _line("ada", "sue"), "1"),
        ("S", f"UPDATE hand SET lowered_at = now() WHERE id = {of('hand', 'ada')}", "refused"),
        ("1", f"UPDATE hand SET lowered_at = now() WHERE id = {of('hand', 'far')}", "0"),
        ("1", f"UPDATE hand SET lowered_at = now() WHERE id = {of('hand', 'ada')}", "1"),
        ("S", _put_right("ada"), "1"),
        ("S", _put_right("sue"), "0"),  # who takes no calls
        ("1", _put_right("far"), "refused"),
        ("S", f"UPDATE agent SET state = 'signed_out' WHERE person_id = {of('person', 'ada')}", "refused"),
        ("S", _case("waiting", "priority = 1, due_at = now()"), "1"),
        ("S", _case("claimed", "priority = 1"), "1"),
        ("S", _case("open", "priority = 1"), "refused"),  # of first level, and its agent's
        ("S", _case("solved 2", "priority = 1"), "0"),  # long over: not seen any more
        ("S", _case("waiting", f"state = 'claimed', owner_id = {of('person', 'ben')}"), "1"),
        ("S", _case("waiting", f"state = 'claimed', owner_id = {of('person', 'tina')}"), "refused"),  # of third level
        ("S", _case("claimed", f"owner_id = {of('person', 'bea')}"), "refused"),  # taken back first, then given
        ("S", _case("claimed", "state = 'solved'"), "refused"),
        ("S", _case("waiting", "level = 3"), "refused"),
        ("2", _case("not ben's", f"owner_id = {of('person', 'ben')}"), "refused"),
        ("2", _case("waiting", "priority = 1"), "refused"),
        ("S", _said("waiting", "prioritised", "sue"), "1"),
        ("S", _said("waiting", "prioritised", "ben"), "refused"),
        ("S", _said("waiting", "solved", "sue"), "refused"),
        ("2", _said("claimed", "assigned", "ben"), "refused"),
        ("E", f"UPDATE agent SET state = 'signed_out' WHERE person_id = {of('person', 'ada')}", "refused"),
    ],
)
def test_each_attempt_has_its_outcome(by: dict[str, Session], who: str, statement: str, outcome: str) -> None:
    assert by[who].outcome(statement) == outcome


def test_who_saw_an_alert_first_stays(by: dict[str, Session]) -> None:
    assert by["S"].refusal(SEEN, "UPDATE alert SET seen_by = NULL, seen_at = NULL") == "42501"
    assert by["S"].refusal("UPDATE alert SET ended_at = now()", "UPDATE alert SET ended_at = NULL") == "42501"


def test_a_hand_that_is_down_is_written_to_by_nobody(by: dict[str, Session]) -> None:
    down = f"UPDATE hand SET lowered_at = now() WHERE id = {of('hand', 'ada')}"
    assert by["1"].refusal(down, _line("ada", "ada")) == "42501"
