"""Run in a D-Bus session of its own: does one thing with the real keyring and prints what came of it as JSON."""

import json
import sys
import time

import keyring
import secretstorage
from jeepney import DBusAddress, new_method_call  # type: ignore[import-untyped]
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

from app.adapters.secrets import KeyringStore
from app.bootstrap import SignIn
from app.bootstrap import sign_in as database_sign_in
from app.domain.errors import Unavailable
from app.settings import Settings

NAME = "sip:agent@pbx.example.org"
SECRET = "Größe-4711"
MUTE_LIMIT_S, PATIENT_LIMIT_S = 0.3, 60.0


def keep() -> list[str | None]:
    """What is there before, after setting, after replacing and after forgetting twice."""
    store = KeyringStore(limit_s=PATIENT_LIMIT_S)
    found = [store.get(NAME)]
    for secret in ("first", SECRET):
        store.set(NAME, secret)
        found.append(store.get(NAME))
    store.forget(NAME)
    store.forget(NAME)
    return [*found, store.get(NAME)]


def sign_in() -> list[str | None]:
    """The sentence of remembering, and the password at the next two starts: before and after it is forgotten."""
    url, typed = "postgresql://127.0.0.1/centre", SignIn(login="ada", password=SECRET, remember=True)
    store = KeyringStore(limit_s=PATIENT_LIMIT_S)
    said = database_sign_in.remember(url, typed, store)
    kept = [_kept(url, store)]
    database_sign_in.forget(url, "ada", store)
    return [said, *kept, _kept(url, store)]


def _kept(url: str, store: KeyringStore) -> str | None:
    return database_sign_in.access(url, Settings(), SignIn(login="ada"), store).password()


def lock() -> list[str | None]:
    """The service's own lock, as the desktop's menu does it; without a desktop nobody can be asked to unlock."""
    store = KeyringStore(limit_s=PATIENT_LIMIT_S)
    store.set(NAME, SECRET)
    connection = secretstorage.dbus_init()
    secretstorage.get_default_collection(connection).lock()
    connection.close()
    return ask()


def ask() -> list[str | None]:
    """The sentence of the refusal."""
    try:
        return [KeyringStore(limit_s=PATIENT_LIMIT_S).get(NAME)]
    except Unavailable as refusal:
        return [str(refusal)]


def mute() -> list[str | None]:
    """A service that has the name and never answers; then what was said, and whether it was said in time."""
    owner = open_dbus_connection("SESSION")
    bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    owner.send_and_get_reply(
        new_method_call(bus, "RequestName", "su", ("org.freedesktop.secrets", 0)), timeout=PATIENT_LIMIT_S
    )
    keyring.get_keyring()  # looking for backends costs time of its own
    began = time.monotonic()
    try:
        KeyringStore(limit_s=MUTE_LIMIT_S).get(NAME)
    except Unavailable as refusal:
        took_s = time.monotonic() - began
        return [str(refusal), "in time" if MUTE_LIMIT_S <= took_s < PATIENT_LIMIT_S else f"after {took_s:.1f} s"]
    return ["answered"]


if __name__ == "__main__":
    steps = {step.__name__: step for step in (keep, sign_in, lock, ask, mute)}
    sys.stdout.write(json.dumps(steps[sys.argv[1]]()))
