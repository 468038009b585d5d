"""Another reader of the protocol, panoramisk, reads the same where it is right.

It is wrong where a character is split over two reads, and it loses a last field that is empty.
"""

from typing import Any

import pytest
from panoramisk.ami_protocol import AMIProtocol  # type: ignore[import-untyped]

from app.telephony.ami.wire import MessageReader
from tests.telephony.ami.stories import STORIES, Story


class _Events:
    """What panoramisk hands on."""

    def __init__(self) -> None:
        self.seen: list[dict[str, str]] = []

    def dispatch(self, message: Any) -> None:
        self.seen.append({str(key).lower(): value for key, value in message.items() if value and key != "content"})


def _by_panoramisk(data: bytes, size: int) -> list[dict[str, str]]:
    protocol, events = AMIProtocol(), _Events()
    protocol.connection_made(None)
    protocol.factory, protocol.encoding = events, "utf8"
    for start in range(0, len(data), size):
        protocol.data_received(data[start : start + size])
    return events.seen


def _by_us(data: bytes, size: int) -> list[dict[str, str]]:
    reader = MessageReader()
    pieces = (data[start : start + size] for start in range(0, len(data), size))
    return [
        {k.lower(): v for k, v in message.fields.items() if v} for piece in pieces for message in reader.feed(piece)
    ]


@pytest.mark.parametrize("size", [100, 1460, 1_000_000])
@pytest.mark.parametrize("name", STORIES)
def test_both_read_the_same_events(name: str, size: int) -> None:
    data = STORIES[name]().bytes()
    assert _by_us(data, size) == _by_panoramisk(data, size)
    assert len(_by_us(data, size)) == len(STORIES[name]().events)


def test_a_character_split_over_two_reads_is_where_they_differ() -> None:
    data = Story(name="Zoë").join().bytes()
    cut = data.index("ë".encode()) + 1
    assert [one["calleridname"] for one in _by_us(data, cut)] == ["Zoë"]
    assert [one["calleridname"] for one in _by_panoramisk(data, cut)] == ["Zo"]
