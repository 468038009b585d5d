"""One agent's PBX and softphone as one line: queue facts from the PBX, media facts from the softphone.

They are joined by the SIP Call-ID, which the PBX tells on request. The softphone hears of a call some milliseconds
before the PBX tells it; the PBX is waited for, so that the card has queue and waiting time from the first and stays one
card when the same caller rings again. Without a PBX that answers in time, the softphone's call stands for itself.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from app.domain.calls import CallEvent, EndReason, EventKind
from app.telephony.ami import AmiSource
from app.telephony.loop import deliver
from app.telephony.sip.lines import call_id_of
from app.telephony.source import CallSource, Capability, SourceState, SourceStatus

JOIN_LIMIT_S = 0.15  # for the PBX to tell of a call that rings; 13 ms for 95 of 100

_REMEMBERED = 400  # ids of calls
_RINGING_ENDED = frozenset({EndReason.ABANDONED, EndReason.MISSED, EndReason.REJECTED})
_MEDIA = frozenset({EventKind.HELD, EventKind.RESUMED})
_SOFTPHONES = frozenset({Capability.ANSWER, Capability.REJECT, Capability.HOLD, Capability.HANG_UP})
_WORST_FIRST = (SourceState.STOPPED, SourceState.LOST, SourceState.STARTING, SourceState.READY)


class JoinedSource:
    """All that concerns calls happens in the PBX's thread, so nothing here needs a lock."""

    name = "ami+sip"

    def __init__(self, ami: AmiSource, sip: CallSource) -> None:
        self._ami = ami
        self._sip = sip
        self._names: OrderedDict[UUID, UUID] = OrderedDict()  # the softphone's or the PBX's id -> the one that is told
        self._at_softphone: OrderedDict[UUID, UUID] = OrderedDict()  # the id that is told -> the softphone's
        self._at_pbx: OrderedDict[UUID, UUID] = OrderedDict()  # the id that is told -> the PBX's
        self._early: dict[UUID, list[CallEvent]] = {}  # of calls that are not joined yet, by their own id
        self._statuses: dict[str, SourceStatus] = {}
        self._told_status: SourceStatus | None = None

    @property
    def capabilities(self) -> frozenset[Capability]:
        return self._ami.capabilities | self._sip.capabilities

    def hindrance(self, capability: Capability) -> str:
        if capability in self.capabilities:
            return ""
        return (self._sip if capability in _SOFTPHONES else self._ami).hindrance(capability)

    def start(self, on_event: Callable[[CallEvent], None], on_status: Callable[[SourceStatus], None]) -> None:
        self._on_event, self._on_status = on_event, on_status
        self._ami.start(self._on_ami_event, self._on_status_of)
        self._sip.start(
            lambda event: self._ami.soon(lambda: self._on_sip_event(event)),
            lambda status: self._ami.soon(lambda: self._on_status_of(status)),
        )

    def stop(self) -> None:
        self._sip.stop()
        self._ami.stop()

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
            self._ami.hang_up(call_id)

    def transfer(self, call_id: UUID, number: str, *, is_attended: bool = False) -> None:
        self._ami.transfer(self._ami_id(call_id), number, is_attended=is_attended)

    def dial(self, number: str) -> None:
        self._ami.dial(number)

    def pause(self, is_paused: bool, reason: str = "") -> None:
        self._ami.pause(is_paused, reason)

    def next_call(self) -> None:
        """Real callers do not come on demand."""

    def _sip_id(self, call_id: UUID) -> UUID:
        return self._at_softphone.get(call_id, call_id)

    def _ami_id(self, call_id: UUID) -> UUID:
        return self._at_pbx.get(call_id, call_id)

    # From here on everything happens in the PBX's thread.

    def _on_sip_event(self, event: CallEvent) -> None:
        sip_id = event.call_id
        if sip_id in self._early:
            self._early[sip_id].append(event)
        elif sip_id in self._names:
            self._tell_of_softphone(event)
        elif self._is_ready("ami"):
            self._early[sip_id] = [event]
            asyncio.get_running_loop().call_later(JOIN_LIMIT_S, self._stand_alone, sip_id)
        else:
            self._early[sip_id] = [event]
            self._stand_alone(sip_id)

    def _stand_alone(self, sip_id: UUID) -> None:
        """The PBX told nothing of this call in time."""
        if sip_id in self._early:
            self._name(sip_id, sip_id)
            self._release(sip_id)

    def _on_ami_event(self, event: CallEvent) -> None:
        ami_id = event.call_id
        if ami_id in self._early:
            self._early[ami_id].append(event)
        elif event.kind is EventKind.OFFERED and not event.is_outgoing:
            self._early[ami_id] = [event]
            self._ami.keep(asyncio.ensure_future(self._ask_softphones_id(ami_id)))
        else:
            self._tell_of_pbx(event)

    async def _ask_softphones_id(self, ami_id: UUID) -> None:
        """Both are one call from now on; one that was told already keeps its id."""
        sip_call_id = await self._ami.sip_call_id(ami_id)
        sip_id = call_id_of(sip_call_id)
        if sip_call_id:
            told = self._names.get(sip_id) or self._names.get(ami_id) or ami_id
            self._name(sip_id, told)
            self._names[ami_id], self._at_pbx[told] = told, ami_id
        for event in self._early.pop(ami_id, []):
            self._tell_of_pbx(event)
        self._release(sip_id)

    def _name(self, sip_id: UUID, told: UUID) -> None:
        self._names[sip_id], self._at_softphone[told] = told, sip_id
        for known in (self._names, self._at_softphone, self._at_pbx):
            while len(known) > _REMEMBERED:
                known.popitem(last=False)

    def _release(self, sip_id: UUID) -> None:
        for event in self._early.pop(sip_id, []):
            self._tell_of_softphone(event)

    def _tell_of_pbx(self, event: CallEvent) -> None:
        told = self._names.get(event.call_id, event.call_id)
        if event.kind not in _MEDIA or told not in self._at_softphone:
            deliver(self._on_event, replace(event, call_id=told))

    def _tell_of_softphone(self, event: CallEvent) -> None:
        """Why it stopped ringing only the PBX knows: the softphone takes its time-out for the caller's giving up."""
        told = self._names[event.call_id]
        is_for_pbx = event.end_reason in _RINGING_ENDED and told in self._at_pbx and self._is_ready("ami")
        if not is_for_pbx:
            deliver(self._on_event, replace(event, call_id=told))

    def _is_ready(self, name: str) -> bool:
        status = self._statuses.get(name)
        return status is not None and status.state is SourceState.READY

    def _on_status_of(self, status: SourceStatus) -> None:
        """The line is as good as the worse of both; what the PBX says of waiting callers stands in it."""
        self._statuses[status.name] = status
        worst = min(self._statuses.values(), key=lambda one: _WORST_FIRST.index(one.state))
        ami = self._statuses.get("ami", status)
        sentence = worst.sentence or next((s.sentence for s in self._statuses.values() if s.sentence), "")
        told = replace(
            worst,
            name=self.name,
            sentence=sentence,
            waiting_count=ami.waiting_count,
            waiting_since=ami.waiting_since,
            pause=ami.pause,
        )
        if told != self._told_status:
            self._told_status = told
            deliver(self._on_status, told)
