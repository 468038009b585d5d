"""The tests' own X display."""

import socket
import struct
from pathlib import Path

import pytest

from tests.display import DisplayMissing, virtual_display

SETUP_REQUEST = struct.pack("<cxHHHHxx", b"l", 11, 0, 0, 0)  # little-endian, protocol 11.0, no authorization
SETUP_SUCCESS = 1


def _socket_path(display: str) -> Path:
    return Path("/tmp/.X11-unix") / f"X{display.removeprefix(':')}"


def _setup_answer(display: str) -> int:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(str(_socket_path(display)))
        client.sendall(SETUP_REQUEST)
        return client.recv(1)[0]


def test_display_answers_and_is_gone_afterwards() -> None:
    try:
        with virtual_display() as display:
            assert _setup_answer(display) == SETUP_SUCCESS
    except DisplayMissing as missing:
        pytest.skip(str(missing))
    assert not _socket_path(display).exists()


def test_two_displays_at_once_have_different_names() -> None:
    try:
        with virtual_display() as one, virtual_display() as other:
            assert one != other
    except DisplayMissing as missing:
        pytest.skip(str(missing))


def test_a_machine_without_xvfb_is_told_what_to_install() -> None:
    with pytest.raises(DisplayMissing, match="apt-get install xvfb"), virtual_display(search_path=""):
        pass
