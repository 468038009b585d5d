"""`firstline-admin person`: who works in the centre, in which roles, and how they sign in."""

import getpass
import sys
from typing import Annotated, Any

import typer

from app.cli.common import checked_database, database_option, say, typed_secret
from app.domain.errors import NotAllowed
from app.domain.people import Role
from app.i18n import tr
from app.services.staff import Staff


def commands() -> typer.Typer:
    group = typer.Typer(help=tr("The people of the centre: add, change, remove and list them."), no_args_is_help=True)
    _define_changes(group)

    @group.command("remove", help=tr("Let a person who has left sign in no more. The name stays in what they did."))
    def _remove(login: Annotated[str, _login()], database: Annotated[str, database_option()] = "") -> None:
        with checked_database(database) as opened:
            Staff(opened).remove(login)
        say(tr("“{login}” may do nothing any more.", login=login))

    @group.command("list", help=tr("All people: login, name, team and roles, separated by tabs."))
    def _list(database: Annotated[str, database_option()] = "") -> None:
        list_people(database)

    @group.command("password", help=tr("Set a new password: your own, or as an administrator that of anybody."))
    def _password(login: Annotated[str, _login()], database: Annotated[str, database_option()] = "") -> None:
        with checked_database(database) as opened:
            Staff(opened).set_password(login, new_password())
        say(tr("The new password holds from the next sign-in."))

    return group


def _define_changes(group: typer.Typer) -> None:
    new_team = typer.Option("--new-team", help=tr("Make the team if there is none of that name."))

    @group.command(
        "add", help=tr("Add a person. On PostgreSQL the password is asked for, or read from standard input.")
    )
    def _add(
        login: Annotated[str, _login()],
        name: Annotated[str, typer.Option("--name", help=tr("First and last name."))],
        team: Annotated[str, typer.Option("--team", help=tr("The team's name."))],
        role: Annotated[list[Role], _roles()],
        makes_team: Annotated[bool, new_team] = False,
        database: Annotated[str, database_option()] = "",
    ) -> None:
        with checked_database(database) as opened:
            staff = Staff(opened)
            password = new_password() if staff.has_sign_ins else ""
            staff.add(login, name, team, role, password, makes_team=makes_team)
        say(tr("“{login}” is added.", login=login))

    @group.command("change", help=tr("Change name, team or roles of a person. The roles given replace all they had."))
    def _change(
        login: Annotated[str, _login()],
        name: Annotated[str, typer.Option("--name", help=tr("First and last name."))] = "",
        team: Annotated[str, typer.Option("--team", help=tr("The team's name."))] = "",
        role: Annotated[list[Role] | None, _roles()] = None,
        makes_team: Annotated[bool, new_team] = False,
        database: Annotated[str, database_option()] = "",
    ) -> None:
        with checked_database(database) as opened:
            Staff(opened).change(login, name=name, team=team, roles=role or (), makes_team=makes_team)
        say(tr("“{login}” is changed.", login=login))


def list_people(url: str) -> None:
    with checked_database(url) as database:
        for person in Staff(database).everybody():
            roles = ", ".join(sorted(person.roles)) or tr("has left")
            typer.echo("\t".join((person.login, person.name, person.team_name, roles)))


def new_password() -> str:
    """Asked for twice without showing it, or one line of standard input."""
    password = typed_secret()
    if sys.stdin.isatty() and getpass.getpass(tr("The same again: ")) != password:
        raise NotAllowed(tr("These were two different passwords. Nothing was changed; try again."))
    return password


def _login() -> Any:
    return typer.Argument(help=tr("The name to sign in with."))


def _roles() -> Any:
    return typer.Option("--role", help=tr("A role; give it several times for several roles."))
