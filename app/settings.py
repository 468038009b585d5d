"""What a person has set on this desk: one small TOML file. It holds no secrets."""

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import platformdirs

from app.domain.errors import NotAllowed, Unavailable
from app.i18n import LANGUAGES, tr

FILE_VARIABLE = "FIRSTLINE_CONFIG"  # names another settings file
FOLDER_VARIABLE = "FIRSTLINE_DESK"  # names another folder for the desk's journal

_NAME = "firstline"
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "language": ("", *LANGUAGES),
    "theme": ("system", "light", "dark"),
    "line": ("demo", "sip", "ami", "ami+sip", "shared", "shared+sip"),
    "sip_audio": ("none", "alsa"),
    "meaning_languages": ("en", "de", "de+en"),
}
_RANGES: Mapping[str, tuple[float, float]] = {
    "font_px": (11, 18),
    "lease_min": (5, 1440),
    "undo_s": (0.0, 60.0),
    "sip_port": (0, 65535),
    "ami_port": (1, 65535),
    "wrap_up_s": (0.0, 3600.0),
}
_REGION = re.compile(r"[A-Z]{2}")
# "postgresql://person:secret@host", "?password=secret", "sip:agent:secret@pbx", ";auth_pass=secret"
_SECRET = re.compile(r"^[a-z0-9+]+://[^/@]*:[^@]+@|[?&]password=|^sips?:[^@]*:[^@]*@|auth_pass=", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One desk's settings; `load` and `save` check them.

    Attributes:
        database: the shared database's address, without a password; empty: none is set up.
        database_ca: file of the root certificate of the database's server; empty: those of the system.
        database_pooled: the address is that of PgBouncer in transaction mode.
        database_replica: address of a read replica, for boards; empty: none.
        wake: what tells of changes at once: "listen", "poll" (nothing), or a broker, "nats://host:port"; empty:
            "listen", but "poll" with `database_pooled`.
        language: "de" or "en"; empty: that of the system.
        theme: "system", "light" or "dark".
        font_px: the size of ordinary text, 11 to 18.
        line: where calls come from, "demo", "sip", "ami", "ami+sip", "shared" from the centre's gateway, "shared+sip".
        sip_account: "sip:agent@pbx.example.org".
        sip_registrar: whether the account signs in at its domain.
        sip_listen: the IPv4 address of this machine that calls come to.
        sip_port: SIP port; 0 takes a free one at each start.
        sip_audio: "none" or "alsa".
        ami_host: the PBX's address; its manager interface listens at `ami_port`.
        ami_user: the account in the PBX's `manager.conf`; its password is in the keyring.
        ami_tls: whether that connection is encrypted.
        ami_interface: this desk's telephone as the PBX's queues call it, "PJSIP/1001".
        ami_context: the PBX's dial plan context in which transfers and dialled numbers are looked up.
        wrap_up_s: after so many seconds wrap-up ends by itself; 0: never.
        pause_after_missed: whether who misses a call is paused.
        ring_card: whether the card shows all about the caller while it rings; else one line.
        ring_sound, ring_tray, ring_taskbar: whether a call that rings is heard, told by the system, shown there.
        alert_sound, alert_tray, alert_taskbar: the same for an alert at a supervisor's desk.
        lease_min: minutes without a sign of life after which a case of this desk goes back to its queue, 5 to 1440.
        undo_s: how long a solved or escalated case can be taken back, 0 to 60 seconds.
        meaning_model: the folder of a model that finds answers by meaning; empty: none is used.
        meaning_languages: the languages that it knows, "en", "de" or "de+en".
        region: the region that telephone numbers without a country code belong to.
        extensions: which numbers are extensions of the centre, as a regular expression for the whole number.
    """

    database: str = ""
    database_ca: str = ""
    database_pooled: bool = False
    database_replica: str = ""
    wake: str = ""
    login: str = ""
    language: str = ""
    theme: str = "system"
    font_px: int = 13
    line: str = "demo"
    sip_account: str = ""
    sip_registrar: bool = False
    sip_listen: str = "127.0.0.1"
    sip_port: int = 0
    sip_audio: str = "alsa"
    ami_host: str = ""
    ami_port: int = 5038
    ami_user: str = ""
    ami_tls: bool = False
    ami_interface: str = ""
    ami_context: str = "default"
    wrap_up_s: float = 0.0
    pause_after_missed: bool = False
    ring_card: bool = True
    ring_sound: bool = True
    ring_tray: bool = False
    ring_taskbar: bool = True
    alert_sound: bool = True
    alert_tray: bool = True
    alert_taskbar: bool = True
    lease_min: int = 15
    undo_s: float = 5.0
    meaning_model: str = ""
    meaning_languages: str = "en"
    region: str = "DE"
    extensions: str = "[0-9]{2,5}"


def file() -> Path:
    """Where this person's settings are, whether the file is there or not."""
    named = os.environ.get(FILE_VARIABLE)
    return Path(named) if named else platformdirs.user_config_path(_NAME, appauthor=False) / "settings.toml"


def desk_folder() -> Path:
    """Where this desk keeps its journal and its copy of the answers; made by whoever writes there first."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else platformdirs.user_data_path(_NAME, appauthor=False)


def load() -> Settings:
    """The settings of this person; the defaults where there is no file.

    Raises:
        NotAllowed: the file is damaged, or has a name or value that is not allowed; the sentence says which.
        Unavailable: the file cannot be read.
    """
    path = file()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise NotAllowed(tr("The settings file {path} is damaged. Correct it or delete it.", path=path)) from None
    except OSError as error:
        raise Unavailable(tr("The settings file {path} cannot be read. Check your rights to it.", path=path)) from error
    known = {field.name for field in fields(Settings)}
    for name in values:
        if name not in known:
            raise _refusal(path, name, tr("one of: {allowed}", allowed=", ".join(sorted(known))))
    checked = {name: _checked(path, name, value) for name, value in values.items()}
    return Settings(**checked)  # type: ignore[arg-type]  # the kind of each was checked against its default


def save(settings: Settings) -> None:
    """Replace the file as a whole or not at all.

    Raises:
        NotAllowed: a value is not allowed.
        Unavailable: the disk does not take it.
    """
    path = file()
    values = {field.name: getattr(settings, field.name) for field in fields(Settings)}
    # Own lines: the standard library reads TOML and does not write it, and these are flat names and plain values.
    lines = [f"{name} = {_written(_checked(path, name, value))}\n" for name, value in values.items()]
    try:
        _replace(path, "".join(lines))
    except OSError as error:
        sentence = tr("The settings file {path} cannot be written. Check your rights and the free space.", path=path)
        raise Unavailable(sentence) from error


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as part:
        try:
            part.write(text)
            part.flush()
            os.fsync(part.fileno())  # else a power cut leaves an empty file under the right name
            Path(part.name).replace(path)
        except OSError:
            Path(part.name).unlink(missing_ok=True)
            raise


def _checked(path: Path, name: str, value: object) -> str | int | float:
    """The value, if it is of the kind of the setting's default and within its limits."""
    default = getattr(_DEFAULTS, name)
    if isinstance(default, float) and type(value) is int:
        value = float(value)
    if type(value) is not type(default) or not isinstance(value, str | int | float):
        raise _refusal(path, name, _KINDS[type(default)]())
    if name in _CHOICES and value not in _CHOICES[name]:
        raise _refusal(path, name, tr("one of: {allowed}", allowed=", ".join(f"“{c}”" for c in _CHOICES[name])))
    if name in _RANGES:
        low, high = _RANGES[name]
        if not low <= float(value) <= high:
            raise _refusal(path, name, tr("a number from {low} to {high}", low=low, high=high))
    if isinstance(value, str):
        _check_text(path, name, value)
    return value


def _check_text(path: Path, name: str, value: str) -> None:
    if not value.isprintable():
        raise _refusal(path, name, tr("one line of text"))
    if name == "region" and not _REGION.fullmatch(value):
        raise _refusal(path, name, tr("a country of two capital letters, such as “DE”"))
    if name == "extensions" and not _is_pattern(value):
        raise _refusal(path, name, tr("a regular expression, such as “[0-9]+”"))
    if _SECRET.search(value):
        raise _refusal(path, name, tr("text without a password"))


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _refusal(path: Path, name: str, allowed: str) -> NotAllowed:
    """Without the value: it may be a password."""
    return NotAllowed(
        tr("The setting “{name}” in {path} is not allowed as it is. Allowed is {allowed}.",
           name=name[:60], path=path, allowed=allowed)
    )  # fmt: skip


def _written(value: str | int | float) -> str:
    # JSON's text is TOML's basic string as long as all characters are printable, which was checked.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else repr(value)


_DEFAULTS = Settings()
_KINDS = {
    str: lambda: tr("text in quotation marks"),
    int: lambda: tr("a whole number"),
    float: lambda: tr("a number"),
    bool: lambda: tr("true or false"),
}
