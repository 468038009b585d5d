"""How PostgreSQL is reached: the one place that decides what a connection demands of a server."""

import os
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar

import msgspec
import psycopg
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import _WaitTimeout
from psycopg.types.json import set_json_dumps

from app.db.errors import refusal
from app.domain.errors import NotAllowed
from app.i18n import tr

PORT = "5432"
CONNECT_TIMEOUT_S = 5  # for each host
STATEMENT_LIMIT_S = 15
IDLE_LIMIT_S = 10  # in an open transaction
ANSWER_LIMIT_S = 20.0  # the server ends a statement earlier; later nobody is there who could
DEAD_AFTER_MS = 10_000  # without an acknowledgement from the server's machine

_KEEPALIVES = {"keepalives": 1, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
_SCHEME = re.compile(r"^postgres(ql)?(\+\w+)?://")
_ROOTS = (  # of Debian, Red Hat, SUSE, Alpine and macOS
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)

Parameters = dict[str, str | int]
Connection = psycopg.Connection[tuple[object, ...]]
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What the address of a database does not say.

    Attributes:
        user: who signs in where the address names nobody.
        password: asked at each new connection; None: libpq looks for it (PGPASSFILE, ~/.pgpass) or needs none.
        ca: file of the root certificates that are trusted; empty: those of the system.
        is_pooled: the address is that of PgBouncer in transaction mode.
        replica: address of a read replica; empty: there is none.
        is_limited: no statement may take long; not so for an administrator's work.
        wake: what tells of changes before the next poll: "listen", "poll" (nothing), a broker's address; empty:
            "listen", but "poll" through a pooler, where nothing is heard.
        wake_password: asked at each new connection to a broker where the address names who signs in.
    """

    user: str = ""
    password: Callable[[], str | None] = lambda: None
    ca: str = ""
    is_pooled: bool = False
    replica: str = ""
    is_limited: bool = True
    wake: str = ""
    wake_password: Callable[[], str | None] = lambda: None


def no_address() -> str:
    return tr("This is no address of a database. Use sqlite:///FILE or postgresql://PERSON@HOST/NAME.")


def is_postgresql(address: str) -> bool:
    return _SCHEME.match(address) is not None


def has_password(address: str) -> bool:
    """Whether the address itself tells a password, which then may stand in process lists and histories."""
    try:
        return is_postgresql(address) and "password" in _parsed(address)
    except NotAllowed:
        return False


def account_of(address: str, user: str) -> str:
    """The name under which the password of `user` at this database is kept, e.g. "postgresql://ada@db1,db2:5433/centre".

    Two servers may run on one computer: the port stands behind the hosts, unless it is PostgreSQL's own.
    """
    given = _parsed(address)
    ports = [port or PORT for port in given.get("port", "").split(",")]
    return _account(given, user, "" if set(ports) == {PORT} else f":{','.join(ports)}")


def account_without_port(address: str, user: str) -> str:
    """As `account_of` named it before it knew of ports: passwords are still kept under such names."""
    return _account(_parsed(address), user, "")


def parameters(address: str, access: Access) -> Parameters:
    """What libpq is told, without the password: any of the hosts that takes writes, and a server that is what it says.

    Raises:
        NotAllowed: the address cannot be read, or wants less safety than there must be; the sentence says which.
    """
    given = _parsed(address)
    given.pop("password", None)
    made: Parameters = {
        "application_name": "firstline",
        "connect_timeout": CONNECT_TIMEOUT_S,
        "target_session_attrs": "read-write",
        "tcp_user_timeout": DEAD_AFTER_MS,
        "gssencmode": "disable",
        **_KEEPALIVES,
        **given,
    }
    if access.user:
        made.setdefault("user", access.user)
    made |= _safety(given, access)
    if access.is_limited and not access.is_pooled:  # a pooler has limits of its own, and refuses these
        limits = f"-c statement_timeout={STATEMENT_LIMIT_S}s -c idle_in_transaction_session_timeout={IDLE_LIMIT_S}s"
        made["options"] = f"{given.get('options', '')} {limits}".strip()
    return made


def password_in(address: str) -> str | None:
    """The password that the address tells, as the addresses of tests do."""
    return _parsed(address).get("password")


def connect(made: Parameters, access: Access, *, autocommit: bool = False) -> Connection:
    """A connection; or Unavailable, SignInRefused, and nothing of psycopg's: its frames know the password."""
    kind = _ImpatientConnection if access.is_limited else psycopg.Connection
    prepare_threshold = None if access.is_pooled else 5  # the next transaction may be on another of its connections
    try:
        connection = kind.connect(
            autocommit=autocommit,
            prepare_threshold=prepare_threshold,
            **made | _secret(access),  # type: ignore[arg-type]  # libpq knows their kinds
        )
    except psycopg.Error as error:
        why = refusal(error)
    else:
        set_json_dumps(msgspec.json.encode, connection)  # six times as fast as the standard library's
        return connection
    raise why  # outside of the block, so that the driver's error is not its context


class _ImpatientConnection(psycopg.Connection[tuple[object, ...]]):
    """Gives up a server that does not answer at all: its machine lives, so TCP would wait for ever."""

    def wait(self, gen: PQGen[R], interval: float = 0.1, timeout: float | None = None) -> R:
        """As psycopg's, with a limit where it is asked for none."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, ANSWER_LIMIT_S)
        except _WaitTimeout:
            self.pgconn.finish()
            raise psycopg.OperationalError("the server does not answer") from None


def _secret(access: Access) -> Parameters:
    password = access.password()
    return {} if password is None else {"password": password}


def _parsed(address: str) -> dict[str, str]:
    try:
        return {name: str(value) for name, value in conninfo_to_dict(_SCHEME.sub("postgresql://", address)).items()}
    except psycopg.Error:
        raise NotAllowed(no_address()) from None  # without the address: it may hold a password


def _safety(given: dict[str, str], access: Access) -> Parameters:
    """Who the server must prove to be, and how it may ask for the password."""
    asked = given.get("require_auth")
    if all(_is_here(host) for host in _hosts(given)):
        return {} if asked or _is_socket(given) else {"require_auth": "scram-sha-256,none"}
    if given.get("sslmode", "verify-full") != "verify-full" or asked not in (None, "scram-sha-256", "none"):
        raise NotAllowed(
            tr("A database on another computer is reached with its certificate checked (sslmode=verify-full) and a "
               "password check by SCRAM. Take sslmode and require_auth out of the address.")
        )  # fmt: skip
    return {
        "sslmode": "verify-full",
        "sslrootcert": _roots(access.ca or given.get("sslrootcert", "")),
        "require_auth": asked or "scram-sha-256",
    }


def _account(given: dict[str, str], user: str, ports: str) -> str:
    return f"postgresql://{given.get('user') or user}@{given.get('host', '')}{ports}/{given.get('dbname', '')}"


def _hosts(given: dict[str, str]) -> list[str]:
    """Names and numbers, of which a number goes before its name; libpq looks into the environment too."""
    named = given.get("host") or os.environ.get("PGHOST", "")
    numbers = given.get("hostaddr") or os.environ.get("PGHOSTADDR", "")
    return [*named.split(","), *filter(None, numbers.split(","))]


def _is_here(host: str) -> bool:
    if _is_socket_name(host) or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_socket(given: dict[str, str]) -> bool:
    return all(_is_socket_name(host) for host in _hosts(given))


def _is_socket_name(host: str) -> bool:
    return host == "" or host.startswith(("/", "@"))


def _roots(chosen: str) -> str:
    """The file of trusted root certificates: libpq's own "system" knows only where its builder had them."""
    if chosen:
        if chosen != "system" and not Path(chosen).is_file():
            raise NotAllowed(
                tr("The file {path} with the database's root certificate is not there. Check “database_ca” in the "
                   "settings.", path=chosen)
            )  # fmt: skip
        return chosen
    candidates = (ssl.get_default_verify_paths().cafile, *_ROOTS)
    return next((path for path in candidates if path and Path(path).is_file()), "system")
