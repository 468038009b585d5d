"""A PBX for tests: speaks the manager protocol on a socket of its own, plays what it is told, and remembers what it was
asked. It can be slow, deaf, mistaken and gone, as real ones are."""

import asyncio
import hashlib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.patience import LIMIT_S
from tests.telephony.ami.stories import Fields, as_bytes, member

USER, PASSWORD = "desk", "gehe1m"
GRANTED = ("Ping", "Hangup", "BlindTransfer", "Atxfer", "QueuePause", "QueueStatus", "CoreShowChannels", "Originate")


@dataclass(slots=True)
class Mood:
    """How the PBX behaves; may be changed while it runs."""

    password: str = PASSWORD
    granted: tuple[str, ...] = GRANTED
    starting_answers: int = 0  # so many times QueueStatus fails, as while a PBX starts
    is_frozen: bool = False
    unanswered: frozenset[str] = frozenset()  # actions that it never answers
    refusals: dict[str, str] = field(default_factory=dict)  # action -> the PBX's words
    call_ids: dict[str, str] = field(default_factory=dict)  # channel -> SIP Call-ID
    clock_ahead_s: float = 0.0
    tells_first: bool = False  # the event of a pause comes before the answer to its action
    members: list[Fields] = field(default_factory=lambda: [member("1001"), member("1002")])
    waiting: list[Fields] = field(default_factory=list)
    channels: list[Fields] = field(default_factory=list)


class FakePbx:
    """Use `running_pbx()`. Methods may be called from any thread."""

    def __init__(self) -> None:
        self.mood = Mood()
        self.asked: list[Fields] = []
        self.login_count = 0
        self.connection_count = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._changed = threading.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    def play(self, events: list[Fields]) -> None:
        """Send these events now."""
        self.send(as_bytes(events))

    def send(self, data: bytes, *, piece: int = 0) -> None:
        """Send bytes, in one piece or in pieces that arrive one by one."""
        self._do(self._send(data, piece or len(data)))

    def drop(self) -> None:
        """Break all connections, without a word."""
        self._do(self._drop())

    def wait_for(self, claim: Callable[["FakePbx"], Any]) -> Any:
        """Until something was asked."""
        with self._changed:
            assert self._changed.wait_for(lambda: claim(self), LIMIT_S), f"the PBX was asked {self.asked}"
            return claim(self)

    def wait_for_action(self, action: str, count: int = 1) -> Fields:
        asked: Fields = self.wait_for(lambda pbx: len(pbx.actions(action)) >= count and pbx.actions(action)[-1])
        return asked

    def actions(self, action: str) -> list[Fields]:
        return [one for one in self.asked if one["Action"] == action]

    async def _send(self, data: bytes, piece: int) -> None:
        for start in range(0, len(data), piece):
            for writer in self._writers:
                writer.write(data[start : start + piece])
                await writer.drain()
            if piece < len(data):
                await asyncio.sleep(0)

    async def _drop(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    def _do(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(LIMIT_S)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        self._writers.add(writer)
        self.connection_count += 1
        session: dict[str, str] = {}
        try:
            writer.write(b"Asterisk Call Manager/11.0.0\r\n")
            while data := await reader.readuntil(b"\r\n\r\n"):
                action = dict(line.split(": ", 1) for line in data.decode().split("\r\n") if ": " in line)
                with self._changed:  # before it answers: who has the answer finds what was asked
                    self.asked.append(action)
                    self._changed.notify_all()
                if not self.mood.is_frozen and action["Action"] not in self.mood.unanswered:
                    parts = [self._answer(action, session), self._pause(action)]
                    writer.write(b"".join(reversed(parts) if self.mood.tells_first else parts))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            self._tasks.discard(task)
            writer.close()

    def _answer(self, action: Fields, session: dict[str, str]) -> bytes:
        name, mood = action["Action"], self.mood
        reply = {"Response": "Success", "ActionID": action["ActionID"]}
        refused = {**reply, "Response": "Error"}
        if name in mood.refusals:
            return as_bytes([{**refused, "Message": mood.refusals[name]}])
        if name == "Challenge":
            session["challenge"] = f"{len(self.asked)}"
            return as_bytes([{**reply, "Challenge": session["challenge"]}])
        if name == "Login":
            return self._login(action, reply, session)
        if name == "QueueStatus" and mood.starting_answers:
            mood.starting_answers -= 1
            return as_bytes([{**refused, "Message": "Invalid/unknown command: QueueStatus."}])
        match name:
            case "QueueStatus":
                members = [{"Event": "QueueMember", **_listed(one)} for one in mood.members]
                return self._list(reply, [{"Event": "QueueParams", "Queue": "support"}, *members, *mood.waiting])
            case "CoreShowChannels":
                return self._list(reply, [{"Event": "CoreShowChannel", **one} for one in mood.channels])
            case "ListCommands":
                return as_bytes([{**reply, **dict.fromkeys(mood.granted, "does it  (Priv: call,all)")}])
            case "Getvar":
                value = mood.call_ids.get(action["Channel"], "")
                return as_bytes([{**reply, "Variable": action["Variable"], "Value": value}])
            case "Ping":
                now_s = time.time() + mood.clock_ahead_s
                return as_bytes([{**reply, "Ping": "Pong", "Timestamp": f"{now_s:.6f}"}])
        return as_bytes([reply])

    def _pause(self, action: Fields) -> bytes:
        """What a queue tells when an action paused one of its members."""
        if action["Action"] != "QueuePause" or "QueuePause" in self.mood.refusals:
            return b""
        return as_bytes(self.set_pause(action["Interface"], action["Paused"] == "true", action.get("Reason", "")))

    def set_pause(self, interface: str, is_paused: bool, reason: str = "") -> list[Fields]:
        """Somebody pauses a telephone; the events that tell it."""
        told = []
        for one in self.mood.members:
            if one["Interface"] == interface:
                one |= {"Paused": "1" if is_paused else "0", "PausedReason": reason if is_paused else ""}
                told.append({"Event": "QueueMemberPause", **one})
        return told

    def _login(self, action: Fields, reply: Fields, session: dict[str, str]) -> bytes:
        key = hashlib.md5((session.get("challenge", "") + self.mood.password).encode()).hexdigest()
        self.login_count += 1
        if (action.get("Username"), action.get("Key")) != (USER, key):
            return as_bytes([{**reply, "Response": "Error", "Message": "Authentication failed"}])
        return as_bytes([{**reply, "Message": "Authentication accepted"}])

    def _list(self, reply: Fields, events: list[Fields]) -> bytes:
        number = {"ActionID": reply["ActionID"]}
        end = {"Event": "ListComplete", **number, "EventList": "Complete", "ListItems": str(len(events))}
        return as_bytes([{**reply, "EventList": "start"}, *({**one, **number} for one in events), end])


@contextmanager
def running_pbx(tls: ssl.SSLContext | None = None, port: int = 0) -> Iterator[FakePbx]:
    """A PBX on loopback, in a thread of its own."""
    pbx = FakePbx()
    loop = pbx._loop
    server = loop.run_until_complete(asyncio.start_server(pbx.serve, "127.0.0.1", port, ssl=tls))
    pbx.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, name="fake pbx")
    thread.start()
    try:
        yield pbx
    finally:
        asyncio.run_coroutine_threadsafe(_end(pbx, server), loop).result(LIMIT_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(LIMIT_S)
        loop.close()


async def _end(pbx: FakePbx, server: asyncio.Server) -> None:
    server.close()
    for writer in pbx._writers:
        writer.transport.abort()
    await asyncio.gather(*pbx._tasks, return_exceptions=True)
    await asyncio.sleep(0)


def _listed(one: Fields) -> Fields:
    """QueueStatus has other names for two of the fields."""
    renamed = {"MemberName": "Name", "Interface": "Location"}
    return {renamed.get(key, key): value for key, value in one.items()}
