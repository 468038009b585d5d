"""`firstline-admin`: what administrators and knowledge editors do with the shared database. A module a group.

Typer takes help texts when a command is defined, so the commands are defined in functions that run after the
language is chosen.
"""

import logging
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from app.cli import (
    alert,
    answers,
    database,
    demo,
    gateway,
    history,
    levels,
    metrics,
    person,
    queue,
    relay,
    rules,
    secret,
    settled,
)
from app.cli.common import console
from app.domain.errors import FirstlineError
from app.i18n import LANGUAGES, set_language, system_language, tr

_LANGUAGE_OPTION = "--language"


class Language(StrEnum):
    DE = "de"
    EN = "en"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process: 0 well, 1 with a sentence on stderr, 2 for a wrong command line."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    set_language(_language_of(given) or system_language())
    logging.getLogger("firstline").addHandler(logging.NullHandler())  # else warnings stand before our sentence
    try:
        commands()(args=given, prog_name="firstline-admin")
    except FirstlineError as error:
        console(stderr=True).print(str(error))
        sys.exit(1)


def commands() -> typer.Typer:
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

    program.add_typer(queue.commands(), name="queue")
    program.add_typer(alert.commands(), name="alert")
    program.add_typer(answers.commands(), name="answers")
    program.add_typer(database.commands(), name="database")
    program.add_typer(demo.commands(), name="demo")
    program.add_typer(gateway.commands(), name="gateway")
    program.add_typer(history.commands(), name="history")
    program.add_typer(levels.commands(), name="levels")
    program.add_typer(person.commands(), name="person")
    program.add_typer(relay.commands(), name="relay")
    program.add_typer(secret.commands(), name="secret")
    metrics.add_to(program)
    rules.add_to(program)
    settled.add_to(program)
    return program


def _language_of(arguments: Sequence[str]) -> str:
    """The language asked for, before anything else is read; a wrong one is refused later, by Typer.

    It stands before the command: after it, "--language" may mean something else.
    """
    for i, argument in enumerate(arguments):
        if not argument.startswith("-"):
            return ""
        name, _, value = argument.partition("=")
        if name == _LANGUAGE_OPTION:
            wanted = value or "".join(arguments[i + 1 : i + 2])
            return wanted if wanted in LANGUAGES else ""
    return ""
