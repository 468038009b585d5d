"""Where passwords go, and what is said where they cannot be kept."""

import threading
from collections.abc import Callable, Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import InitError, KeyringLocked, NoKeyringError, PasswordDeleteError

from app.adapters import secrets
from app.adapters.secrets import KeyringStore, SecretStore, account_name, store_secret
from app.domain.errors import FirstlineError, NotAllowed, Unavailable
from tests.memory_store import MemoryStore
from tests.patience import LIMIT_S

NAME = "sip:agent@pbx.example.org"
SECRET = "Größe-4711"


class DictionaryKeyring(KeyringBackend):
    """A backend that keeps what it is told, or raises what a test wants."""

    priority = 1

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.error = error
        self.asked_in: list[str] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.asked_in.append(threading.current_thread().name)
        if self.error:
            raise self.error
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.error:
            raise self.error
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError("No such password!")
        del self.kept[service, username]


class MuteKeyring(DictionaryKeyring):
    """Answers only when the test is over."""

    def __init__(self) -> None:
        super().__init__()
        self.is_over = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.is_over.wait(LIMIT_S)
        return super().get_password(service, username)


Install = Callable[[KeyringBackend], KeyringBackend]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Make a backend the system's keyring; a dictionary is allowed in the tests."""
    allowed = {f"{kind.__module__}.{kind.__qualname__}" for kind in (DictionaryKeyring, MuteKeyring)}
    monkeypatch.setattr(secrets, "ALLOWED_BACKENDS", frozenset(allowed))

    def _install(backend: KeyringBackend) -> KeyringBackend:
        monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
        return backend

    yield _install


@pytest.fixture(params=["memory", "keyring"])
def store(request: pytest.FixtureRequest, install: Install) -> SecretStore:
    if request.param == "memory":
        return MemoryStore()
    install(DictionaryKeyring())
    return KeyringStore()


def test_a_secret_is_kept_replaced_and_forgotten(store: SecretStore) -> None:
    assert store.get(NAME) is None
    store.set(NAME, "first")
    store.set(NAME, SECRET)
    store.set("another", "x")
    assert store.get(NAME) == SECRET
    store.forget(NAME)
    store.forget(NAME)
    assert (store.get(NAME), store.get("another")) == (None, "x")


def test_a_store_says_nothing_of_its_secrets(store: SecretStore) -> None:
    store.set(NAME, SECRET)
    assert SECRET not in repr(store)


def test_the_keyring_is_asked_in_a_thread_of_its_own(install: Install) -> None:
    backend = DictionaryKeyring()
    install(backend)
    KeyringStore().get(NAME)
    assert backend.asked_in == ["keyring"]


class PlainFileKeyring(DictionaryKeyring):
    """Any backend that is not on the list."""


@pytest.mark.parametrize("kind", [null.Keyring, PlainFileKeyring])
def test_a_backend_that_is_not_on_the_list_remembers_nothing(install: Install, kind: type[KeyringBackend]) -> None:
    backend = install(kind())
    for ask in _all_questions(KeyringStore()):
        with pytest.raises(Unavailable, match=rf"{kind.__qualname__}\) does not keep passwords safely"):
            ask()
    assert getattr(backend, "kept", {}) == {}


def test_a_session_without_a_keyring_says_so(install: Install) -> None:
    install(fail.Keyring())  # type: ignore[no-untyped-call]
    with pytest.raises(Unavailable, match="This session has no keyring, so passwords are not remembered"):
        KeyringStore().set(NAME, SECRET)


def test_of_a_chain_only_an_allowed_member_is_used(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, good = PlainFileKeyring(), DictionaryKeyring()
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [plain, good])
    install(chainer.ChainerBackend())  # type: ignore[no-untyped-call]
    KeyringStore().set(NAME, SECRET)
    assert (plain.kept, list(good.kept.values())) == ({}, [SECRET])


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (InitError(f"no {SECRET}"), "The keyring is locked. Unlock it"),
        (KeyringLocked(SECRET), "The keyring is locked. Unlock it"),
        (NoKeyringError(SECRET), "The keyring is gone"),
        (ConnectionResetError(SECRET), r"The keyring cannot be used \(ConnectionResetError\)"),
    ],
)
def test_an_error_of_the_backend_becomes_a_sentence_without_the_secret(
    install: Install, error: Exception, sentence: str
) -> None:
    install(DictionaryKeyring(error))
    with pytest.raises(Unavailable, match=sentence) as caught:
        KeyringStore().set(NAME, SECRET)
    assert SECRET not in str(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_a_mute_keyring_costs_the_limit_once(install: Install) -> None:
    mute = MuteKeyring()
    install(mute)
    store = KeyringStore(limit_s=0.05)
    try:
        for _ in range(3):  # it is not asked again while it owes an answer
            with pytest.raises(Unavailable, match="The keyring does not answer"):
                store.get(NAME)
        (waiting,) = (thread for thread in threading.enumerate() if thread.name == "keyring")
    finally:
        mute.is_over.set()
    waiting.join(LIMIT_S)
    assert store.get(NAME) is None


def test_nobody_waits_longer_than_five_seconds() -> None:
    assert secrets.LIMIT_S == 5


@pytest.mark.parametrize("name", ["", " ", "a\nb"])
def test_a_secret_needs_a_name(name: str) -> None:
    with pytest.raises(NotAllowed, match="needs a name"):
        store_secret(MemoryStore(), name, SECRET)


@pytest.mark.parametrize("secret", ["", "two\nlines", "nul\0", "x" * (secrets.LENGTH_LIMIT + 1)])
def test_a_secret_that_no_keyring_holds_is_refused(secret: str) -> None:
    store = MemoryStore()
    with pytest.raises(NotAllowed, match="Nothing was stored") as caught:
        store_secret(store, NAME, secret)
    assert store.get(NAME) is None
    assert not secret or secret not in str(caught.value)


def test_a_secret_is_stored_as_it_was_given() -> None:
    store = MemoryStore()
    store_secret(store, NAME, f" {SECRET} ")
    assert store.get(NAME) == f" {SECRET} "


@pytest.mark.parametrize("account", [NAME, f"{NAME};transport=tcp", f" {NAME} ;x=y;z"])
def test_the_password_of_an_account_outlives_a_change_of_its_parameters(account: str) -> None:
    assert account_name(account) == NAME


def test_our_errors_stay_as_they_are(install: Install) -> None:
    install(DictionaryKeyring(NotAllowed("said")))
    with pytest.raises(FirstlineError, match="said"):
        KeyringStore().get(NAME)


def _all_questions(store: SecretStore) -> tuple[Callable[[], object], ...]:
    return lambda: store.get(NAME), lambda: store.set(NAME, SECRET), lambda: store.forget(NAME)
