"""Opens a desk: the one that settings and command line ask for, or the demo centre's."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from app import settings
from app.bootstrap import sign_in
from app.bootstrap.desk import LEASE, Desk
from app.bootstrap.door import refuse_others, remember, remembered
from app.bootstrap.lines import callers, line
from app.bootstrap.sign_in import SignIn, access, refuse_password
from app.db import schema
from app.db.address import Access
from app.db.engine import Database
from app.db.errors import errors_translated
from app.desk.journal import Journal
from app.domain.errors import FirstlineError, NotAllowed, NotFound, SignInRefused, Unavailable, WrongVersion
from app.domain.people import AgentRules, Person
from app.i18n import tr
from app.search.meaning import Meaning
from app.services import demo_centre
from app.services.people import People
from app.telephony.demo import DemoSource, Pace
from app.telephony.source import CallSource

DEMO_LOGIN = demo_centre.LOGIN


def open_from(
    *, is_demo: bool, database: str = "", login: str = "", folder: Path | None = None, typed: SignIn | None = None
) -> Desk:
    """The desk that the command line and the settings ask for, for whom they name or who has `typed` a name.

    Raises:
        SignInRefused, NotFound: somebody must sign in, or sign in otherwise.
        FirstlineError: what to do before a desk can be opened.
    """
    chosen = settings.load()
    refuse_password(database)
    if is_demo:
        folder = folder or settings.desk_folder() / "demo"
        name = typed.login if typed else login or DEMO_LOGIN
        return _with_meaning(open_demo(folder, database, name, undo_s=chosen.undo_s), chosen, folder)
    url = database or chosen.database
    if not url:
        raise NotAllowed(
            tr("No database is set up on this desk. Try “firstline demo”, or give --database and --login.")
        )
    who = typed or SignIn(login=login or chosen.login)
    if not who.login:
        raise SignInRefused(tr("Who works here? Please sign in."))
    rules = AgentRules(
        wrap_up_limit=timedelta(seconds=chosen.wrap_up_s),
        pauses_after_missed=chosen.pause_after_missed,
        region=chosen.region,
    )
    folder = folder or settings.desk_folder() / "people" / quote(who.login, safe="")
    desk = open_desk(
        url,
        who.login,
        folder,
        lambda shared, person: line(shared, chosen, person),
        undo_s=chosen.undo_s,
        rules=rules,
        lease=timedelta(minutes=chosen.lease_min),
        access=access(url, chosen, who),
    )
    if typed and desk.data_at is None:
        if not login:
            _remember_name(typed.login)
        if hindrance := sign_in.remember(url, typed):
            desk.warnings += (hindrance,)
    return _with_meaning(desk, chosen, folder)


def _remember_name(login: str) -> None:
    """For the next start; a settings file that cannot be written only loses that."""
    with suppress(FirstlineError):
        chosen = settings.load()
        if chosen.login != login:
            settings.save(replace(chosen, login=login))


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
        lambda shared, person: DemoSource(callers(shared, person), pace=pace),
        undo_s=undo_s,
    )


def open_desk(
    url: str,
    login: str,
    folder: Path,
    make_source: Callable[[Database, Person], CallSource],
    *,
    undo_s: float,
    rules: AgentRules | None = None,
    lease: timedelta = LEASE,
    access: Access = Access(),  # noqa: B008 - frozen
) -> Desk:
    """The desk of a person at a database, or on what is kept of it in `folder` while it cannot be reached.

    Raises:
        SignInRefused, NotFound: the database does not let this person in, or does not know them.
        WrongVersion: its tables are not those of this program.
        Unavailable: it cannot be reached, and this person has not worked here before; or the journal is in use.
    """
    with ExitStack() as opened:
        database = Database(url, access)
        opened.callback(database.close)
        person, away = _person(database, login)
        journal = Journal(folder / "journal.db")
        opened.callback(journal.close)
        data_at = None
        if person is None:
            known = remembered(journal, login, url)
            if known is None:
                raise away or NotFound(login)
            person, data_at = known
        refuse_others(journal, person)
        if data_at is None:
            remember(journal, person, url)
        source = make_source(database, person)
        desk = Desk(
            database, person, folder, source, undo_s=undo_s, rules=rules, lease=lease, journal=journal, data_at=data_at
        )
        opened.pop_all()
        desk.warnings = (journal.warning,) if journal.warning else ()
        return desk


def _person(database: Database, login: str) -> tuple[Person | None, Unavailable | None]:
    """The person as the database knows them; or why it cannot be asked."""
    try:
        schema.check(database)
        return People(database).by_login(login), None
    except (SignInRefused, WrongVersion):
        raise
    except Unavailable as error:
        return None, error


def _with_meaning(desk: Desk, chosen: settings.Settings, folder: Path) -> Desk:
    """The desk with the second opinion that the settings name, if they do."""
    if chosen.meaning_model:
        languages = frozenset(chosen.meaning_languages.split("+"))
        desk.meaning = Meaning(Path(chosen.meaning_model).expanduser(), languages, folder)
    return desk
