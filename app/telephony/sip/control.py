"""One connection to the softphone's control port: events come, commands are answered."""

import asyncio
import socket
from collections.abc import Callable
from itertools import count
from typing import Self

from app.telephony.sip.wire import NetstringReader, PhoneEvent, Reply, WireError, encode_command, parse

REPLY_LIMIT_S = 3.0

_READ_BYTES = 65_536


class Control:
    """Commands act on baresip's *current* call, so one user at a time asks; replies are told apart by token."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, on_event: Callable[[PhoneEvent], None]
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._on_event = on_event
        self._tokens = count(1)
        self._awaited: dict[str, asyncio.Future[Reply]] = {}

    @classmethod
    async def open(cls, port: int, on_event: Callable[[PhoneEvent], None]) -> Self:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        return cls(reader, writer, on_event)

    async def read(self) -> None:
        """Hand on what comes, until the connection ends.

        Raises:
            WireError: what came is no control connection's, or it ended.
            OSError: the connection broke.
        """
        netstrings = NetstringReader()
        self._acknowledge_at_once()
        while data := await self._reader.read(_READ_BYTES):
            for body in netstrings.feed(data):
                self._take(parse(body))
            self._acknowledge_at_once()
        raise WireError("the softphone closed the control connection")

    async def ask(self, command: str, params: str = "") -> Reply:
        """The reply to a command.

        Raises:
            TimeoutError: none came within REPLY_LIMIT_S.
        """
        token = str(next(self._tokens))
        self._awaited[token] = asyncio.get_running_loop().create_future()
        try:
            self._writer.write(encode_command(command, params, token))
            async with asyncio.timeout(REPLY_LIMIT_S):
                return await self._awaited[token]
        finally:
            del self._awaited[token]

    async def close(self) -> None:
        self._writer.close()
        # A transport that the other side has reset raises here what is known already.
        await asyncio.gather(self._writer.wait_closed(), return_exceptions=True)

    def _acknowledge_at_once(self) -> None:
        """baresip sends event and reply as two small segments, the second only after the first was acknowledged.

        Linux would let it wait 40 ms for that, and it forgets the wish with each reading.
        """
        if hasattr(socket, "TCP_QUICKACK"):
            self._writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def _take(self, message: PhoneEvent | Reply | None) -> None:
        if isinstance(message, PhoneEvent):
            self._on_event(message)
        elif message and (awaited := self._awaited.get(message.token)) and not awaited.done():
            awaited.set_result(message)
