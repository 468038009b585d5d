"""People are added, changed and removed with their right to sign in; on SQLite with their row alone."""

import io
import secrets
import traceback
from collections.abc import Callable, Iterator
from functools import partial

import psycopg
import pytest
from sqlalchemy import make_url

from app.cli import main
from app.db.engine import Database
from app.domain.errors import NotAllowed, NotFound
from app.domain.people import Role
from app.services.people import People
from app.services.staff import Staff
from tests import people
from tests.builders import Seeded
from tests.conftest import ExpectedLog

PASSWORD, OTHER_PASSWORD = "correct-horse-7", "another-horse-8"


@pytest.fixture
def login(database_url: str) -> Iterator[str]:
    """Of nobody else on the server, which all databases of the tests share."""
    made = f"dora.{secrets.token_hex(3)}"
    yield made
    if not database_url.startswith("sqlite"):
        people.forget(database_url, made)


def _connect(url: str, login: str, password: str = PASSWORD) -> psycopg.Connection[tuple[object, ...]]:
    address = make_url(people.plain(url)).set(username=login, password=password)
    return psycopg.connect(address.render_as_string(hide_password=False))


def _groups(url: str, login: str) -> set[str]:
    """The groups of the person's role; empty when there is no role that may sign in."""
    query = (
        "SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
        " JOIN pg_roles p ON p.oid = m.member WHERE p.rolname = %s AND p.rolcanlogin AND NOT p.rolsuper"
    )
    with people.superuser(url) as connection:
        return {str(name) for (name,) in connection.execute(query, (login,))}


def _add(database: Database, login: str, *roles: Role, team: str = "Network") -> None:
    Staff(database).add(login, "Dora Example", team, roles or {Role.FIRST_LEVEL}, PASSWORD)


def test_a_person_is_added_and_can_work(database: Database, database_url: str, centre: Seeded, login: str) -> None:
    _add(database, login, Role.SECOND_LEVEL, Role.SUPERVISOR)
    person = People(database).by_login(login)
    assert (person.name, person.team_id) == ("Dora Example", centre.network.id)
    assert person.roles == {Role.SECOND_LEVEL, Role.SUPERVISOR}
    if not database.is_sqlite:
        assert _groups(database_url, login) == {"firstline_person", "firstline_second_level", "firstline_supervisor"}
        with _connect(database_url, login) as connection:
            assert connection.execute("SELECT firstline.me()").fetchone() == (person.id,)


def test_roles_that_are_given_replace_what_was(
    database: Database, database_url: str, centre: Seeded, login: str
) -> None:
    _add(database, login, Role.SECOND_LEVEL, Role.SUPERVISOR)
    Staff(database).change(login, roles={Role.EDITOR}, team=centre.office.name)
    person = People(database).by_login(login)
    assert (set(person.roles), person.team_id, person.name) == ({Role.EDITOR}, centre.office.id, "Dora Example")
    Staff(database).change(login, name="Dora Other")
    assert People(database).by_login(login).roles == {Role.EDITOR}
    if not database.is_sqlite:
        assert _groups(database_url, login) == {"firstline_person", "firstline_editor"}


def test_who_is_removed_cannot_work_from_that_moment(
    database: Database, database_url: str, centre: Seeded, login: str
) -> None:
    _add(database, login)
    opened = None if database.is_sqlite else _connect(database_url, login)
    Staff(database).remove(login)
    assert People(database).by_login(login).roles == frozenset()
    assert login in [person.login for person in Staff(database).everybody()]
    if opened:
        with opened, pytest.raises(psycopg.errors.InsufficientPrivilege):  # though the desk is still connected
            opened.execute("SELECT * FROM case_file")
        with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
            _connect(database_url, login)
        Staff(database).change(login, roles={Role.EDITOR})  # and comes back
        _connect(database_url, login).close()
    assert centre.agent in Staff(database).everybody()


@pytest.mark.parametrize("bad", ["", "Dora", "d m", "pg_dora", "firstline_dora", "-dora", "dörte", "d" * 64, 'd"; --'])
def test_a_login_that_cannot_be_one(database: Database, centre: Seeded, bad: str) -> None:
    with pytest.raises(NotAllowed, match="cannot be a login"):
        _add(database, bad, team=centre.network.name)


def test_what_is_refused_leaves_nothing(database: Database, centre: Seeded, login: str) -> None:
    before = Staff(database).everybody()
    with pytest.raises(NotAllowed, match=r"already.*firstline-admin person change ada"):
        _add(database, centre.agent.login)
    with pytest.raises(NotFound, match=r"There are: Network, Office.*--new-team"):
        _add(database, login, team="Nowhere")
    for act in (partial(Staff(database).remove, login), partial(Staff(database).change, login, name="x")):
        with pytest.raises(NotFound, match="firstline-admin person list"):
            act()
    assert Staff(database).everybody() == before


def test_a_team_is_made_when_asked_for(database: Database, centre: Seeded, login: str) -> None:
    assert centre.network.name != "New"
    Staff(database).add(login, "Dora", "New", {Role.EDITOR}, PASSWORD, makes_team=True)
    assert People(database).by_login(login).team_name == "New"


def test_a_short_password_is_refused(database: Database, database_url: str, centre: Seeded, login: str) -> None:
    assert centre.agent
    if database.is_sqlite:
        with pytest.raises(NotAllowed, match="has no passwords"):
            Staff(database).set_password("ada", PASSWORD)
        return
    with pytest.raises(NotAllowed, match="12 characters or more"):
        Staff(database).add(login, "Dora", "Network", {Role.EDITOR}, "too short")
    assert _groups(database_url, login) == set()


def test_a_new_password_holds(postgres_url: str) -> None:
    with _office(postgres_url) as office:
        _connect(postgres_url, office.login).close()
        Staff(office.own).set_password(office.login, OTHER_PASSWORD)  # her own, as herself
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            _connect(postgres_url, office.login)
        _connect(postgres_url, office.login, OTHER_PASSWORD).close()


class _office:  # noqa: N801 - used like a function
    """A person with the database as themselves."""

    def __init__(self, url: str, *roles: Role) -> None:
        self._url, self.login = url, f"dora.{secrets.token_hex(3)}"
        self.keeper = Database(url)
        Staff(self.keeper).add(self.login, "Dora", "Home", roles or {Role.EDITOR}, PASSWORD, makes_team=True)
        self.address = make_url(url).set(username=self.login, password=PASSWORD).render_as_string(hide_password=False)
        self.own = Database(self.address)

    def __enter__(self) -> "_office":
        return self

    def __exit__(self, *_: object) -> None:
        self.own.close()
        self.keeper.close()
        people.forget(self._url, self.login)


def test_an_administrator_needs_no_rights_of_the_server(postgres_url: str) -> None:
    with _office(postgres_url, Role.ADMINISTRATOR) as office:
        staff, other = Staff(office.own), f"emil.{secrets.token_hex(3)}"
        staff.add(other, "Emil", "Home", {Role.FIRST_LEVEL}, PASSWORD)
        staff.set_password(other, OTHER_PASSWORD)
        staff.change(other, roles={Role.SECOND_LEVEL})
        assert _groups(postgres_url, other) == {"firstline_person", "firstline_second_level"}
        with psycopg.connect(people.plain(office.address)) as connection:
            for statement in (f'ALTER ROLE "{other}" SUPERUSER', "CREATE ROLE mine", f'DROP ROLE "{other}"'):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)
                connection.rollback()
        staff.remove(other)
        for taken in ("postgres", "r-other"):
            with people.superuser(postgres_url) as connection:
                connection.execute('DROP ROLE IF EXISTS "r-other"; CREATE ROLE "r-other"')
            with pytest.raises(NotAllowed, match="that is no person's"):
                staff.add(taken, "Mallory", "Home", {Role.EDITOR}, PASSWORD)
        people.forget(postgres_url, other, "r-other")


def test_who_is_no_administrator_changes_nobody(postgres_url: str, expected_log: ExpectedLog) -> None:
    expected_log("InsufficientPrivilege")
    with _office(postgres_url, Role.EDITOR, Role.SUPERVISOR) as office, _office(postgres_url) as other:
        staff, login = Staff(office.own), office.login
        acts: list[Callable[[], None]] = [
            partial(staff.add, "emil", "Emil", "Home", {Role.EDITOR}, PASSWORD),
            partial(staff.change, login, roles={Role.ADMINISTRATOR}),
            partial(staff.remove, other.login),
        ]
        for act in acts:
            with pytest.raises(NotAllowed):
                act()
        with pytest.raises(NotAllowed, match="Only an administrator") as refused:
            staff.set_password(other.login, OTHER_PASSWORD)
        told = "".join(traceback.format_exception(refused.value))
        assert OTHER_PASSWORD not in told and "SCRAM" not in told
        assert _groups(postgres_url, login) == {"firstline_person", "firstline_editor", "firstline_supervisor"}


def test_on_the_command_line(
    database: Database,
    command_url: str,
    database_url: str,
    centre: Seeded,
    login: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert centre.agent.login == "ada"
    steps: list[tuple[tuple[str, ...], str]] = [
        (("add", login, "--name", "Dora", "--team", "Office", "--role", "editor"), f"“{login}” is added."),
        (("change", login, "--role", "supervisor", "--role", "editor"), f"“{login}” is changed."),
        (("list",), f"{login}\tDora\tOffice\teditor, supervisor"),
        (("remove", login), f"“{login}” may do nothing any more."),
        (("list",), f"{login}\tDora\tOffice\thas left"),
    ]
    for step, said in steps:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        with pytest.raises(SystemExit) as ended:
            main(("person", *step, "--database", command_url))
        out, err = capsys.readouterr()
        assert (ended.value.code or 0, err) == (0, "")
        assert said in out.splitlines()
    assert database.is_sqlite or _groups(database_url, login) == set()


def test_the_password_is_in_no_log_of_the_server(postgres_url: str) -> None:
    """Nor in what the server knows: it has the verifier alone."""
    with _office(postgres_url) as office, people.superuser(postgres_url) as connection:
        stored = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", (office.login,)).fetchone()
        assert stored and str(stored[0]).startswith("SCRAM-SHA-256$")
        seen = connection.execute("SELECT query FROM pg_stat_activity").fetchall()
        assert PASSWORD not in str(seen)
