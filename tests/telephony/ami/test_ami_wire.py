"""The manager protocol as bytes: bounded, and never upset by what a stranger sends."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.telephony.ami.wire import MAX_FIELDS, MAX_LINE_BYTES, Message, MessageReader, encode

PING = b"Response: Success\r\nActionID: 1\r\nPing: Pong\r\n\r\n"


def test_the_greeting_is_no_part_of_the_first_message() -> None:
    [message] = MessageReader().feed(b"Asterisk Call Manager/11.0.0\r\n" + PING)
    assert dict(message.fields) == {"Response": "Success", "ActionID": "1", "Ping": "Pong"}


def test_the_first_of_a_repeated_field_counts_and_a_missing_one_is_empty() -> None:
    [message] = MessageReader().feed(b"Event: X\r\nA: 1\r\nA: 2\r\nB:\r\n\r\n")
    assert (message["A"], message["B"], message["C"]) == ("1", "", "")


def test_a_character_split_over_two_reads_is_whole() -> None:
    data = "Event: X\r\nCallerIDName: Zoë Müller\r\n\r\n".encode()
    for cut in range(len(data)):
        reader = MessageReader()
        [message] = [*reader.feed(data[:cut]), *reader.feed(data[cut:])]
        assert message["CallerIDName"] == "Zoë Müller"


def test_latin_1_is_read_as_such() -> None:
    [message] = MessageReader().feed("CallerIDName: Müller\r\n\r\n".encode("latin-1"))
    assert message["CallerIDName"] == "Müller"


def test_control_characters_go() -> None:
    [message] = MessageReader().feed(b"Queue: a\x00b\x1b[31mc\r\n\r\n")
    assert message["Queue"] == "ab[31mc"


@pytest.mark.parametrize("chunk", [65_536, 1_000_000])
def test_a_line_of_10_mb_is_dropped_with_a_note_and_not_kept(chunk: int) -> None:
    reader = MessageReader()
    tracemalloc.start()
    found = [*reader.feed(b"Event: X\r\nCallerIDName: ")]
    for _ in range(10_000_000 // chunk):
        found += reader.feed(b"x" * chunk)
    found += reader.feed(b"\r\nQueue: support\r\n\r\n" + PING)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert next(dict(message.fields) for message in found) == {"Event": "X", "Queue": "support"}
    assert (len(found), reader.dropped_count) == (2, 1)
    assert peak < 5 * chunk + 10 * MAX_LINE_BYTES


def test_a_message_without_end_is_bounded() -> None:
    reader = MessageReader()
    [message] = reader.feed(b"".join(b"K%d: v\r\n" % n for n in range(MAX_FIELDS + 50)) + b"\r\n")
    assert (len(message.fields), reader.dropped_count) == (MAX_FIELDS, 50)


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_garbage_never_raises_and_the_next_message_is_read(chunks: list[bytes]) -> None:
    reader = MessageReader()
    for chunk in chunks:
        list(reader.feed(chunk))
    *_, last = reader.feed(b"\r\n\r\n" + PING)
    assert last["Ping"] == "Pong"


def test_an_action_is_written_as_lines() -> None:
    data = encode("QueuePause", {"Interface": "PJSIP/1001", "Reason": "Müsli"})
    assert data == "Action: QueuePause\r\nInterface: PJSIP/1001\r\nReason: Müsli\r\n\r\n".encode()


@pytest.mark.parametrize("text", ["1002\r\nAction: Command", "a\nb", "a\0b"])
def test_no_value_begins_a_command_of_its_own(text: str) -> None:
    with pytest.raises(ValueError, match="control characters"):
        encode("BlindTransfer", {"Exten": text})


def test_a_response_that_failed_is_no_success() -> None:
    assert not Message({"Response": "Error"}).is_success
