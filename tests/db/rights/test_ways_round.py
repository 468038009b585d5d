"""Attempts to get round: everything PostgreSQL offers besides asking a table, tried by a first-level agent and others.

Facts without a privilege of their own (NOTIFY, advisory locks, the existence of an id that somebody knows already) are
tested as facts: the program must not rely on them.
"""

from pathlib import Path

import psycopg
import pytest

from tests import people
from tests.db.rights.conftest import Session
from tests.db.rights.test_matrix import LETTERS, REFUSED
from tests.db.rights.world import id_of

VISIBLE = {"Customer near", "Customer opened", "Customer looked"}  # to Ada
NAMES = "SELECT name FROM customer"


def names(by: dict[str, Session], *statements: str) -> set[str]:
    return {str(value) for (value,) in by["1"].rows(*statements)}


# --- making something of one's own ----------------------------------------------------------------------------------


MAKING = [
    "CREATE TABLE mine (id integer)",
    "CREATE TEMPORARY TABLE customer (id integer)",
    "CREATE TEMPORARY VIEW seen AS SELECT * FROM customer",
    "CREATE VIEW seen AS SELECT * FROM customer",
    "CREATE MATERIALIZED VIEW seen AS SELECT * FROM customer",
    "CREATE SCHEMA mine",
    "CREATE SCHEMA AUTHORIZATION ada",
    "CREATE FUNCTION firstline.me(text) RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
    "CREATE FUNCTION public.mine() RETURNS void LANGUAGE sql AS ''",
    "CREATE FUNCTION pg_temp.mine() RETURNS void LANGUAGE sql AS ''",
    "CREATE OR REPLACE FUNCTION firstline.me() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
    "CREATE OPERATOR public.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = uuid_ne)",
    "CREATE OPERATOR pg_temp.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = uuid_ne)",
    "CREATE DOMAIN public.name AS text",
    "CREATE TYPE public.uuid AS ENUM ('x')",
    "CREATE AGGREGATE public.mine(text) (SFUNC = textcat, STYPE = text)",
    "CREATE CAST (text AS uuid) WITH INOUT AS IMPLICIT",
    "CREATE EXTENSION dblink",
    "CREATE EXTENSION pg_trgm",  # a trusted one
    "CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION mine()",
    "CREATE PUBLICATION mine FOR ALL TABLES",
    "CREATE ROLE mine",
    "SELECT * INTO TEMPORARY mine FROM customer",
    "SELECT setval(pg_get_serial_sequence('public.change', 'id'), 1)",
    "SELECT nextval(pg_get_serial_sequence('public.change', 'id'))",
]
BECOMING = [
    *(f"SET ROLE firstline_{group}" for group in ("owner", "second_level", "supervisor", "administrator", "gateway")),
    "SET ROLE ben",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION ben",
    "SET SESSION AUTHORIZATION postgres",
    "SET session_replication_role = replica",
    *(f"ALTER ROLE ada {right}" for right in ("SUPERUSER", "BYPASSRLS", "CREATEROLE", "CREATEDB", "REPLICATION")),
    "ALTER ROLE ben PASSWORD 'x'",
    "GRANT firstline_supervisor TO ada",
    "GRANT ben TO ada",
    "ALTER FUNCTION firstline.me() SECURITY INVOKER",
    "DROP FUNCTION firstline.me() CASCADE",
    "ALTER SCHEMA firstline RENAME TO other",
    "ALTER TABLE case_file DISABLE TRIGGER ALL",
    "ALTER DATABASE template1 SET search_path = pg_temp",
    "REASSIGN OWNED BY ben TO ada",
]
OUTSIDE = [
    "COPY customer TO '/tmp/customers'",
    "COPY customer TO PROGRAM 'cat'",
    "COPY customer FROM '/etc/passwd'",
    "COPY customer FROM PROGRAM 'id'",
    "COPY customer FROM STDIN",
    "COPY look_up FROM STDIN",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/tmp/customers')",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_read_binary_file('postgresql.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_stat_file('.')",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT * FROM pg_statistic",
    "SELECT * FROM pg_largeobject",
    "SELECT * FROM pg_hba_file_rules",
    "SELECT pg_reload_conf()",
    "SELECT pg_logical_slot_get_changes('x', NULL, NULL)",
    "SELECT pg_create_logical_replication_slot('x', 'pgoutput')",
]


@pytest.mark.parametrize("statement", [*MAKING, *BECOMING, *OUTSIDE])
def test_it_is_refused(by: dict[str, Session], statement: str) -> None:
    assert by["1"].refusal(statement) == REFUSED


@pytest.mark.parametrize("letter", LETTERS)
def test_no_role_makes_or_becomes_anything(by: dict[str, Session], letter: str) -> None:
    making = ("CREATE TEMPORARY TABLE mine (id integer)", "CREATE SCHEMA mine", "CREATE ROLE mine")
    becoming = ("SET ROLE firstline_owner", "GRANT firstline_owner TO CURRENT_USER", "SELECT * FROM pg_authid")
    statements = (*making, *becoming)
    assert {one: by[letter].refusal(one) for one in statements} == dict.fromkeys(statements, REFUSED)


def test_what_no_transaction_takes_is_refused_too(addresses: dict[str, str]) -> None:
    with psycopg.connect(people.plain(addresses["1"]), autocommit=True) as connection:
        for statement in ("CREATE DATABASE mine", "ALTER SYSTEM SET log_statement = 'all'"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


# --- seeing more ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statements",
    [
        (NAMES,),
        ("SET LOCAL search_path = pg_temp, firstline, public", NAMES),
        ("SET LOCAL enable_seqscan = off", NAMES),
        ("PREPARE every AS SELECT name FROM customer", "EXECUTE every"),
        ("DECLARE every CURSOR FOR SELECT name FROM customer", "FETCH ALL FROM every"),
        ("SELECT name FROM customer WHERE true OR name = name",),
        ("SELECT name FROM ONLY customer",),
        ("SELECT name FROM customer TABLESAMPLE BERNOULLI (100)",),
        ("SELECT c.name FROM contract RIGHT JOIN customer c ON false",),
        ("WITH every AS MATERIALIZED (SELECT name FROM customer) SELECT name FROM every",),
        ("SELECT unnest(xpath('//name/text()', query_to_xml('SELECT name FROM customer', true, false, '')))::text",),
        ("SELECT unnest(xpath('//name/text()', table_to_xml('customer', true, false, '')))::text",),
        ("SELECT json_array_elements((SELECT json_agg(c) FROM customer c)) ->> 'name'",),
    ],
)
def test_the_same_customers_are_seen_however_they_are_asked_for(
    by: dict[str, Session], statements: tuple[str, ...]
) -> None:
    assert names(by, *statements) == VISIBLE


def test_copy_gives_what_select_gives(addresses: dict[str, str]) -> None:
    with psycopg.connect(people.plain(addresses["1"])) as connection:
        for source in ("customer (name)", "(SELECT name FROM customer)"):
            with connection.cursor().copy(f"COPY {source} TO STDOUT") as copy:
                assert {row[0] for row in copy.rows()} == VISIBLE


def test_a_block_of_code_runs_as_who_sends_it(by: dict[str, Session]) -> None:
    block = "DO $$ BEGIN IF (SELECT count(*) FROM customer) <> 3 THEN RAISE 'more'; END IF; END $$"
    assert by["1"].refusal(block) == ""


def test_a_group_alone_sees_nothing(by: dict[str, Session]) -> None:
    """Who sets the role to a group of theirs, has that group's rights alone; a plan made before is made anew."""
    for group in ("first_level", "person"):
        assert by["1"].refusal(f"SET LOCAL ROLE firstline_{group}", "SELECT name FROM public.customer") == REFUSED
        prepared = f"PREPARE every_{group} AS SELECT name FROM public.customer"
        assert by["1"].refusal(prepared, f"SET LOCAL ROLE firstline_{group}", f"EXECUTE every_{group}") == REFUSED


def test_row_security_is_not_switched_off(by: dict[str, Session]) -> None:
    assert by["1"].refusal("SET LOCAL row_security = off", NAMES) == REFUSED


def test_hidden_rows_are_not_written_through_another_table(by: dict[str, Session]) -> None:
    far = id_of("case", "far open")
    moves = (
        f"UPDATE case_file SET state = 'solved' FROM customer WHERE case_file.id = '{far}'",
        f"MERGE INTO case_file USING team ON case_file.id = '{far}' WHEN MATCHED THEN UPDATE SET state = 'solved'",
        f"WITH moved AS (UPDATE case_file SET state = 'solved' WHERE id = '{far}' RETURNING id) SELECT * FROM moved",
    )
    assert {move: by["1"].outcome(move) for move in moves} == dict.fromkeys(moves, "0")
    upsert = (
        f"INSERT INTO call SELECT (json_populate_record(NULL::call, row_to_json(c)::json)).* FROM call c"
        f" WHERE id = '{id_of('call', 'far/looked')}' ON CONFLICT (id) DO UPDATE SET note = 'mine'"
    )
    assert by["1"].outcome(upsert) == "refused"


def test_what_ada_grants_gives_nobody_anything(by: dict[str, Session]) -> None:
    """PostgreSQL only warns: she has the right herself, but not to give it on."""
    right = "SELECT has_table_privilege('nobody', 'customer', 'SELECT')"
    assert by["1"].rows("GRANT ALL ON customer TO PUBLIC", right) == [(False,)]


# --- what errors and statistics tell ----------------------------------------------------------------------------------


BREAKING = "SELECT count(*) FROM customer WHERE CASE WHEN name = '{}' THEN 1 / (length(name) - length(name)) = 1 END"


def test_a_condition_that_breaks_is_not_asked_of_hidden_rows(by: dict[str, Session]) -> None:
    assert by["S"].refusal(BREAKING.format("Customer far")) == "22012"  # who sees it, divides by zero
    assert by["1"].refusal(BREAKING.format("Customer near")) == "22012"
    assert by["1"].refusal(BREAKING.format("Customer far")) == ""


def test_a_cast_that_fails_tells_no_hidden_value(by: dict[str, Session]) -> None:
    cast = "SELECT name::integer FROM customer WHERE name = '{}'"
    assert by["1"].complaint(cast.format("Customer far")) == by["1"].complaint(cast.format("Customer stale")) == ""
    assert "Customer near" in by["1"].complaint(cast.format("Customer near"))


def test_a_unique_violation_tells_no_value(by: dict[str, Session]) -> None:
    """That a number is taken cannot be hidden; whose, and what else stands there, is."""
    insert = (
        "INSERT INTO case_file (id, number, title, state, level, priority, opened_at, level_since, opened_by, owner_id,"
        " team_id) VALUES (gen_random_uuid(), 'far open', '', 'open', 1, 4, now(), now(), %s, %s, %s)"
    )
    ada, team = id_of("person", "ada"), id_of("team", "office")
    told = by["1"].complaint(insert, (ada, ada, team))
    assert told == 'duplicate key value violates unique constraint "uq_case_file_number"'


def test_a_refusal_tells_no_row(by: dict[str, Session]) -> None:
    told = by["1"].complaint("INSERT INTO watcher VALUES (%s, %s)", (id_of("case", "far open"), id_of("person", "mia")))
    assert told == 'new row violates row-level security policy for table "watcher"'


def test_statistics_show_no_values(by: dict[str, Session]) -> None:
    query = "SELECT count(*) FROM pg_stats WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
    assert by["1"].rows(query) == [(0,)]
    assert by["*"].rows("ANALYZE", query) != [(0,)]


def test_nobody_sees_who_is_signed_in_and_what_others_ask(by: dict[str, Session]) -> None:
    """Asked each minute, it would say when somebody comes to work."""
    for letter in "123SEAGWH":
        for query in (
            "SELECT usename FROM pg_stat_activity",
            "SELECT usesysid FROM pg_stat_get_activity(NULL)",
            "SELECT pg_stat_get_backend_userid(b) FROM pg_stat_get_backend_idset() b",
            "SELECT usename FROM pg_stat_replication",
            "SELECT pid FROM pg_stat_ssl",
        ):
            assert by[letter].refusal(query) == REFUSED, (letter, query)
    assert by["*"].rows("SELECT count(*) > 5 FROM pg_stat_activity WHERE datname = current_database()") == [(True,)]


def test_nobody_ends_the_work_of_others(by: dict[str, Session]) -> None:
    for function in ("pg_terminate_backend", "pg_cancel_backend"):
        assert by["1"].refusal(f"SELECT {function}({by['2'].process_id})") == REFUSED


def test_a_large_object_is_its_makers(addresses: dict[str, str], by: dict[str, Session]) -> None:
    with psycopg.connect(people.plain(addresses["1"]), autocommit=True) as ada:
        (made,) = ada.execute("SELECT lo_from_bytea(0, 'x')").fetchone() or (None,)
        try:
            assert by["2"].refusal(f"SELECT lo_get({made})") == REFUSED
        finally:
            ada.execute("SELECT lo_unlink(%s)", (made,))


def test_a_notification_is_anybodys(by: dict[str, Session]) -> None:
    """So it carries nothing and only wakes; what changed, the change table says."""
    assert {by[letter].refusal("NOTIFY firstline, 'anything'") for letter in LETTERS} == {""}


# --- the functions ----------------------------------------------------------------------------------------------------


def test_nothing_is_left_in_a_file() -> None:
    assert not Path("/tmp/customers").exists()
