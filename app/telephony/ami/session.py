"""Keeps one PBX connected: signs in, takes stock, follows its events, and begins anew when it is lost.

Used by a desk of its own and by whatever else listens to a PBX, in a loop that the caller runs.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.domain.calls import Call
from app.domain.errors import FirstlineError
from app.i18n import tr
from app.telephony.ami import events, snapshot
from app.telephony.ami.client import AmiClient, AmiError, LoginRefused, connected
from app.telephony.ami.exchange import Exchange, News
from app.telephony.ami.settings import AmiSettings
from app.telephony.ami.snapshot import Snapshot
from app.telephony.ami.wire import Message
from app.telephony.loop import first_of, pause_s
from app.telephony.source import SourceState

REFUSED_PAUSE_S = 300.0  # a wrong password stays wrong, and a PBX bans who asks often

_STEADY_S = 60.0  # after so long a failure is the first one again
STOCK_PAUSE_S = 1.0
_CLOCK_TOLERANCE = timedelta(seconds=0.05)  # below that the way of the message is longer than the difference

_log = logging.getLogger("firstline.line")


class Session:
    """`run()` until it is cancelled.

    Attributes:
        exchange: the PBX's calls and agents; survives a lost connection.
        actions: what this account may ask for, by the PBX's own names.
        client: the connection, while there is one that is signed in.
    """

    def __init__(
        self,
        settings: AmiSettings,
        on_news: Callable[[list[News]], None],
        on_state: Callable[[SourceState, str], None],
        recorded: Callable[[Sequence[UUID]], Mapping[UUID, Call]] = lambda _: {},
    ) -> None:
        """
        Args:
            recorded: what is known of calls from before, by id; asked in a thread of its own.
        """
        agents = [settings.interface] if settings.interface else []
        self.exchange = Exchange(region=settings.region, extension=settings.extension, agents=agents)
        self.actions: frozenset[str] = frozenset()
        self.client: AmiClient | None = None
        self._settings = settings
        self._on_news = on_news
        self._on_state = on_state
        self._recorded = recorded
        self._early: list[Message] | None = None  # events that come while stock is taken

    async def run(self) -> None:
        """Connect, and connect again, for as long as it is not cancelled."""
        failures = 0
        while True:
            began_s = asyncio.get_running_loop().time()
            sentence, was_refused = await self._serve()
            if asyncio.get_running_loop().time() - began_s > _STEADY_S:
                failures = 0
            self._on_state(SourceState.LOST, sentence)
            await asyncio.sleep(REFUSED_PAUSE_S if was_refused else pause_s(failures))
            failures += 1

    async def _serve(self) -> tuple[str, bool]:
        """Have one connection until it fails; the sentence says why, the flag that it was the password."""
        try:
            password = await asyncio.to_thread(self._settings.password)
            if not password:
                return _no_password(self._settings), True
            async with connected(self._settings, self._on_event) as client:
                await first_of(client.read(), self._follow(client, password))
        except LoginRefused:
            return _refused(self._settings), True
        except FirstlineError as error:  # the keyring
            return str(error), False
        except ssl.SSLCertVerificationError:
            return _untrusted(self._settings), True
        except (OSError, TimeoutError, AmiError) as error:
            _log.info("connection to the telephone system: %s", type(error).__name__)
        except Exception:  # noqa: BLE001 - the edge of the telephony loop: the line outlives our own mistakes
            _log.exception("the telephone system is connected again after an error of our own")
            return tr("An error in the program interrupted the line; it is being connected again."), False
        finally:
            self.client, self.actions = None, frozenset()
        return tr("The telephone system cannot be reached. The line is connected again by itself."), False

    async def _follow(self, client: AmiClient, password: str) -> None:
        await client.login(self._settings.user, password)
        await self._set_clock(client)
        actions = await _actions(client)
        await self._take_stock(client)
        self.client, self.actions = client, actions
        self._on_state(SourceState.READY, "")
        await first_of(client.ping_until_silent(), self._settle(client))

    async def _set_clock(self, client: AmiClient) -> None:
        pong = await client.ask("Ping")
        now = datetime.now(UTC)
        self.exchange.clock_offset = timedelta(0)
        offset = now - self.exchange.time_of(pong, now)
        if abs(offset) > _CLOCK_TOLERANCE:
            self.exchange.clock_offset = offset

    async def _take_stock(self, client: AmiClient) -> None:
        """While the PBX starts it lets us in and knows no queues yet, so this is repeated until it works."""
        while True:
            self._early = []
            try:
                queues = await client.list_of("QueueStatus")
                channels = await client.list_of("CoreShowChannels")
                known = await asyncio.to_thread(self._recorded, snapshot.ids_of_parts(channels))
                stock = Snapshot(queues=queues, channels=channels, recorded=known)
                self._on_news(snapshot.apply(self.exchange, stock, datetime.now(UTC)))
                return
            except AmiError as error:
                self._on_state(SourceState.STARTING, self._not_ready(error))
            finally:
                early, self._early = self._early, None
                for message in early:
                    self._on_event(message)
            await asyncio.sleep(STOCK_PAUSE_S)
            await client.ask("Ping")  # an answer in time, or the connection is lost

    def _not_ready(self, error: AmiError) -> str:
        if "permission" not in str(error).lower():
            return tr("The telephone system is starting. Calls come when it is ready.")
        return tr(
            "The telephone system does not let “{user}” see its calls. The account needs the rights"
            " read=call,agent,cdr and write=call,agent,reporting.",
            user=self._settings.user,
        )

    async def _settle(self, client: AmiClient) -> None:
        noted_count = 0
        try:
            while True:
                await asyncio.sleep(STOCK_PAUSE_S)
                if news := self.exchange.settle(datetime.now(UTC)):
                    self._on_news(news)
                noted_count = _note(client.dropped_count, noted_count)
        finally:
            _note(client.dropped_count, noted_count)

    def _on_event(self, message: Message) -> None:
        if self._early is not None:
            self._early.append(message)
        elif news := events.take(self.exchange, message, datetime.now(UTC)):
            self._on_news(news)


def _note(dropped_count: int, noted_count: int) -> int:
    if dropped_count > noted_count:
        _log.warning("%d lines of the telephone system were too long and left out", dropped_count - noted_count)
    return dropped_count


def _no_password(settings: AmiSettings) -> str:
    return tr(
        "No password for “{user}” of the telephone system is stored."
        " Store it with “firstline-admin secret set {name}” and start Firstline anew.",
        user=settings.user,
        name=settings.secret_name,
    )


def _refused(settings: AmiSettings) -> str:
    return tr(
        "The telephone system does not accept “{user}” with the stored password."
        " Check both, store the password again and start Firstline anew.",
        user=settings.user,
    )


def _untrusted(settings: AmiSettings) -> str:
    return tr(
        "The certificate of the telephone system at {host} is not trusted. Ask your administrator for the right one.",
        host=settings.host,
    )


async def _actions(client: AmiClient) -> frozenset[str]:
    """What this account may ask for: the PBX lists nothing else."""
    try:
        return frozenset((await client.ask("ListCommands")).fields)
    except AmiError:
        return frozenset()
