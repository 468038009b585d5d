"""`firstline-admin demo`: an invented call center."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from app.cli.common import open_database, say
from app.db import schema
from app.i18n import tr
from app.services import demo_centre


def commands() -> typer.Typer:
    group = typer.Typer(help=tr("An invented call center to try the program with."), no_args_is_help=True)

    @group.command("create", help=tr("Fill an empty database with the demo centre."))
    def _create(database: Annotated[str, typer.Option("--database", help=tr("The address of the database."))]) -> None:
        create_demo(database)

    @group.callback()
    def _group() -> None:
        """Keeps "create" a command of its own: Typer takes the only one of a group for the group itself."""

    return group


def create_demo(url: str) -> None:
    """Put the demo centre into an empty database; its tables are made where there are none."""
    with open_database(url) as database:
        if schema.has_tables(database):
            schema.check(database)
        else:
            schema.upgrade(database)
        demo_centre.create(database, now=datetime.now(UTC))
        say(tr("The demo centre is made. Sign in as “{login}”.", login=demo_centre.LOGIN))
