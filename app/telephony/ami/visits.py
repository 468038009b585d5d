"""What is remembered of a caller in the PBX: the parts of a visit, and the telephones that were rung in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from app.domain.calls import CallerNumber, EndedBy, EndReason

_CALL_IDS = UUID("b0c5b6f2-7a53-5f0e-8a55-0d6f3b1c2e77")


def call_id_of(linked_id: str, part: int = 0) -> UUID:
    """The id of a call: two programs that listen to one PBX arrive at the same one, so nothing is recorded twice."""
    return uuid5(_CALL_IDS, f"{linked_id}/{part}" if part else linked_id)


class RingEnd(StrEnum):
    """Why a telephone stopped ringing, as the PBX says it."""

    NO_ANSWER = "NOANSWER"
    BUSY = "BUSY"
    CANCEL = "CANCEL"
    OTHER = "OTHER"


@dataclass(slots=True, kw_only=True)
class Leg:
    """One ringing of one telephone, by its channel's unique id."""

    unique_id: str
    agent: str
    channel: str
    part: "Part"
    rang_at: datetime | None = None
    answered_at: datetime | None = None
    ring_end: RingEnd | None = None
    cause: str = ""
    has_hung_up: bool = False
    is_told_stopped: bool = False
    was_rejected: bool = False  # by our own command, which the PBX does not tell from a time-out
    was_hung_up: bool = False  # by our own command, which the PBX calls "caller"

    @property
    def end_reason(self) -> EndReason:
        """Why it stopped ringing: 17 is "busy", 21 "rejected"; a refusal comes as "no answer" first."""
        if self.was_rejected or self.ring_end is RingEnd.BUSY or self.cause in ("17", "21"):
            return EndReason.REJECTED
        return EndReason.ABANDONED if self.ring_end is RingEnd.CANCEL else EndReason.MISSED


@dataclass(slots=True, kw_only=True)
class Part:
    """One call: a caller in a queue, or somebody who dialled a telephone directly; ends with a transfer."""

    call_id: UUID
    linked_id: str
    began_at: datetime
    caller: CallerNumber
    queue: str = ""
    is_outgoing: bool = False
    answered_at: datetime | None = None
    left_at: datetime | None = None  # the queue, with or without an answer
    ended_at: datetime | None = None
    legs: list[Leg] = field(default_factory=list)
    told_ends: set[tuple[EndReason, EndedBy | None]] = field(default_factory=set)
    answered_by: str = ""  # as another program recorded it, which saw what this one did not
    hung_up_by: str = ""  # unique id of the channel that first asked for the hang-up

    @property
    def agent(self) -> str:
        """The telephone that answered."""
        return next((leg.agent for leg in self.legs if leg.answered_at), self.answered_by)

    @property
    def is_waiting(self) -> bool:
        return bool(self.queue) and self.left_at is None and self.answered_at is None and self.ended_at is None

    def is_past_at(self, at: datetime) -> bool:
        """What happens from now on with this caller belongs to the next part."""
        return any(over is not None and over < at for over in (self.answered_at, self.ended_at))


@dataclass(slots=True, kw_only=True)
class Visit:
    """All that happens under one linked id, which is the unique id of the channel that began it."""

    linked_id: str
    parts: list[Part] = field(default_factory=list)

    @property
    def legs(self) -> Iterator[Leg]:
        """Newest first."""
        return (leg for part in reversed(self.parts) for leg in reversed(part.legs))

    @property
    def live_parts(self) -> list[Part]:
        return [part for part in self.parts if part.ended_at is None]
