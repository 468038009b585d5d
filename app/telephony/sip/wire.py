"""The softphone's control connection as bytes: netstrings, each with one JSON object in it.

Nothing here trusts the wire: names and numbers in it are a stranger's text.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.telephony.letters import decoded

MAX_MESSAGE_BYTES = 65_536  # an event has about 400; the caller's name and address come in one UDP datagram

_MAX_LENGTH_DIGITS = len(str(MAX_MESSAGE_BYTES))
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)


class WireError(Exception):
    """The stream is no longer a row of netstrings: there is no place to go on from but a new connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneEvent:
    """What the softphone reports; `kind` is baresip's own word ("CALL_INCOMING"), `reason` is text for people."""

    kind: str
    sip_call_id: str = ""
    is_incoming: bool = False
    peer_uri: str = ""
    peer_name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to the command that was sent with `token`."""

    token: str
    is_ok: bool
    text: str = ""


class NetstringReader:
    """Cuts a stream of bytes into the contents of netstrings, however the stream was split."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The netstrings that are complete now, one by one: what stands before garbage is still good.

        Raises:
            WireError: the stream is something else, or announces more than MAX_MESSAGE_BYTES.
        """
        self._buffer += data
        while (span := self._first()) is not None:
            body = bytes(self._buffer[span])
            del self._buffer[: span.stop + 1]
            yield body

    def _first(self) -> slice | None:
        """Where the first content stands in the buffer; None while it is not all there."""
        head, colon, _ = bytes(self._buffer[: _MAX_LENGTH_DIGITS + 1]).partition(b":")
        if (head and not head.isdigit()) or (colon and not head) or len(head) > _MAX_LENGTH_DIGITS:
            raise WireError("a netstring begins without a length, or with one that is too great")
        if not colon:
            return None
        span = slice(len(head) + 1, len(head) + 1 + int(head))
        if int(head) > MAX_MESSAGE_BYTES:
            raise WireError("a netstring is too long")
        if len(self._buffer) <= span.stop:
            return None
        if self._buffer[span.stop] != ord(","):
            raise WireError("a netstring does not end where it said")
        return span


def encode_command(command: str, params: str, token: str) -> bytes:
    """A command as a netstring; its reply carries the token."""
    fields = {"command": command, "token": token} | ({"params": params} if params else {})
    body = json.dumps(fields, ensure_ascii=False).encode()
    return b"%d:%s," % (len(body), body)


def parse(body: bytes) -> PhoneEvent | Reply | None:
    """What one netstring says; None for what is neither event nor reply, or is no JSON."""
    try:
        fields = json.loads(decoded(body), strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    if fields.get("event") is True:
        return _event(fields)
    if fields.get("response") is True:
        return Reply(token=_text(fields, "token"), is_ok=fields.get("ok") is True, text=_text(fields, "data"))
    return None


def _event(fields: dict[str, object]) -> PhoneEvent:
    return PhoneEvent(
        kind=_text(fields, "type"),
        sip_call_id=_text(fields, "id"),
        is_incoming=fields.get("direction") == "incoming",
        peer_uri=_text(fields, "peeruri"),
        # The name is the inside of a quoted SIP string: baresip leaves its backslashes in.
        peer_name=_QUOTED_PAIR.sub(r"\1", _text(fields, "peerdisplayname")),
        reason=_text(fields, "param"),
    )


def _text(fields: dict[str, object], key: str) -> str:
    """The field if it is text, without lone surrogates, which no database, window or wire takes."""
    value = fields.get(key)
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""
