"""The softphone's life: missing, refused, babbling, killed together with the program; and its private folder."""

import os
import re
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from app.domain.calls import EndReason, EventKind
from app.telephony.loop import LONGEST_PAUSE_S, SHORTEST_PAUSE_S, pause_s
from app.telephony.sip import SipAudio, SipSettings, SipSource
from app.telephony.sip import source as source_module
from app.telephony.sip.baresip import SoftphoneError, free_ports, write_folder
from app.telephony.sip.lines import call_id_of
from app.telephony.source import SourceState
from tests.patience import LIMIT_S
from tests.telephony.conftest import assert_nothing_left
from tests.telephony.listening import Listener, children
from tests.telephony.sipp import sipp_missing

needs_baresip = pytest.mark.skipif(bool(sipp_missing()), reason=sipp_missing())

# A program that starts a child as the source does and tells its id; then it waits to be killed.
PARENT = """
import sys
from app.telephony.sip.baresip import start
child = start(["sleep", "60"], with_setpriv=sys.argv[1] == "setpriv")
print(child.pid, flush=True)
sys.stdin.read()
"""


@contextmanager
def started(settings: SipSettings, listener: Listener) -> Iterator[SipSource]:
    source = SipSource(settings)
    source.start(listener.events.put, listener.statuses.put)
    try:
        listener.status(SourceState.STARTING)
        yield source
    finally:
        source.stop()
    assert_nothing_left()


def settings(**changes: object) -> SipSettings:
    values: dict[str, object] = {"account": "sip:agent@127.0.0.1", "audio": SipAudio.NONE}
    return SipSettings(**(values | changes))  # type: ignore[arg-type]


def test_a_missing_program_is_named(listener: Listener) -> None:
    with started(settings(baresip="no-such-baresip"), listener):
        sentence = listener.status(SourceState.LOST).sentence
        assert "no-such-baresip" in sentence
        assert "baresip-core" in sentence
    listener.status(SourceState.STOPPED)


@pytest.mark.parametrize(("kind", "beyond"), [(socket.SOCK_DGRAM, 0), (socket.SOCK_STREAM, 0), (socket.SOCK_STREAM, 1)])
def test_a_port_is_free_only_for_udp_tcp_and_tls(kind: socket.SocketKind, beyond: int) -> None:
    sip_port, control_port = free_ports(settings())
    assert control_port not in (sip_port, sip_port + 1)
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", sip_port + beyond))
        with pytest.raises(SoftphoneError, match=str(sip_port)):
            free_ports(settings(port=sip_port))


@needs_baresip
def test_a_port_in_use_is_named_and_taken_when_it_is_free(listener: Listener) -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as other:
        port, _ = free_ports(settings())
        other.bind(("127.0.0.1", port))
        with started(settings(port=port), listener) as source:
            assert str(port) in listener.status(SourceState.LOST).sentence
            other.close()
            listener.status(SourceState.READY)
            assert source.sip_port == port


def test_a_password_that_does_not_fit_is_said(listener: Listener) -> None:
    with started(settings(baresip="sh", password=lambda: "two words"), listener):
        sentence = listener.status(SourceState.LOST).sentence
        assert "password" in sentence
        assert "two words" not in sentence


@pytest.mark.parametrize("babble", ["huge", "garbage", "closed"])
def test_a_babbling_control_connection_is_opened_anew(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, babble: str
) -> None:
    monkeypatch.setenv("BARESIP_BABBLE", babble)
    with started(settings(baresip=fake_baresip(tmp_path)), listener):
        listener.status(SourceState.READY)
        assert listener.event(EventKind.OFFERED).call_id == call_id_of("call-1")
        events = [listener.events.get(timeout=LIMIT_S), listener.events.get(timeout=LIMIT_S)]
        first = next(event for event in events if event.call_id == call_id_of("call-1"))
        second = next(event for event in events if event.call_id == call_id_of("call-2"))
        assert (first.kind, first.end_reason) == (EventKind.ENDED, EndReason.UNKNOWN)
        assert second.kind is EventKind.OFFERED
    assert listener.event(EventKind.ENDED).call_id == call_id_of("call-2")
    listener.status(SourceState.STOPPED)


def test_one_that_only_babbles_is_started_again(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BARESIP_BABBLE", "garbage")
    monkeypatch.setenv("BARESIP_ALWAYS", "1")
    with started(settings(baresip=fake_baresip(tmp_path)), listener):
        # READY comes before, if the first reply was read apart from the garbage behind it.
        statuses = iter(lambda: listener.statuses.get(timeout=LIMIT_S), None)
        lost = next(status for status in statuses if status and status.state is SourceState.LOST)
        assert "cannot be controlled" in lost.sentence


def test_a_call_that_it_cannot_take_is_told(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BARESIP_DEAF", "1")
    monkeypatch.setattr(source_module, "_ANSWER_LIMIT_S", 0.1)
    with started(settings(baresip=fake_baresip(tmp_path)), listener) as source:
        source.answer(listener.event(EventKind.OFFERED).call_id)
        statuses = iter(lambda: listener.statuses.get(timeout=LIMIT_S), None)
        told = next(status for status in statuses if status and status.sentence)
        assert told.state is SourceState.READY
        assert "headset" in told.sentence


@needs_baresip
@pytest.mark.parametrize(("answer", "state"), [("200 OK", SourceState.READY), ("403 Forbidden", SourceState.LOST)])
def test_registration(listener: Listener, answer: str, state: SourceState) -> None:
    with registrar(answer) as port:
        account = f"sip:agent@127.0.0.1:{port}"
        with started(settings(account=account, registrar=True, password=lambda: 'gehe"im'), listener):
            status = listener.status(state)
            assert (account in status.sentence) == (state is SourceState.LOST)


@needs_baresip
def test_the_password_is_nowhere_to_be_read(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with started(settings(password=lambda: "gehe1m"), listener):
        listener.status(SourceState.READY)
        [pid] = [pid for pid, name in children() if name == "baresip"]
        for file in ("cmdline", "environ"):
            assert b"gehe1m" not in Path(f"/proc/{pid}/{file}").read_bytes()
        assert list(tmp_path.iterdir()) == []  # read once, then removed


def test_the_folder_is_private(tmp_path: Path) -> None:
    write_folder(tmp_path, settings(password=lambda: "gehe1m"), modules=Path("/m"), sip_port=5070, control_port=4444)
    for name in ("config", "accounts"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert (tmp_path / "accounts").read_text() == "<sip:agent@127.0.0.1>;regint=0;answermode=manual;auth_pass=gehe1m\n"
    config = (tmp_path / "config").read_text()
    assert "gehe1m" not in config
    assert "sip_listen 127.0.0.1:5070\n" in config
    assert "ctrl_tcp_listen 127.0.0.1:4444\n" in config


@pytest.mark.parametrize("account", ["sip:a@b>;x=<", "sip:a@b\nmodule evil.so", ""])
def test_an_account_cannot_write_other_lines(tmp_path: Path, account: str) -> None:
    with pytest.raises(SoftphoneError):
        write_folder(tmp_path, settings(account=account), modules=Path("/m"), sip_port=5070, control_port=4444)


@pytest.mark.parametrize("guard", ["setpriv", "pipe"])
def test_the_child_ends_when_the_program_is_killed(guard: str) -> None:
    command = [sys.executable, "-c", PARENT, guard]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        child = os.pidfd_open(int(parent.stdout.readline()))
        try:
            parent.send_signal(signal.SIGKILL)
            parent.wait()
            ended, _, _ = select.select([child], [], [], LIMIT_S)
            assert ended
        finally:
            os.close(child)


@needs_baresip
def test_without_setpriv_nothing_is_left_either(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for program in ("sh", "cat", "baresip"):
        (tmp_path / program).symlink_to(str(shutil.which(program)))
    monkeypatch.setenv("PATH", str(tmp_path))
    with started(settings(), listener):
        listener.status(SourceState.READY)
        [guard] = [pid for pid, _ in children()]
        offspring = Path(f"/proc/{guard}/task/{guard}/children").read_text().split()
        phone = next(int(pid) for pid in offspring if Path(f"/proc/{pid}/comm").read_text() == "baresip\n")
        os.kill(phone, signal.SIGKILL)
        assert "started again" in listener.status(SourceState.LOST).sentence
        listener.status(SourceState.READY)


def test_pauses_grow_to_half_a_minute() -> None:
    for failures in range(40):
        assert SHORTEST_PAUSE_S <= pause_s(failures) <= LONGEST_PAUSE_S
    assert pause_s(0) <= 2 * SHORTEST_PAUSE_S
    assert pause_s(20) >= LONGEST_PAUSE_S / 2


def test_commands_before_start_and_a_second_stop_do_nothing(listener: Listener) -> None:
    source = SipSource(settings(baresip="no-such-baresip"))
    source.answer(call_id_of("x"))
    source.stop()
    source.start(listener.events.put, listener.statuses.put)
    source.stop()
    source.stop()
    source.hang_up(call_id_of("x"))
    assert_nothing_left()


def fake_baresip(folder: Path) -> str:
    program = folder / "baresip"
    script = Path(__file__).with_name("fake_baresip.py")
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
    program.chmod(0o755)
    return str(program)


@contextmanager
def registrar(answer: str) -> Iterator[int]:
    """A SIP registrar that says `answer` to all; gives its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_answer_all, args=(udp, answer))
        thread.start()
        try:
            yield udp.getsockname()[1]
        finally:
            udp.sendto(b"", udp.getsockname())
            thread.join()


def _answer_all(udp: socket.socket, answer: str) -> None:
    while True:
        request, sender = udp.recvfrom(65_536)
        if not request:
            return
        lines = re.findall(r"(?:Via|From|To|Call-ID|CSeq|Contact):.*", request.decode())
        lines = [line.strip() + (";tag=registrar" if line.startswith("To") else "") for line in lines]
        udp.sendto(
            "\r\n".join([f"SIP/2.0 {answer}", *lines, "Expires: 600", "Content-Length: 0", "", ""]).encode(), sender
        )
