"""Each statement on each table and column as each role, through a bare connection: as the matrix says.

A statement here hits no row, so only the right to make it is asked; which rows are hit, the second half says.
"""

import psycopg
import pytest

from tests import people
from tests.db.rights.conftest import Session
from tests.db.rights.functions import FUNCTIONS
from tests.db.rights.matrix import TABLES
from tests.db.rights.seen import SEEN
from tests.db.rights.views import VIEWS
from tests.db.rights.world import LOGINS, id_of

REFUSED = "42501"  # insufficient_privilege
LETTERS = [letter for letter in LOGINS if letter != "N"]
_COLUMNS = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"


def test_every_table_and_column_is_in_the_matrix(by: dict[str, Session]) -> None:
    query = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = ANY('{r,p,v,m,f}')"
    tables = {str(name) for (name,) in by["*"].rows(query)}
    assert tables == set(TABLES) == set(SEEN), "a table without a row in the matrix: see tests/db/rights/matrix.py"
    for table, entry in TABLES.items():
        columns = {str(name) for (name,) in by["*"].rows(_COLUMNS, values=(f'public."{table}"',))}
        assert columns == set(entry.update), f"columns of {table} that are not in the matrix, or not there any more"


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("table", TABLES)
def test_reading(by: dict[str, Session], table: str, letter: str) -> None:
    entry, name, is_all = TABLES[table], f"public.{table}", letter in TABLES[table].select
    alone = entry.select_columns.get(letter, "").split()
    can_lock = is_all and any(letter in letters for letters in entry.update.values())
    expected = {f'SELECT "{column}" FROM {name} LIMIT 0': is_all or column in alone for column in entry.update}
    expected |= dict.fromkeys((f"SELECT * FROM {name} LIMIT 0", f"COPY {name} TO STDOUT"), is_all)
    expected |= {f"SELECT * FROM {name} LIMIT 0 FOR UPDATE": can_lock}
    assert {statement: _is_allowed(by[letter], statement) for statement in expected} == expected


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("table", TABLES)
def test_writing(by: dict[str, Session], table: str, letter: str) -> None:
    entry, name = TABLES[table], f"public.{table}"
    kept = entry.never_inserted.split()
    expected = {
        f"DELETE FROM {name} WHERE false": letter in entry.delete,
        f"LOCK {name} IN EXCLUSIVE MODE": letter in entry.delete,  # the right to change some columns is not enough
        f"TRUNCATE {name} CASCADE": False,
        **{
            f'INSERT INTO {name} ("{c}") OVERRIDING SYSTEM VALUE SELECT NULL WHERE false': (
                (letter in entry.insert and c not in kept) or c in entry.insert_columns.get(letter, "").split()
            )
            for c in entry.update
        },
        **{f'UPDATE {name} SET "{c}" = DEFAULT WHERE false': letter in letters for c, letters in entry.update.items()},
    }
    assert {statement: _is_allowed(by[letter], statement) for statement in expected} == expected


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("table", TABLES)
def test_what_needs_the_owner(by: dict[str, Session], table: str, letter: str) -> None:
    name, function = f"public.{table}", "suppress_redundant_updates_trigger()"
    statements = (
        f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY",
        f"CREATE POLICY mine ON {name} USING (true)",
        f"CREATE TRIGGER mine BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION {function}",
        f"CREATE RULE mine AS ON INSERT TO {name} DO INSTEAD NOTHING",
        f"CREATE INDEX ON {name} ((1))",
        f"DROP TABLE {name} CASCADE",
    )
    assert {sql: by[letter].refusal(sql) for sql in statements} == dict.fromkeys(statements, REFUSED)


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("table", [table for table, (_, _, rows) in SEEN.items() if rows])
def test_which_rows_are_seen(by: dict[str, Session], table: str, letter: str) -> None:
    kind, column, rows = SEEN[table]
    query = f"SELECT {column} FROM public.{table}"
    if not _is_allowed(by[letter], query):
        assert letter not in "".join(rows.values())
        return
    seen = {str(value) for (value,) in by[letter].rows(query)}
    assert {name for name in rows if str(id_of(kind, name)) in seen} == {n for n, who in rows.items() if letter in who}


def test_the_rows_of_the_matrix_are_there(by: dict[str, Session]) -> None:
    """Else "not seen" would be no feat."""
    for table, (kind, column, rows) in SEEN.items():
        for name in rows:
            found = by["*"].rows(f"SELECT FROM {table} WHERE {column} = %s", values=(id_of(kind, name),))
            assert found, f"{table}: {name}"


@pytest.mark.parametrize("letter", LETTERS)
def test_the_views(by: dict[str, Session], letter: str) -> None:
    query = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'firstline'::regnamespace AND relkind = ANY('{r,p,v,m,f}')"
    )
    assert {str(name) for (name,) in by["*"].rows(query)} == set(VIEWS), "a view that is not in the matrix"
    for view, (read, changed) in VIEWS.items():
        name = f"firstline.{view}"
        reads, changes = read.get(letter, "").split(), changed.get(letter, "").split()
        expected = {f"DELETE FROM {name} WHERE false": False, f"INSERT INTO {name} SELECT * FROM {name}": False}
        for (column,) in by["*"].rows(_COLUMNS, values=(name,)):
            expected[f"SELECT {column} FROM {name} LIMIT 0"] = column in reads
            expected[f"UPDATE {name} SET {column} = DEFAULT WHERE false"] = column in changes
        assert {sql: _is_granted(by[letter], sql) for sql in expected} == expected


def _is_granted(session: Session, statement: str) -> bool:
    """Most views cannot be changed by anybody, which PostgreSQL says before it asks for a right."""
    return session.refusal(statement) == ""


_FUNCTIONS = "SELECT proname, pronargs FROM pg_proc WHERE pronamespace = 'firstline'::regnamespace"


def test_every_function_is_in_the_matrix_and_called_by_whom_it_says(by: dict[str, Session]) -> None:
    functions = by["*"].rows(_FUNCTIONS)
    assert {str(name) for name, _ in functions} == set(FUNCTIONS)
    for name, argument_count in functions:
        call = f"SELECT firstline.{name}({', '.join(['NULL'] * int(str(argument_count)))})"
        states = {letter: by[letter].refusal(call) for letter in LETTERS}
        # Who may call it is refused by the function itself, if at all: there is no such person as NULL.
        called = {letter for letter, state in states.items() if state != REFUSED or _speaks_itself(by[letter], call)}
        assert called == set(FUNCTIONS[str(name)]), (name, states)


def _speaks_itself(session: Session, call: str) -> bool:
    return "permission denied" not in session.complaint(call)


def test_whom_nobody_added_cannot_connect(addresses: dict[str, str]) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(people.plain(addresses["N"]))


def _is_allowed(session: Session, statement: str) -> bool:
    state = session.refusal(statement)
    assert state in ("", REFUSED), f"{statement}: {state}"
    return not state
