"""An attack: a supervisor with a bare connection looks for anything that says whose work something was.

While the works-council mode is on, the figures of one person are had by `calls_of_person` alone, which writes the look
down. The columns that name a person are taken from PostgreSQL's own catalogue, so a new table is attacked too.
"""

import json

import pytest

from tests.db.rights.conftest import Session
from tests.db.rights.test_council import _OFF
from tests.db.rights.views import VIEWS
from tests.db.rights.world import ROLES, id_of

OTHERS = {str(id_of("person", login)) for login in ROLES} - {str(id_of("person", "sue"))}
NAMING = """
    SELECT conrelid::regclass::text, attname::text FROM pg_constraint JOIN pg_attribute
        ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND confrelid = 'public.person'::regclass ORDER BY 1, 2
"""
# What names others and is to be read all the same: who stands for a known problem, and who asks for help.
NO_WORK = {
    ("hand", "person_id"),  # while it is raised
    ("hand_line", "by"),
    ("problem", "changed_by"),
    ("problem", "made_by"),
    ("problem", "state_by"),
}
_ROLES = f"UPDATE person SET roles = %s WHERE id = '{id_of('person', 'sue')}'"
# A supervisor who takes calls and works at second level too; and the same person without being a supervisor.
_LEVELS = "GRANT firstline_first_level, firstline_second_level TO sue"
BOTH = (_LEVELS, _ROLES.replace("%s", '\'["supervisor", "first_level", "second_level"]\''))
ALONE = (_LEVELS, "REVOKE firstline_supervisor FROM sue", _ROLES.replace("%s", '\'["first_level", "second_level"]\''))
SUE = "SET LOCAL SESSION AUTHORIZATION sue"
PERSONS = (
    "INSERT INTO person SELECT gen_random_uuid(), 'w' || n, 'W' || n, id, '[\"first_level\"]' FROM team,"
    " generate_series(1, 5) n WHERE team.name = 'office'",
    "INSERT INTO agent SELECT id, 'on_call', NULL, now(), now() FROM person WHERE login LIKE 'w_'",
)


def naming(by: dict[str, Session]) -> list[tuple[str, str]]:
    columns = [(str(table), str(column)) for table, column in by["*"].rows(NAMING)]
    assert ("call", "agent_id") in columns and len(columns) > 30
    return columns


def named(by: dict[str, Session], table: str, column: str, *before: str) -> set[str]:
    """Whom else a column names to Sue; nobody where she may not read it."""
    query = f'SELECT DISTINCT "{column}" FROM public.{table}'
    if by["*"].refusal(*before, SUE, query):
        return set()
    return {str(value) for (value,) in by["*"].rows(*before, SUE, query)} & OTHERS


def test_no_table_names_to_a_supervisor_whose_work_it_was(by: dict[str, Session]) -> None:
    found = {(table, column) for table, column in naming(by) if named(by, table, column)}
    assert found <= NO_WORK | {("person_look", "person_id")}  # her own looks, which those persons see


def test_who_takes_calls_too_sees_no_more_of_others_than_who_takes_calls_alone(by: dict[str, Session]) -> None:
    for table, column in naming(by):
        if (table, column) in NO_WORK | {("person_look", "person_id")}:
            continue
        assert named(by, table, column, *BOTH) == named(by, table, column, *ALONE), (table, column)


@pytest.mark.parametrize("before", [(), BOTH])
def test_no_view_names_anybody(by: dict[str, Session], before: tuple[str, ...]) -> None:
    for view, (read, _) in VIEWS.items():
        columns = ", ".join(f'"{name}"' for name in read["S"].split())
        rows = by["*"].rows(*before, SUE, f"SELECT to_jsonb(v) FROM (SELECT {columns} FROM firstline.{view}) v")
        assert rows or view in ("board_agent", "board_step", "case_owner")
        text = json.dumps(rows)
        assert not [id_ for id_ in OTHERS if id_ in text], view
        assert all(not row.get(name) for (row,) in rows for name in ("agent_name", "person_name")), view  # type: ignore[attr-defined]


def test_where_the_mode_is_off_the_views_name_them(by: dict[str, Session]) -> None:
    """Else the test above would show nothing."""
    for query, name in (
        ("SELECT agent_name FROM firstline.board_call", "Ada"),
        ("SELECT name FROM firstline.board_agent", "Ada"),
        ("SELECT person_name FROM firstline.board_call_back", "Ada"),
        ("SELECT name FROM firstline.case_owner", "Ben"),
    ):
        assert (name,) in by["*"].rows(_OFF, SUE, query)
        assert (name,) not in by["*"].rows(SUE, query)


def test_the_owner_of_a_case_is_written_and_never_read(by: dict[str, Session]) -> None:
    case, ben = id_of("case", "claimed"), id_of("person", "ben")
    for statement in (
        "SELECT owner_id FROM firstline.steered_case",
        "SELECT id FROM firstline.steered_case ORDER BY owner_id",
        "SELECT * FROM firstline.steered_case",
        "SELECT to_jsonb(c) FROM firstline.steered_case c",
        f"UPDATE firstline.steered_case SET priority = 1 WHERE owner_id = '{ben}'",
        f"UPDATE firstline.steered_case SET priority = 1 WHERE id = '{case}' RETURNING owner_id",
        "SELECT owner_id FROM case_file",
    ):
        assert by["S"].refusal(statement) == "42501", statement


def test_who_has_a_case_is_not_asked_without_both_hearing_of_it(by: dict[str, Session]) -> None:
    case = id_of("case", "claimed")
    ask = f"SELECT firstline.tell_owner(gen_random_uuid(), NULL, '{case}', '{{}}', 'case_assigned', '', now())"
    told = f"SELECT count(*) FROM message WHERE person_id = '{id_of('person', 'ben')}'"
    as_keeper = "RESET SESSION AUTHORIZATION"
    (before,) = by["*"].rows(told)
    assert by["*"].rows(SUE, ask.format(id_of("person", "bea")), as_keeper, told) == [(int(str(before[0])) + 1,)]
    assert by["S"].rows(ask.format(id_of("person", "ben"))) == [(False,)]
    assert by["2"].refusal(ask.format(id_of("person", "ben"))) == "42501"


def test_states_are_told_of_five_agents_or_more(by: dict[str, Session]) -> None:
    states = "SELECT state, agent_count, median_since IS NULL FROM firstline.agents_by_state() ORDER BY 1"
    assert by["*"].rows(SUE, states) == [(None, 2, True)]  # Ada and Far
    assert by["*"].rows(*PERSONS, SUE, states) == [("available", 2, True), ("on_call", 5, False)]
    assert by["1"].refusal(states) == "42501"


def test_the_change_table_tells_of_nobody(by: dict[str, Session]) -> None:
    """Else a state that changes with a call's, to the microsecond, would say whose call it is."""
    change = "INSERT INTO change (topic, subject_id, at) VALUES ('{}', '{}', now())"
    ada, nobody = id_of("person", "ada"), "00000000-0000-0000-0000-000000000000"
    assert by["1"].outcome(change.format("agents", ada)) == "refused"
    assert by["G"].outcome(change.format("agents", ada)) == "refused"
    assert by["1"].outcome(change.format("agents", nobody)) == "1"
    seen = f"SELECT count(*) FROM change WHERE subject_id = '{ada}'"
    for topic in ("messages", "line"):
        assert by["*"].rows(change.format(topic, ada), SUE, seen) == [(0,)]
        assert by["*"].rows(change.format(topic, ada), "SET LOCAL SESSION AUTHORIZATION ada", seen) == [(1,)]


def test_a_hand_that_is_down_is_counted_by_nobody(by: dict[str, Session]) -> None:
    hands = f"SELECT count(*) FROM hand WHERE person_id = '{id_of('person', 'ada')}'"
    assert by["S"].rows(hands) == [(1,)]
    assert by["*"].rows("UPDATE hand SET lowered_at = now()", SUE, hands) == [(0,)]
