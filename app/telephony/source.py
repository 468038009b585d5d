"""What every source of calls is: demo line, softphone, PBX. One Protocol; the console knows nothing else of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID

from app.domain.calls import CallEvent


class Capability(StrEnum):
    """What a source can do with a call; a control without its capability is disabled and says so."""

    ANSWER = "answer"
    REJECT = "reject"
    HOLD = "hold"
    HANG_UP = "hang_up"
    TRANSFER = "transfer"  # the caller to another number, at once
    CONSULT = "consult"  # the same, after a word with whoever is there
    DIAL = "dial"
    PAUSE = "pause"  # offers no call while the agent is not available
    NEXT_CALL = "next_call"  # the demo line: a call on demand


class SourceState(StrEnum):
    STARTING = "starting"
    READY = "ready"
    LOST = "lost"  # was there or should be; the source keeps trying by itself
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsidePause:
    """Somebody else, a supervisor or a program, paused this desk's telephone at the PBX, or ended its pause."""

    is_paused: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """State of a source; `sentence` says, in the person's language, what is wrong and what to do (empty when READY).

    `waiting_count` callers wait in the queues that the source sees, the first of them since `waiting_since`.
    `pause` is the newest change of that kind, told again with each status; by its time it is known.
    """

    name: str
    state: SourceState
    since: datetime
    sentence: str = ""
    waiting_count: int = 0
    waiting_since: datetime | None = None
    pause: OutsidePause | None = None


@runtime_checkable
class Wakes(Protocol):
    """A source whose news come through the shared database."""

    def wake(self) -> None:
        """Something on this person's line has changed there."""


class CallSource(Protocol):
    """A line on which calls arrive.

    Events and states are reported from the source's own thread; the receiver brings them where it wants them.
    Commands return at once and never raise for a call that is gone: what came of them is told by the next event.
    A command without its capability is a bug of the caller.
    """

    name: str  # "demo", "sip", "ami": stands in the call's record

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What can be done now; may change with the state."""

    def hindrance(self, capability: Capability) -> str:
        """Why a capability is not there, as a sentence; empty when it is."""

    def start(self, on_event: Callable[[CallEvent], None], on_status: Callable[[SourceStatus], None]) -> None: ...

    def stop(self) -> None:
        """End the source and its thread, and live calls as far as it can. Returns when all is gone, within 5 s."""

    def answer(self, call_id: UUID) -> None: ...

    def reject(self, call_id: UUID) -> None: ...

    def hold(self, call_id: UUID) -> None: ...

    def resume(self, call_id: UUID) -> None: ...

    def hang_up(self, call_id: UUID) -> None: ...

    def transfer(self, call_id: UUID, number: str, *, is_attended: bool = False) -> None:
        """With TRANSFER, or attended with CONSULT: the caller to a number as a person types it.

        An attended one connects the agent first; hanging up then completes it.
        """

    def dial(self, number: str) -> None:
        """With DIAL: call a number as a person types it."""

    def pause(self, is_paused: bool, reason: str = "") -> None:
        """With PAUSE: offer no further call until told otherwise."""

    def next_call(self) -> None:
        """With NEXT_CALL: offer the next call now, unless one is live."""
