"""The functions that give more than the rows: narrow, noted, and with a path of their own."""

from tests.db.rights.conftest import Session
from tests.db.rights.test_matrix import REFUSED
from tests.db.rights.test_ways_round import NAMES, VISIBLE, names
from tests.db.rights.world import id_of


def test_functions_run_with_their_own_path_as_the_owner(by: dict[str, Session]) -> None:
    query = (
        "SELECT proname FROM pg_proc WHERE pronamespace = 'firstline'::regnamespace AND (NOT prosecdef"
        " OR proowner <> 'firstline_owner'::regrole OR proconfig <> '{\"search_path=pg_catalog, pg_temp\"}')"
    )
    assert by["*"].rows(query) == []
    owner = "SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'firstline_owner'"
    assert by["*"].rows(owner) == [(False, False, False)]


def test_a_look_up_is_narrow_and_noted(by: dict[str, Session]) -> None:
    ask = "SELECT * FROM firstline.customers_like(%s)"
    found = {"cu": 0, "": 0, "%%%": 0, "___": 0, "far": 1, "customer": 6}
    assert {words: len(by["1"].rows(ask, values=(words,))) for words in found} == found
    noted = "SELECT customer_id FROM look_up ORDER BY at DESC LIMIT 1"
    assert by["1"].rows("SELECT firstline.customers_named('customer far')", noted) == [(id_of("customer", "far"),)]
    assert names(by, "SELECT firstline.customers_named('customer far')", NAMES) == VISIBLE | {"Customer far"}
    assert by["1"].rows("SELECT * FROM firstline.customers_at_switchboard('+4', 14)") == []  # that is half the world


def test_who_looks_up_too_many_is_stopped(by: dict[str, Session]) -> None:
    made = (
        "INSERT INTO customer SELECT gen_random_uuid(), n::text, 'x', '', '', 'de' FROM generate_series(1, 1000) n",
        f"INSERT INTO look_up SELECT '{id_of('person', 'ada')}', id, now() FROM customer WHERE name = 'x'",
        "SET LOCAL SESSION AUTHORIZATION ada",
    )
    assert by["*"].refusal(*made, "SELECT firstline.customers_named('customer far')") == REFUSED
    assert by["*"].refusal(*made[:1], *made[2:], "SELECT firstline.customers_named('customer far')") == ""


def test_a_wallboard_reads_counts_of_nobody(by: dict[str, Session]) -> None:
    assert by["W"].rows("SELECT queue, waiting_count, talking_count FROM firstline.calls_now()") == [("q", 1, 3)]
    assert by["W"].rows("SELECT level, waiting_count, claimed_count FROM firstline.cases_now() ORDER BY 1") == [
        (2, 2, 4),
        (3, 1, 2),
    ]
    assert by["W"].rows("SELECT * FROM firstline.agents_now()") == []  # fewer than five together would be somebody


def test_a_wallboard_tells_large_teams_apart(by: dict[str, Session]) -> None:
    people_of_office = (
        "INSERT INTO person SELECT gen_random_uuid(), 'w' || n, '', id, '[\"first_level\"]' FROM team,"
        " generate_series(1, 4) n WHERE team.name = 'office'",
        "INSERT INTO agent SELECT id, 'paused', 'lunch', now(), now() FROM person WHERE login LIKE 'w_'",
    )
    now = "SELECT * FROM firstline.agents_now()"
    assert by["*"].rows(*people_of_office, now) == [(None, "available", 2), (None, "paused", 4)]  # one is elsewhere
    gone = f"UPDATE agent SET state = 'signed_out' WHERE person_id = '{id_of('person', 'far')}'"
    assert by["*"].rows(*people_of_office, gone, now) == [("office", "available", 1), ("office", "paused", 4)]
