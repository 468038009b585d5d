"""The PBX as the line of one desk: the calls of its agent's telephone, and what waits in the queues."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from app.domain.calls import CallEvent, EventKind
from app.domain.errors import FirstlineError
from app.i18n import tr
from app.telephony.ami.commands import ACTIONS, Commands
from app.telephony.ami.exchange import News
from app.telephony.ami.members import DeviceState, pause_of
from app.telephony.ami.session import Session
from app.telephony.ami.settings import AmiSettings
from app.telephony.loop import LoopThread, deliver
from app.telephony.pause_watch import SETTLE_S, Pause, PauseWatch
from app.telephony.source import Capability, OutsidePause, SourceState, SourceStatus

_Command = Callable[[], Coroutine[Any, Any, None]]

_REMEMBERED_CALLS = 200


@dataclass(slots=True, kw_only=True)
class _Mine:
    """A call that rang here: what of it concerns the desk."""

    is_ringing: bool = True


class AmiSource:
    """Calls of the telephone `settings.interface`. It cannot answer; everything else goes as far as the PBX lets it."""

    name = "ami"

    def __init__(self, settings: AmiSettings) -> None:
        self._settings = settings
        self._thread = LoopThread("ami")
        self._session = Session(settings, self._on_news, self._on_state)
        self._commands = Commands(self._session, settings.context)
        self._mine: OrderedDict[UUID, _Mine] = OrderedDict()
        self._status = SourceStatus(name=self.name, state=SourceState.STOPPED, since=_now())
        self._refusal = ""  # of the newest command
        self._pause: _Command | None = None
        self._watch = PauseWatch()
        self._outside: OutsidePause | None = None
        self._running: set[asyncio.Task[None]] = set()

    @property
    def capabilities(self) -> frozenset[Capability]:
        return self._commands.capabilities

    def hindrance(self, capability: Capability) -> str:
        if capability in self.capabilities:
            return ""
        if capability is Capability.ANSWER:
            return tr("The telephone system cannot answer for you: lift the handset.")
        if capability not in ACTIONS:
            return tr("Holding a call is done at the telephone; the telephone system offers no way.")
        if self._status.state is not SourceState.READY:
            return tr("The telephone system is not connected. Try again when the line is ready.")
        action = ACTIONS[capability]
        return tr(
            "The telephone system does not allow this desk “{action}”. Your administrator can change that.",
            action=action,
        )

    def start(self, on_event: Callable[[CallEvent], None], on_status: Callable[[SourceStatus], None]) -> None:
        self._on_event, self._on_status = on_event, on_status
        self._stopping = asyncio.Event()
        self._thread.start(self._until_stopped)

    def stop(self) -> None:
        self._thread.soon(lambda: self._stopping.set())
        self._thread.join()

    def answer(self, call_id: UUID) -> None:
        """The telephone does that."""

    def reject(self, call_id: UUID) -> None:
        self._do(lambda: self._commands.hang_up(call_id, self._settings.interface))

    def hang_up(self, call_id: UUID) -> None:
        self._do(lambda: self._commands.hang_up(call_id, self._settings.interface))

    def hold(self, call_id: UUID) -> None:
        """The manager interface has no action for it; the telephone does that."""

    def resume(self, call_id: UUID) -> None:
        """As `hold`."""

    def transfer(self, call_id: UUID, number: str, *, is_attended: bool = False) -> None:
        agent = self._settings.interface
        self._do(lambda: self._commands.transfer(call_id, agent, number, is_attended=is_attended))

    def dial(self, number: str) -> None:
        self._do(lambda: self._commands.dial(self._settings.interface, number))

    def pause(self, is_paused: bool, reason: str = "") -> None:
        """Now, and again after each connect: the PBX may have been started anew."""
        self._thread.soon(lambda: self._set_pause(is_paused, reason))

    def next_call(self) -> None:
        """Real callers do not come on demand."""

    def ask_sip_call_id(self, call_id: UUID, done: Callable[[str], None]) -> None:
        """Which of the softphone's calls it is; empty if the PBX does not say."""
        self._thread.soon(lambda: self._keep(self._tell_sip_call_id(call_id, done)))

    # From here on everything happens in the source's own thread.

    def _do(self, command: _Command) -> None:
        self._thread.soon(lambda: self._begin(command))

    async def _tell_sip_call_id(self, call_id: UUID, done: Callable[[str], None]) -> None:
        found = ""
        try:
            with suppress(FirstlineError):
                found = await self._commands.sip_call_id(call_id, self._settings.interface)
        finally:
            done(found)

    def _begin(self, command: _Command) -> None:
        self._keep(self._told(command))

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Let it run; the loop itself would forget it."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _set_pause(self, is_paused: bool, reason: str) -> None:
        self._pause = partial(self._ask_pause, Pause(is_paused, reason))
        if self._status.state is SourceState.READY:
            self._begin(self._pause)

    async def _ask_pause(self, pause: Pause) -> None:
        was_done = False
        self._watch.ask(pause)
        try:
            await self._commands.pause(self._settings.interface, pause.is_paused, pause.reason)
            was_done = True
        finally:
            self._watch.answer(_clock_s(), was_done=was_done)
            self._look_at_pause()

    def _look_at_pause(self) -> None:
        """What somebody else has done at the PBX is from now on what is wanted, also after a new connect."""
        own = self._settings.interface
        told = pause_of(m for m in self._session.exchange.members.values() if m.interface == own)
        if told and self._status.state is SourceState.READY:
            self._watch.tell(told, _clock_s())
            if outside := self._watch.look(_clock_s()):
                self._pause = partial(self._ask_pause, outside)
                self._outside = OutsidePause(is_paused=outside.is_paused, reason=outside.reason, at=_now())
                self._report(SourceState.READY, self._refusal)
            elif self._watch.is_open:
                asyncio.get_running_loop().call_later(SETTLE_S / 2, self._look_at_pause)

    async def _told(self, command: _Command) -> None:
        """A command that came to nothing is said; one that worked takes back what was said of one before."""
        try:
            await command()
        except FirstlineError as error:
            self._refusal = str(error)
        except asyncio.CancelledError:
            self._refusal = tr("The line was closed before the telephone system answered. Look whether it was done.")
            raise
        else:
            self._refusal = ""
        if self._status.state is SourceState.READY:
            self._report(SourceState.READY, self._refusal)

    async def _until_stopped(self) -> None:
        self._on_state(SourceState.STARTING, "")
        running = asyncio.create_task(self._session.run())
        await self._stopping.wait()
        self._refusal = ""
        under_way = [running, *self._running]  # nobody reads their answers any more
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        self._report(SourceState.STOPPED, self._refusal)

    def _on_state(self, state: SourceState, sentence: str) -> None:
        self._report(state, sentence)
        if state is SourceState.READY and self._pause:
            self._begin(self._pause)

    def _on_news(self, news: list[News]) -> None:
        for one in news:
            if isinstance(one, CallEvent):
                self._sort(one)
            elif one.interface == self._settings.interface:
                self._look_at_pause()
        if self._status.state is SourceState.READY:
            self._report(SourceState.READY, self._refusal)

    def _sort(self, event: CallEvent) -> None:
        """Tell the desk of calls that ring here, and what becomes of them when another telephone takes them."""
        is_here = event.agent == self._settings.interface
        mine = self._mine.get(event.call_id)
        if mine is None and is_here and event.kind in (EventKind.OFFERED, EventKind.ANSWERED):
            self._mine[event.call_id] = mine = _Mine()
            if len(self._mine) > _REMEMBERED_CALLS:
                self._mine.popitem(last=False)
        if mine is None or (event.kind in (EventKind.OFFERED, EventKind.RING_STOPPED) and not is_here):
            return
        if event.kind is EventKind.ANSWERED and not is_here and mine.is_ringing:
            deliver(self._on_event, _ring_stopped(event, self._settings.interface))
        if event.kind in (EventKind.OFFERED, EventKind.RING_STOPPED, EventKind.ANSWERED, EventKind.ENDED):
            mine.is_ringing = event.kind is EventKind.OFFERED
        deliver(self._on_event, event)

    def _trouble(self) -> str:
        """Why no call of a queue would come here, though the PBX is there."""
        own, members = self._settings.interface, self._session.exchange.members.values()
        devices = [member.device for member in members if member.interface == own]
        if members and not devices:
            return tr("No queue of the telephone system knows the telephone {interface}.", interface=own)
        if DeviceState.UNAVAILABLE in devices:
            return tr("The telephone {interface} is not signed in at the telephone system.", interface=own)
        return ""

    def _report(self, state: SourceState, sentence: str = "") -> None:
        waiting = self._session.exchange.waiting() if state is SourceState.READY else []
        status = SourceStatus(
            name=self.name,
            state=state,
            since=self._status.since if state is self._status.state else _now(),
            sentence=sentence or (self._trouble() if state is SourceState.READY else ""),
            waiting_count=len(waiting),
            waiting_since=waiting[0].began_at if waiting else None,
            pause=self._outside,
        )
        if status != self._status:
            self._status = status
            deliver(self._on_status, status)


def _ring_stopped(event: CallEvent, agent: str) -> CallEvent:
    return CallEvent(call_id=event.call_id, kind=EventKind.RING_STOPPED, at=event.at, agent=agent)


def _clock_s() -> float:
    return asyncio.get_running_loop().time()


def _now() -> datetime:
    return datetime.now(UTC)
