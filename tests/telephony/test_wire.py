"""The control connection's bytes: cut anywhere, wrong, or far too many."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.telephony.sip.wire import (
    MAX_MESSAGE_BYTES,
    NetstringReader,
    PhoneEvent,
    Reply,
    WireError,
    encode_command,
    parse,
)

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy

INCOMING = {
    "event": True,
    "type": "CALL_INCOMING",
    "class": "call",
    "direction": "incoming",
    "peeruri": "sip:+493023125123@127.0.0.1",
    "peerdisplayname": 'Er\\"ika Müller',
    "id": "a1@x",
    "param": "sip:+493023125123@127.0.0.1",
}


def netstring(body: bytes) -> bytes:
    return b"%d:%s," % (len(body), body)


STREAM = netstring(json.dumps(INCOMING, ensure_ascii=False).encode()) + netstring(b"") + netstring(b'{"a":","}')
BODIES = [json.dumps(INCOMING, ensure_ascii=False).encode(), b"", b'{"a":","}']


@pytest.mark.parametrize("cut", range(len(STREAM) + 1))
def test_a_stream_may_be_split_at_each_byte(cut: int) -> None:
    reader = NetstringReader()
    assert [*reader.feed(STREAM[:cut]), *reader.feed(STREAM[cut:])] == BODIES


def test_a_stream_may_come_byte_by_byte() -> None:
    reader = NetstringReader()
    assert [body for at in range(len(STREAM)) for body in reader.feed(STREAM[at : at + 1])] == BODIES


@pytest.mark.parametrize(
    "garbage",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b":",
        b"3:abcd",
        b"-1:a,",
        b" 3:abc,",
        b"\xb2:ab,",
        b"\x00",
        b"9" * 100,
        b"10000000:",
        b"%d:" % (MAX_MESSAGE_BYTES + 1),
    ],
)
def test_garbage_is_refused_also_behind_a_good_message(garbage: bytes) -> None:
    with pytest.raises(WireError):
        list(NetstringReader().feed(garbage))
    bodies = NetstringReader().feed(netstring(b"{}") + garbage)
    assert next(bodies) == b"{}"
    with pytest.raises(WireError):
        next(bodies)


def test_a_huge_announcement_is_refused_before_it_is_stored() -> None:
    reader = NetstringReader()
    with pytest.raises(WireError):
        for _ in range(10):
            list(reader.feed(b"10000000:" + b"x" * 1_000))


def test_the_longest_message_fits() -> None:
    longest = b"x" * MAX_MESSAGE_BYTES
    assert list(NetstringReader().feed(netstring(longest))) == [longest]


@patient
@given(st.lists(st.binary(max_size=300), max_size=8))
def test_any_bytes_are_read_or_refused(chunks: list[bytes]) -> None:
    reader = NetstringReader()
    try:
        for chunk in chunks:
            list(reader.feed(chunk))
    except WireError:
        pass


@patient
@given(st.lists(st.binary(max_size=300)), st.integers(1, 64))
def test_whatever_is_inside_comes_out(bodies: list[bytes], size: int) -> None:
    stream = b"".join(map(netstring, bodies))
    reader = NetstringReader()
    read = [body for at in range(0, len(stream), size) for body in reader.feed(stream[at : at + size])]
    assert read == bodies


def test_an_event() -> None:
    assert parse(json.dumps(INCOMING).encode()) == PhoneEvent(
        kind="CALL_INCOMING",
        sip_call_id="a1@x",
        is_incoming=True,
        peer_uri="sip:+493023125123@127.0.0.1",
        peer_name='Er"ika Müller',
        reason="sip:+493023125123@127.0.0.1",
    )


def test_a_name_in_an_old_encoding_keeps_its_letters() -> None:
    event = parse(b'{"event":true,"type":"CALL_INCOMING","peerdisplayname":"M\xfcller"}')
    assert isinstance(event, PhoneEvent)
    assert event.peer_name == "Müller"


def test_a_reply() -> None:
    assert parse(b'{"response":true,"ok":true,"data":"done\\n","token":"7"}') == Reply(
        token="7", is_ok=True, text="done\n"
    )


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b"{}", b'{"event":1}', b"\xff\xfe", b"[" * 60_000])
def test_what_is_neither_is_nothing(body: bytes) -> None:
    assert parse(body) is None


def test_fields_of_another_kind_are_empty() -> None:
    assert parse(b'{"event":true,"type":7,"id":[1],"peeruri":null,"peerdisplayname":{}}') == PhoneEvent(kind="")


@patient
@given(st.binary(max_size=400) | st.recursive(st.none() | st.text(), st.lists).map(lambda v: json.dumps(v).encode()))
def test_any_body_is_taken(body: bytes) -> None:
    parse(body)


@patient
@given(st.dictionaries(st.sampled_from([*INCOMING, "response", "token", "data"]), st.text() | st.booleans()))
def test_any_event_can_be_stored_and_sent_back(fields: dict[str, str | bool]) -> None:
    event = parse(json.dumps(fields | {"event": True, "id": "\ud800" + str(fields.get("id"))}).encode())
    assert isinstance(event, PhoneEvent)
    (event.peer_name + event.peer_uri + event.reason).encode()
    encode_command("callfind", event.sip_call_id, "1")


def test_a_command() -> None:
    [body] = NetstringReader().feed(encode_command("callfind", 'ü"\\@x', "7"))
    assert json.loads(body) == {"command": "callfind", "params": 'ü"\\@x', "token": "7"}
    [body] = NetstringReader().feed(encode_command("hangup", "", "8"))
    assert json.loads(body) == {"command": "hangup", "token": "8"}
