"""One manager connection: login, actions with their replies, and the events in between."""

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count

from app.telephony.ami.settings import AmiSettings
from app.telephony.ami.wire import Message, MessageReader, encode

REPLY_LIMIT_S = 5.0
PING_PAUSE_S = 1.25  # with the limits: a frozen PBX shows on each desk within 5 s, behind a gateway too
PING_LIMIT_S = 1.75
OWN_DELAY_S = 0.25  # after the limit: this program may have been held up itself, and reads what has come meanwhile
CONNECT_LIMIT_S = 5.0

_READ_BYTES = 65_536
_LIST_LIMIT = 100_000  # events in one list: 5,000 agents in 20 queues


class AmiError(Exception):
    """The PBX refused an action; the text is what it says, in its own words."""


class LoginRefused(AmiError):
    """User or password are wrong, or the address of this machine is not allowed: trying again does not help."""


class AmiClient:
    """`read()` has to run while anything is asked."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, on_event: Callable[[Message], None]
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._on_event = on_event
        self._messages = MessageReader()
        self._numbers = count(1)
        self._replies: dict[str, asyncio.Future[Message]] = {}
        self._lists: dict[str, list[Message]] = {}
        self._heard = asyncio.Event()

    @property
    def dropped_count(self) -> int:
        """Lines that were too long to be kept."""
        return self._messages.dropped_count

    async def read(self) -> None:
        """Hand on what comes, until the connection ends.

        Raises:
            ConnectionError: it ended.
        """
        while data := await self._reader.read(_READ_BYTES):
            self._heard.set()
            for message in self._messages.feed(data):
                self._take(message)
        raise ConnectionResetError("the PBX closed the connection")

    async def ask(self, action: str, **fields: str) -> Message:
        """The response to an action.

        Raises:
            AmiError: the PBX refuses it.
            TimeoutError: no response within the limit.
            ValueError: a field has control characters.
        """
        number = f"firstline-{next(self._numbers)}"
        return await self._ask(number, action, fields)

    async def list_of(self, action: str, **fields: str) -> list[Message]:
        """The events that an action lists, without the closing one; errors as in `ask`."""
        number = f"firstline-{next(self._numbers)}"
        events: list[Message] = []
        self._lists[number] = events
        try:
            await self._ask(number, action, fields)
            self._replies[number] = asyncio.get_running_loop().create_future()
            if not (events and events[-1].is_end_of_list):
                await self._end_of_list(self._replies[number], events)
            return events[:-1]
        finally:
            self._replies.pop(number, None)
            del self._lists[number]

    async def login(self, user: str, password: str) -> None:
        """Sign in by challenge, so that the password does not cross the wire; ask for no more events than are used.

        Raises:
            LoginRefused: the PBX does not know this user with this password.
        """
        try:
            challenge = await self.ask("Challenge", AuthType="MD5")
            key = hashlib.md5((challenge["Challenge"] + password).encode(), usedforsecurity=False).hexdigest()
            await self.ask("Login", AuthType="MD5", Username=user, Key=key, Events="call,agent")
        except AmiError as error:
            raise LoginRefused(str(error)) from None

    async def ping_until_silent(self) -> None:
        """A frozen PBX sends nothing and closes nothing, so it has to be asked.

        Whatever comes is a sign of life: behind many events the answer may be late, and the connection is good.

        Raises:
            TimeoutError: nothing comes any more.
        """
        while True:
            await asyncio.sleep(PING_PAUSE_S)
            self._heard.clear()
            ping = asyncio.ensure_future(self.ask("Ping"))
            try:
                async with asyncio.timeout(PING_LIMIT_S):
                    await self._heard.wait()
            except TimeoutError:
                await asyncio.sleep(OWN_DELAY_S)
                if not self._heard.is_set():
                    raise
            finally:
                ping.cancel()
                await asyncio.gather(ping, return_exceptions=True)

    async def close(self) -> None:
        self._writer.close()
        # A transport that the other side has reset raises here what is known already.
        await asyncio.gather(self._writer.wait_closed(), return_exceptions=True)

    async def _end_of_list(self, end: "asyncio.Future[Message]", events: list[Message]) -> None:
        """As long as it grows it is waited for: a large centre's is long, and the machine may be slow."""
        while True:
            known = len(events)
            try:
                async with asyncio.timeout(REPLY_LIMIT_S):
                    await asyncio.shield(end)
                return
            except TimeoutError:
                if len(events) == known:
                    raise

    async def _ask(self, number: str, action: str, fields: dict[str, str]) -> Message:
        data = encode(action, {"ActionID": number, **fields})
        self._replies[number] = asyncio.get_running_loop().create_future()
        try:
            self._writer.write(data)
            async with asyncio.timeout(REPLY_LIMIT_S):
                reply = await self._replies[number]
        finally:
            del self._replies[number]
        if not reply.is_success:
            raise AmiError(reply["Message"] or action)
        return reply

    def _take(self, message: Message) -> None:
        number = message["ActionID"]
        if message.event and number not in self._lists:
            self._on_event(message)
            return
        if message.event and len(self._lists[number]) < _LIST_LIMIT:
            self._lists[number].append(message)
        awaited = self._replies.get(number)
        if awaited and not awaited.done() and (not message.event or message.is_end_of_list):
            awaited.set_result(message)


@asynccontextmanager
async def connected(settings: AmiSettings, on_event: Callable[[Message], None]) -> AsyncIterator[AmiClient]:
    """A connection to the PBX, not yet signed in.

    Raises:
        OSError: no connection; `ssl.SSLError` among them: its certificate is not trusted.
        TimeoutError: nobody answers there.
    """
    context = ssl.create_default_context(cafile=settings.ca_file or None) if settings.uses_tls else None
    async with asyncio.timeout(CONNECT_LIMIT_S):
        reader, writer = await asyncio.open_connection(settings.host, settings.port, ssl=context)
    client = AmiClient(reader, writer, on_event)
    try:
        yield client
    finally:
        await client.close()
