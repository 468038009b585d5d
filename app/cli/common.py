"""What all commands share: the database's address, sentences on the terminal, a password that is not shown."""

import getpass
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from app import settings
from app.adapters.text_files import Fault
from app.bootstrap import sign_in
from app.bootstrap.sign_in import SignIn, refuse_password
from app.db import schema
from app.db.address import Access
from app.db.engine import Database
from app.domain.errors import NotAllowed, SignInRefused
from app.i18n import plural, tr

DATABASE_VARIABLE = "FIRSTLINE_DATABASE"


def database_option() -> Any:
    return typer.Option(
        "--database",
        help=tr("The address of the database; without it that of {variable} or of the settings.",
                variable=DATABASE_VARIABLE),
    )  # fmt: skip


@contextmanager
def open_database(url: str, *, is_limited: bool = False) -> Iterator[Database]:
    """A database for an administrator: the password as for a desk, or asked for at the terminal.

    Args:
        is_limited: as on a desk, no statement may take long.
    """
    address = address_of(url)
    refuse_password(address)
    chosen = settings.load()
    access = sign_in.access(address, chosen, SignIn(login=chosen.login))
    access = replace(access, is_limited=is_limited, wake="")
    database = _let_in(Database(address, access), address, access)
    try:
        yield database
    finally:
        database.close()


def _let_in(database: Database, address: str, access: Access) -> Database:
    """The database, or the same with a password from the terminal where it wants another."""
    if database.is_sqlite:
        return database
    try:
        with database.read() as session:
            session.connection()
        return database
    except BaseException as error:
        database.close()
        if not isinstance(error, SignInRefused) or not sys.stdin.isatty():
            raise
        say(str(error))
        password = typed_secret()
        return Database(address, replace(access, password=lambda: password))


@contextmanager
def checked_database(url: str, *, is_limited: bool = False) -> Iterator[Database]:
    """A database whose tables are those of this program."""
    with open_database(url, is_limited=is_limited) as database:
        schema.check(database)
        yield database


def print_faults(faults: Sequence[Fault]) -> None:
    """Each with its place, as editors jump to it."""
    for fault in faults:
        console().print(Text.assemble((f"{fault.place}: ", "bold"), fault.reason))


def refuse_faults(faults: Sequence[Fault]) -> None:
    """NotAllowed when there is any."""
    if faults:
        raise NotAllowed(
            plural(
                len(faults),
                "There is 1 fault, so nothing is written. Correct it and try again.",
                "There are {n} faults, so nothing is written. Correct them and try again.",
            )
        )


def typed_secret() -> str:
    if sys.stdin.isatty():
        return getpass.getpass(tr("Password: "))
    return sys.stdin.readline().rstrip("\r\n")


def say(sentence: str) -> None:
    console().print(sentence)


def console(*, stderr: bool = False) -> Console:
    """Plain lines: never wrapped, because they are read by programs too; brackets in a path are no markup."""
    return Console(stderr=stderr, soft_wrap=True, markup=False, highlight=False, emoji=False)


def address_of(url: str) -> str:
    """The address given, else that of the environment or the settings."""
    address = url or os.environ.get(DATABASE_VARIABLE) or settings.load().database
    if not address:
        raise NotAllowed(
            tr("Which database? Give --database sqlite:///FILE or --database postgresql://PERSON@HOST/NAME, "
               "or set {variable}.", variable=DATABASE_VARIABLE)
        )  # fmt: skip
    return address
