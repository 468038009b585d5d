"""What an agent asks of the PBX, as manager actions. There is none for answering: that is done at the telephone."""

from collections.abc import Mapping
from uuid import UUID

from app.domain.errors import NotAllowed, Unavailable
from app.i18n import tr
from app.telephony.ami.client import AmiError
from app.telephony.ami.session import Session
from app.telephony.ami.visits import Leg
from app.telephony.ami.wire import Message
from app.telephony.numbers import dialable
from app.telephony.source import Capability

RING_LIMIT_MS = 30_000  # at the agent's own telephone, when it dials

_SIP_CALL_ID = "CHANNEL(pjsip,call-id)"

ACTIONS: Mapping[Capability, str] = {
    Capability.REJECT: "Hangup",
    Capability.HANG_UP: "Hangup",
    Capability.TRANSFER: "BlindTransfer",
    Capability.CONSULT: "Atxfer",
    Capability.PAUSE: "QueuePause",
    Capability.DIAL: "Originate",
}


class Commands:
    """Of any agent of the PBX: each is named by its telephone ("PJSIP/1001").

    All raise NotAllowed for what cannot be done, with a sentence, and Unavailable while the PBX is not connected.
    """

    def __init__(self, session: Session, context: str) -> None:
        self._session = session
        self._context = context

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the PBX lets this account do."""
        return frozenset(c for c, action in ACTIONS.items() if action in self._session.actions)

    async def hang_up(self, call_id: UUID, agent: str) -> None:
        """End the agent's part of the call; of one that rings, refuse it."""
        leg = self._leg(call_id, agent)
        leg.was_rejected, leg.was_hung_up = leg.answered_at is None, leg.answered_at is not None
        try:
            await self._ask("Hangup", Channel=leg.channel, Cause="17" if leg.was_rejected else "16")
        except NotAllowed:
            leg.was_rejected = leg.was_hung_up = False
            raise

    async def transfer(self, call_id: UUID, agent: str, number: str, *, is_attended: bool) -> None:
        """The caller to another number; attended: the agent speaks there first, and its hanging up completes it."""
        leg = self._leg(call_id, agent)
        action = ACTIONS[Capability.CONSULT if is_attended else Capability.TRANSFER]
        await self._ask(action, Channel=leg.channel, Exten=_extension(number), Context=self._context)

    async def dial(self, agent: str, number: str) -> None:
        """Ring the agent's telephone; when it is lifted, the number."""
        extension = _extension(number)
        fields = {"Context": self._context, "Exten": extension, "Priority": "1", "CallerID": extension}
        await self._ask("Originate", Channel=agent, Async="true", Timeout=str(RING_LIMIT_MS), **fields)

    async def sip_call_id(self, call_id: UUID, agent: str) -> str:
        """The Call-ID with which the PBX rings the agent's SIP telephone; empty for one that is no SIP telephone."""
        reply = await self._ask("Getvar", Channel=self._leg(call_id, agent).channel, Variable=_SIP_CALL_ID)
        return reply["Value"]

    async def pause(self, agent: str, is_paused: bool, reason: str = "") -> None:
        """In all queues of the agent."""
        await self._ask("QueuePause", Interface=agent, Paused="true" if is_paused else "false", Reason=reason)

    def _leg(self, call_id: UUID, agent: str) -> Leg:
        part = self._session.exchange.part_by_id(call_id)
        leg = next((leg for leg in reversed(part.legs) if leg.agent == agent), None) if part else None
        if leg is None:
            raise NotAllowed(tr("This call is over, or it is at another telephone."))
        return leg

    async def _ask(self, action: str, **fields: str) -> Message:
        client = self._session.client
        if client is None:
            raise Unavailable(tr("The telephone system is not connected. Try again when the line is ready."))
        try:
            return await client.ask(action, **fields)
        except AmiError as error:
            raise NotAllowed(tr("The telephone system refused it: “{reason}”.", reason=str(error)[:200])) from None
        except (TimeoutError, OSError):
            raise Unavailable(tr("The telephone system does not answer. Try again.")) from None


def _extension(number: str) -> str:
    extension = dialable(number)
    if not extension:
        raise NotAllowed(tr("This is no number that can be dialled."))
    return extension
