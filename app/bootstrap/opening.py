"""Opens a desk: the one that settings and command line ask for, or the demo centre's."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from app import settings
from app.adapters.secrets import KeyringStore, account_name
from app.bootstrap.desk import Desk
from app.db import schema
from app.db.engine import Database
from app.db.errors import errors_translated
from app.domain.errors import NotAllowed
from app.i18n import tr
from app.services import demo_centre
from app.services.people import People
from app.telephony.ami import AmiSettings, AmiSource
from app.telephony.demo import DemoSource, Pace
from app.telephony.joined import JoinedSource
from app.telephony.sip import SipAudio, SipSettings, SipSource
from app.telephony.source import CallSource

DEMO_LOGIN = demo_centre.LOGIN


def open_from(*, is_demo: bool, database: str = "", login: str = "", folder: Path | None = None) -> Desk:
    """The desk that the command line and the settings ask for; FirstlineError with what to do when it cannot be."""
    chosen = settings.load()
    if is_demo:
        return open_demo(folder or settings.desk_folder() / "demo", database, login or DEMO_LOGIN, undo_s=chosen.undo_s)
    url = database or chosen.database
    person = login or chosen.login
    if not url or not person:
        raise NotAllowed(
            tr("No database is set up on this desk. Try “firstline demo”, or give --database and --login.")
        )
    return open_desk(
        url, person, folder or settings.desk_folder(), lambda shared: _line(shared, chosen), undo_s=chosen.undo_s
    )


def open_demo(
    folder: Path, url: str = "", login: str = DEMO_LOGIN, pace: Pace | None = None, undo_s: float = 5.0
) -> Desk:
    """The demo centre, made at the first start: in a file of its own in `folder`, or in the database at `url`."""
    with errors_translated(), suppress(FileExistsError):
        folder.mkdir(parents=True, exist_ok=True)
    address = url or f"sqlite:///{folder / 'demo.db'}"
    database = Database(address)
    try:
        schema.upgrade(database)
        if not People(database).are_known():
            demo_centre.create(database, now=datetime.now(UTC))
    finally:
        database.close()
    return open_desk(
        address,
        login,
        folder,
        lambda shared: DemoSource(demo_centre.demo_callers(shared), pace=pace),
        undo_s=undo_s,
    )


def open_desk(
    url: str, login: str, folder: Path, make_source: Callable[[Database], CallSource], *, undo_s: float
) -> Desk:
    """The desk of a person at a database that is there and up to date; FirstlineError with a sentence if it is not."""
    database = Database(url)
    try:
        schema.check(database)
        person = People(database).by_login(login)
        return Desk(database, person, folder, make_source(database), undo_s=undo_s)
    except BaseException:
        database.close()
        raise


def _line(database: Database, chosen: settings.Settings) -> CallSource:
    """The call source of the settings."""
    if chosen.line == "demo":
        return DemoSource(demo_centre.demo_callers(database))
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
            audio=SipAudio(chosen.sip_audio),
            password=partial(KeyringStore().get, account_name(chosen.sip_account)) if chosen.sip_registrar else None,
        )
    )
