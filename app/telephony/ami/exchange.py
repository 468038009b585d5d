"""The calls and agents of one PBX as its events have told them so far. No wire, no thread; times are the PBX's own."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.domain.calls import Call, CallerNumber, CallEvent, EndedBy, EndReason, EventKind
from app.telephony.ami.members import Member
from app.telephony.ami.visits import Leg, Part, RingEnd, Visit, call_id_of
from app.telephony.ami.wire import Message
from app.telephony.numbers import DEFAULT_EXTENSION, DEFAULT_REGION, normalise

News = CallEvent | Member

_KEPT = timedelta(seconds=60)  # a visit that is over, for events that come late
_LEAVING = timedelta(seconds=1)  # from leaving a queue to the word why


class Exchange:
    """What is remembered, and the steps that `events` and `snapshot` make in it.

    Attributes:
        members: by telephone and queue.
        clock_offset: what has to be added to the PBX's times to have this machine's.
    """

    def __init__(
        self,
        *,
        region: str = DEFAULT_REGION,
        extension: re.Pattern[str] = DEFAULT_EXTENSION,
        agents: Iterable[str] = (),
    ) -> None:
        """`agents` are telephones of agents that may be in no queue."""
        self.members: dict[tuple[str, str], Member] = {}
        self.clock_offset = timedelta(0)
        self.agents = set(agents)
        self.visits: dict[str, Visit] = {}
        self.legs: dict[str, Leg] = {}
        self._live: dict[UUID, Part] = {}  # few, and asked for with each event; visits that are over are kept a while
        self._region = region
        self._extension = extension

    def parts(self) -> Iterator[Part]:
        """The calls that are not over."""
        return iter(list(self._live.values()))

    def waiting(self) -> list[Part]:
        """Who waits in a queue, longest first."""
        return sorted((part for part in self.parts() if part.is_waiting), key=lambda part: part.began_at)

    def settle(self, now: datetime) -> list[News]:
        """What follows from time alone; to be asked every few seconds. Forgets what has been over for a minute."""
        news: list[News] = []
        for visit in list(self.visits.values()):
            for part in visit.live_parts:
                if part.left_at and not part.answered_at and part.left_at + _LEAVING < now:
                    news.extend(self.end(part, part.left_at, EndReason.FLOW_OUT))
            for leg in visit.legs:
                if leg.ring_end or leg.has_hung_up:
                    news.extend(self.tell_stopped(leg, now))
            if all(part.ended_at and part.ended_at + _KEPT < now for part in visit.parts):
                self._forget(visit)
        return news

    def time_of(self, message: Message, now: datetime) -> datetime:
        """When it happened, by the PBX's clock if it says so."""
        try:
            return datetime.fromtimestamp(float(message["Timestamp"]), UTC) + self.clock_offset
        except (ValueError, OverflowError, OSError):
            return now

    def part_by_id(self, call_id: UUID) -> Part | None:
        """A call that is not over."""
        return self._live.get(call_id)

    def live_parts(self, linked_id: str) -> list[Part]:
        visit = self.visits.get(linked_id)
        return visit.live_parts if visit else []

    def part_at(self, linked_id: str, at: datetime, caller: CallerNumber) -> Part:
        """The part that something that happened `at` belongs to, made where there is none yet."""
        visit = self.visits.setdefault(linked_id, Visit(linked_id=linked_id))
        if visit.parts and not visit.parts[-1].is_past_at(at):
            return visit.parts[-1]
        return self.new_part(linked_id, at, caller)

    def new_part(self, linked_id: str, at: datetime, caller: CallerNumber, *, is_outgoing: bool = False) -> Part:
        visit = self.visits.setdefault(linked_id, Visit(linked_id=linked_id))
        call_id = call_id_of(linked_id, len(visit.parts))
        part = Part(call_id=call_id, linked_id=linked_id, began_at=at, caller=caller, is_outgoing=is_outgoing)
        visit.parts.append(part)
        self._live[call_id] = part
        return part

    def remember(self, linked_id: str, calls: Sequence[Call]) -> None:
        """What was recorded of a caller before this program listened: its parts, in their order."""
        visit = self.visits.setdefault(linked_id, Visit(linked_id=linked_id))
        for call in calls[len(visit.parts) :]:
            part = Part(
                call_id=call.id,
                linked_id=linked_id,
                began_at=call.queued_at,
                caller=call.caller,
                queue=call.queue,
                is_outgoing=call.is_outgoing,
                answered_at=call.answered_at,
                ended_at=call.ended_at,
                answered_by=call.agent,
            )
            visit.parts.append(part)
            if call.ended_at is None:
                self._live[call.id] = part

    def new_leg(self, part: Part, unique_id: str, agent: str, channel: str) -> Leg:
        leg = Leg(unique_id=unique_id, agent=agent, channel=channel, part=part)
        part.legs.append(leg)
        self.legs[unique_id] = leg
        return leg

    def caller(self, message: Message, prefix: str = "") -> CallerNumber:
        """Who calls; the PBX writes `<unknown>` or `unknown` for nothing, and `anonymous` for withheld."""
        return self._number(message[f"{prefix}CallerIDNum"], message[f"{prefix}CallerIDName"])

    def connected(self, message: Message) -> CallerNumber:
        """Who is at the other end of a channel."""
        return self._number(message["ConnectedLineNum"], message["ConnectedLineName"])

    def ring(self, leg: Leg, at: datetime) -> Iterator[News]:
        """Two families of events tell it; the earlier time counts."""
        if leg.rang_at is None or at < leg.rang_at:
            leg.rang_at = at
            yield call_event(leg.part, EventKind.OFFERED, at, agent=leg.agent)

    def connect(self, leg: Leg, at: datetime) -> Iterator[News]:
        """Somebody speaks on this telephone."""
        if leg.answered_at is None or at < leg.answered_at:
            leg.answered_at = at
            leg.part.answered_at = min(leg.part.answered_at or at, at)
            yield call_event(leg.part, EventKind.ANSWERED, at, agent=leg.agent)

    def stop_ringing(self, leg: Leg, at: datetime) -> Iterator[News]:
        """Why is known only when the end of the dialling and that of the channel were both told, in either order."""
        if leg.ring_end and leg.has_hung_up:
            yield from self.tell_stopped(leg, at)

    def tell_stopped(self, leg: Leg, at: datetime) -> Iterator[News]:
        if leg.is_told_stopped or leg.answered_at or leg.part.is_outgoing:
            return
        leg.is_told_stopped = True
        yield call_event(leg.part, EventKind.RING_STOPPED, at, agent=leg.agent, end_reason=leg.end_reason)
        if leg.part.ended_at and not leg.part.queue:  # the caller's hang-up came first and did not know why
            yield from self.end(leg.part, at, leg.end_reason)

    def caller_gone(self, part: Part, at: datetime) -> Iterator[News]:
        """The channel that began the call is hung up."""
        if part.answered_at:
            yield from self.end(part, at, EndReason.ANSWERED, self.ender(part))
        elif part.is_outgoing:
            is_busy = any(leg.ring_end is RingEnd.BUSY for leg in part.legs)
            yield from self.end(part, at, EndReason.REJECTED if is_busy else EndReason.MISSED)
        elif part.left_at:
            yield from self.end(part, part.left_at, EndReason.FLOW_OUT)
        else:
            stopped = [leg.end_reason for leg in part.legs if leg.ring_end and not part.queue]
            yield from self.end(part, at, stopped[-1] if stopped else EndReason.ABANDONED)

    def replace_caller(self, part: Part, at: datetime, caller: CallerNumber) -> Iterator[News]:
        """Somebody else is on the line from now on."""
        if part.caller != caller:
            part.caller = caller
            yield call_event(part, EventKind.REPLACED, at)

    def end(self, part: Part, at: datetime, reason: EndReason, by: EndedBy | None = None) -> Iterator[News]:
        """Tell the end, and again when more is known of it."""
        is_earlier = part.ended_at is None or at < part.ended_at
        if is_earlier or (reason, by) not in part.told_ends:
            part.ended_at = at if is_earlier else part.ended_at
            self._live.pop(part.call_id, None)
            part.told_ends.add((reason, by))
            yield call_event(part, EventKind.ENDED, at, end_reason=reason, ended_by=by)

    def ender(self, part: Part) -> EndedBy | None:
        """Who hung up, as far as a channel asked for it; the PBX reports our own command as the caller's doing."""
        if any(leg.was_hung_up or leg.unique_id == part.hung_up_by for leg in part.legs):
            return EndedBy.AGENT
        return EndedBy.CALLER if part.hung_up_by == part.linked_id else None

    def _number(self, number: str, name: str) -> CallerNumber:
        known_name = "" if name.strip("<>").lower() == "unknown" else name
        return normalise(number, known_name, region=self._region, extension=self._extension)

    def _forget(self, visit: Visit) -> None:
        del self.visits[visit.linked_id]
        for leg in visit.legs:
            self.legs.pop(leg.unique_id, None)


def call_event(
    part: Part,
    kind: EventKind,
    at: datetime,
    *,
    agent: str = "",
    end_reason: EndReason | None = None,
    ended_by: EndedBy | None = None,
) -> CallEvent:
    """An event of a call, with all that is known of who calls."""
    return CallEvent(
        call_id=part.call_id,
        kind=kind,
        at=at,
        caller=part.caller,
        waiting_since=part.began_at,
        queue=part.queue,
        agent=agent,
        is_outgoing=part.is_outgoing,
        end_reason=end_reason,
        ended_by=ended_by,
    )
