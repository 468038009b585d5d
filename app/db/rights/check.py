"""Compares the rights that are there with those that should be, and says each difference in a sentence.

What should be is not written down a second time: in a transaction that is rolled back, the same SQL gives its rights to
empty copies of the tables in a schema of its own, and PostgreSQL describes both alike. No table in use is locked.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from app.db.rights import GIVING, run, script
from app.domain.errors import NotAllowed
from app.i18n import tr

_COPY, _FUNCTIONS = "firstline_copy", "firstline_copied"  # schemas, never committed
_SCHEMA = re.compile(r"\bfirstline\b")
_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"

# kind, name -> all its states: one, or for rights one for each role and privilege.
_Facts = dict[tuple[str, str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Role:
    name: str
    login: bool
    powers: str  # attributes that a role of ours must not have
    groups: frozenset[str]


def differences(connection: Connection) -> list[str]:
    """A sentence for each right that is missing, too much or other than it should be; [] when all is well.

    Raises:
        NotAllowed: the person may not make what the comparison needs.
    """
    there = _facts(connection, "public", "firstline")
    told = _role_differences(connection)
    with connection.begin_nested() as attempt:
        try:
            _copy(connection)
        except ProgrammingError as error:
            if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
                raise
            raise NotAllowed(
                tr("Only a superuser of the server, or a member of firstline_owner, can compare its rights.")
            ) from None
        wanted = _facts(connection, _COPY, _FUNCTIONS)
        attempt.rollback()
    return [*_compared(there, wanted), *told]


def _copy(connection: Connection) -> None:
    """Give the rights to empty copies of the tables."""
    run(connection, f"CREATE SCHEMA {_COPY}")
    for name in connection.scalars(text(_TABLES)).all():
        run(connection, f'CREATE TABLE {_COPY}."{name}" (LIKE public."{name}")')
    for name in GIVING:
        run(connection, _SCHEMA.sub(_FUNCTIONS, script(name)), schema=_COPY)


def _facts(connection: Connection, schema: str, functions: str) -> _Facts:
    """Under the names that are used in earnest, whatever the schemas are called."""
    query = script("facts").replace("{functions}", functions)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in run(connection, query, schema=schema):
        kind, name, state = (str(cell).replace(functions, "firstline").replace(schema, "public") for cell in row)
        found[kind, name].add(state)
    return {key: frozenset(states) for key, states in found.items()}


def _compared(there: _Facts, wanted: _Facts) -> Iterable[str]:
    for key in sorted(there.keys() | wanted.keys()):
        kind, name = key
        has, should = there.get(key, frozenset()), wanted.get(key, frozenset())
        if kind == "right":
            yield from (_too_much(state, name) for state in sorted(has - should))
            yield from (_missing(state, name) for state in sorted(should - has))
        elif has != should:
            yield _other(kind, name, has, should)


def _too_much(state: str, name: str) -> str:
    role, right = state.split(" ", 1)
    return tr("{role} has the right {right} on {object}, and should not have it.", role=role, right=right, object=name)


def _missing(state: str, name: str) -> str:
    role, right = state.split(" ", 1)
    return tr("{role} lacks the right {right} on {object}.", role=role, right=right, object=name)


def _other(kind: str, name: str, has: frozenset[str], should: frozenset[str]) -> str:
    kinds = {
        "owner": tr("The owner of the table"),
        "security": tr("The row-level security of the table"),
        "view": tr("The view"),
        "policy": tr("The policy"),
        "trigger": tr("The trigger"),
        "rule": tr("The rule"),
        "function": tr("The function"),
    }
    if not has:
        return tr("{kind} {name} is missing.", kind=kinds[kind], name=name)
    if not should:
        return tr("{kind} {name} should not be there.", kind=kinds[kind], name=name)
    return tr("{kind} {name} is other than it should be.", kind=kinds[kind], name=name)


# --- roles ------------------------------------------------------------------------------------------------------

_ROLES = text("""
    SELECT r.rolname::text AS name, r.rolcanlogin AS login, concat_ws(', ',
        CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
        CASE WHEN r.rolcreatedb THEN 'CREATEDB' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END,
        CASE WHEN r.rolcreaterole AND r.rolname <> 'firstline_owner' THEN 'CREATEROLE' END) AS powers,
        ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = r.oid) AS groups
    FROM pg_roles r
    WHERE r.rolname LIKE 'firstline\\_%' OR r.rolname IN (SELECT login FROM public.person) OR EXISTS (
        SELECT FROM pg_auth_members m WHERE m.member = r.oid AND m.roleid::regrole::text LIKE 'firstline\\_%')
""")
_PEOPLE = text("SELECT login::text AS login, roles FROM public.person")
_SERVICES = frozenset({"firstline_gateway", "firstline_wallboard", "firstline_owner"})  # whose members are no persons


def _role_differences(connection: Connection) -> list[str]:
    roles = {
        row.name: _Role(row.name, row.login, row.powers, frozenset(row.groups)) for row in connection.execute(_ROLES)
    }
    people = {row.login: frozenset(f"firstline_{role}" for role in row.roles) for row in connection.execute(_PEOPLE)}
    told = [sentence for role in roles.values() for sentence in _odd(role, is_person=role.name in people)]
    for login, wanted in sorted(people.items()):
        told += _odd_person(login, roles.get(login), wanted)
    return told


def _odd(role: _Role, *, is_person: bool) -> Iterable[str]:
    is_group = role.name.startswith("firstline_")
    if role.powers and (is_group or is_person or role.groups - _SERVICES):
        yield tr("The role {role} is more powerful than it should be: {powers}.", role=role.name, powers=role.powers)
    if is_group and role.login:
        yield tr("One can sign in as {role}, which is a group.", role=role.name)
    if not is_group and not is_person:
        for group in sorted(g for g in role.groups - _SERVICES if g.startswith("firstline_")):
            yield tr("{role} is a member of {group}, but no person of this database.", role=role.name, group=group)


def _odd_person(login: str, role: _Role | None, wanted: frozenset[str]) -> Iterable[str]:
    advice = f"firstline-admin person change {login}"
    if role is None or (wanted and not role.login):
        if wanted:
            yield tr("{login} cannot sign in to the server. Repair: {advice}", login=login, advice=advice)
        return
    has = {group for group in role.groups if group != "firstline_person"}
    for group in sorted(wanted - has):
        yield tr("{login} is not a member of {group}. Repair: {advice}", login=login, group=group, advice=advice)
    for group in sorted(has - wanted):
        yield tr("{login} is a member of {group}, and should not be. Repair: {advice}",
                 login=login, group=group, advice=advice)  # fmt: skip
