"""From what the network says about a caller to a number that can be looked up."""

import re
import unicodedata
from urllib.parse import unquote

import phonenumbers

from app.domain.calls import CallerNumber, NumberKind

DEFAULT_REGION = "DE"
DEFAULT_EXTENSION = re.compile(r"[0-9]{2,5}")

_RAW_LIMIT = 200  # characters kept of whatever was sent as a number or name
_DIALABLE = re.compile(r"\+?[0-9*#]{1,32}")
_WITHHELD = frozenset({"anonymous", "withheld", "private", "restricted", "unavailable", "anonym", "unterdrückt"})
_NOTHING = frozenset({"", "unknown", "<unknown>", "none", "null", "asterisk", "s"})


def normalise(
    raw: str,
    display_name: str = "",
    *,
    region: str = DEFAULT_REGION,
    extension: re.Pattern[str] = DEFAULT_EXTENSION,
) -> CallerNumber:
    """The caller's number as sent and as it is looked up (E.164 or extension); never raises, whatever was sent.

    Extensions come first: "1001" would otherwise be read as a public number of some region.
    A number that `phonenumbers` does not hold valid is UNKNOWN, with what was sent kept in `raw`.
    """
    shown = _printable(raw)
    name = _printable(display_name)
    bare = _without_sip(shown)
    if bare.lower() in _WITHHELD:
        return CallerNumber(raw=shown, kind=NumberKind.WITHHELD, display_name="" if name.lower() in _WITHHELD else name)
    if bare.lower() in _NOTHING:
        return CallerNumber(raw=shown, kind=NumberKind.UNKNOWN, display_name=name)
    if extension.fullmatch(bare):
        return CallerNumber(raw=shown, kind=NumberKind.INTERNAL, normal=bare, display_name=name)
    e164 = to_e164(bare, region=region)
    kind = NumberKind.PUBLIC if e164 else NumberKind.UNKNOWN
    return CallerNumber(raw=shown, kind=kind, normal=e164, display_name=name)


def to_e164(text: str, *, region: str = DEFAULT_REGION) -> str | None:
    """From "030 / 23125-123", "+49 (0)30 23125123" or "004930..." to "+493023125123"; None for no valid number."""
    try:
        number = phonenumbers.parse(text.replace("(0)", ""), region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def dialable(text: str) -> str:
    """What a telephone can dial of what a person typed or copied: "+493023125123", "1002", "*97"; empty for nothing.

    A number that is valid with a leading plus goes out as E.164; all else as its digits, the PBX's dial plan decides.
    """
    bare = _without_sip(_printable(text))
    if bare.startswith("+") and (e164 := to_e164(bare)):
        return e164
    digits = re.sub(r"[\s()/.\-]", "", bare.replace("(0)", "") if bare.startswith("+") else bare)
    return digits if _DIALABLE.fullmatch(digits) else ""


def readable(e164: str) -> str:
    """From "+493023125123" to "+49 30 23125123"; what is no such number comes back as it is."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _printable(text: str) -> str:
    """Without control and invisible characters, at most 200 characters: a caller id is a stranger's text."""
    kept = (c if unicodedata.category(c)[0] != "C" else " " for c in text[: _RAW_LIMIT * 4])
    return " ".join("".join(kept).split())[:_RAW_LIMIT]


def _without_sip(text: str) -> str:
    """From "sip:+4930...@host;user=phone" to "+4930..."; an address without a user part names a machine: nothing."""
    text = text.strip("<> ")
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() in ("sip", "sips"):
        user, at, _ = rest.partition("@")
        # A password after the user is old custom; "%2B49..." is how some gateways write the plus.
        text = _printable(unquote(user.split(":", 1)[0])) if at else ""
    elif colon and scheme.lower() == "tel":
        text = rest
    return text.split("@", 1)[0].split(";", 1)[0].strip()
