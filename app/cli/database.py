"""`firstline-admin database`: make, upgrade and check the shared database."""

from typing import Annotated

import typer

from app.cli.common import checked_database, database_option, open_database, say
from app.db import differences, schema
from app.domain.errors import NotAllowed
from app.i18n import plural, tr


def commands() -> typer.Typer:
    group = typer.Typer(help=tr("Make, upgrade and check the shared database."), no_args_is_help=True)

    @group.command("create", help=tr("Make the tables in an empty database, or in a new SQLite file."))
    def _create(database: Annotated[str, database_option()] = "") -> None:
        create_database(database)

    @group.command("upgrade", help=tr("Bring tables of an older version up to date, and give all rights anew."))
    def _upgrade(database: Annotated[str, database_option()] = "") -> None:
        upgrade_database(database)

    @group.command("check", help=tr("Say what in the database is other than it should be: tables, rights, roles."))
    def _check(database: Annotated[str, database_option()] = "") -> None:
        check_database(database)

    return group


def create_database(url: str) -> None:
    """Make the tables in a database that has none."""
    with open_database(url) as database:
        if schema.has_tables(database):
            raise NotAllowed(tr("This database has tables already. Use: firstline-admin database upgrade"))
        schema.upgrade(database)
        say(tr("The tables are made."))


def upgrade_database(url: str) -> None:
    """Bring the tables of an older program up to date."""
    with open_database(url) as database:
        if not schema.has_tables(database):
            schema.check(database)  # raises, and says how to make them
        schema.upgrade(database, renews_rights=True)
        say(tr("The database is up to date."))


def check_database(url: str) -> None:
    """Say each difference from what this program would make, and how to repair them."""
    with checked_database(url) as database:
        found = differences.differences(database)
        for sentence in found:
            say(sentence)
    if found:
        raise NotAllowed(
            plural(
                len(found),
                "There is 1 difference. Repair rights with: firstline-admin database upgrade",
                "There are {n} differences. Repair rights with: firstline-admin database upgrade",
            )
        )
    say(tr("The database is up to date."))
