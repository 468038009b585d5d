"""How people sign in to PostgreSQL: a role of their own, made and changed by functions of `app/db/rights` alone."""

import psycopg
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.domain.errors import NotAllowed
from app.i18n import tr

# A role of that name which is no person's: a superuser's, a group's, another program's.
_TAKEN = text(
    "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = :login"
    " AND (rolsuper OR NOT pg_has_role(oid, 'firstline_person', 'MEMBER'))"
)


def is_taken(session: Session, login: str) -> bool:
    """Whether the server has a role of that name which this program must not touch."""
    return session.scalar(_TAKEN, {"login": login}) is not None


def give(session: Session, login: str) -> None:
    """Make the person's role, or bring it into line with their row; without any role they cannot sign in."""
    session.execute(select(func.firstline.give_sign_in(login)))


def set_password(session: Session, login: str, password: str) -> None:
    """Past SQLAlchemy, whose errors repeat parameters. The password stays here: the server gets its SCRAM verifier."""
    driver = session.connection().connection.driver_connection
    assert driver is not None
    verifier = driver.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
    try:
        with driver.cursor() as cursor:
            cursor.execute("SELECT firstline.set_password(%s, %s)", (login, verifier))
    except psycopg.errors.InsufficientPrivilege:
        raise NotAllowed(tr("Only an administrator sets the password of somebody else.")) from None
