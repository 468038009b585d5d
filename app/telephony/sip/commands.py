"""What an agent does with a call of the softphone."""

from dataclasses import dataclass
from enum import Enum, auto
from uuid import UUID

from app.telephony.sip.lines import Line


class Verb(Enum):
    ANSWER = auto()
    REJECT = auto()
    HANG_UP = auto()
    HOLD = auto()
    RESUME = auto()
    TRANSFER = auto()
    DIAL = auto()  # of no call yet

    @property
    def word(self) -> str:
        """baresip's command; it acts on its current call.

        Of a call that rings, "hangup" makes a refusal with 486, which a queue takes as "try the next agent".
        """
        return _WORDS[self]

    def fits(self, line: Line) -> bool:
        """Whether the call is in a state for it: a late click must not hit the conversation."""
        match self:
            case Verb.ANSWER | Verb.REJECT:
                return not line.is_answered
            case Verb.HOLD | Verb.RESUME:
                return line.is_answered and line.is_held == (self is Verb.RESUME)
            case Verb.TRANSFER:
                return line.is_answered
            case Verb.HANG_UP:
                return True
            case Verb.DIAL:
                return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`text` is where to, as a SIP address."""

    verb: Verb
    call_id: UUID | None = None
    text: str = ""


_WORDS = {
    Verb.ANSWER: "accept",
    Verb.REJECT: "hangup",
    Verb.HANG_UP: "hangup",
    Verb.HOLD: "hold",
    Verb.RESUME: "resume",
    Verb.TRANSFER: "transfer",  # REFER: the PBX connects the caller, and says what came of it
    Verb.DIAL: "dial",
}
