"""Driver errors are made into ours here and nowhere else."""

import logging
import re
import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.domain.errors import FirstlineError, NotAllowed, SignInRefused, Unavailable, Untrusted
from app.i18n import tr

_SIGN_IN = re.compile("auth?enti|permitted to log in", re.IGNORECASE)

_log = logging.getLogger("firstline.db")


class errors_translated:  # noqa: N801 - as `contextlib.suppress`; a generator takes twice as long in each command
    """Turn the driver's errors into Unavailable with a sentence; what is our own bug goes through as it is."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, PoolTimeoutError):
            raise Unavailable(
                tr("The database does not answer. Your work is kept on this desk and delivered later.")
            ) from error
        if isinstance(error, DBAPIError):
            _leave_data_out(error)
            if ours := _translated(error):
                _log.warning("database: %s", type(error.orig).__name__)
                raise ours from error


def _leave_data_out(error: DBAPIError) -> None:
    """PostgreSQL repeats the row that it refuses ("Failing row contains …"): a customer's, which no log is to have."""
    if isinstance(error.orig, psycopg.Error) and error.orig.diag.message_primary:
        error.orig.args = (error.orig.diag.message_primary,)
        error.args = (f"({type(error.orig).__name__}) {error.orig}",)


def _translated(error: DBAPIError) -> FirstlineError | None:
    if isinstance(error.orig, sqlite3.Error):
        return _translated_sqlite(str(error.orig))
    if getattr(error.orig, "sqlstate", None) == "42501":
        return NotAllowed(tr("Your role does not permit this. Ask your administrator."))
    if error.connection_invalidated or _is_about_connection(error):
        return _not_reached()
    return None


def refusal(error: psycopg.Error) -> Unavailable:
    """Why a connection did not come to be; it is in the log by its kind alone.

    There is no SQLSTATE before one is signed in, and the server speaks its own language: only libpq's own words are
    relied on, and one word that all languages have of the Greek.
    """
    text = str(error)
    _log.warning("database: %s", type(error).__name__)
    if (error.pgconn is not None and error.pgconn.needs_password) or "no password supplied" in text:
        return SignInRefused(tr("The database asks for a password."))
    if "authentication method requirement" in text:
        return Untrusted(
            tr("The database wants the password in a way that is not safe (not by SCRAM), so it was not given. "
               "Tell your administrator.")
        )  # fmt: skip
    if _SIGN_IN.search(text):  # of any of the hosts
        return SignInRefused(
            tr("The database does not accept this name and password. Check both; capital letters matter.")
        )
    if "pg_hba.conf" in text:
        return SignInRefused(tr("The database does not let this person in from here. Ask your administrator."))
    if "certificate" in text or "SSL" in text:
        return Untrusted(
            tr("The database did not prove that it is the right one (its certificate), so nothing was sent to it. "
               "Tell your administrator.")
        )  # fmt: skip
    return _not_reached()


def _is_about_connection(error: DBAPIError) -> bool:
    """SQLSTATE classes that speak of the server, not of our statement; without SQLSTATE it never answered."""
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return type(error).__name__ in ("OperationalError", "InterfaceError")
    return state[:2] in ("08", "28", "3D", "53", "57", "58") or state in ("25006", "25P03", "40001", "40P01")


def _not_reached() -> Unavailable:
    return Unavailable(tr("The database cannot be reached. Your work is kept on this desk and delivered later."))


def _translated_sqlite(text: str) -> FirstlineError | None:
    if "locked" in text or "busy" in text:
        return Unavailable(
            tr("Another program holds the database file. Close it; your work is kept on this desk and delivered later.")
        )
    if "full" in text:
        return Unavailable(tr("There is no space left for the database. Free some space; what you typed is kept."))
    if "unable to open" in text:
        return Unavailable(
            tr("The database file cannot be opened. Check that its folder exists and may be written to.")
        )
    if "readonly" in text:
        return Unavailable(
            tr("The database file may not be written to. Ask your administrator for the right to do so.")
        )
    if "not a database" in text or "malformed" in text:
        return Unavailable(tr("The database file is damaged or is no database. Restore it from a backup."))
    if "disk I/O" in text:
        return Unavailable(tr("The disk with the database does not answer. Your work is kept on this desk."))
    return None
