"""`firstline-admin relay`: wakes desks through a broker, where they are too many for PostgreSQL to wake."""

import logging
import signal
from functools import partial
from typing import Annotated

import typer

from app import settings
from app.adapters.secrets import KeyringStore, account_name
from app.cli.common import checked_database, database_option, say
from app.db.broker import BrokerAddress
from app.db.relay import Relay
from app.domain.errors import NotAllowed
from app.i18n import tr


def commands() -> typer.Typer:
    group = typer.Typer(help=tr("Wake thousands of desks through a broker (NATS)."), no_args_is_help=True)

    @group.command("run", help=tr("Pass wake-ups on until it is stopped (Ctrl+C, SIGTERM); one for a site is enough."))
    def _run(
        wake: Annotated[
            str, typer.Option("--wake", help=tr("The broker, nats://HOST:PORT; without it that of the settings."))
        ] = "",
        database: Annotated[str, database_option()] = "",
    ) -> None:
        run_relay(database, wake or settings.load().wake)

    @group.callback()
    def _group() -> None:
        """Keeps "run" a command of its own: Typer takes the only one of a group for the group itself."""

    return group


def run_relay(url: str, wake: str) -> None:
    """Until SIGINT or SIGTERM; the database is reached directly, for through a pooler one hears nothing."""
    broker = BrokerAddress.of(wake, partial(KeyringStore().get, account_name(wake)))
    with checked_database(url, is_limited=True) as database:
        if not database.is_heard:
            raise NotAllowed(
                tr("A relay hears nothing through a pooler, or from a file. Give it the address of PostgreSQL itself.")
            )
        logging.getLogger("firstline").setLevel(logging.CRITICAL)  # the lines of the relay say it
        relay = Relay(database, broker, say)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: relay.stop())
        relay.run()
