"""What each person was told, written by the desks as it happens and kept outside of them: the truth to compare with.

All desks write to one named pipe. A line of at most PIPE_BUF bytes is written whole or not at all, whatever kills the
desk, and what is in the pipe outlives it; so the order of the lines is the order of the deeds.
"""

import fcntl
import os
import select
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from uuid import UUID

import msgspec

_READ_BYTES = 1 << 20
_PIPE_BYTES = 1 << 20


class Deed(StrEnum):
    OPENED = "opened"  # the desk runs
    TYPED = "typed"  # `text` stands in the note of call `id`, or in the text for case `id`
    FOUND = "found"  # `text` came back from the journal for call or case `id`
    SENT = "sent"  # the text of call or case `id` is in a command; nothing of it is open any more
    ASKED = "asked"  # the person asks for command `id`
    CONFIRMED = "confirmed"  # the desk says that command `id` is safe
    NOT_KEPT = "not kept"  # the desk says that it could not keep command `id`
    TAKES_BACK = "takes back"  # the person asks that command `id` shall not be done
    WITHDRAWN = "withdrawn"  # the desk says that command `id` will not be done
    TOO_LATE = "too late"  # the desk says that command `id` cannot be taken back
    DELIVERED = "delivered"
    REFUSED = "refused"  # the person reads why (`text`) command `id` was refused
    NOT_CLAIMED = "not claimed"  # the person is told that claim `id` brought nothing, and why
    CLAIMED = "claimed"  # the person has case `id`
    RELEASED = "released"  # the person gives case `id` away, asks for it with what follows
    KILLED = "killed"  # written by the campaign, when the desk is surely dead
    CLOSED = "closed"  # the desk ended by itself, with nothing left to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One deed at one desk; `at_s` is the machine's monotonic clock, the same in all its processes."""

    desk: int
    deed: Deed
    at_s: float
    id: UUID
    case_id: UUID | None = None
    kind: str = ""
    text: str = ""


class Pen:
    """Writes the lines of one desk. Safe to use from all threads."""

    def __init__(self, pipe: Path, desk: int) -> None:
        self._file = os.open(pipe, os.O_WRONLY)
        self._desk = desk

    def write(self, deed: Deed, id_: UUID, *, case_id: UUID | None = None, kind: str = "", text: str = "") -> None:
        """It happened just now."""
        self._write(
            Line(desk=self._desk, deed=deed, at_s=time.monotonic(), id=id_, case_id=case_id, kind=kind, text=text)
        )

    def write_typed(self, id_: UUID, text: str, at_s: float) -> None:
        """A key stroke; `at_s` is when, because the pipe may have no room for a while."""
        self._write(Line(desk=self._desk, deed=Deed.TYPED, at_s=at_s, id=id_, text=text))

    def _write(self, line: Line) -> None:
        document = msgspec.json.encode(line) + b"\n"
        if len(document) > select.PIPE_BUF:
            raise ValueError("This line may be torn apart.")
        os.write(self._file, document)

    def close(self) -> None:
        os.close(self._file)


class Reader:
    """A thread that gives each line of the pipe to `take`, in order."""

    def __init__(self, pipe: Path, take: Callable[[Line], None]) -> None:
        os.mkfifo(pipe)
        self._take = take
        self._file = os.open(pipe, os.O_RDWR)  # for writing too: it must not end when the last desk is killed
        with suppress(OSError):  # more than the system permits; what it has is enough on a machine that is not choked
            fcntl.fcntl(self._file, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._wake = os.pipe()
        self._thread = threading.Thread(target=self._run, name="truth")
        self._thread.start()

    def stop(self) -> None:
        """End when all that was written is read."""
        os.write(self._wake[1], b".")
        self._thread.join()
        for file in (self._file, *self._wake):
            os.close(file)

    def _run(self) -> None:
        decoder = msgspec.json.Decoder(Line)
        rest = b""
        while True:
            readable, _, _ = select.select([self._file, self._wake[0]], [], [])
            if self._file not in readable:
                return
            *lines, rest = (rest + os.read(self._file, _READ_BYTES)).split(b"\n")
            for line in lines:
                self._take(decoder.decode(line))
