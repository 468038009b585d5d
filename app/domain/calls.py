"""A call and what a source of calls reports of it; `call_states` says how the one follows from the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

SHORT_ABANDON = timedelta(seconds=5)  # who gives up so soon was not waiting yet; inclusive, as all thresholds


class CallState(StrEnum):
    QUEUED = "queued"
    OFFERED = "offered"  # rings at an agent, or rang at one and waits for the next
    CONNECTED = "connected"
    HELD = "held"
    CONSULTING = "consulting"  # the caller is on hold while the agent speaks with a third person
    WRAP_UP = "wrap_up"
    CLOSED = "closed"


class EndReason(StrEnum):
    ANSWERED = "answered"  # there was a conversation; `EndedBy` says who ended it
    ABANDONED = "abandoned"  # the caller gave up before anybody answered
    SHORT_ABANDONED = "short_abandoned"  # the same, within SHORT_ABANDON
    MISSED = "missed"  # it rang and nobody took it
    REJECTED = "rejected"
    FLOW_OUT = "flow_out"  # left the queue for another one, voicemail or its time limit
    CALL_BACK = "call_back"  # left the queue with the promise to be called back
    FAILED = "failed"
    UNKNOWN = "unknown"  # the call vanished: lost PBX, killed softphone, crashed desk


ABANDONED_REASONS = frozenset({EndReason.ABANDONED, EndReason.SHORT_ABANDONED})


class EndedBy(StrEnum):
    """Who ended a conversation."""

    CALLER = "caller"
    AGENT = "agent"
    TRANSFER = "transfer"  # the agent's part ended, the caller speaks with somebody else
    SYSTEM = "system"  # a supervisor, the PBX or a broken line


class EventKind(StrEnum):
    QUEUED = "queued"
    OFFERED = "offered"
    RING_STOPPED = "ring_stopped"  # at one agent, without an answer; the caller waits on
    ANSWERED = "answered"
    HELD = "held"
    RESUMED = "resumed"
    CONSULTED = "consulted"
    REPLACED = "replaced"  # an attended transfer put somebody else on the line: the agent's caller is `caller` now
    ENDED = "ended"
    WRAPPED_UP = "wrapped_up"


class Disposition(StrEnum):
    """How the call ended for the customer."""

    SOLVED = "solved"
    ESCALATED = "escalated"
    CALL_BACK = "call_back"
    INFORMATION = "information"
    WRONG_NUMBER = "wrong_number"
    DROPPED = "dropped"
    TIMED_OUT = "timed_out"  # nobody said it before the time for wrap-up was over


CHOSEN_DISPOSITIONS: tuple[Disposition, ...] = tuple(
    disposition for disposition in Disposition if disposition is not Disposition.TIMED_OUT
)


class NumberKind(StrEnum):
    PUBLIC = "public"  # a valid telephone number, with `e164`
    INTERNAL = "internal"  # an extension of the centre
    WITHHELD = "withheld"
    UNKNOWN = "unknown"  # nothing, or nothing that is a number


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerNumber:
    """Who rings: as the network said it (`raw`, up to 200 characters) and as it is looked up (E.164 or extension)."""

    raw: str
    kind: NumberKind
    normal: str | None = None
    display_name: str = ""


RANK: Mapping[CallState, int] = {
    CallState.QUEUED: 0,
    CallState.OFFERED: 1,
    CallState.CONNECTED: 2,
    CallState.HELD: 2,
    CallState.CONSULTING: 2,
    CallState.WRAP_UP: 3,
    CallState.CLOSED: 4,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    """What a call source reports: about the call `call_id` (made by the source once per call), at an aware UTC time.

    An ENDED with the reason ANSWERED says that there was a conversation, so it may even overtake the ANSWERED.
    """

    call_id: UUID
    kind: EventKind
    at: datetime
    caller: CallerNumber | None = None  # with QUEUED, OFFERED and REPLACED
    waiting_since: datetime | None = None  # where the source knows it: since when the caller waits
    queue: str = ""  # with QUEUED and OFFERED, where the source knows it
    announcement: str = ""  # with QUEUED and OFFERED: what the caller told the source before, e.g. in a menu
    agent: str = ""  # with OFFERED, RING_STOPPED, ANSWERED: the PBX's name of the agent's telephone, where it has one
    is_outgoing: bool = False  # with OFFERED: the agent calls; `caller` is who is called
    end_reason: EndReason | None = None  # with ENDED; with RING_STOPPED: MISSED or REJECTED
    ended_by: EndedBy | None = None  # with ENDED
    source: str = ""  # whose record it goes into, where that is not the line's own name


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkMark:
    """A change between talking, hold and consultation."""

    at: datetime
    kind: EventKind  # HELD, RESUMED or CONSULTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """The newest that is known of one agent's telephone in this call."""

    agent: str
    at: datetime
    has_stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is known of a call. `held`, `held_since`, `state` and `end_reason` follow from the other facts."""

    id: UUID
    source: str
    caller: CallerNumber
    state: CallState
    queued_at: datetime
    queue: str = ""
    announcement: str = ""
    replaced_at: datetime | None = None  # since when `caller` is another than the one who rang
    is_outgoing: bool = False
    agent: str = ""  # who answered
    rings: tuple[Ring, ...] = ()
    offered_at: datetime | None = None  # first
    answered_at: datetime | None = None
    marks: tuple[TalkMark, ...] = ()
    held_since: datetime | None = None
    held: timedelta = field(default=timedelta(0))
    ended_at: datetime | None = None
    wrapped_up_at: datetime | None = None
    end_reason: EndReason | None = None
    ended_by: EndedBy | None = None
    disposition: Disposition | None = None

    @property
    def is_live(self) -> bool:
        """Somebody is at the other end: ringing or talking."""
        return self.state in (CallState.OFFERED, CallState.CONNECTED, CallState.HELD, CallState.CONSULTING)

    @property
    def ringing_at(self) -> tuple[str, ...]:
        """The agents' telephones that ring now."""
        is_offered = self.state is CallState.OFFERED
        return tuple(ring.agent for ring in self.rings if is_offered and not ring.has_stopped)

    @property
    def rang_at(self) -> datetime | None:
        """Since when the newest ringing goes on."""
        return max((ring.at for ring in self.rings if not ring.has_stopped), default=self.offered_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """A call of a customer, as whoever works on their case reads it: without its number and its length.

    `agent_name` is empty where nobody spoke; `disposition` is None until the wrap-up is over, or when it has none.
    """

    id: UUID
    at: datetime
    agent_name: str
    is_outgoing: bool
    disposition: Disposition | None
    end_reason: EndReason | None
    is_of_case: bool  # it was about this very case
