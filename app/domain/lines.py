"""The line of a desk behind the gateway: what rings there, what its agent asks for, how the gateway is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.calls import Call, EndReason

SHARED = "shared"  # the source of a call that the gateway records
BEAT_S = 1.0  # how often the active gateway says that it lives
STALE_S = 3.0  # after so long without a word it counts as lost; found within 5 s by who asks each second or two
ORDER_LIMIT_S = 10.0  # what was asked longer ago nobody waits for any more


class LineAction(StrEnum):
    """What a desk asks the gateway to do in the PBX."""

    PAUSE = "pause"
    RESUME = "resume"  # take calls again
    REJECT = "reject"
    HANG_UP = "hang_up"
    TRANSFER = "transfer"
    CONSULT = "consult"
    DIAL = "dial"
    SIP_ID = "sip_id"  # the answer's detail: which call of the softphone it is, for a desk that has one


CALL_ACTIONS = frozenset(
    {LineAction.REJECT, LineAction.HANG_UP, LineAction.TRANSFER, LineAction.CONSULT, LineAction.SIP_ID}
)


class OrderState(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"  # a gateway does it now; whoever finds it so after a change of gateways does not do it again
    DONE = "done"
    REFUSED = "refused"


class Refusal(StrEnum):
    """Why an order was not done."""

    NOT_YOURS = "not_yours"
    TOO_LATE = "too_late"
    INTERRUPTED = "interrupted"  # the gateway changed while it was done: perhaps it was
    NO_TELEPHONE = "no_telephone"
    PBX = "pbx"  # in its own words


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOrder:
    """One thing that a person asks of the telephone system; `text` is a number or the reason of a pause."""

    id: UUID
    by: UUID
    at: datetime
    action: LineAction
    call_id: UUID | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAnswer:
    """What came of an order; `detail` is the PBX's own text, of Refusal.PBX, or what was asked for."""

    order_id: UUID
    state: OrderState
    refusal: Refusal | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RingAt:
    """A call rings, or rang, at a person's telephone."""

    call_id: UUID
    person_id: UUID
    at: datetime
    stopped_at: datetime | None = None
    end_reason: EndReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCall:
    """A call that concerns a desk, as the database has it; `agent_id` has answered, or nobody yet."""

    call: Call
    agent_id: UUID | None
    ring: RingAt | None


class GatewayPhase(StrEnum):
    """How the active gateway's connection to the PBX is."""

    STARTING = "starting"
    READY = "ready"
    LOST = "lost"
    STOPPED = "stopped"  # ended by its administrator


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayState:
    """What the active gateway said last, `age_s` seconds ago by the database's clock; `since` when the phase began."""

    holder: str
    phase: GatewayPhase
    since: datetime
    beat_at: datetime
    age_s: float
    waiting_count: int = 0
    waiting_since: datetime | None = None
    capabilities: tuple[str, ...] = ()

    @property
    def is_silent(self) -> bool:
        """No gateway is active, as far as anybody can tell."""
        return self.phase is not GatewayPhase.STOPPED and self.age_s > STALE_S

    @property
    def is_serving(self) -> bool:
        return self.phase is GatewayPhase.READY and not self.is_silent

    @property
    def trouble_since(self) -> datetime | None:
        """Since when calls are not told any more; None while they are."""
        if self.is_serving:
            return None
        return self.beat_at if self.is_silent else self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class Telephone:
    """A telephone of the PBX's queues: "PJSIP/1001", its name there, how it is, and whose it is."""

    interface: str
    name: str
    device: str
    is_paused: bool
    pause_reason: str = ""
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineNow:
    """One read of all that a desk's line shows: its calls, the answers to its orders, gateway and telephone."""

    calls: tuple[LineCall, ...]
    answers: tuple[OrderAnswer, ...]
    gateway: GatewayState | None
    telephone: Telephone | None = None
