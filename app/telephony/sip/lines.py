"""The calls of the softphone: from what baresip says to what the console is told. No wire, no clock, no thread."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from app.domain.calls import CallEvent, EndedBy, EndReason, EventKind
from app.telephony.numbers import DEFAULT_EXTENSION, DEFAULT_REGION, normalise
from app.telephony.sip.wire import PhoneEvent

_CALL_IDS = UUID("6f1c1f0e-3a64-5d0c-9a2b-6c1d4b7e9f10")
_NOBODY_CAME = "Local timeout"  # baresip's word when it rang for the whole of `call_local_timeout`
_PASSED_ON = "Call transfer"  # its word, in its own spelling, when a REFER has connected the caller
_BUSY = frozenset({"486", "600", "603"})
_NO_ANSWER = frozenset({"408", "480", "487"})


def call_id_of(sip_call_id: str) -> UUID:
    """The call's id, made from the SIP Call-ID: a PBX that knows the same Call-ID arrives at the same id."""
    return uuid5(_CALL_IDS, sip_call_id)


@dataclass(slots=True, kw_only=True)
class Line:
    """A call that is ringing or talking."""

    call_id: UUID
    sip_call_id: str
    is_answered: bool = False
    is_held: bool = False
    is_rejected: bool = False  # by our own command: the wire gives the same reason for much
    is_outgoing: bool = False


class Lines:
    """The live calls by id, and what each of the softphone's events means for them."""

    def __init__(self, region: str = DEFAULT_REGION, extension: re.Pattern[str] = DEFAULT_EXTENSION) -> None:
        self._region = region
        self._extension = extension
        self._lines: dict[UUID, Line] = {}

    def __iter__(self) -> Iterator[Line]:
        return iter(list(self._lines.values()))

    def get(self, call_id: UUID) -> Line | None:
        return self._lines.get(call_id)

    def take(self, event: PhoneEvent, at: datetime) -> list[CallEvent]:
        """What the console is told of a call event; repeated ones, and those without an id, say nothing."""
        if not event.sip_call_id:
            return []
        call_id = call_id_of(event.sip_call_id)
        match event.kind:
            case "CALL_INCOMING" | "CALL_RINGING" | "CALL_PROGRESS":
                return self._offer(call_id, event, at)
            case "CALL_ESTABLISHED":
                # The ringing may have fallen into the gap of a control connection that was opened anew.
                return [*self._offer(call_id, event, at), *self._answer(call_id, at)]
            case "CALL_CLOSED" if not event.is_incoming and call_id not in self._lines:
                return [*self._offer(call_id, event, at), *self.take(event, at)]  # nobody there
            case "CALL_CLOSED" if line := self._lines.pop(call_id, None):
                ended_by = EndedBy.TRANSFER if event.reason.startswith(_PASSED_ON) else None
                return [_ended(line, _end_reason(line, event.reason), at, ended_by)]
        return []

    def set_held(self, line: Line, at: datetime, *, is_held: bool) -> list[CallEvent]:
        """Our own hold or resume was acknowledged; baresip 1.0 has no event for it."""
        if self._lines.get(line.call_id) is not line or not line.is_answered or line.is_held == is_held:
            return []
        line.is_held = is_held
        return [CallEvent(call_id=line.call_id, kind=EventKind.HELD if is_held else EventKind.RESUMED, at=at)]

    def lose(self, line: Line, at: datetime) -> list[CallEvent]:
        """The softphone knows nothing of this call any more."""
        return [_ended(line, EndReason.UNKNOWN, at)] if self._lines.pop(line.call_id, None) else []

    def _offer(self, call_id: UUID, event: PhoneEvent, at: datetime) -> list[CallEvent]:
        if call_id in self._lines:
            return []
        is_outgoing = not event.is_incoming
        self._lines[call_id] = Line(call_id=call_id, sip_call_id=event.sip_call_id, is_outgoing=is_outgoing)
        caller = normalise(event.peer_uri, event.peer_name, region=self._region, extension=self._extension)
        return [CallEvent(call_id=call_id, kind=EventKind.OFFERED, at=at, caller=caller, is_outgoing=is_outgoing)]

    def _answer(self, call_id: UUID, at: datetime) -> list[CallEvent]:
        line = self._lines[call_id]
        if line.is_answered:
            return []
        line.is_answered = True
        return [CallEvent(call_id=call_id, kind=EventKind.ANSWERED, at=at)]


def _end_reason(line: Line, reason: str) -> EndReason:
    if line.is_answered:
        return EndReason.ANSWERED
    if line.is_outgoing:  # a SIP status and its words, or that we gave up ourselves
        status = reason[:3]
        if status in _BUSY:
            return EndReason.REJECTED
        return EndReason.FAILED if status.isdecimal() and status not in _NO_ANSWER else EndReason.MISSED
    if line.is_rejected:
        return EndReason.REJECTED
    return EndReason.MISSED if reason.startswith(_NOBODY_CAME) else EndReason.ABANDONED


def _ended(line: Line, reason: EndReason, at: datetime, ended_by: EndedBy | None = None) -> CallEvent:
    return CallEvent(call_id=line.call_id, kind=EventKind.ENDED, at=at, end_reason=reason, ended_by=ended_by)
