"""People who sign in to PostgreSQL with a role and a password of their own, as at a desk."""

import secrets

import psycopg
from psycopg import sql
from sqlalchemy import make_url

PASSWORD = secrets.token_urlsafe(12)  # of everybody, for one run of the tests


def sign_in(url: str, login: str) -> str:
    """Make the role of a person who is in the database at `url` (a superuser's); the address that signs in with it."""
    with superuser(url) as connection:
        connection.execute("SELECT firstline.give_sign_in(%s)", (login,))
        connection.execute("SELECT firstline.set_password(%s, %s)", (login, _verifier(connection, login)))
    return as_login(url, login)


def service(url: str, name: str, *groups: str) -> str:
    """Make a role that is no person's, in these groups; the address that signs in with it."""
    with superuser(url) as connection:
        connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))
        made = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
        connection.execute(made.format(sql.Identifier(name), sql.Literal(_verifier(connection, name))))
        for group in groups:
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(name)))
    return as_login(url, name)


def as_login(url: str, login: str) -> str:
    return make_url(url).set(username=login, password=PASSWORD).render_as_string(hide_password=False)


def forget(url: str, *logins: str) -> None:
    """Drop these roles: they belong to the server, not to the database that ends with the test."""
    with superuser(url) as connection:
        for login in logins:
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(login)))


def run_statement(url: str, statement: str) -> None:
    """As a superuser of the server."""
    with superuser(url) as connection:
        connection.execute(statement.encode())


def superuser(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(plain(url), autocommit=True)


def plain(url: str) -> str:
    """The address as psycopg takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _verifier(connection: psycopg.Connection[tuple[object, ...]], login: str) -> str:
    return connection.pgconn.encrypt_password(PASSWORD.encode(), login.encode(), b"scram-sha-256").decode()
