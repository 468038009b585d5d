"""The line of a desk: where its calls come from, as the settings say."""

import re
from collections.abc import Callable, Sequence
from functools import partial

from app import settings
from app.adapters.secrets import KeyringStore, account_name
from app.db.engine import Database
from app.domain.demo import DemoCaller
from app.domain.errors import NotAllowed, Unavailable
from app.domain.lines import SHARED
from app.domain.people import Person, Role
from app.i18n import tr
from app.services import demo_centre
from app.services.demo_data import load_centre
from app.services.lines import Lines
from app.telephony.ami import AmiSettings, AmiSource
from app.telephony.demo import DemoSource
from app.telephony.joined import JoinedSource
from app.telephony.shared import SharedSource
from app.telephony.sip import SipAudio, SipSettings, SipSource
from app.telephony.source import CallSource


def callers(database: Database, person: Person) -> Sequence[DemoCaller]:
    """Whom the demo line lets call; the few who are in no database while it is away.

    They do also for whoever takes no calls, and so may not read telephone numbers: the database is not even asked.
    """
    if Role.FIRST_LEVEL not in person.roles:
        return load_centre().callers
    try:
        return demo_centre.demo_callers(database)
    except Unavailable:
        return load_centre().callers


def line(database: Database, chosen: settings.Settings, person: Person) -> CallSource:
    """The call source of the settings."""
    if chosen.line in (SHARED, f"{SHARED}+sip"):
        if database.is_sqlite:
            raise NotAllowed(tr("The line “shared” comes through PostgreSQL. Choose another line for a database file."))
        shared = SharedSource(Lines(database, person.id), person.id)
        return shared if chosen.line == SHARED else JoinedSource(shared, _softphone(chosen))
    if chosen.line == "demo":
        return DemoSource(callers(database, person))
    if chosen.line == "sip":
        return _softphone(chosen)
    ami = _pbx(chosen)
    return JoinedSource(ami, _softphone(chosen)) if chosen.line == "ami+sip" else ami


def _pbx(chosen: settings.Settings) -> AmiSource:
    if not chosen.ami_interface:
        raise _incomplete(chosen.line)
    return AmiSource(pbx_settings(chosen, KeyringStore().get, interface=chosen.ami_interface))


def pbx_settings(chosen: settings.Settings, secret: Callable[[str], str | None], *, interface: str = "") -> AmiSettings:
    """The PBX of the settings; `secret` finds a password by name.

    Raises:
        NotAllowed: there is none in them.
    """
    if not chosen.ami_host or not chosen.ami_user:
        raise _incomplete(chosen.line if interface else "gateway")
    wanted = AmiSettings(
        host=chosen.ami_host,
        port=chosen.ami_port,
        user=chosen.ami_user,
        password=lambda: secret(wanted.secret_name),
        uses_tls=chosen.ami_tls,
        interface=interface,
        context=chosen.ami_context,
        region=chosen.region,
        extension=re.compile(chosen.extensions),
    )
    return wanted


def _incomplete(line_name: str) -> NotAllowed:
    if line_name == "gateway":
        return NotAllowed(tr("The gateway needs ami_host and ami_user in the settings."))
    return NotAllowed(
        tr("The line “{line}” needs ami_host, ami_user and ami_interface in the settings.", line=line_name)
    )


def _softphone(chosen: settings.Settings) -> SipSource:
    return SipSource(
        SipSettings(
            account=chosen.sip_account,
            registrar=chosen.sip_registrar,
            listen=chosen.sip_listen,
            port=chosen.sip_port,
            region=chosen.region,
            extension=re.compile(chosen.extensions),
            audio=SipAudio(chosen.sip_audio),
            password=partial(KeyringStore().get, account_name(chosen.sip_account)) if chosen.sip_registrar else None,
        )
    )
