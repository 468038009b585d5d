"""A caller for tests: sipp rings a SIP port on loopback, with a number and a name of the test's choice."""

import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.patience import LIMIT_S
from tests.programs import free_port

SCENARIOS = Path(__file__).parent / "scenarios"
GIVES_UP_S = 300  # by itself, so that none is ever left behind; a call lasts as long as what a slow desk does in it


def sipp_missing() -> str:
    """Why there can be no calls on this machine; empty when there can."""
    missing = [program for program in ("baresip", "sipp") if shutil.which(program) is None]
    return f"{' and '.join(missing)} not installed (Debian: baresip-core, sip-tester)" if missing else ""


class SippCall:
    """A call under way. In a `with` block it cannot outlive the test."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, call_id: str, folder: Path) -> None:
        self.sip_call_id = call_id
        self._process = process
        self._port = port
        self._folder = folder

    def hang_up(self) -> None:
        """The caller gives up: CANCEL while it rings, BYE in the conversation."""
        # sipp has no other ear than SIP: a message into the same call moves its scenario on.
        text = (
            f"MESSAGE sip:caller@127.0.0.1:{self._port} SIP/2.0\r\n"
            "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK-test\r\n"
            "From: <sip:test@127.0.0.1>\r\nTo: <sip:caller@127.0.0.1>\r\n"
            f"Call-ID: {self.sip_call_id}\r\nCSeq: 1 MESSAGE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
        )
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.sendto(text.encode(), ("127.0.0.1", self._port))

    cancel = hang_up

    def wait(self) -> int:
        """Exit code: 0 when the scenario went as written, to its end."""
        return self._process.wait(LIMIT_S)

    def messages(self) -> str:
        """What was sent and received so far."""
        log = self._folder / "messages"
        return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def place_call(
    port: int, caller: str, display_name: str = "", *, scenario: str = "call", host: str = "127.0.0.1"
) -> SippCall:
    """Ring `port` on loopback as `caller` (the user part of the address) at `host`."""
    folder = Path(tempfile.mkdtemp(prefix="sipp-"))
    local_port = free_port()
    call_id = f"{uuid.uuid4()}@127.0.0.1"
    quoted = display_name.replace("\\", "\\\\").replace('"', '\\"')
    address = (f'"{quoted}" ' if quoted else "") + f"<sip:{caller}@{host}>"
    command = ["sipp", "-sf", str(SCENARIOS / f"{scenario}.xml"), f"127.0.0.1:{port}"]
    command += ["-i", "127.0.0.1", "-p", str(local_port), "-mp", str(free_port()), "-m", "1"]
    command += ["-cid_str", call_id, "-key", "caller_address", address]
    command += ["-timeout", str(GIVES_UP_S), "-timeout_error", "-nostdin"]
    command += ["-trace_msg", "-message_file", str(folder / "messages")]
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return SippCall(process, local_port, call_id, folder)


@contextmanager
def answering(scenario: str) -> Iterator[int]:
    """Somebody who is called, at the port that is given: "uas" answers, others are files of `scenarios`."""
    port = free_port()
    what = ["-sn", scenario] if scenario == "uas" else ["-sf", str(SCENARIOS / f"{scenario}.xml")]
    command = ["sipp", *what, "-i", "127.0.0.1", "-p", str(port), "-mp", str(free_port()), "-m", "1"]
    process = subprocess.Popen(
        [*command, "-timeout", str(GIVES_UP_S), "-nostdin"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield port
    finally:
        process.kill()
        process.wait()
