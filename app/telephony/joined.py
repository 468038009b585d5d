"""One agent's telephone system and softphone as one line: queue facts from the one, media facts from the other.

The telephone system is a PBX of the desk's own or that behind the gateway. Its calls and the softphone's are joined by
the SIP Call-ID, which it tells on request. The softphone hears of a call some milliseconds before; the other is waited
for, so that the card has queue and waiting time from the first and stays one card when the same caller rings again.
Without one that answers in time, the softphone's call stands for itself.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol
from uuid import UUID

from app.domain.calls import CallEvent, EndReason, EventKind
from app.domain.lines import SHARED
from app.telephony.loop import LoopThread, deliver
from app.telephony.sip.lines import call_id_of
from app.telephony.source import CallSource, Capability, SourceState, SourceStatus

JOIN_LIMIT_S = 0.15  # for a PBX to tell of a call that rings; 13 ms for 95 of 100
SHARED_JOIN_LIMIT_S = 1.5  # through the gateway, who records the call: better a late card than two records

_REMEMBERED = 400  # ids of calls
_RINGING_ENDED = frozenset({EndReason.ABANDONED, EndReason.MISSED, EndReason.REJECTED})
_MEDIA = frozenset({EventKind.HELD, EventKind.RESUMED})
_OF_BOTH = (Capability.TRANSFER, Capability.DIAL)  # the telephone system's goes first: it knows the call's queue
_SOFTPHONES = frozenset({Capability.ANSWER, Capability.REJECT, Capability.HOLD, Capability.HANG_UP, *_OF_BOTH})
_WORST_FIRST = (SourceState.STOPPED, SourceState.LOST, SourceState.STARTING, SourceState.READY)


class QueueLine(CallSource, Protocol):
    """A source that knows the calls of a telephone system's queues."""

    def ask_sip_call_id(self, call_id: UUID, done: Callable[[str], None]) -> None:
        """Which of the softphone's calls it is; empty if nobody can say. `done` is called once, in any thread."""


class JoinedSource:
    """All that concerns calls happens in a thread of its own, so nothing here needs a lock."""

    def __init__(self, queue: QueueLine, sip: CallSource) -> None:
        self.name = f"{queue.name}+{sip.name}"
        self._queue = queue
        self._sip = sip
        self._is_shared = queue.name == SHARED
        self._limit_s = SHARED_JOIN_LIMIT_S if self._is_shared else JOIN_LIMIT_S
        self._thread = LoopThread("joined")
        self._names: OrderedDict[UUID, UUID] = OrderedDict()  # the softphone's or the queue's id -> the one told
        self._at_softphone: OrderedDict[UUID, UUID] = OrderedDict()  # the id that is told -> the softphone's
        self._at_queue: OrderedDict[UUID, UUID] = OrderedDict()  # the id that is told -> the telephone system's
        self._dialled: OrderedDict[UUID, UUID] = OrderedDict()  # the softphone's ids of the agent's own calls
        self._early: dict[UUID, list[CallEvent]] = {}  # of calls that are not joined yet, by their own id
        self._statuses: dict[str, SourceStatus] = {}
        self._told_status: SourceStatus | None = None

    @property
    def capabilities(self) -> frozenset[Capability]:
        return self._queue.capabilities | self._sip.capabilities

    def hindrance(self, capability: Capability) -> str:
        if capability in self.capabilities:
            return ""
        return (self._sip if capability in _SOFTPHONES else self._queue).hindrance(capability)

    def start(self, on_event: Callable[[CallEvent], None], on_status: Callable[[SourceStatus], None]) -> None:
        self._on_event, self._on_status = on_event, on_status
        self._stopping = asyncio.Event()
        self._thread.start(self._until_stopped)
        soon = self._thread.soon
        self._queue.start(
            lambda event: soon(lambda: self._on_queue_event(event)),
            lambda status: soon(lambda: self._on_status_of(status)),
        )
        self._sip.start(
            lambda event: soon(lambda: self._on_sip_event(event)),
            lambda status: soon(lambda: self._on_status_of(status)),
        )

    def stop(self) -> None:
        self._sip.stop()
        self._queue.stop()
        self._thread.soon(lambda: self._stopping.set())
        self._thread.join()

    def wake(self) -> None:
        """Something on this person's line has changed, says the database."""
        if wake := getattr(self._queue, "wake", None):
            wake()

    def answer(self, call_id: UUID) -> None:
        self._sip.answer(self._sip_id(call_id))

    def reject(self, call_id: UUID) -> None:
        self._sip.reject(self._sip_id(call_id))

    def hold(self, call_id: UUID) -> None:
        self._sip.hold(self._sip_id(call_id))

    def resume(self, call_id: UUID) -> None:
        self._sip.resume(self._sip_id(call_id))

    def hang_up(self, call_id: UUID) -> None:
        if call_id in self._at_softphone:
            self._sip.hang_up(self._sip_id(call_id))
        else:
            self._queue.hang_up(call_id)

    def transfer(self, call_id: UUID, number: str, *, is_attended: bool = False) -> None:
        """The softphone passes on at once what the telephone system cannot, or does not know."""
        is_of_softphone_alone = call_id in self._at_softphone and call_id not in self._at_queue
        if is_attended or (Capability.TRANSFER in self._queue.capabilities and not is_of_softphone_alone):
            self._queue.transfer(self._at_queue.get(call_id, call_id), number, is_attended=is_attended)
        else:
            self._sip.transfer(self._sip_id(call_id), number)

    def dial(self, number: str) -> None:
        (self._queue if Capability.DIAL in self._queue.capabilities else self._sip).dial(number)

    def pause(self, is_paused: bool, reason: str = "") -> None:
        self._queue.pause(is_paused, reason)

    def next_call(self) -> None:
        """Real callers do not come on demand."""

    def _sip_id(self, call_id: UUID) -> UUID:
        return self._at_softphone.get(call_id, call_id)

    # From here on everything happens in this source's own thread.

    async def _until_stopped(self) -> None:
        await self._stopping.wait()

    def _on_sip_event(self, event: CallEvent) -> None:
        sip_id = event.call_id
        if sip_id in self._early:
            self._early[sip_id].append(event)
        elif sip_id in self._names:
            self._tell_of_softphone(event)
        elif self._is_ready(self._queue.name):
            self._early[sip_id] = [event]
            asyncio.get_running_loop().call_later(self._limit_s, self._stand_alone, sip_id)
        else:
            self._early[sip_id] = [event]
            self._stand_alone(sip_id)

    def _stand_alone(self, sip_id: UUID) -> None:
        """The telephone system told nothing of this call in time."""
        if sip_id in self._early:
            self._name(sip_id, sip_id)
            self._release(sip_id)

    def _on_queue_event(self, event: CallEvent) -> None:
        queue_id = event.call_id
        if queue_id in self._early:
            self._early[queue_id].append(event)
        elif event.kind is EventKind.OFFERED:
            self._early[queue_id] = [event]
            known = partial(self._join, queue_id, is_outgoing=event.is_outgoing)
            self._queue.ask_sip_call_id(queue_id, lambda found: self._thread.soon(lambda: known(found)))
        else:
            self._tell_of_queue(event)

    def _join(self, queue_id: UUID, sip_call_id: str, *, is_outgoing: bool) -> None:
        """Both are one call from now on; one that was told already keeps its id."""
        sip_id = call_id_of(sip_call_id)
        if sip_call_id:
            told = self._names.get(sip_id) or self._names.get(queue_id) or queue_id
            self._name(sip_id, told)
            self._names[queue_id], self._at_queue[told] = told, queue_id
            if is_outgoing:
                self._dialled[sip_id] = told
        for event in self._early.pop(queue_id, []):
            self._tell_of_queue(event)
        self._release(sip_id)

    def _name(self, sip_id: UUID, told: UUID) -> None:
        self._names[sip_id], self._at_softphone[told] = told, sip_id
        for known in (self._names, self._at_softphone, self._at_queue, self._dialled):
            while len(known) > _REMEMBERED:
                known.popitem(last=False)

    def _release(self, sip_id: UUID) -> None:
        for event in self._early.pop(sip_id, []):
            self._tell_of_softphone(event)

    def _tell_of_queue(self, event: CallEvent) -> None:
        told = self._names.get(event.call_id, event.call_id)
        if event.kind not in _MEDIA or told not in self._at_softphone:
            self._tell(event, told)

    def _tell_of_softphone(self, event: CallEvent) -> None:
        """Why it stopped ringing only the PBX knows: the softphone takes its time-out for the caller's giving up.

        What the telephone system dials for the agent rings here first. Nobody has to take that; and that it was taken
        is no answer of whoever is called.
        """
        told = self._names[event.call_id]
        if event.kind is EventKind.OFFERED and event.is_outgoing:
            self._dialled.pop(event.call_id, None)  # by the softphone
        is_own = event.call_id in self._dialled and event.kind in (EventKind.OFFERED, EventKind.ANSWERED)
        if is_own and event.kind is EventKind.OFFERED:
            self._sip.answer(event.call_id)
        is_known = told in self._at_queue and self._is_ready(self._queue.name)
        if not is_own and not (event.end_reason in _RINGING_ENDED and is_known):
            self._tell(event, told)

    def _tell(self, event: CallEvent, told: UUID) -> None:
        """Behind a gateway it says who records the call: the gateway what it tells of, the desk the rest."""
        source = ""
        if self._is_shared:
            is_softphones = self._at_softphone.get(told) == told
            source = self._sip.name if is_softphones else SHARED
        deliver(self._on_event, replace(event, call_id=told, source=source))

    def _is_ready(self, name: str) -> bool:
        status = self._statuses.get(name)
        return status is not None and status.state is SourceState.READY

    def _on_status_of(self, status: SourceStatus) -> None:
        """The line is as good as the worse of both; what the queues' source says of callers stands in it."""
        self._statuses[status.name] = status
        worst = min(self._statuses.values(), key=lambda one: _WORST_FIRST.index(one.state))
        queue = self._statuses.get(self._queue.name, status)
        sentence = worst.sentence or next((s.sentence for s in self._statuses.values() if s.sentence), "")
        told = replace(
            worst,
            name=self.name,
            sentence=sentence,
            waiting_count=queue.waiting_count,
            waiting_since=queue.waiting_since,
            pause=queue.pause,
        )
        if told != self._told_status:
            self._told_status = told
            deliver(self._on_status, told)
