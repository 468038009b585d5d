"""What is refused although the statement is permitted: by whose row it is, by its state, by the name it is written in.

Each line is an attempt through a bare connection: who, what, and what comes of it: "refused", or how many rows it hits.
"""

from itertools import product
from uuid import UUID

import pytest

from app.domain.cases import TRANSITIONS, CaseState
from tests.db.rights.conftest import Session
from tests.db.rights.world import id_of

NEW = UUID(int=7)


def case(name: str) -> str:
    return f"'{id_of('case', name)}'"


def person(login: str) -> str:
    return f"'{id_of('person', login)}'"


def move(name: str, changes: str) -> str:
    return f"UPDATE case_file SET {changes} WHERE id = {case(name)}"


def as_sent(letter: str, statement: str) -> str:
    """Who steers cases, or works out their clocks, changes them through the view that does not say whose they are."""
    return statement.replace("UPDATE case_file", "UPDATE firstline.steered_case") if letter in "SA" else statement


# What else changes on the way into a state.
WITH = {
    CaseState.OPEN: "level = 1, owner_id = opened_by",
    CaseState.WAITING: "level = level + 1, owner_id = NULL",
    CaseState.CLAIMED: f"owner_id = {person('ben')}",
    CaseState.SOLVED: "solved_at = now()",
}
STANDS = {
    "open": "open",
    "waiting": "waiting",
    "claimed": "claimed",
    "solved": "solved 2",
}  # state -> case of the world
WHOSE = {"open": "1", "waiting": "2", "claimed": "2", "solved": "2"}


@pytest.mark.parametrize(("old", "new"), list(product(CaseState, CaseState)))
@pytest.mark.parametrize("is_keeper", [False, True])
def test_a_case_goes_the_ways_of_the_transition_table(
    by: dict[str, Session], old: CaseState, new: CaseState, is_keeper: bool
) -> None:
    """For whoever may make the move, and for the database's keeper alike."""
    ways = {(state, after) for (state, _), after in TRANSITIONS.items()}
    session = by["*" if is_keeper else WHOSE[old]]
    outcome = session.outcome(move(STANDS[old], f"state = '{new}', {WITH[new]}"))
    if old == new:  # no way at all; but whoever has a case may note something in it
        is_allowed = new in (CaseState.OPEN, CaseState.CLAIMED) or (is_keeper and new is CaseState.SOLVED)
    else:
        is_allowed = (old, new) in ways
    assert outcome == ("1" if is_allowed else "refused")


MOVES = [
    # Nothing changes what is solved, not even for whoever solved it.
    ("1", move("solved", "priority = 1"), "refused"),
    ("1", move("solved", "state = 'open', owner_id = opened_by"), "refused"),
    ("2", move("solved 2", "answer_id = NULL"), "refused"),
    # First level: its own open cases.
    ("1", move("open", "state = 'waiting', level = 2, owner_id = NULL"), "1"),
    ("1", move("open", "state = 'waiting', level = 3, owner_id = NULL"), "1"),
    ("1", move("open", "state = 'waiting', level = 1, owner_id = NULL"), "refused"),
    ("1", move("open", "state = 'waiting', level = 2"), "refused"),  # two owners
    ("1", move("open", f"owner_id = {person('mia')}"), "refused"),
    ("1", move("open", "level = 2"), "refused"),
    ("1", move("open", "state = 'solved', level = 2"), "refused"),
    ("1", move("mate", "state = 'solved'"), "refused"),
    ("1", move("looked", "state = 'solved'"), "refused"),
    ("1", move("far open", "state = 'solved'"), "0"),
    ("1", move("opened", f"state = 'claimed', owner_id = {person('ada')}"), "refused"),
    ("1", move("opened", "priority = 1"), "refused"),  # it is in a queue, and not hers any more
    ("1", "UPDATE case_file SET priority = 1", "refused"),
    # Second level: claims for itself, from its own queue; moves what it has.
    ("2", move("waiting", f"state = 'claimed', owner_id = {person('ben')}"), "1"),
    ("2", move("waiting", f"state = 'claimed', owner_id = {person('bea')}"), "refused"),
    ("2", move("waiting", "state = 'claimed'"), "refused"),
    ("2", move("waiting", f"state = 'claimed', level = 3, owner_id = {person('ben')}"), "refused"),
    ("2", move("waiting", "priority = 1"), "refused"),
    ("2", move("waiting 3", f"state = 'claimed', owner_id = {person('ben')}"), "0"),
    ("2", move("not ben's", f"owner_id = {person('ben')}"), "refused"),
    ("2", move("not ben's", "state = 'solved'"), "refused"),
    ("2", move("claimed", "state = 'solved', solved_at = now()"), "1"),
    ("2", move("claimed", "state = 'open', level = 1, owner_id = opened_by"), "1"),
    ("2", move("claimed", f"state = 'open', level = 1, owner_id = {person('ada')}"), "refused"),
    ("2", move("claimed", "state = 'open', level = 1"), "refused"),
    ("2", move("claimed", "state = 'waiting', level = 3, owner_id = NULL"), "1"),
    ("2", move("claimed", "state = 'waiting', level = 3"), "refused"),
    ("2", move("claimed", f"owner_id = {person('bea')}"), "refused"),
    ("2", move("returned", "state = 'solved'"), "refused"),
    # Third level has its own queue.
    ("3", move("waiting 3", f"state = 'claimed', owner_id = {person('tina')}"), "1"),
    ("3", move("waiting", f"state = 'claimed', owner_id = {person('tina')}"), "0"),
]


def opening(login: str, state: str, level: int, owner: str) -> str:
    return (
        "INSERT INTO case_file (id, number, title, state, level, priority, opened_at, level_since, opened_by, owner_id,"
        f" team_id) VALUES ('{NEW}', 'new', '', '{state}', {level}, 4, now(), now(), {person(login)}, {owner},"
        f" '{id_of('team', 'office')}')"
    )


OPENINGS = [
    ("1", opening("ada", "open", 1, person("ada")), "1"),
    ("1", opening("ada", "solved", 1, person("ada")), "1"),
    ("1", opening("ada", "waiting", 2, "NULL"), "1"),
    ("1", opening("mia", "open", 1, person("mia")), "refused"),
    ("1", opening("ada", "open", 1, person("mia")), "refused"),
    ("1", opening("ada", "waiting", 2, person("ben")), "refused"),
    ("1", opening("ada", "waiting", 1, "NULL"), "refused"),
    ("1", opening("ada", "claimed", 2, person("ada")), "refused"),
    ("1", opening("ada", "solved", 2, person("ada")), "refused"),
    ("1", opening("ada", "odd", 1, person("ada")), "refused"),
    ("2", opening("ben", "waiting", 3, "NULL"), "1"),
    ("2", opening("ada", "open", 1, person("ada")), "refused"),
    ("S", opening("sue", "open", 1, person("sue")), "refused"),
]


def _line(name: str, login: str) -> str:
    values = f"'{NEW}', {case(name)}, now(), {person(login)}, 'solved', 1, 1, ''"
    return f"INSERT INTO timeline (id, case_id, at, by, event, from_level, to_level, text) VALUES ({values})"


def _watch(name: str, login: str) -> str:
    return f"INSERT INTO watcher VALUES ({case(name)}, {person(login)})"


PARTS = [
    ("1", _line("open", "ada"), "1"),
    ("1", _line("open", "mia"), "refused"),
    ("1", _line("mate", "ada"), "refused"),
    ("1", _line("far open", "ada"), "refused"),
    ("2", _line("claimed", "ben"), "1"),
    ("2", _line("returned", "ben"), "1"),  # the line that says so is written after the case has moved
    ("2", _line("waiting", "ben"), "refused"),
    ("2", _line("not ben's", "ben"), "refused"),
    ("2", _line("claimed", "bea"), "refused"),
    ("S", _line("open", "sue"), "refused"),
    ("1", _watch("open", "ada"), "1"),
    ("1", _watch("open", "mia"), "refused"),
    ("1", _watch("far open", "ada"), "refused"),
    ("2", _watch("claimed", "ben"), "1"),
    ("2", _watch("waiting", "ben"), "refused"),
]


def _together(decision: str, login: str) -> str:
    """What decides, and its line and watcher, in one statement: none of its parts sees what the others do."""
    line = f"SELECT gen_random_uuid(), id, now(), {person(login)}, 'escalated', 1, 2, '' FROM decided"
    return (
        f"WITH decided AS ({decision} RETURNING id), watching AS (INSERT INTO watcher SELECT id, {person(login)} FROM"
        f" decided) INSERT INTO timeline (id, case_id, at, by, event, from_level, to_level, text) {line}"
    )


TOGETHER = [
    ("1", _together(opening("ada", "waiting", 2, "NULL"), "ada"), "1"),
    ("1", _together(move("open", "state = 'waiting', level = 2, owner_id = NULL"), "ada"), "1"),
    ("2", _together(move("waiting", f"state = 'claimed', owner_id = {person('ben')}"), "ben"), "1"),
    ("2", _together(move("claimed", "state = 'waiting', level = 3, owner_id = NULL"), "ben"), "1"),
    ("2", _together(move("claimed", "state = 'open', level = 1, owner_id = opened_by"), "ben"), "1"),
    ("1", _together(opening("ada", "waiting", 2, "NULL"), "mia"), "refused"),
    ("2", _together("UPDATE case_file SET state = state WHERE state = 'waiting'", "ben"), "refused"),
]


def _booking(name: str, login: str, contract: str = "NULL") -> str:
    return (
        "INSERT INTO booking (id, case_id, contract_id, kind, at, by, minutes, billed_minutes, text)"
        f" VALUES ('{NEW}', {case(name)}, {contract}, 'work', now(), {person(login)}, 5, 5, '')"
    )


def _alarm(name: str) -> str:
    return (
        f"INSERT INTO alarm (case_id, clock, since, step, told_at) VALUES ({case(name)}, 'own', now(), '75 %', now())"
    )


def _rules(by: str) -> str:
    return f"INSERT INTO rule_set (kind, text, at, by) VALUES ('promises', '', now(), '{by}')"


PROMISES = [
    ("1", _booking("open", "ada"), "1"),
    ("1", _booking("open", "mia"), "refused"),
    ("1", _booking("mate", "ada"), "refused"),
    ("1", _booking("open", "ada", f"'{id_of('contract', 'far')}'"), "refused"),  # which is not that of the case
    ("2", _booking("claimed", "ben"), "1"),
    ("2", _booking("waiting", "ben"), "refused"),
    ("S", _booking("open", "sue"), "refused"),
    ("S", _alarm("far open"), "1"),
    ("2", _alarm("claimed"), "refused"),
    ("A", _rules("adam"), "1"),
    ("A", _rules("eva"), "refused"),
    ("1", _rules("ada"), "refused"),
    *[
        (letter, move(name, "due_at = now(), alarm_at = NULL"), "1")
        for name in ("far open", "waiting", "claimed 3")
        for letter in "SA"
    ],
    ("S", move("solved 2", "due_at = now()"), "0"),  # long over: not seen any more
    ("A", move("solved 2", "due_at = now(), alarm_at = NULL"), "0"),
    *[("S", move(name, "waits_for = 'customer'"), "refused") for name in ("waiting", "claimed", "claimed 3")],
    ("A", move("waiting", "waits_for = 'customer'"), "refused"),
    ("A", move("waiting", "priority = 1"), "refused"),
    ("2", move("claimed", "waits_for = 'customer', resolve_due_at = NULL"), "1"),
    ("2", move("waiting", "resolve_due_at = NULL"), "refused"),
]


def _command(id_: UUID, by: str) -> str:
    return f"INSERT INTO applied_command (id, by, applied_at) VALUES ('{id_}', {by}, now())"


def _call(login: str) -> str:
    names = (
        "id, source, number_raw, number_kind, display_name, queue, state, agent_id, queued_at, held_ms, note, told_at"
    )
    values = f"'{NEW}', 'demo', '', 'unknown', '', '', 'queued', {person(login)}, now(), 0, '', now()"
    return f"INSERT INTO call ({names}) VALUES ({values})"


def _agent(login: str) -> str:
    return f"INSERT INTO agent VALUES ({person(login)}, 'paused', NULL, now(), now())"


def _change(topic: str) -> str:
    return f"INSERT INTO change (topic, subject_id, at) VALUES ('{topic}', '{NEW}', now())"


OTHERS = [
    ("1", _command(NEW, person("ada")), "1"),
    ("1", _command(NEW, person("ben")), "refused"),
    ("1", _command(NEW, "NULL"), "refused"),
    ("1", f"{_command(id_of('command', 'far'), person('ada'))} ON CONFLICT DO NOTHING", "0"),
    ("1", _call("ada"), "1"),
    ("1", _call("mia"), "refused"),
    ("2", _call("ben"), "refused"),
    ("G", _call("mia"), "1"),
    ("1", "UPDATE call SET note = 'mine'", "1"),  # of two that she sees
    ("G", "UPDATE call SET state = 'closed'", "6"),
    ("1", f"DELETE FROM call WHERE agent_id = {person('ada')}", "refused"),
    ("1", "UPDATE agent SET state = 'paused'", "1"),
    ("1", _agent("mia"), "refused"),
    ("2", _agent("ben"), "refused"),
    ("1", _change("cases"), "1"),
    ("1", _change("answers"), "refused"),
    ("3", _change("calls"), "1"),
    ("E", _change("answers"), "1"),
    ("E", _change("cases"), "refused"),
    ("S", _change("cases"), "1"),
    ("S", _change("calls"), "refused"),
    ("S", _change("alarms"), "1"),
    ("A", _change("cases"), "refused"),
    ("A", _change("rules"), "1"),
    ("G", _change("calls"), "1"),
    ("G", _change("cases"), "refused"),
    ("E", "UPDATE answer SET title = 'New', version = version + 1 WHERE key = 'first'", "1"),
    ("E", "DELETE FROM answer WHERE key = 'second'", "1"),
    ("A", "DELETE FROM look_up", "1"),  # the one that is old enough
    ("A", f"UPDATE person SET roles = '[\"editor\"]' WHERE id = {person('ada')}", "1"),
    ("A", f"INSERT INTO team VALUES ('{NEW}', 'New')", "1"),
    ("A", f"DELETE FROM person WHERE id = {person('gone')}", "1"),
    ("A", f"DELETE FROM person WHERE id = {person('ada')}", "broken"),  # her name stands in timelines
]


@pytest.mark.parametrize(("letter", "statement", "outcome"), [*MOVES, *OPENINGS, *PARTS, *TOGETHER, *PROMISES, *OTHERS])
def test_an_attempt(by: dict[str, Session], letter: str, statement: str, outcome: str) -> None:
    assert by[letter].outcome(as_sent(letter, statement)) == outcome


def test_who_has_no_role_any_more_cannot_sign_in(by: dict[str, Session]) -> None:
    """And were they still connected, nothing would be theirs: `me` does not know them."""
    before = (f"UPDATE person SET roles = '[]' WHERE id = {person('sue')}", "SET LOCAL SESSION AUTHORIZATION sue")
    assert by["*"].rows(*before, "SELECT firstline.me(), count(*) FROM firstline.steered_case") == [(None, 0)]
