"""The manager connection as bytes: lines of `Key: value`, an empty line ends a message.

Nothing here trusts the wire: names and numbers in it are a stranger's text. Bytes are kept until a line is whole, so a
character may be split over two reads; a line or a message that is too long loses what is too much, and nothing else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.telephony.letters import decoded

MAX_LINE_BYTES = 8_192  # the longest seen had 300
MAX_FIELDS = 256  # the longest message seen had 70

_CONTROLS = bytes([*range(0x20), 0x7F])


@dataclass(frozen=True, slots=True)
class Message:
    """One message; a field that is not there is empty."""

    fields: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.fields.get(key, "")

    @property
    def event(self) -> str:
        """ "AgentCalled"; empty for a response."""
        return self["Event"]

    @property
    def is_success(self) -> bool:
        return self["Response"] in ("Success", "Follows", "Pong")

    @property
    def is_end_of_list(self) -> bool:
        return self["EventList"].lower() == "complete"


class MessageReader:
    """Cuts a stream of bytes into messages, however the stream was split.

    `dropped_count` counts lines that were too long or too many.
    """

    def __init__(self) -> None:
        self.dropped_count = 0
        self._rest = b""
        self._is_skipping = False  # in a line that is too long
        self._fields: dict[str, str] = {}

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that are complete now. The greeting and other lines without a colon are no part of one."""
        *lines, rest = (self._rest + data).split(b"\n")
        for line in lines:
            if self._is_skipping or len(line) > MAX_LINE_BYTES:
                self._is_skipping = False
                self.dropped_count += 1
            elif line.rstrip(b"\r"):
                self._take(line)
            elif self._fields:
                message, self._fields = Message(self._fields), {}
                yield message
        self._is_skipping = self._is_skipping or len(rest) > MAX_LINE_BYTES
        self._rest = b"" if self._is_skipping else rest

    def _take(self, line: bytes) -> None:
        key, colon, value = line.translate(None, _CONTROLS).partition(b":")
        if not colon:
            return
        if len(self._fields) >= MAX_FIELDS:
            self.dropped_count += 1
            return
        self._fields.setdefault(decoded(key).strip(), decoded(value).strip())


def encode(action: str, fields: Mapping[str, str]) -> bytes:
    """An action as bytes.

    Raises:
        ValueError: a value has control characters: a line break in it would begin a command of its own.
    """
    lines = [f"{key}: {value}" for key, value in {"Action": action, **fields}.items()]
    if any(character < " " or character == "\x7f" for line in lines for character in line):
        raise ValueError("control characters in a manager action")
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()
