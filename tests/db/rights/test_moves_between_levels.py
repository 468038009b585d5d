"""What second and third level may do with each other's cases, and what stays hidden from third level."""

from uuid import UUID

import pytest

from tests.db.rights.conftest import Session
from tests.db.rights.test_moves import NEW, as_sent, case, move, opening, person
from tests.db.rights.world import id_of

MOVES = [
    # What third level solved goes down, or it is said why not.
    ("3", move("claimed 3", "state = 'solved'"), "refused"),
    ("3", move("claimed 3", "state = 'solved', kept_back = 'A batch of one'"), "1"),
    ("3", move("claimed 3", """state = 'solved', passed_down = '{"kind": "answer"}'"""), "1"),
    # Third level gives back to second level: to whoever passed it on, or to the queue.
    ("3", move("granted 3", f"level = 2, owner_id = {person('ben')}"), "1"),
    ("3", move("granted 3", f"level = 2, owner_id = {person('bea')}"), "refused"),
    ("3", move("claimed 3", f"level = 2, owner_id = {person('ben')}"), "refused"),
    ("3", move("claimed 3", "level = 2"), "refused"),
    ("3", move("claimed 3", "state = 'waiting', level = 2, owner_id = NULL"), "1"),
    ("3", move("claimed 3", "state = 'open', level = 1, owner_id = opened_by"), "refused"),
    # Back into the queue: by whoever has it, by a supervisor, by a colleague of who is not there.
    ("2", move("claimed", "state = 'waiting', owner_id = NULL"), "1"),
    ("2", move("not ben's", "state = 'waiting', owner_id = NULL"), "refused"),  # bea's desk lives
    ("2", move("ole's", "state = 'waiting', owner_id = NULL"), "1"),
    ("2", move("ole's", "state = 'waiting', level = 3, owner_id = NULL"), "refused"),
    ("2", move("granted 3", "state = 'waiting', owner_id = NULL"), "refused"),
    ("3", move("ole's", "state = 'waiting', owner_id = NULL"), "0"),
    ("S", move("not ben's", "state = 'waiting', owner_id = NULL"), "1"),
    ("S", move("claimed 3", "state = 'waiting', owner_id = NULL"), "1"),
    ("S", move("open", "state = 'waiting', level = 2, owner_id = NULL"), "1"),
    ("S", move("open", "state = 'waiting', owner_id = NULL"), "refused"),
    ("S", move("not ben's", f"owner_id = {person('ben')}"), "refused"),
    ("S", move("waiting", f"state = 'claimed', owner_id = {person('sue')}"), "refused"),
    ("S", move("not ben's", "state = 'waiting', owner_id = NULL, priority = 1"), "refused"),
    ("S", move("not ben's", "state = 'waiting', owner_id = NULL, level_since = now()"), "refused"),
    ("S", move("ole's", "state = 'waiting', owner_id = NULL, waits_for = 'customer'"), "refused"),
    ("1", move("mate", "state = 'waiting', level = 2, owner_id = NULL"), "refused"),
    # A supervisor says how urgent a case is, and who takes one that waits; and nothing else of it.
    ("S", move("waiting", "priority = 1, due_at = now(), warn_at = now(), alarm_at = now()"), "1"),
    ("S", move("claimed 3", "priority = 1, resolve_due_at = now()"), "1"),
    ("S", move("open", "priority = 1"), "refused"),
    ("S", move("solved 2", "priority = 1"), "0"),  # long over: not seen any more
    ("S", move("waiting", "level_since = now()"), "refused"),
    ("S", move("waiting", "priority = 1, level = 3"), "refused"),
    ("S", move("waiting", f"state = 'claimed', owner_id = {person('ben')}"), "1"),
    ("S", move("waiting 3", f"state = 'claimed', owner_id = {person('tina')}"), "1"),
    ("S", move("waiting 3", f"state = 'claimed', owner_id = {person('ben')}"), "refused"),
    ("S", move("waiting", f"state = 'claimed', owner_id = {person('ben')}, priority = 1"), "refused"),
    ("S", move("waiting", "state = 'claimed'"), "refused"),
    ("S", move("claimed", "state = 'claimed', owner_id = NULL"), "refused"),
    ("S", move("claimed 3", "state = 'solved', solved_at = now()"), "refused"),
    # Levels are merged by a function alone.
    ("2", move("waiting", "level = 3"), "refused"),
    ("3", move("waiting 3", "level = 2"), "refused"),
    ("S", move("waiting 3", "level = 2"), "refused"),
    ("A", "SELECT firstline.merge_levels(true)", "1"),
]


def _line(name: str, event: str, login: str) -> str:
    return (
        "INSERT INTO timeline (id, case_id, at, by, event, from_level, to_level, text)"
        f" VALUES ('{UUID(int=8)}', {case(name)}, now(), {person(login)}, '{event}', 2, 2, '')"
    )


def _ask(name: str, login: str, to: str) -> str:
    names = "id, case_id, asked_by, asked_at, text, to_person, to_level"
    return f"INSERT INTO question ({names}) VALUES ('{NEW}', {case(name)}, {person(login)}, now(), 'why?', {to})"


def _answer(name: str, login: str) -> str:
    values = f"answer = 'so', answered_by = {person(login)}, answered_at = now()"
    return f"UPDATE question SET {values} WHERE id = '{id_of('question', name)}'"


PARTS = [
    ("S", _line("ole's", "requeued", "sue"), "1"),
    ("S", _line("ole's", "solved", "sue"), "refused"),
    ("2", _line("ole's", "requeued", "ben"), "1"),
    ("2", _line("waiting 3", "requeued", "ben"), "refused"),
    ("3", _line("consulted", "advised", "tina"), "1"),
    ("3", _line("waiting 3", "advised", "tina"), "refused"),
    ("2", _line("claimed", "merged", "ben"), "refused"),
    ("2", _ask("claimed", "ben", f"{person('far')}, NULL"), "1"),
    ("2", _ask("claimed", "ben", "NULL, 3"), "1"),
    ("2", _ask("claimed", "bea", "NULL, 3"), "refused"),
    ("2", _ask("not ben's", "ben", "NULL, 3"), "refused"),
    ("2", _ask("waiting", "ben", "NULL, 3"), "refused"),
    ("1", _ask("open", "ada", "NULL, 3"), "refused"),
    ("1", _answer("opened", "ada"), "1"),
    ("1", _answer("opened", "mia"), "refused"),
    ("1", _answer("far open", "ada"), "0"),
    ("2", _answer("opened", "ben"), "0"),  # who asked does not answer
    ("3", _answer("consulted", "tina"), "1"),
    ("2", _answer("consulted", "ben"), "0"),
    ("2", f"INSERT INTO contact_grant VALUES ({case('claimed')}, {person('ben')}, now())", "1"),
    ("2", f"INSERT INTO contact_grant VALUES ({case('claimed')}, {person('bea')}, now())", "refused"),
    ("2", f"INSERT INTO contact_grant VALUES ({case('waiting')}, {person('ben')}, now())", "refused"),
    ("2", "DELETE FROM contact_grant", "1"),
    ("3", "DELETE FROM contact_grant", "refused"),
    ("2", f"UPDATE saved_filter SET name = 'x' WHERE person_id = {person('tina')}", "0"),
    ("2", f"DELETE FROM case_presence WHERE person_id = {person('tina')}", "0"),
]


def test_third_level_reads_who_called_only_where_it_is_granted(by: dict[str, Session]) -> None:
    """And there is no way round: not the column, not a copy of the row, not the telephone numbers."""
    third = by["3"]
    assert third.refusal("SELECT caller_number FROM timeline") == "42501"
    assert third.refusal("SELECT timeline FROM timeline") == "42501"
    assert third.refusal("SELECT to_jsonb(timeline) FROM timeline") == "42501"
    assert third.rows(f"SELECT firstline.granted_number({case('granted 3')})") == [("+4930231251990",)]
    assert third.rows(f"SELECT firstline.granted_number({case('claimed 3')})") == [(None,)]
    assert third.rows(f"SELECT firstline.granted_number({case('far open')})") == [(None,)]  # not even to be seen
    assert third.rows("SELECT customer_id FROM phone") == [(id_of("customer", "granted"),)]
    ended = f"DELETE FROM contact_grant WHERE case_id = {case('granted 3')}"
    as_tina = "SET LOCAL SESSION AUTHORIZATION tina"
    assert by["*"].rows(ended, as_tina, f"SELECT firstline.granted_number({case('granted 3')})") == [(None,)]
    assert by["*"].rows(ended, as_tina, "SELECT FROM phone") == []


def test_no_grant_without_a_trace(by: dict[str, Session]) -> None:
    """At the end of the transaction the timeline must tell it."""
    grant = f"INSERT INTO contact_grant VALUES ({case('claimed')}, {person('ben')}, now())"
    end = f"DELETE FROM contact_grant WHERE case_id = {case('granted 3')}"
    now = "SET CONSTRAINTS ALL IMMEDIATE"
    assert by["2"].refusal(grant, now) == "42501"
    assert by["2"].refusal(grant, _line("claimed", "granted", "ben"), now) == ""
    assert by["2"].refusal(end, now) == "42501"
    assert by["2"].refusal(end, _line("granted 3", "grant_ended", "ben"), now) == ""


def test_merged_there_is_no_third_level(by: dict[str, Session]) -> None:
    """Its people are second level then, with all that is its."""
    keeper, merge = by["*"], "SELECT firstline.merge_levels(true)"

    def as_login(login: str) -> tuple[str, str]:
        return merge, f"SET LOCAL SESSION AUTHORIZATION {login}"

    third = "SELECT id FROM case_file WHERE level = 3 AND state <> 'solved'"
    assert keeper.rows(merge, third) == []
    moved = "SELECT count(*) FROM timeline WHERE event = 'merged' AND from_level = 3 AND to_level = 2"
    assert keeper.rows(merge, moved) == [(3,)]
    up = move("claimed", "state = 'waiting', level = 3, owner_id = NULL")
    assert keeper.refusal(*as_login("ben"), up) == "42501"
    assert keeper.refusal(*as_login("ada"), opening("ada", "waiting", 3, "NULL")) == "42501"
    assert keeper.refusal(*as_login("ada"), opening("ada", "waiting", 2, "NULL")) == ""
    take = move("waiting", f"state = 'claimed', owner_id = {person('tina')}")
    assert keeper.refusal(*as_login("tina"), take) == ""
    assert keeper.rows(*as_login("tina"), f"SELECT firstline.granted_number({case('granted 3')})") != [(None,)]
    split = "SELECT firstline.merge_levels(false)"
    assert keeper.rows(merge, split, third) == [
        (id_of("case", "waiting 3"),)
    ]  # the others have a person at second level


def test_only_administrators_merge(by: dict[str, Session]) -> None:
    for letter in "123SEG":
        assert by[letter].refusal("SELECT firstline.merge_levels(true)") == "42501"


@pytest.mark.parametrize(("letter", "statement", "outcome"), [*MOVES, *PARTS])
def test_an_attempt(by: dict[str, Session], letter: str, statement: str, outcome: str) -> None:
    assert by[letter].outcome(as_sent(letter, statement)) == outcome
