"""A bad network between desks and server: it cuts, delays, swallows, refuses, and loses the answer to a COMMIT."""

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

CHUNK_BYTES = 1 << 16

# As they stand in PostgreSQL's messages. A statement that writes and stands alone is a commit of its own; it goes with
# its text, or after some times only with the name that it was prepared by.
_COMMIT = b"COMMIT\x00"
_WRITE = b"INSERT INTO applied_command"
_PREPARED = re.compile(rb"(_pg3_\d+)\x00([^\x00]*)")  # and its text, when it is being prepared
_OUT_OF_TRANSACTION = b"Z\x00\x00\x00\x05I"
_ERROR = b"E"
CONNECT_LIMIT_S = 30.0


@dataclass(eq=False)
class _Link:
    """One connection from a desk to the server."""

    desk: asyncio.StreamWriter
    server: asyncio.StreamWriter
    is_doomed: bool = False  # a commit is on the way; its answer will not arrive
    writes: set[bytes] = field(default_factory=set)  # names of prepared statements
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def is_commit(self, piece: bytes) -> bool:
        """Whether the desk asks to commit, or for a statement that may do so by itself."""
        names = set()
        for name, text in _PREPARED.findall(piece):
            names.add(name)
            if _WRITE in text:
                self.writes.add(name)
        return _COMMIT in piece or _WRITE in piece or not names.isdisjoint(self.writes)

    def abort(self) -> None:
        """Cut without a word, as a pulled cable or a dead machine does."""
        self.desk.transport.abort()
        self.server.transport.abort()


class Proxy:
    """Listens on `port` of the loopback and passes on to `server_port`. Call its methods from any other thread.

    `counts` says what it did: connections, cuts, delays, stalls, refusals, and commits whose answer it lost.
    """

    def __init__(self, server_port: int, host: str = "127.0.0.1") -> None:
        self.counts: Counter[str] = Counter()
        self.port = 0
        self._host = host
        self._server_port = server_port
        self._links: set[_Link] = set()
        self._delay_s = 0.0
        self._refuses = False
        self._drops_owed = 0
        self._loop = asyncio.new_event_loop()
        self._flows = asyncio.Event()
        self._flows.set()
        self._thread = threading.Thread(target=self._run, name="proxy")
        self._thread.start()
        self._listening = self._do(self._listen())
        self.port = self._listening.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """Cut all connections that are there."""
        self._do(self._cut())

    def delay(self, seconds: float) -> None:
        """From now on each piece takes so much longer; 0 ends it."""
        self.counts["delays"] += seconds > 0
        self._delay_s = seconds

    def stall(self, is_on: bool) -> None:
        """Nothing passes while it is on, and nobody is told: a router that died."""
        self.counts["stalls"] += is_on
        self._call(self._flows.clear if is_on else self._flows.set)

    def refuse(self, is_on: bool) -> None:
        """Cut all, and let nobody in while it is on."""
        self.counts["refusals"] += is_on
        self._refuses = is_on
        if is_on:
            self.cut()

    def lose_answers(self, count: int) -> None:
        """The next `count` commits are done, and whoever asked never hears of it: the connection is cut instead."""
        self._drops_owed = count

    def stop(self) -> None:
        self._flows_again()
        self._do(self._close())
        self._call(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _call(self, work: Callable[[], object]) -> None:
        self._loop.call_soon_threadsafe(work)

    def _flows_again(self) -> None:
        self._delay_s = 0.0
        self._call(self._flows.set)

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._accept, self._host, 0, limit=CHUNK_BYTES)

    async def _cut(self) -> None:
        self.counts["cuts"] += len(self._links)
        for link in self._links:
            link.abort()

    async def _close(self) -> None:
        self._listening.close()
        tasks = [task for link in self._links for task in link.tasks]
        for link in tuple(self._links):
            link.abort()
        await asyncio.gather(*tasks, return_exceptions=True)
        current = asyncio.current_task()
        await asyncio.gather(*(task for task in asyncio.all_tasks() if task is not current), return_exceptions=True)

    async def _accept(self, from_desk: asyncio.StreamReader, to_desk: asyncio.StreamWriter) -> None:
        try:
            if self._refuses:
                raise ConnectionRefusedError
            opening = asyncio.open_connection(self._host, self._server_port, limit=CHUNK_BYTES)
            from_server, to_server = await asyncio.wait_for(opening, CONNECT_LIMIT_S)
        except (OSError, TimeoutError):
            to_desk.transport.abort()
            return
        link = _Link(to_desk, to_server)
        self._links.add(link)
        self.counts["connections"] += 1
        link.tasks = [
            asyncio.create_task(self._pass(from_desk, to_server, link, self._see_question)),
            asyncio.create_task(self._pass(from_server, to_desk, link, self._see_answer)),
        ]
        await asyncio.gather(*link.tasks, return_exceptions=True)
        self._links.discard(link)

    async def _pass(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        link: _Link,
        may_pass: Callable[[_Link, bytes], bool],
    ) -> None:
        try:
            while piece := await source.read(CHUNK_BYTES):
                if self._delay_s:
                    await asyncio.sleep(self._delay_s)
                await self._flows.wait()
                if not may_pass(link, piece):
                    break
                target.write(piece)
                await target.drain()
        except OSError:
            pass  # one end is gone
        finally:
            link.abort()

    def _see_question(self, link: _Link, piece: bytes) -> bool:
        if link.is_commit(piece) and self._drops_owed > 0 and not link.is_doomed:
            self._drops_owed -= 1
            link.is_doomed = True
        return True

    def _see_answer(self, link: _Link, piece: bytes) -> bool:
        """Only when the server is through with the transaction, and has done it, the answer is lost."""
        if piece.startswith(_ERROR):  # the end of the transaction may come in a piece of its own
            link.is_doomed = False
        if not link.is_doomed or _OUT_OF_TRANSACTION not in piece:
            return True
        self.counts["lost answers"] += 1
        return False
