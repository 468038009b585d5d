"""`firstline-admin gateway`: the service between telephone system and desks, and its health."""

import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from app import settings
from app.adapters.credentials import DATABASE, PBX, credential, credential_or
from app.adapters.secrets import KeyringStore
from app.bootstrap import sign_in
from app.bootstrap.gateway import Gateway
from app.bootstrap.lines import pbx_settings
from app.bootstrap.sign_in import SignIn, refuse_password
from app.cli.common import address_of, checked_database, database_option, say
from app.db import schema
from app.db.engine import Database
from app.domain.errors import FirstlineError
from app.domain.lines import GatewayPhase, GatewayState
from app.i18n import tr
from app.services.telephones import Health, Telephones
from app.telephony.line_words import trouble


def commands() -> typer.Typer:
    group = typer.Typer(
        help=tr("The gateway between the telephone system and the desks: run it, look at it, assign telephones."),
        no_args_is_help=True,
    )
    telephone = typer.Argument(help=tr("The telephone's name in the PBX's queues, such as PJSIP/1001."))
    run_help = tr("Record the telephone system's calls and do what desks ask, until it is told to end (SIGTERM).")

    @group.command("run", help=run_help)
    def _run(database: Annotated[str, database_option()] = "") -> None:
        run(database)

    @group.command("status", help=tr("One fact a line; exit code 0 if calls come through, else 1."))
    def _status(database: Annotated[str, database_option()] = "") -> None:
        sys.exit(status(database))

    @group.command("assign", help=tr("Say whose telephone it is: its calls appear at the desk of this person."))
    def _assign(
        login: Annotated[str, typer.Argument(help=tr("Who signs in."))],
        interface: Annotated[str, telephone],
        database: Annotated[str, database_option()] = "",
    ) -> None:
        with checked_database(database) as opened:
            Telephones(opened).assign(login, interface)
        say(tr("The telephone {interface} belongs to “{login}”.", interface=interface, login=login))

    @group.command("forget", help=tr("Remove a telephone that is not there any more."))
    def _forget(interface: Annotated[str, telephone], database: Annotated[str, database_option()] = "") -> None:
        with checked_database(database) as opened:
            Telephones(opened).forget(interface)
        say(tr("The telephone {interface} is removed.", interface=interface))

    return group


def run(url: str) -> None:
    """Be a gateway until SIGTERM or SIGINT."""
    wanted = pbx_settings(settings.load(), credential_or(PBX, KeyringStore().get))
    _log_to_stderr()
    with _database(url) as database:
        schema.check(database)
        gateway = Gateway(database, wanted, f"{socket.gethostname()}:{os.getpid()}")
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: gateway.stop())
        gateway.run()


def status(url: str) -> int:
    """Print how the gateway is; the exit code."""
    try:
        with _database(url) as database:
            schema.check(database)
            health = Telephones(database).health()
    except FirstlineError as error:
        say(tr("Database: {sentence}", sentence=error))
        return 1
    for line in _lines(health):
        say(line)
    return 0 if health.gateway and health.gateway.is_serving else 1


@contextmanager
def _database(url: str) -> Iterator[Database]:
    """As the service signs in: with the password that systemd hands to it, else as a desk would."""
    address = address_of(url)
    refuse_password(address)
    chosen = settings.load()
    known = sign_in.access(address, chosen, SignIn(login=chosen.login))
    database = Database(address, replace(known, password=lambda: credential(DATABASE) or known.password()))
    try:
        yield database
    finally:
        database.close()


def _lines(health: Health) -> Iterator[str]:
    gateway = health.gateway
    yield tr("Database: reached")
    if gateway is None or gateway.is_silent or gateway.phase is GatewayPhase.STOPPED:
        yield tr("Gateway: {sentence}", sentence=trouble(gateway))
    else:
        yield tr("Gateway: active, {holder}, last word {age} s ago", holder=gateway.holder, age=f"{gateway.age_s:.1f}")
        yield _pbx_line(gateway)
        yield tr("Callers waiting: {count}", count=gateway.waiting_count)
    yield tr("Telephones: {count}", count=health.telephone_count)
    if health.unassigned:
        yield tr("Telephones of nobody: {names}", names=", ".join(health.unassigned))


def _pbx_line(gateway: GatewayState) -> str:
    since = _time(gateway.since)
    if gateway.phase is GatewayPhase.READY:
        return tr("Telephone system: connected since {time}", time=since)
    if gateway.phase is GatewayPhase.STARTING:
        return tr("Telephone system: starting since {time}", time=since)
    return tr("Telephone system: not reached since {time}", time=since)


def _time(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}"


def _log_to_stderr() -> None:
    """For the journal of the service: no customer's data is in any line of the program's loggers."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.getLogger("firstline").addHandler(handler)
