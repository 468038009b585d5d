"""`database check`: each thing that somebody changed by hand is named in a sentence, and an upgrade repairs it."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from app.cli import main
from app.db import schema
from app.db.differences import differences
from app.db.engine import Database
from app.domain.errors import NotAllowed
from app.domain.people import Role
from app.services.staff import Staff
from tests import people
from tests.conftest import ExpectedLog
from tests.passwords import apart
from tests.postgres import PostgresMissing, Server, start_own

PASSWORD = "correct-horse-7"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server on which nobody else leaves people behind, and a migrated database on it to be copied."""
    try:
        server = start_own(tmp_path_factory.mktemp("check"))
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    with server:
        database = Database(server.create_database("template"))
        schema.upgrade(database)
        database.close()
        yield server, "template"


@pytest.fixture
def postgres_url(alone: tuple[Server, str]) -> Iterator[str]:
    server, template = alone
    name = f"check_{secrets.token_hex(4)}"
    yield server.create_database(name, template=template)
    server.drop_database(name)


@pytest.fixture
def keeper(postgres_url: str) -> Iterator[Database]:
    """The database as its superuser; a copied one lacks the rights of the database itself until they are renewed."""
    database = Database(postgres_url)
    schema.upgrade(database, renews_rights=True)
    yield database
    database.close()


def _change(database: Database, *statements: str) -> None:
    with database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


CHANGES = {
    "GRANT DELETE ON timeline TO firstline_first_level": [
        "firstline_first_level has the right DELETE on timeline, and should not have it."
    ],
    "GRANT SELECT ON customer TO PUBLIC": ["PUBLIC has the right SELECT on customer, and should not have it."],
    "GRANT UPDATE (title) ON case_file TO firstline_editor": [
        "firstline_editor has the right UPDATE on case_file (title), and should not have it."
    ],
    "GRANT CREATE ON SCHEMA public TO PUBLIC": [
        "PUBLIC has the right CREATE on SCHEMA public, and should not have it."
    ],
    "GRANT EXECUTE ON FUNCTION firstline.noted(uuid[]) TO PUBLIC": [
        "PUBLIC has the right EXECUTE on firstline.noted(ids uuid[]), and should not have it."
    ],
    "REVOKE SELECT ON answer FROM firstline_third_level": ["firstline_third_level lacks the right SELECT on answer."],
    "REVOKE UPDATE (state) ON case_file FROM firstline_second_level": [
        "firstline_second_level lacks the right UPDATE on case_file (state)."
    ],
    "ALTER TABLE customer NO FORCE ROW LEVEL SECURITY": [
        "The row-level security of the table customer is other than it should be."
    ],
    "DROP POLICY own ON call": ["The policy call.own is missing."],
    "CREATE POLICY more ON phone FOR SELECT TO firstline_third_level USING (true)": [
        "The policy phone.more should not be there."
    ],
    "ALTER POLICY of_own_team ON customer USING (true)": [
        "The policy customer.of_own_team is other than it should be."
    ],
    "ALTER POLICY own ON watcher TO PUBLIC": ["The policy watcher.own is other than it should be."],
    "DROP TRIGGER guard ON timeline": ["The trigger timeline.guard is missing."],
    "ALTER TABLE case_file DISABLE TRIGGER guard": ["The trigger case_file.guard is other than it should be."],
    "ALTER FUNCTION firstline.me() RESET search_path": ["The function me() is other than it should be."],
    "CREATE OR REPLACE FUNCTION firstline.is_keeper() RETURNS boolean STABLE PARALLEL SAFE SECURITY DEFINER LANGUAGE"
    " plpgsql SET search_path = pg_catalog, pg_temp AS 'BEGIN RETURN true; END'": [
        "The function is_keeper() is other than it should be."
    ],
    "CREATE RULE mine AS ON DELETE TO team DO INSTEAD NOTHING": ["The rule team.mine should not be there."],
    "ALTER TABLE team OWNER TO postgres": ["The owner of the table team is other than it should be."],
    "CREATE VIEW seen AS SELECT * FROM customer": ["The view seen should not be there."],
    "GRANT SELECT (owner_id) ON firstline.steered_case TO firstline_supervisor": [
        "firstline_supervisor has the right SELECT on firstline.steered_case (owner_id), and should not have it."
    ],
    "ALTER VIEW firstline.board_call RESET (security_barrier)": [
        "The view firstline.board_call is other than it should be."
    ],
    "ALTER VIEW firstline.board_call OWNER TO postgres": [
        "The owner of the table firstline.board_call is other than it should be."
    ],
    "DROP VIEW firstline.board_call": [
        "The owner of the table firstline.board_call is missing.",
        "firstline_supervisor lacks the right SELECT on firstline.board_call.",
        "The view firstline.board_call is missing.",
    ],
    "ALTER TABLE team ADD COLUMN motto text": ["The tables are other than they should be: remove column team.motto."],
    "DROP INDEX ix_phone_normal": ["The tables are other than they should be: add index ix_phone_normal."],
}


def test_nothing_is_found_where_all_is_well(keeper: Database) -> None:
    assert differences(keeper) == []
    assert differences(keeper) == []  # and looking changed nothing


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_named(keeper: Database, change: str) -> None:
    _change(keeper, change)
    assert differences(keeper) == CHANGES[change]


def test_an_upgrade_gives_all_rights_anew(keeper: Database) -> None:
    changes = [change for change in CHANGES if "motto" not in change and "INDEX" not in change and "VIEW" not in change]
    _change(keeper, *(change for change in changes if not change.startswith(("DROP POLICY", "DROP TRIGGER"))))
    assert len(differences(keeper)) > 10
    schema.upgrade(keeper)
    assert len(differences(keeper)) > 10  # a desk's start repairs nothing
    schema.upgrade(keeper, renews_rights=True)
    assert [one for one in differences(keeper) if "rule" not in one] == []


def test_looking_locks_no_table_out(keeper: Database, postgres_url: str) -> None:
    """While somebody writes in every table."""
    with people.superuser(postgres_url) as connection, connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '5s'; LOCK case_file, customer, change IN ROW EXCLUSIVE MODE")
        assert differences(keeper) == []


def test_people_who_are_other_on_the_server_are_named(keeper: Database, postgres_url: str) -> None:
    login, other = f"dora.{secrets.token_hex(3)}", f"emil.{secrets.token_hex(3)}"
    Staff(keeper).add(login, "Dora", "Home", {Role.EDITOR, Role.SUPERVISOR}, PASSWORD, makes_team=True)
    try:
        assert differences(keeper) == []
        _change(
            keeper,
            f"UPDATE person SET roles = '[\"supervisor\", \"first_level\"]' WHERE login = '{login}'",
            f'GRANT firstline_administrator, pg_read_server_files TO "{login}"',
            f'ALTER ROLE "{login}" BYPASSRLS',
            f'CREATE ROLE "{other}" IN ROLE firstline_first_level',
        )
        repair = f"Repair: firstline-admin person change {login}"
        assert sorted(differences(keeper)) == sorted(
            [
                f"The role {login} is more powerful than it should be: BYPASSRLS.",
                f"{login} is a member of firstline_administrator, and should not be. {repair}",
                f"{login} is a member of pg_read_server_files, and should not be. {repair}",
                f"{login} is a member of firstline_editor, and should not be. {repair}",
                f"{login} is not a member of firstline_first_level. {repair}",
                f"{other} is a member of firstline_first_level, but no person of this database.",
            ]
        )
        people.forget(postgres_url, login, other)
        assert differences(keeper) == [f"{login} cannot sign in to the server. {repair}"]
    finally:
        people.forget(postgres_url, login, other)


def test_a_group_that_became_a_login_is_named(keeper: Database) -> None:
    try:
        _change(keeper, "ALTER ROLE firstline_wallboard LOGIN CREATEDB")
        assert differences(keeper) == [
            "The role firstline_wallboard is more powerful than it should be: CREATEDB.",
            "One can sign in as firstline_wallboard, which is a group.",
        ]
    finally:
        _change(keeper, "ALTER ROLE firstline_wallboard NOLOGIN NOCREATEDB")


def test_who_may_not_compare_is_told_who_may(keeper: Database, postgres_url: str, expected_log: ExpectedLog) -> None:
    expected_log.may_come("InsufficientPrivilege")
    login = f"dora.{secrets.token_hex(3)}"
    Staff(keeper).add(login, "Dora", "Home", {Role.ADMINISTRATOR}, PASSWORD, makes_team=True)
    own = Database(people.sign_in(postgres_url, login))
    try:
        with pytest.raises(NotAllowed, match="Only a superuser"):
            differences(own)
    finally:
        own.close()
        people.forget(postgres_url, login)


def test_on_the_command_line(
    keeper: Database,
    postgres_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, environment = apart(postgres_url, tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> tuple[int, list[str], str]:
        with pytest.raises(SystemExit) as ended:
            main(("database", *arguments, "--database", address))
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out.splitlines(), err

    _change(keeper, "DROP POLICY own ON call")
    code, said, refused = run("check")
    assert (code, said) == (1, ["The policy call.own is missing."]), refused
    assert "There is 1 difference. Repair rights with: firstline-admin database upgrade" in refused
    assert run("upgrade")[:2] == run("check")[:2] == (0, ["The database is up to date."])


def test_tables_of_a_file_are_compared_too(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    assert differences(database) == []
    _change(database, "ALTER TABLE team ADD COLUMN motto text")
    assert differences(database) == ["The tables are other than they should be: remove column team.motto."]
    database.close()


def test_who_owns_the_database_needs_to_be_no_superuser(alone: tuple[Server, str]) -> None:
    """Only the right to create roles: of a server that is not one's own, nobody is superuser."""
    name, root = f"r_owner_{secrets.token_hex(3)}", alone[0].url("postgres")
    address = people.service(root, name)
    with people.superuser(root) as connection:
        connection.execute(f"ALTER ROLE {name} CREATEROLE")
        connection.execute(f"CREATE DATABASE {name} OWNER {name}")
        if connection.info.server_version >= 160_000:  # there CREATEROLE gives no power over roles that others made
            connection.execute(f"GRANT firstline_owner TO {name}")
    owner = Database(make_url(address).set(database=name).render_as_string(hide_password=False))
    try:
        for _ in range(2):
            schema.upgrade(owner, renews_rights=True)
            assert [one for one in differences(owner) if name not in one] == []
        Staff(owner).add(f"{name}.dora", "Dora", "Home", {Role.EDITOR}, PASSWORD, makes_team=True)
        with pytest.raises(NotAllowed, match="that is no person's"):
            Staff(owner).add("postgres", "Mallory", "Home", {Role.EDITOR}, PASSWORD)
        schema.downgrade(owner, "base")
    finally:
        owner.close()
        alone[0].drop_database(name)
        people.forget(root, f"{name}.dora", name)
