"""Who signs in to the shared database, and where their password comes from: typed, the keyring, or what libpq finds."""

from dataclasses import dataclass, field, replace

from app import settings
from app.adapters.secrets import KeyringStore, SecretStore, account_name, store_secret
from app.db.address import Access, account_of, account_without_port, has_password, is_postgresql
from app.domain.errors import FirstlineError, NotAllowed, Unavailable
from app.i18n import tr
from app.services import demo_centre
from app.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What a person typed to sign in.

    Attributes:
        password: empty: the one that is kept.
        remember: keep the password in the keyring when it was right.
    """

    login: str
    password: str = field(default="", repr=False)
    remember: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where somebody signs in: the database as it is shown, who did so last, and whether it asks for a password."""

    shown: str
    login: str
    asks_password: bool


def target(database: str, login: str, *, is_demo: bool = False) -> Target:
    """What the command line and the settings say."""
    chosen = settings.load()
    url = database or chosen.database
    name = login or chosen.login
    if is_demo:
        return Target(shown=tr("Demo centre"), login=name or demo_centre.LOGIN, asks_password=False)
    if not is_postgresql(url):
        return Target(shown=url.removeprefix("sqlite:///"), login=name, asks_password=False)
    return Target(shown=account_of(url, name).partition("@")[2], login=name, asks_password=True)


def access(url: str, chosen: Settings, typed: SignIn, store: SecretStore | None = None) -> Access:
    """How `typed.login` comes in; a keyring that is locked or gone is no hindrance, for libpq may know the password."""
    made = Access(
        user=typed.login,
        ca=chosen.database_ca,
        is_pooled=chosen.database_pooled,
        replica=chosen.database_replica,
        wake=chosen.wake,
        wake_password=lambda: (store or KeyringStore()).get(account_name(chosen.wake)),
    )
    if not is_postgresql(url) or has_password(url):
        return made
    password = typed.password or _kept(url, typed.login, store or KeyringStore())
    return replace(made, password=lambda: password or None)


def remember(url: str, typed: SignIn, store: SecretStore | None = None) -> str:
    """Keep what was typed, if that is wanted; the sentence of why it is not kept, empty when all is well."""
    if not (typed.remember and typed.password and is_postgresql(url)):
        return ""
    try:
        store_secret(store or KeyringStore(), account_of(url, typed.login), typed.password)
    except FirstlineError as error:
        return str(error)
    return ""


def forget(database: str, login: str, store: SecretStore | None = None) -> None:
    """Afterwards the keyring has no password for this person at this database; Unavailable when it cannot be asked."""
    url = database or settings.load().database
    if is_postgresql(url):
        for name in _names(url, login):
            (store or KeyringStore()).forget(name)


def keyring_hindrance(store: SecretStore | None = None) -> str:
    """Why the keyring cannot remember a password now; empty: it can. Takes up to the limit of the store."""
    try:
        (store or KeyringStore()).get("firstline")
    except Unavailable as error:
        return str(error)
    return ""


def refuse_password(url: str) -> None:
    """Raise NotAllowed when an address that others can read tells a password."""
    if has_password(url):
        raise NotAllowed(
            tr("The address tells a password, and others on this computer can read it in the list of processes. "
               "Leave it out: it is asked for, or comes from the keyring or ~/.pgpass.")
        )  # fmt: skip


def _kept(url: str, login: str, store: SecretStore) -> str | None:
    try:
        return next(filter(None, map(store.get, _names(url, login))), None)
    except Unavailable:
        return None


def _names(url: str, login: str) -> tuple[str, ...]:
    """Under which the password may be kept, the right one first: older programs left out the port."""
    return tuple(dict.fromkeys((account_of(url, login), account_without_port(url, login))))
