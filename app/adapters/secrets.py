"""Passwords: in the system's own keyring or nowhere. Never in a file, a log line, an exception or a `repr`."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.domain.errors import FirstlineError, NotAllowed, Unavailable
from app.i18n import tr

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "firstline"  # under which the keyring's own program shows our secrets
LIMIT_S = 5.0  # a Secret Service may be there and never answer
LENGTH_LIMIT = 1_280  # characters: Windows holds 2,560 bytes of UTF-16

# Whatever else is installed or configured may be a plain file, and may forget what it is told.
ALLOWED_BACKENDS = frozenset(
    {
        "keyring.backends.Windows.WinVaultKeyring",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
    }
)
_NO_BACKEND = "keyring.backends.fail.Keyring"

R = TypeVar("R")


class SecretStore(Protocol):
    """Secrets by name, such as "sip:agent@pbx.example.org"."""

    def get(self, name: str) -> str | None:
        """None: nothing is kept under this name."""

    def set(self, name: str, secret: str) -> None:
        """Keep it, in the place of what was there."""

    def forget(self, name: str) -> None:
        """Afterwards nothing is kept under this name, whether there was something or not."""


class KeyringStore:
    """The system's keyring. Its methods return within the limit and raise Unavailable with what to do.

    Safe to use from all threads; one question is put to the keyring at a time.
    """

    def __init__(self, *, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._last: Future[object] | None = None

    def get(self, name: str) -> str | None:
        return self._ask(partial(_get, name))

    def set(self, name: str, secret: str) -> None:
        self._ask(partial(_set, name, secret))

    def forget(self, name: str) -> None:
        self._ask(partial(_forget, name))

    def _ask(self, work: Callable[[], R]) -> R:
        """Do it in a thread that may be left behind: nothing ends a call that waits for a mute service."""
        with self._lock:
            if self._last and not self._last.done():  # it hangs, or shows its own question: once is enough
                raise _no_answer()
            answer: Future[R] = Future()
            self._last = answer  # type: ignore[assignment]  # only asked whether it is done
            threading.Thread(target=_answer, args=(answer, work), name="keyring", daemon=True).start()
            try:
                error = answer.exception(self._limit_s)
            except TimeoutError:
                error = _no_answer()
        if error is not None:
            raise _translated(error)  # not chained: the frames of the backend's error hold the secret
        return answer.result()


def account_name(account: str) -> str:
    """The name under which the password of a SIP account is kept: its address without parameters."""
    return account.partition(";")[0].strip()


def store_secret(store: SecretStore, name: str, secret: str) -> None:
    """Check and keep a secret that a person has given.

    Raises:
        NotAllowed: it is empty, has control characters or is too long; or there is no name.
        Unavailable: it is not remembered; the sentence says why.
    """
    if not name.strip() or not name.isprintable():
        raise NotAllowed(tr("The secret needs a name, such as sip:agent@pbx.example.org."))
    if not secret or not secret.isprintable():
        raise NotAllowed(tr("The secret is empty or has characters that cannot be typed. Nothing was stored."))
    if len(secret) > LENGTH_LIMIT:
        raise NotAllowed(tr("The secret has more than {count} characters. Nothing was stored.", count=LENGTH_LIMIT))
    store.set(name, secret)


def _answer(answer: Future[R], work: Callable[[], R]) -> None:
    try:
        answer.set_result(work())
    except BaseException as error:  # noqa: BLE001 - it is raised in the thread that asked
        answer.set_exception(error)


def _get(name: str) -> str | None:
    return _backend().get_password(SERVICE, name)


def _set(name: str, secret: str) -> None:
    _backend().set_password(SERVICE, name, secret)


def _forget(name: str) -> None:
    backend = _backend()
    if backend.get_password(SERVICE, name) is not None:
        backend.delete_password(SERVICE, name)


def _backend() -> "KeyringBackend":
    """The backend that the system has or the person configured, if it is one of ours."""
    import keyring  # here: it costs 140 ms, and looks for a Secret Service, which may hang

    chosen = keyring.get_keyring()
    for backend in (chosen, *getattr(chosen, "backends", ())):  # several are chained by one of another kind
        if _path(backend) in ALLOWED_BACKENDS:
            return backend  # type: ignore[no-any-return]  # the members of a chain are not typed
    if _path(chosen) == _NO_BACKEND:
        raise Unavailable(
            tr("This session has no keyring, so passwords are not remembered. "
               "Install and start GNOME Keyring or KWallet, then start Firstline again.")
        )  # fmt: skip
    raise Unavailable(
        tr("The keyring that is set up here ({backend}) does not keep passwords safely, so they are not remembered. "
           "Choose the system's own keyring, then start Firstline again.", backend=_path(chosen))
    )  # fmt: skip


def _path(backend: "KeyringBackend") -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _no_answer() -> Unavailable:
    return Unavailable(
        tr("The keyring does not answer. If it asks for its password in a window of its own, answer there; "
           "else sign out of the desktop and in again.")
    )  # fmt: skip


def _translated(error: BaseException) -> FirstlineError:
    """Our sentence; of the error only its kind, because its text comes from elsewhere."""
    if isinstance(error, FirstlineError):
        return error
    kind = type(error).__name__
    if kind in ("InitError", "KeyringLocked"):
        return Unavailable(tr("The keyring is locked. Unlock it, or sign in to the desktop again, and try once more."))
    if kind == "NoKeyringError":
        return Unavailable(tr("The keyring is gone. Sign in to the desktop again, and try once more."))
    return Unavailable(tr("The keyring cannot be used ({kind}). The password is not remembered.", kind=kind))
