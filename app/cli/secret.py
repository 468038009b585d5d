"""`firstline-admin secret`: passwords in the keyring of this system."""

from typing import Annotated

import typer

from app.adapters.secrets import KeyringStore, account_name, store_secret
from app.cli.common import say, typed_secret
from app.i18n import tr


def commands() -> typer.Typer:
    group = typer.Typer(help=tr("Keep passwords in this system's keyring."), no_args_is_help=True)
    name_help = tr("The account, such as sip:agent@pbx.example.org.")
    set_help = tr("Keep a password; it is asked for without showing it, or read from standard input.")

    @group.command("set", help=set_help)
    def _set(name: Annotated[str, typer.Argument(help=name_help)]) -> None:
        store_secret(KeyringStore(), account_name(name), typed_secret())
        say(tr("The password is kept in the keyring."))

    @group.command("forget", help=tr("Remove a password from the keyring."))
    def _forget(name: Annotated[str, typer.Argument(help=name_help)]) -> None:
        KeyringStore().forget(account_name(name))
        say(tr("The keyring has no password under this name any more."))

    return group
