"""`firstline-admin`: what administrators and knowledge editors do with the shared database.

Typer takes help texts when a command is defined, so the commands are defined in functions that run after the
language is chosen.
"""

import getpass
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from app import settings
from app.adapters import answer_files
from app.adapters.answer_files import Fault
from app.adapters.secrets import KeyringStore, account_name, store_secret
from app.db import schema
from app.db.engine import Database
from app.domain.answers import Answer, Audience
from app.domain.errors import FirstlineError, NotAllowed
from app.i18n import LANGUAGES, plural, set_language, system_language, tr
from app.services import demo_centre
from app.services.answers import Answers

DATABASE_VARIABLE = "FIRSTLINE_DATABASE"

_LANGUAGE_OPTION = "--language"


class Language(StrEnum):
    DE = "de"
    EN = "en"


class Format(StrEnum):
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process: 0 well, 1 with a sentence on stderr, 2 for a wrong command line."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    set_language(_language_of(given) or system_language())
    logging.getLogger("firstline").addHandler(logging.NullHandler())  # else warnings stand before our sentence
    try:
        _program()(args=given, prog_name="firstline-admin")
    except FirstlineError as error:
        _console(stderr=True).print(str(error))
        sys.exit(1)


def import_answers(file: Path, url: str, *, apply: bool) -> None:
    """Report what the file would change, and publish it if asked to; with any fault nothing is written."""
    with _opened(url) as database:
        answers = Answers(database)
        reading = answer_files.read(file, product_codes=answers.product_codes())
        _print_faults(reading.faults)
        published = {answer.id: answer for answer in answers.published(frozenset(Audience))}
        _print_counts(reading.answers, published)
        if reading.faults:
            sentence = plural(
                len(reading.faults),
                "There is 1 fault, so nothing is written. Correct it and try again.",
                "There are {n} faults, so nothing is written. Correct them and try again.",
            )
            raise NotAllowed(sentence)
        if apply:
            count = answers.publish(reading.answers)
            _say(plural(count, "1 answer was published.", "{n} answers were published."))
        else:
            _say(tr("Nothing was written. To publish this, give the same command with --apply."))


def export_answers(file: Path, url: str, form: Format | None, *, is_replacing: bool) -> None:
    """Write all published answers, of every level, into a file or folder."""
    if file.is_file() and not is_replacing:
        raise NotAllowed(tr("There is a file {path} already. Give --replace to replace it.", path=file))
    with _opened(url) as database:
        answers = Answers(database).published(frozenset(Audience))
    answer_files.write(answers, file, format=form or "")
    _say(plural(len(answers), "1 answer was written to {path}.", "{n} answers were written to {path}.", path=file))


def create_database(url: str) -> None:
    """Make the tables in a database that has none."""
    with _open(url) as database:
        if schema.has_tables(database):
            raise NotAllowed(tr("This database has tables already. Use: firstline-admin database upgrade"))
        schema.upgrade(database)
        _say(tr("The tables are made."))


def upgrade_database(url: str) -> None:
    """Bring the tables of an older program up to date."""
    with _open(url) as database:
        if not schema.has_tables(database):
            schema.check(database)  # raises, and says how to make them
        schema.upgrade(database)
        _say(tr("The database is up to date."))


def create_demo(url: str) -> None:
    """Put the demo centre into an empty database; its tables are made where there are none."""
    with _open(url) as database:
        if schema.has_tables(database):
            schema.check(database)
        else:
            schema.upgrade(database)
        demo_centre.create(database, now=datetime.now(UTC))
        _say(tr("The demo centre is made. Sign in as “{login}”.", login=demo_centre.LOGIN))


def _program() -> typer.Typer:
    program = typer.Typer(
        help=tr("Administer Firstline: its database and its scripted answers."),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )

    @program.callback()
    def _global(
        language: Annotated[
            Language | None, typer.Option(_LANGUAGE_OPTION, help=tr("The language of this program."))
        ] = None,
    ) -> None:
        """`main` has looked at it already: help texts are needed before options are read."""

    program.add_typer(_answers_commands(), name="answers")
    program.add_typer(_database_commands(), name="database")
    program.add_typer(_demo_commands(), name="demo")
    program.add_typer(_secret_commands(), name="secret")
    return program


def _answers_commands() -> typer.Typer:
    commands = typer.Typer(help=tr("Import and export scripted answers."), no_args_is_help=True)

    @commands.command(
        "import",
        help=tr("Publish the answers of a file. Without --apply it only says what would change. "
                "Answers that are not in the file stay as they are."),
    )  # fmt: skip
    def _import(
        file: Annotated[Path, typer.Argument(help=tr("A .csv, .json or .md file, or a folder of .md files."))],
        database: Annotated[str, _database_option()] = "",
        apply: Annotated[bool, typer.Option("--apply", help=tr("Publish, if there is no fault."))] = False,
    ) -> None:
        import_answers(file, database, apply=apply)

    @commands.command("export", help=tr("Write all published answers to a file, exactly as import takes them."))
    def _export(
        file: Annotated[Path, typer.Argument(help=tr("The file to write; for Markdown a new folder."))],
        format: Annotated[
            Format | None, typer.Option("--format", help=tr("Without it the ending of the file name decides."))
        ] = None,
        database: Annotated[str, _database_option()] = "",
        replace: Annotated[bool, typer.Option("--replace", help=tr("Replace a file that is there."))] = False,
    ) -> None:
        export_answers(file, database, format, is_replacing=replace)

    return commands


def _database_commands() -> typer.Typer:
    commands = typer.Typer(help=tr("Make, upgrade and check the shared database."), no_args_is_help=True)

    @commands.command("create", help=tr("Make the tables in an empty database, or in a new SQLite file."))
    def _create(database: Annotated[str, _database_option()] = "") -> None:
        create_database(database)

    @commands.command("upgrade", help=tr("Bring the tables of an older version up to date."))
    def _upgrade(database: Annotated[str, _database_option()] = "") -> None:
        upgrade_database(database)

    @commands.command("check", help=tr("Say whether the database can be used as it is."))
    def _check(database: Annotated[str, _database_option()] = "") -> None:
        with _opened(database):
            _say(tr("The database is up to date."))

    return commands


def _demo_commands() -> typer.Typer:
    commands = typer.Typer(help=tr("An invented call center to try the program with."), no_args_is_help=True)

    @commands.command("create", help=tr("Fill an empty database with the demo centre."))
    def _create(database: Annotated[str, typer.Option("--database", help=tr("The address of the database."))]) -> None:
        create_demo(database)

    @commands.callback()
    def _group() -> None:
        """Keeps "create" a command of its own: Typer takes the only one of a group for the group itself."""

    return commands


def _secret_commands() -> typer.Typer:
    commands = typer.Typer(help=tr("Keep passwords in this system's keyring."), no_args_is_help=True)
    name_help = tr("The account, such as sip:agent@pbx.example.org.")
    set_help = tr("Keep a password; it is asked for without showing it, or read from standard input.")

    @commands.command("set", help=set_help)
    def _set(name: Annotated[str, typer.Argument(help=name_help)]) -> None:
        store_secret(KeyringStore(), account_name(name), _typed_secret())
        _say(tr("The password is kept in the keyring."))

    @commands.command("forget", help=tr("Remove a password from the keyring."))
    def _forget(name: Annotated[str, typer.Argument(help=name_help)]) -> None:
        KeyringStore().forget(account_name(name))
        _say(tr("The keyring has no password under this name any more."))

    return commands


def _typed_secret() -> str:
    if sys.stdin.isatty():
        return getpass.getpass(tr("Password: "))
    return sys.stdin.readline().rstrip("\r\n")


def _database_option() -> Any:
    return typer.Option(
        "--database",
        help=tr("The address of the database; without it that of {variable} or of the settings.",
                variable=DATABASE_VARIABLE),
    )  # fmt: skip


@contextmanager
def _open(url: str) -> Iterator[Database]:
    database = Database(url or _known_address())
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    """A database whose tables are those of this program."""
    with _open(url) as database:
        schema.check(database)
        yield database


def _known_address() -> str:
    address = os.environ.get(DATABASE_VARIABLE) or settings.load().database
    if not address:
        raise NotAllowed(
            tr("Which database? Give --database sqlite:///FILE or --database postgresql://PERSON@HOST/NAME, "
               "or set {variable}.", variable=DATABASE_VARIABLE)
        )  # fmt: skip
    return address


def _language_of(arguments: Sequence[str]) -> str:
    """The language asked for, before anything else is read; a wrong one is refused later, by Typer."""
    for i, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == _LANGUAGE_OPTION:
            wanted = value or "".join(arguments[i + 1 : i + 2])
            return wanted if wanted in LANGUAGES else ""
    return ""


def _print_faults(faults: Sequence[Fault]) -> None:
    for fault in faults:
        _console().print(Text.assemble((f"{fault.place}: ", "bold"), fault.reason))


def _print_counts(answers: Sequence[Answer], published: dict[Any, Answer]) -> None:
    known = [answer for answer in answers if answer.id in published]
    unchanged = sum(replace(published[answer.id], version=answer.version) == answer for answer in known)
    counts = (len(answers) - len(known), len(known) - unchanged, unchanged)
    _say(tr("{new} new, {changed} changed, {unchanged} unchanged.",
            new=counts[0], changed=counts[1], unchanged=counts[2]))  # fmt: skip


def _say(sentence: str) -> None:
    _console().print(sentence)


def _console(*, stderr: bool = False) -> Console:
    """Plain lines: never wrapped, because they are read by programs too; brackets in a path are no markup."""
    return Console(stderr=stderr, soft_wrap=True, markup=False, highlight=False, emoji=False)
