"""A broker (NATS) that passes wake-ups on to thousands of desks, which PostgreSQL itself cannot wake at that number."""

import asyncio
import logging
import random
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Self

from app.domain.errors import NotAllowed
from app.i18n import tr

if TYPE_CHECKING:
    from nats.aio.client import Client

CONNECT_TIMEOUT_S = 5
AGAIN_S = (1.0, 5.0)  # between attempts to connect; jittered, for all desks lose the broker at once
PING_S = 20  # two that are not answered: the connection is lost

_ADDRESS = re.compile(
    r"(?P<scheme>nats|tls)://((?P<user>[\w.-]+)@)?(?P<host>[\w.-]+|\[[0-9a-fA-F:]+\])(:(?P<port>\d{1,5}))?(/(?P<name>[\w-]+))?"
)

_log = logging.getLogger("firstline.broker")


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerAddress:
    """Where the broker is.

    Attributes:
        url: without user and password.
        subject: of the wake-ups; each database that shares a broker has its own.
        user: empty: nobody signs in.
        password: asked at each new connection.
    """

    url: str
    subject: str
    user: str = ""
    password: Callable[[], str | None] = field(default=lambda: None, repr=False)

    @classmethod
    def of(cls, text: str, password: Callable[[], str | None] = lambda: None) -> Self:
        """The address that `text` tells: `nats://host:port`, `tls://person@host:port/name`.

        Raises:
            NotAllowed: it is none, or would send a password that everybody on the way can read.
        """
        found = _ADDRESS.fullmatch(text)
        if found is None:
            raise NotAllowed(tr("This is no address of a broker. Use nats://HOST:PORT or tls://HOST:PORT."))
        if found["user"] and found["scheme"] != "tls" and not _is_here(found["host"]):
            raise NotAllowed(
                tr("To sign in at a broker on another computer, use tls://. Else the password can be read on the way.")
            )
        return cls(
            url=f"{found['scheme']}://{found['host']}:{found['port'] or 4222}",
            subject=f"firstline.{found['name'] or 'changed'}",
            user=found["user"] or "",
            password=password,
        )


class Broker:
    """A connection in a thread of its own, made anew for ever when it is lost. It reports nothing but the wake-ups."""

    def __init__(self, address: BrokerAddress, on_message: Callable[[], None] | None = None) -> None:
        """
        Args:
            on_message: called from the thread at each wake-up, and after each new connection, for what was missed.
        """
        self._address = address
        self._on_message = on_message
        self._client: Client | None = None
        self._loop = asyncio.new_event_loop()
        self._is_stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="broker", daemon=True)

    @property
    def is_connected(self) -> bool:
        return self._client is not None and self._client.is_connected

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the connection and the thread; what was published is sent before."""
        self._loop.call_soon_threadsafe(self._is_stopping.set)
        self._thread.join()
        self._loop.close()

    def publish(self) -> bool:
        """Wake all that listen; False, and nothing done, while there is no connection: who comes back reads anyway."""
        client = self._client
        if client is None or not client.is_connected:
            return False
        asyncio.run_coroutine_threadsafe(client.publish(self._address.subject, b""), self._loop)
        return True

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._work())

    async def _work(self) -> None:
        """One connection after another: the client itself comes back when the broker was lost, not after a refusal."""
        stopping = asyncio.ensure_future(self._is_stopping.wait())
        while not stopping.done():
            connection = asyncio.ensure_future(self._connection())
            await asyncio.wait({connection, stopping}, return_when=asyncio.FIRST_COMPLETED)
            connection.cancel()
            await _ended(connection)
            await asyncio.wait({stopping}, timeout=random.uniform(*AGAIN_S))

    async def _connection(self) -> None:
        from nats.aio.client import Client  # a desk without a broker need not load it

        client, closed = Client(), asyncio.Event()

        async def close(*_: object) -> None:
            closed.set()

        try:
            await client.connect(
                self._address.url,
                name="firstline",
                connect_timeout=CONNECT_TIMEOUT_S,
                reconnect_time_wait=random.uniform(*AGAIN_S),  # type: ignore[arg-type] # it only sleeps so long
                max_reconnect_attempts=-1,
                ping_interval=PING_S,
                reconnected_cb=self._tell,
                closed_cb=close,
                error_cb=_note,
                **self._sign_in(),
            )
            if self._on_message:
                await client.subscribe(self._address.subject, cb=self._tell)
            self._client = client
            await self._tell()
            await closed.wait()
        finally:
            self._client = None
            await _ended(asyncio.ensure_future(client.drain() if client.is_connected else client.close()))

    def _sign_in(self) -> dict[str, Any]:
        if not self._address.user:
            return {}
        return {"user": self._address.user, "password": self._address.password() or ""}

    async def _tell(self, *_: object) -> None:
        if self._on_message:
            self._on_message()


async def _note(error: Exception) -> None:
    _log.info("broker: %s", type(error).__name__)


async def _ended(work: asyncio.Future[None]) -> None:
    """Wait for its end, but not for long: a broker that hangs does not keep the program from ending."""
    done, _ = await asyncio.wait({work}, timeout=CONNECT_TIMEOUT_S)
    if not done:
        work.cancel()
    elif not work.cancelled() and (error := work.exception()):
        _log.info("broker: %s", type(error).__name__)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
