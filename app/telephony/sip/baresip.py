"""The softphone program: its configuration folder, its process, and how both go away again."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import FirstlineError
from app.i18n import tr
from app.telephony.sip.settings import SipAudio, SipSettings

RING_LIMIT_S = 120  # the PBX has its own, shorter limit; this one ends a call that nobody ends

_PORT_TRIES = 50
_LEAVE_S = 1.5  # baresip says BYE and signs out when it is asked to end; then it is killed
_MODULE_FOLDERS = ("lib/baresip/modules", "lib64/baresip/modules", "lib/*/baresip/modules")
_ACCOUNT = re.compile(r"sips?:[^\s<>\x00-\x1f\x7f]+")
_UNFIT = re.compile(r"[\s;<>\x00-\x1f\x7f]")  # baresip's file of accounts knows no quoting

# baresip has to go with this program, even when that is killed and can clean up nothing. `setpriv` lets the kernel
# do it: the signal comes when the thread that started the process ends. Setting it in a `preexec_fn` would run
# Python between fork and exec of a program with many threads, which may lock up. The shell asks for its parent after
# the signal was set, since a parent that died before would have been missed.
_WITH_SETPRIV = ("setpriv", "--pdeathsig", "KILL", "--", "sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"')
# Without setpriv (it is Linux's): a shell holds the read end of a pipe, which closes with the last of this program.
_WITH_PIPE = (
    "sh",
    "-c",
    'exec 3<&0; "$@" 3<&- </dev/null & child=$!; trap "kill $child" TERM;'
    "{ cat <&3; kill -KILL $child; } >/dev/null 2>&1 & exec 3<&-; wait $child; wait $child",
)

_CONFIG = """\
module_path {modules}
sip_listen {listen}:{sip_port}
{interface}
ctrl_tcp_listen 127.0.0.1:{control_port}
call_max_calls 1
call_local_timeout {ring_limit_s}
statmode_default off
{audio}
module g711.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
"""

# Two bridges without another end: nothing is sent and nothing is heard. A file of silence would not do: at its end
# baresip hangs up ("end of file"), and it is read into memory whole.
_NO_AUDIO = """\
module aubridge.so
audio_source aubridge,silence
audio_player aubridge,heard
audio_alert aubridge,bell"""


class SoftphoneError(Exception):
    """The softphone is not there; the text is a sentence for the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Softphone:
    """A running baresip; `ended` is done when the process is at its end."""

    process: subprocess.Popen[bytes]
    folder: Path
    sip_port: int
    control_port: int
    ended: asyncio.Task[None]

    def forget_folder(self) -> None:
        """Remove the configuration with the password; baresip has read it once it answers on the control port."""
        shutil.rmtree(self.folder, ignore_errors=True)


@asynccontextmanager
async def running(settings: SipSettings) -> AsyncIterator[Softphone]:
    """A baresip of its own, in a private folder; both are gone afterwards.

    Raises:
        SoftphoneError: it cannot be started.
    """
    program = shutil.which(settings.baresip)
    if program is None:
        raise SoftphoneError(
            tr(
                "The softphone program “{program}” is missing. Install the Debian package “baresip-core”.",
                program=settings.baresip,
            )
        )
    sip_port, control_port = free_ports(settings)
    folder = _private_folder()
    try:
        write_folder(folder, settings, modules=_modules(Path(program)), sip_port=sip_port, control_port=control_port)
        process = start([program, "-f", str(folder)])
        ended = asyncio.create_task(_drain(process))
        try:
            yield Softphone(process=process, folder=folder, sip_port=sip_port, control_port=control_port, ended=ended)
        finally:
            await _end(process, ended)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_folder(folder: Path, settings: SipSettings, *, modules: Path, sip_port: int, control_port: int) -> None:
    """baresip's `config` and, readable by nobody else, its `accounts`."""
    config = _CONFIG.format(
        modules=modules,
        listen=settings.listen,
        sip_port=sip_port,
        interface="" if settings.listen == "0.0.0.0" else f"net_interface {settings.listen}",
        control_port=control_port,
        ring_limit_s=RING_LIMIT_S,
        audio=_audio(settings.audio),
    )
    _write_private(folder / "config", config)
    _write_private(folder / "accounts", _account(settings))


def free_ports(settings: SipSettings) -> tuple[int, int]:
    """The ports for SIP and for control, free at this moment.

    Raises:
        SoftphoneError: the port that the settings name is not.
    """
    for _ in range(1 if settings.port else _PORT_TRIES):
        with suppress(OSError, OverflowError), ExitStack() as held:
            sip_port = _take_port(held, settings.listen, socket.SOCK_DGRAM, settings.port)
            # baresip binds the same port for TCP and the next one for TLS, and ends when it cannot have one of them.
            # No SO_REUSEADDR here, as none there: a port that a closed connection still lingers on is not free.
            _take_port(held, settings.listen, socket.SOCK_STREAM, sip_port)
            _take_port(held, settings.listen, socket.SOCK_STREAM, sip_port + 1)
            return sip_port, _take_port(held, "127.0.0.1", socket.SOCK_STREAM, 0)
    raise SoftphoneError(
        tr(
            "Port {port} for calls, or the next one, cannot be used; another program may have it. "
            "End that or choose another port.",
            port=settings.port,
        )
    )


def start(command: Sequence[str], *, with_setpriv: bool | None = None) -> subprocess.Popen[bytes]:
    """`command` as a child that ends with this program, however this ends; its output comes in one pipe."""
    if with_setpriv is None:
        with_setpriv = shutil.which("setpriv") is not None
    guard = (*_WITH_SETPRIV, str(os.getpid())) if with_setpriv else (*_WITH_PIPE, "sh")
    return subprocess.Popen(
        [*guard, *command],
        stdin=subprocess.DEVNULL if with_setpriv else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C in the terminal of this program is not meant for the softphone
    )


async def _drain(process: subprocess.Popen[bytes]) -> None:
    """Read the output to its end, which is the end of the process; it names callers, so nothing of it is kept."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), process.stdout)
    try:
        while await reader.read(65_536):
            pass
    finally:
        transport.close()


async def _end(process: subprocess.Popen[bytes], ended: asyncio.Task[None]) -> None:
    process.terminate()
    await asyncio.wait({ended}, timeout=_LEAVE_S)
    if process.stdin:
        process.stdin.close()
    process.kill()
    process.wait()
    ended.cancel()
    await asyncio.gather(ended, return_exceptions=True)


def _private_folder() -> Path:
    """In the session's memory-backed folder where there is one, so that the password never reaches a disk."""
    session = os.environ.get("XDG_RUNTIME_DIR", "")
    parent = session if session and os.access(session, os.W_OK) else None
    return Path(tempfile.mkdtemp(prefix="firstline-sip-", dir=parent))


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _account(settings: SipSettings) -> str:
    try:
        password = settings.password() if settings.password else None
    except FirstlineError as error:
        raise SoftphoneError(str(error)) from None
    if _UNFIT.search(password or "") or not _ACCOUNT.fullmatch(settings.account):
        raise SoftphoneError(
            tr(
                "The account must look like sip:name@host, and its password can have no spaces, semicolons or "
                "angle brackets. Correct it in the settings."
            )
        )
    interval = "regint=600" if settings.registrar else "regint=0"
    secret = f";auth_pass={password}" if password else ""
    return f"<{settings.account}>;{interval};answermode=manual{secret}\n"


def _audio(audio: SipAudio) -> str:
    if audio is SipAudio.NONE:
        return _NO_AUDIO
    kinds = ("source", "player", "alert")
    return "\n".join([f"module {audio}.so", *(f"audio_{kind} {audio},default" for kind in kinds)])


def _modules(program: Path) -> Path:
    """baresip has to be told where its own modules are: beside the program, by Debian's or another layout."""
    prefix = program.resolve().parent.parent
    for pattern in _MODULE_FOLDERS:
        for folder in prefix.glob(pattern):
            return folder
    return prefix / _MODULE_FOLDERS[0]


def _take_port(held: ExitStack, address: str, kind: socket.SocketKind, port: int) -> int:
    taken = held.enter_context(socket.socket(socket.AF_INET, kind))
    taken.bind((address, port))
    return int(taken.getsockname()[1])
