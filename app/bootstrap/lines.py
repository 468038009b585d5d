"""The line of a desk: where its calls come from, as the settings say."""

import re
from collections.abc import Sequence
from functools import partial

from app import settings
from app.adapters.secrets import KeyringStore, account_name
from app.db.engine import Database
from app.domain.demo import DemoCaller
from app.domain.errors import NotAllowed, Unavailable
from app.i18n import tr
from app.services import demo_centre
from app.services.demo_data import load_centre
from app.telephony.ami import AmiSettings, AmiSource
from app.telephony.demo import DemoSource
from app.telephony.joined import JoinedSource
from app.telephony.sip import SipAudio, SipSettings, SipSource
from app.telephony.source import CallSource


def callers(database: Database) -> Sequence[DemoCaller]:
    """Whom the demo line lets call; the few who are in no database while it is away.

    They do also for whoever takes no calls, and so may not read telephone numbers.
    """
    try:
        return demo_centre.demo_callers(database)
    except (Unavailable, NotAllowed):
        return load_centre().callers


def line(database: Database, chosen: settings.Settings) -> CallSource:
    """The call source of the settings."""
    if chosen.line == "demo":
        return DemoSource(callers(database))
    if chosen.line == "sip":
        return _softphone(chosen)
    ami = _pbx(chosen)
    return JoinedSource(ami, _softphone(chosen)) if chosen.line == "ami+sip" else ami


def _pbx(chosen: settings.Settings) -> AmiSource:
    if not chosen.ami_host or not chosen.ami_user or not chosen.ami_interface:
        raise NotAllowed(
            tr("The line “{line}” needs ami_host, ami_user and ami_interface in the settings.", line=chosen.line)
        )
    wanted = AmiSettings(
        host=chosen.ami_host,
        port=chosen.ami_port,
        user=chosen.ami_user,
        password=lambda: KeyringStore().get(wanted.secret_name),
        uses_tls=chosen.ami_tls,
        interface=chosen.ami_interface,
        context=chosen.ami_context,
        region=chosen.region,
        extension=re.compile(chosen.extensions),
    )
    return AmiSource(wanted)


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
